"""Table of weighting schemes."""

from sqlalchemy import Column, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id

# A version is never changed; weighted figures name the one that they were made with.
weighting_scheme = Table(
    "weighting_scheme",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("defined_by", Text, nullable=False),
    instant("defined_at"),
    belongs_to("survey", "survey_id"),
)
