"""Tables of recommendations, the decisions taken on them, the analyses that met them, and how their evidence stands."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, Table, Text, UniqueConstraint, Uuid
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
    # One finding is one recommendation, however often an analysis meets it.
    Column("subject", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("rationale", Text, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("gap", Float),
    Column("gap_unit", Text),
    Column("confidence", Text, nullable=False),
    Column("priority", Float, nullable=False),
    Column("priority_reason", Text, nullable=False),
    Column("expected_effect", JSONB),
    # Why there is none.
    Column("expected_effect_reason", Text),
    Column("cost_amount", BigInteger),
    Column("cost_currency", Text),
    Column("effort_hours", Float),
    Column("owner", Text),
    Column("state", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("procedure_key", Text, nullable=False),
    Column("procedure_version", Integer, nullable=False),
    instant("entered_at"),
    instant("due_at", nullable=True),
    instant("escalates_at", nullable=True),
    # When it was last told that the step is overdue, and that it has escalated.
    instant("overdue_told_at", nullable=True),
    instant("escalation_told_at", nullable=True),
    # Names the evidence of which it was told that it is overtaken.
    Column("overtaken_told", Text),
    Column("written_by", Text),
    Column("run_id", Uuid, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    revision(),
    belongs_to("survey", "survey_id"),
    belongs_to("analysis_run", "run_id"),
    UniqueConstraint("organisation_id", "survey_id", "subject"),
    Index(None, "organisation_id", "state", "priority"),
    Index(None, "organisation_id", "due_at"),
)

recommendation_transition = Table(
    "recommendation_transition",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("recommendation_id", Uuid, nullable=False),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    # Null in decisions under releases without procedures: then it is the state.
    Column("from_step", Text),
    Column("to_step", Text),
    Column("decided_by", Text, nullable=False),
    Column("key_name", Text),
    Column("reason", Text, nullable=False),
    Column("fields", JSONB),
    instant("decided_at"),
    belongs_to("recommendation", "recommendation_id"),
    Index(None, "organisation_id", "recommendation_id"),
)

# What the data of a survey were when the evidence of its recommendations was last looked at.
evidence_watch = Table(
    "evidence_watch",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    # Of its responses, as ``fold_state`` counts them, and its analyses that have found something.
    Column("corrections", BigInteger, nullable=False),
    Column("runs", BigInteger, nullable=False),
    belongs_to("survey", "survey_id"),
)

recommendation_sighting = Table(
    "recommendation_sighting",
    metadata,
    organisation_id(),
    Column("recommendation_id", Uuid, primary_key=True),
    Column("run_id", Uuid, primary_key=True),
    instant("met_at"),
    Column("evidence", JSONB, nullable=False),
    Column("gap", Float),
    Column("confidence", Text, nullable=False),
    Column("priority", Float, nullable=False),
    belongs_to("recommendation", "recommendation_id"),
    belongs_to("analysis_run", "run_id"),
)
