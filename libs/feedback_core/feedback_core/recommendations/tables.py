"""Tables of recommendations and the decisions taken on them."""

from sqlalchemy import Column, Float, Index, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

recommendation = Table(
    "recommendation",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("feature_key", Text),
    # That is not met; no foreign key, as a standard has as many rows as versions.
    Column("standard_key", Text),
    Column("kind", Text, nullable=False),
    # One finding is one recommendation, however often a review meets it.
    Column("subject", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("rationale", Text, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("gap", Float),
    Column("gap_unit", Text),
    Column("confidence", Text, nullable=False),
    Column("priority", Float, nullable=False),
    Column("priority_reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("run_id", Uuid, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    revision(),
    belongs_to("survey", "survey_id"),
    belongs_to("analysis_run", "run_id"),
    UniqueConstraint("organisation_id", "survey_id", "subject"),
    Index(None, "organisation_id", "state", "priority"),
)

recommendation_transition = Table(
    "recommendation_transition",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("recommendation_id", Uuid, nullable=False),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    instant("decided_at"),
    belongs_to("recommendation", "recommendation_id"),
    Index(None, "organisation_id", "recommendation_id"),
)
