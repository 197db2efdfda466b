"""Tables of cases. What leads to a person hangs on the response, and goes with it."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from feedback_core.db.base import Xid8, belongs_to, instant, metadata, organisation_id, revision

# A version is never changed; cases name the one that opened them.
case_rule = Table(
    "case_rule",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("rule", JSONB, nullable=False),
    Column("defined_by", Text, nullable=False),
    instant("defined_at"),
    belongs_to("survey", "survey_id"),
)

# Up to which response of a survey cases were looked for, in the order of recording transactions and ids.
case_watch = Table(
    "case_watch",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("watching", Boolean, nullable=False),
    Column("xid", Xid8, nullable=False),
    Column("response_id", Uuid, nullable=False),
    belongs_to("survey", "survey_id"),
)

# Says nothing of who answered, nor what: it stays when the response goes.
feedback_case = Table(
    "feedback_case",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner", Text),
    instant("due_at"),
    instant("escalates_at", nullable=True),
    Column("escalation_to", ARRAY(Text), nullable=False),
    instant("escalated_at", nullable=True),
    Column("outcome", Text),
    instant("opened_at"),
    instant("updated_at"),
    instant("closed_at", nullable=True),
    revision(),
    belongs_to("survey", "survey_id"),
    Index(None, "organisation_id", "due_at", "id"),
    Index(None, "organisation_id", "state", "escalates_at"),
)

# The response of a case, and why it is one. Without this row a case has ended: erasing the response deletes it, and
# making the response anonymous does.
case_response = Table(
    "case_response",
    metadata,
    organisation_id(),
    Column("case_id", Uuid, primary_key=True),
    Column("response_id", Uuid, nullable=False),
    Column("matched", JSONB, nullable=False),
    belongs_to("feedback_case", "case_id"),
    belongs_to("response", "response_id", cascade=True),
    Index("uq_case_response_response_id", "organisation_id", "response_id", unique=True),
)

# Written once. What people wrote is sealed, for it may say who somebody is.
case_entry = Table(
    "case_entry",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_state", Text, nullable=False),
    Column("to_state", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("written_by", Text, nullable=False),
    Column("key_name", Text, nullable=False),
    instant("written_at"),
    belongs_to("case_response", "case_id", key="case_id", cascade=True),
    Index(None, "organisation_id", "case_id", "id"),
)
