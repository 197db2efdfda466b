"""Table of submission keys."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id

submission_key = Table(
    "submission_key",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("hint", String(16), nullable=False),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("origins", ARRAY(Text), nullable=False),
    Column("requests_per_minute", Integer, nullable=False),
    Column("created_by", Text, nullable=False),
    instant("created_at"),
    instant("expires_at", nullable=True),
    instant("revoked_at", nullable=True),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "survey_id", "id"),
)
