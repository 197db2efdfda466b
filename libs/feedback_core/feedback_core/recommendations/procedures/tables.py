"""Tables of procedures, of who left, and of steps given to others."""

from sqlalchemy import Column, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

# Every version as it was stored: recommendations keep the one that they entered under.
procedure = Table(
    "procedure",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("defined_by", Text, nullable=False),
    instant("defined_at"),
)

departures = Table(
    "departures",
    metadata,
    organisation_id(),
    Column("people", JSONB, nullable=False),
    Column("noted_by", Text, nullable=False),
    instant("noted_at"),
    revision(),
)

recommendation_reassignment = Table(
    "recommendation_reassignment",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("recommendation_id", Uuid, nullable=False),
    Column("step", Text, nullable=False),
    Column("people", ARRAY(Text), nullable=False),
    Column("reason", Text, nullable=False),
    Column("assigned_by", Text, nullable=False),
    instant("assigned_at"),
    belongs_to("recommendation", "recommendation_id"),
    Index(None, "organisation_id", "recommendation_id"),
)
