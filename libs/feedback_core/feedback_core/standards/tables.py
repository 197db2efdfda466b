"""Tables of standards and the verdicts of reviews on them; of benchmarks and practice notes."""

from sqlalchemy import Column, Date, Float, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

# A version is never changed: verdicts name the one that they are on.
standard = Table(
    "standard",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("feature_key", Text),
    Column("process_key", Text),
    Column("valid_from", Date, nullable=False),
    # First day on which it does not hold any more.
    Column("valid_to", Date),
    # Words, metric, target, tolerance, direction, owner, and who agreed.
    Column("details", JSONB, nullable=False),
    Column("defined_by", Text, nullable=False),
    instant("defined_at"),
    belongs_to("survey", "survey_id"),
    belongs_to("feature", "feature_key", key="key"),
    belongs_to("process", "process_key", key="key"),
    Index(None, "organisation_id", "survey_id"),
    Index(None, "organisation_id", "feature_key"),
    Index(None, "organisation_id", "process_key"),
)

# What each review found of each standard; written once.
standard_verdict = Table(
    "standard_verdict",
    metadata,
    organisation_id(),
    Column("standard_key", Text, primary_key=True),
    Column("run_id", Uuid, primary_key=True),
    Column("standard_version", Integer, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("value", Float),
    Column("low", Float),
    Column("high", Float),
    Column("n", Integer),
    Column("threshold", Float, nullable=False),
    Column("sentence", Text, nullable=False),
    instant("period_start", nullable=True),
    instant("period_end", nullable=True),
    instant("decided_at"),
    belongs_to("analysis_run", "run_id"),
)

benchmark = Table(
    "benchmark",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    # No foreign key: a standard has as many rows as versions; its keys are never taken away.
    Column("standard_key", Text),
    Column("details", JSONB, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    revision(),
    Index(None, "organisation_id", "standard_key"),
)

practice_note = Table(
    "practice_note",
    metadata,
    organisation_id(),
    Column("key", Text, primary_key=True),
    Column("standard_key", Text),
    Column("details", JSONB, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    revision(),
    Index(None, "organisation_id", "standard_key"),
)
