"""Tables of planning: what an organisation says of methods and what they brought; plans and their history."""

from sqlalchemy import Column, Date, Index, Integer, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

# In place of what is assumed of a method: prices, coverage, footprints, times.
method_terms = Table(
    "method_terms",
    metadata,
    organisation_id(),
    Column("method", Text, primary_key=True),
    Column("terms", JSONB, nullable=False),
    Column("put_by", Text, nullable=False),
    instant("put_at"),
    revision(),
)

# What became of those contacted, once per collection; from these follow the measured response rates.
method_outcome = Table(
    "method_outcome",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("method", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("contacts", Integer, nullable=False),
    Column("completes", Integer, nullable=False),
    Column("ended_on", Date, nullable=False),
    Column("survey_id", Uuid),
    Column("entered_by", Text, nullable=False),
    instant("entered_at"),
    belongs_to("survey", "survey_id"),
    UniqueConstraint("organisation_id", "method", "reference"),
    Index(None, "organisation_id", "method", "id"),
)

plan = Table(
    "plan",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("survey_id", Uuid),
    # As it is to be done now: the draft, or the latest revision.
    Column("details", JSONB, nullable=False),
    # Latest of its revisions; 0 until it is approved.
    Column("number", Integer, nullable=False),
    instant("approved_at", nullable=True),
    Column("created_by", Text, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    revision(),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "survey_id"),
)

# Written once: the first when a plan is approved, each later one with the signal that caused it.
plan_revision = Table(
    "plan_revision",
    metadata,
    organisation_id(),
    Column("plan_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("details", JSONB, nullable=False),
    Column("signal", JSONB(none_as_null=True)),
    Column("revised_by", Text, nullable=False),
    Column("key_name", Text, nullable=False),
    instant("revised_at"),
    belongs_to("plan", "plan_id"),
)

# Written once: who took a plan from one state to the next, why, and what was warned of then.
plan_entry = Table(
    "plan_entry",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text, nullable=False),
    Column("reason", Text),
    Column("warnings", ARRAY(Text), nullable=False),
    Column("written_by", Text, nullable=False),
    Column("key_name", Text, nullable=False),
    instant("written_at"),
    belongs_to("plan", "plan_id"),
    Index(None, "organisation_id", "plan_id", "id"),
)
