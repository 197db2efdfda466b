"""Tables of the rules by which collections are watched, and of the alerts that they raise."""

from sqlalchemy import Column, Double, ForeignKeyConstraint, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from feedback_core.db.base import Xid8, belongs_to, instant, metadata, organisation_id, revision

# A version is never changed; alerts name the one by which they were found.
fieldwork_rules = Table(
    "fieldwork_rules",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("rules", JSONB, nullable=False),
    Column("put_by", Text, nullable=False),
    instant("put_at"),
    belongs_to("survey", "survey_id"),
)

# When a survey with rules is looked at, and which responses it was last looked at with.
fieldwork_watch = Table(
    "fieldwork_watch",
    metadata,
    organisation_id(),
    Column("survey_id", Uuid, primary_key=True),
    Column("seen_xid", Xid8, nullable=False),
    instant("checked_at", nullable=True),
    instant("next_check_at"),
    belongs_to("survey", "survey_id"),
    Index(None, "next_check_at"),
)

fieldwork_alert = Table(
    "fieldwork_alert",
    metadata,
    organisation_id(),
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, nullable=False),
    Column("rule", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # A group, category, question, quota, source or interviewer; empty: all.
    Column("subject", Text, nullable=False),
    Column("rules_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    # As it was last found.
    Column("value", Double, nullable=False),
    Column("low", Double),
    Column("high", Double),
    Column("limit", Double, nullable=False),
    Column("n", Integer, nullable=False),
    Column("sentence", Text, nullable=False),
    instant("opened_at"),
    instant("checked_at"),
    # When it was no longer so; until then it is not told again, whoever has closed it.
    instant("over_at", nullable=True),
    instant("acknowledged_at", nullable=True),
    Column("acknowledged_by", Text),
    Column("acknowledged_note", Text),
    instant("resolved_at", nullable=True),
    Column("resolved_by", Text),
    Column("resolved_note", Text),
    # The revision of a plan that was made for it.
    Column("plan_id", Uuid),
    Column("plan_revision", Integer),
    revision(),
    belongs_to("survey", "survey_id"),
    ForeignKeyConstraint(
        ["organisation_id", "plan_id", "plan_revision"],
        ["plan_revision.organisation_id", "plan_revision.plan_id", "plan_revision.number"],
    ),
    Index(None, "organisation_id", "survey_id", "id"),
    Index(
        "uq_fieldwork_alert_standing",
        "organisation_id",
        "survey_id",
        "rule",
        "subject",
        unique=True,
        postgresql_where=text("over_at IS NULL"),
    ),
)
