"""Tables of actions, of those who are to agree to them, and of everything that was said on their way."""

from sqlalchemy import BigInteger, Column, Date, Float, Index, Table, Text, Uuid

from feedback_core.db.base import belongs_to, instant, metadata, organisation_id, revision

action = Table(
    "action",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("recommendation_id", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text),
    Column("owner", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("cost_amount", BigInteger),
    Column("cost_currency", Text),
    Column("hours", Float),
    # The first day on which it could have an effect, once it has been completed.
    Column("change_on", Date),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("effect_run_id", Uuid),
    Column("created_by", Text, nullable=False),
    instant("created_at"),
    instant("updated_at"),
    instant("overdue_told_at", nullable=True),
    revision(),
    belongs_to("recommendation", "recommendation_id"),
    belongs_to("analysis_run", "effect_run_id"),
    Index(None, "organisation_id", "state", "due_on"),
    Index(None, "organisation_id", "recommendation_id"),
)

action_person = Table(
    "action_person",
    metadata,
    organisation_id(),
    Column("action_id", Uuid, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("answer", Text),
    Column("reason", Text),
    instant("answered_at", nullable=True),
    belongs_to("action", "action_id"),
)

# Changes of state, answers and notes, in the order in which they came; never changed.
action_entry = Table(
    "action_entry",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("action_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text),
    Column("said", Text, nullable=False),
    Column("written_by", Text, nullable=False),
    Column("key_name", Text, nullable=False),
    instant("written_at"),
    belongs_to("action", "action_id"),
    Index(None, "organisation_id", "action_id"),
)
