"""Alerts on KPIs, standing recipients of reports, and what is told of evidence that was overtaken."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "telling"
down_revision = "portfolios"
branch_labels = None
depends_on = None

GRANTS = {
    "evidence_watch": "SELECT, INSERT, UPDATE",
    "kpi_alert": "SELECT, INSERT, UPDATE, DELETE",
    "report_schedule_recipient": "SELECT, INSERT, UPDATE (sealed_recipient), DELETE",
}

# What the schedule needs to see across organisations: which alerts are to be looked at, and where data have changed
# since evidence was.
SYSTEM_GRANTS = {
    "evidence_watch": "SELECT (organisation_id, survey_id, corrections, runs)",
    "kpi_alert": "SELECT (organisation_id, key, next_check_at)",
}
MORE_SYSTEM_GRANTS = {
    "recommendation": "SELECT (survey_id, state)",
    "analysis_run": "SELECT (survey_id)",
}


def _uuid(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _belongs(table: str, column: str, other: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}_{other}"),
        ondelete="CASCADE" if cascade else None,
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("organisation_id", *columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.add_column("feature", sa.Column("assumed_importance", sa.SmallInteger()))
    op.add_column("recommendation", _text("expected_effect_reason", nullable=True))
    op.add_column("recommendation", _text("overtaken_told", nullable=True))
    op.create_table(
        "evidence_watch",
        _uuid("organisation_id"),
        _uuid("survey_id"),
        sa.Column("corrections", sa.BigInteger(), nullable=False),
        sa.Column("runs", sa.BigInteger(), nullable=False),
        _belongs("evidence_watch", "survey_id", "survey"),
        _key("evidence_watch", "survey_id"),
    )
    op.create_table(
        "kpi_alert",
        _uuid("organisation_id"),
        _text("key"),
        _uuid("survey_id"),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        _text("state"),
        _instant("since", nullable=True),
        _instant("checked_at", nullable=True),
        sa.Column("figure", postgresql.JSONB()),
        _text("reason", nullable=True),
        _instant("next_check_at", nullable=True),
        _instant("created_at"),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        _belongs("kpi_alert", "survey_id", "survey"),
        _key("kpi_alert", "key"),
    )
    op.create_table(
        "report_schedule_recipient",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("schedule_id"),
        sa.Column("edition", postgresql.JSONB(), nullable=False),
        sa.Column("sealed_recipient", sa.LargeBinary(), nullable=False),
        sa.Column("remind_after_days", sa.SmallInteger()),
        _text("added_by"),
        _instant("created_at"),
        _belongs("report_schedule_recipient", "schedule_id", "report_schedule", cascade=True),
        _key("report_schedule_recipient", "id"),
    )
    for table, columns in (
        ("kpi_alert", ["organisation_id", "survey_id"]),
        ("kpi_alert", ["next_check_at"]),
        ("report_schedule_recipient", ["organisation_id", "schedule_id", "id"]),
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
    for table, grant in MORE_SYSTEM_GRANTS.items():
        op.execute(f"GRANT {grant} ON {table} TO feedback_system")


def downgrade() -> None:
    for table, grant in MORE_SYSTEM_GRANTS.items():
        op.execute(f"REVOKE {grant} ON {table} FROM feedback_system")
    for table in ("report_schedule_recipient", "kpi_alert", "evidence_watch"):
        op.drop_table(table)
    op.drop_column("recommendation", "overtaken_told")
    op.drop_column("recommendation", "expected_effect_reason")
    op.drop_column("feature", "assumed_importance")
