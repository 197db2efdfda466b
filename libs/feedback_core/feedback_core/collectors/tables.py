"""Tables of collectors."""

from sqlalchemy import Column, Index, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

collector = Table(
    "collector",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("language", Text),
    # A string, or strings by language.
    Column("introduction", JSONB(none_as_null=True)),
    Column("thank_you", JSONB(none_as_null=True)),
    Column("attributes", JSONB, nullable=False),
    instant("opens_at", nullable=True),
    instant("closes_at", nullable=True),
    Column("created_by", Text, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    revision(),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "survey_id", "id"),
)
