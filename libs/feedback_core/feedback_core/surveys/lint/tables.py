"""Tables of the lint: an organisation's own words, and findings that are left as they are."""

from sqlalchemy import Column, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

lint_words = Table(
    "lint_words",
    metadata,
    organisation_id(),
    Column("word_list", Text, primary_key=True),
    Column("words", JSONB, nullable=False),
    Column("changed_by", Text, nullable=False),
    instant("changed_at"),
    revision(),
)

# Never deleted: one that is ended says who ended it.
lint_waiver = Table(
    "lint_waiver",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("rule", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("waived_by", Text, nullable=False),
    instant("waived_at"),
    Column("changed_by", Text),
    instant("changed_at", nullable=True),
    Column("ended_by", Text),
    instant("ended_at", nullable=True),
    revision(),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "survey_id", "id"),
    Index(
        "uq_lint_waiver_in_force",
        "organisation_id",
        "survey_id",
        "rule",
        "place",
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
    ),
)
