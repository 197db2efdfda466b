"""Table of what is told back to customers."""

from sqlalchemy import Column, Index, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

you_said_item = Table(
    "you_said_item",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("action_id", Uuid, nullable=False),
    Column("you_said", Text, nullable=False),
    Column("we_did", Text, nullable=False),
    # Aggregates as they stood when they were linked.
    Column("figures", JSONB, nullable=False),
    instant("published_at", nullable=True),
    Column("written_by", Text, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    revision(),
    belongs_to("survey", "survey_id"),
    belongs_to("action", "action_id"),
    Index(None, "organisation_id", "survey_id", "id"),
)
