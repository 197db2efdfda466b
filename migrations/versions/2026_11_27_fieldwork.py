"""Rules by which collections are watched, when each was looked at, and the alerts that they raise."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from feedback_core.db.base import Xid8

revision = "fieldwork"
down_revision = "invitations"
branch_labels = None
depends_on = None

GRANTS = {
    "fieldwork_rules": "SELECT, INSERT",
    "fieldwork_watch": "SELECT, INSERT, UPDATE",
    "fieldwork_alert": "SELECT, INSERT, UPDATE",
}

# What the schedule needs to see across organisations: which surveys are due.
SYSTEM_GRANT = "SELECT (organisation_id, survey_id, seen_xid, checked_at, next_check_at) ON fieldwork_watch"


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _double(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Double(), nullable=nullable)


def _of_survey(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", "survey_id"],
        ["survey.organisation_id", "survey.id"],
        name=op.f(f"fk_{table}_organisation_id_survey_id_survey"),
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("organisation_id", *columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_table(
        "fieldwork_rules",
        _uuid("organisation_id"),
        _uuid("survey_id"),
        _number("version"),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        _text("put_by"),
        _instant("put_at"),
        _of_survey("fieldwork_rules"),
        _key("fieldwork_rules", "survey_id", "version"),
    )
    op.create_table(
        "fieldwork_watch",
        _uuid("organisation_id"),
        _uuid("survey_id"),
        sa.Column("seen_xid", Xid8(), nullable=False),
        _instant("checked_at", nullable=True),
        _instant("next_check_at"),
        _of_survey("fieldwork_watch"),
        _key("fieldwork_watch", "survey_id"),
    )
    op.create_index(op.f("ix_fieldwork_watch_next_check_at"), "fieldwork_watch", ["next_check_at"])
    _alerts()
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )
    op.execute(f"GRANT {SYSTEM_GRANT} TO feedback_system")
    op.execute("CREATE POLICY system ON fieldwork_watch TO feedback_system USING (true)")


def _alerts() -> None:
    op.create_table(
        "fieldwork_alert",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("survey_id"),
        *(_text(name) for name in ("rule", "kind", "subject")),
        _number("rules_version"),
        _text("state"),
        _double("value"),
        _double("low", nullable=True),
        _double("high", nullable=True),
        _double("limit"),
        _number("n"),
        _text("sentence"),
        _instant("opened_at"),
        _instant("checked_at"),
        _instant("over_at", nullable=True),
        *(
            column
            for step in ("acknowledged", "resolved")
            for column in (
                _instant(f"{step}_at", nullable=True),
                _text(f"{step}_by", nullable=True),
                _text(f"{step}_note", nullable=True),
            )
        ),
        _uuid("plan_id", nullable=True),
        _number("plan_revision", nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        _of_survey("fieldwork_alert"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "plan_id", "plan_revision"],
            ["plan_revision.organisation_id", "plan_revision.plan_id", "plan_revision.number"],
            name=op.f("fk_fieldwork_alert_organisation_id_plan_id_plan_revision_plan_revision"),
        ),
        _key("fieldwork_alert", "id"),
    )
    op.create_index(
        op.f("ix_fieldwork_alert_organisation_id_survey_id_id"),
        "fieldwork_alert",
        ["organisation_id", "survey_id", "id"],
    )
    op.create_index(
        "uq_fieldwork_alert_standing",
        "fieldwork_alert",
        ["organisation_id", "survey_id", "rule", "subject"],
        unique=True,
        postgresql_where=sa.text("over_at IS NULL"),
    )


def downgrade() -> None:
    for table in ("fieldwork_alert", "fieldwork_watch", "fieldwork_rules"):
        op.drop_table(table)
