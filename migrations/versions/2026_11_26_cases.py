"""Cases: rules, cases of responses, what was written about them; and what is told back to everybody who answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from feedback_core.db.base import Xid8

revision = "cases"
down_revision = "reports"
branch_labels = None
depends_on = None

GRANTS = {
    "case_rule": "SELECT, INSERT",
    "case_watch": "SELECT, INSERT, UPDATE",
    "feedback_case": "SELECT, INSERT, UPDATE",
    "case_response": "SELECT, INSERT, UPDATE (matched), DELETE",
    "case_entry": "SELECT, INSERT, UPDATE (sealed), DELETE",
    "you_said_item": "SELECT, INSERT, UPDATE, DELETE",
}

# What the schedule needs to see across organisations: where to look for cases, which are late, which have ended.
SYSTEM_GRANTS = {
    "case_watch": "SELECT (organisation_id, survey_id, watching, xid)",
    "feedback_case": "SELECT (organisation_id, id, state, escalates_at, escalated_at)",
    "case_response": "SELECT (organisation_id, case_id)",
}


def _uuid(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=False)


def _revision() -> sa.Column[object]:
    return sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False)


def _belongs(table: str, column: str, other: str, *, key: str = "id", cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.{key}"],
        name=op.f(f"fk_{table}_organisation_id_{column}_{other}"),
        ondelete="CASCADE" if cascade else None,
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("organisation_id", *columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_table(
        "case_rule",
        _uuid("organisation_id"),
        _uuid("survey_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _json("rule"),
        _text("defined_by"),
        _instant("defined_at"),
        _belongs("case_rule", "survey_id", "survey"),
        _key("case_rule", "survey_id", "version"),
    )
    op.create_table(
        "case_watch",
        _uuid("organisation_id"),
        _uuid("survey_id"),
        sa.Column("watching", sa.Boolean(), nullable=False),
        sa.Column("xid", Xid8(), nullable=False),
        _uuid("response_id"),
        _belongs("case_watch", "survey_id", "survey"),
        _key("case_watch", "survey_id"),
    )
    op.create_table(
        "feedback_case",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("survey_id"),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        _text("state"),
        _text("owner", nullable=True),
        _instant("due_at"),
        _instant("escalates_at", nullable=True),
        sa.Column("escalation_to", postgresql.ARRAY(sa.Text()), nullable=False),
        _instant("escalated_at", nullable=True),
        _text("outcome", nullable=True),
        _instant("opened_at"),
        _instant("updated_at"),
        _instant("closed_at", nullable=True),
        _revision(),
        _belongs("feedback_case", "survey_id", "survey"),
        _key("feedback_case", "id"),
    )
    op.create_table(
        "case_response",
        _uuid("organisation_id"),
        _uuid("case_id"),
        _uuid("response_id"),
        _json("matched"),
        _belongs("case_response", "case_id", "feedback_case"),
        _belongs("case_response", "response_id", "response", cascade=True),
        _key("case_response", "case_id"),
    )
    op.create_index("uq_case_response_response_id", "case_response", ["organisation_id", "response_id"], unique=True)
    op.create_table(
        "case_entry",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("case_id"),
        _text("kind"),
        _text("from_state"),
        _text("to_state"),
        sa.Column("sealed", sa.LargeBinary()),
        _text("written_by"),
        _text("key_name"),
        _instant("written_at"),
        _belongs("case_entry", "case_id", "case_response", key="case_id", cascade=True),
        _key("case_entry", "id"),
    )
    op.create_table(
        "you_said_item",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("survey_id"),
        _uuid("action_id"),
        _text("you_said"),
        _text("we_did"),
        _json("figures"),
        _instant("published_at", nullable=True),
        _text("written_by"),
        _instant("created_at"),
        _instant("updated_at"),
        _revision(),
        _belongs("you_said_item", "survey_id", "survey"),
        _belongs("you_said_item", "action_id", "action"),
        _key("you_said_item", "id"),
    )
    for table, columns in (
        ("feedback_case", ["organisation_id", "due_at", "id"]),
        ("feedback_case", ["organisation_id", "state", "escalates_at"]),
        ("case_entry", ["organisation_id", "case_id", "id"]),
        ("you_said_item", ["organisation_id", "survey_id", "id"]),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )
    for table, grant in SYSTEM_GRANTS.items():
        op.execute(f"GRANT {grant} ON {table} TO feedback_system")
        op.execute(f"CREATE POLICY system ON {table} TO feedback_system USING (true)")


def downgrade() -> None:
    for table in ("you_said_item", "case_entry", "case_response", "feedback_case", "case_watch", "case_rule"):
        op.drop_table(table)
