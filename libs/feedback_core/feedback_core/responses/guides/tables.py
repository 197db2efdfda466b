"""Table of interview guides."""

from sqlalchemy import Column, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id

# A version is never changed; entries name the one that they were made by.
interview_guide = Table(
    "interview_guide",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("guide", JSONB, nullable=False),
    Column("written_by", Text, nullable=False),
    instant("written_at"),
    belongs_to("survey", "survey_id"),
)
