"""Reports with their files, whom they were sent to, and their schedules."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "reports"
down_revision = "procedures"
branch_labels = None
depends_on = None

# The row of a report stays when its file is gone. That somebody was sent one goes with who asks to be forgotten.
GRANTS = {
    "report": "SELECT, INSERT, UPDATE",
    "report_chunk": "SELECT, INSERT, DELETE",
    "report_distribution": "SELECT, INSERT, UPDATE, DELETE",
    "report_schedule": "SELECT, INSERT, UPDATE, DELETE",
}

# What the schedule needs to see across organisations: which files are to go, whom to remind, which reviews are new.
SYSTEM_GRANTS = {
    "report": "SELECT (organisation_id, id, file_state, expires_at, job_id)",
    "report_distribution": "SELECT (organisation_id, id, next_reminder_at)",
    "report_schedule": "SELECT (organisation_id, id, analysis_schedule_id, enabled, last_run_id)",
    "analysis_run": "SELECT (organisation_id, id, schedule_id, finished_at)",
}


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _of(table: str, column: str, parent: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{parent}.organisation_id", f"{parent}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}_{parent}"),
        ondelete="CASCADE" if cascade else None,
    )


def upgrade() -> None:
    op.create_table(
        "report",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("run_id"),
        _uuid("survey_id"),
        _text("audience"),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _uuid("schedule_id", nullable=True),
        _text("file_state"),
        _text("gone_reason", nullable=True),
        _text("title", nullable=True),
        sa.Column("file_size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("file_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=True),
        _uuid("job_id"),
        _text("requested_by"),
        _instant("created_at"),
        _instant("finished_at", nullable=True),
        _instant("expires_at"),
        _of("report", "run_id", "analysis_run"),
        _of("report", "survey_id", "survey"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_report")),
    )
    op.create_table(
        "report_chunk",
        _uuid("organisation_id"),
        _uuid("report_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of("report_chunk", "report_id", "report", cascade=True),
        sa.PrimaryKeyConstraint("organisation_id", "report_id", "number", name=op.f("pk_report_chunk")),
    )
    op.create_table(
        "report_distribution",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("report_id"),
        _text("way"),
        sa.Column("sealed_recipient", sa.LargeBinary(), nullable=False),
        sa.Column("remind_after_days", sa.SmallInteger(), nullable=True),
        sa.Column("reminders_sent", sa.SmallInteger(), server_default="0", nullable=False),
        _instant("next_reminder_at", nullable=True),
        _uuid("job_id", nullable=True),
        _text("requested_by"),
        _instant("created_at"),
        _instant("sent_at", nullable=True),
        _instant("opened_at", nullable=True),
        _instant("acknowledged_at", nullable=True),
        _instant("revoked_at", nullable=True),
        _of("report_distribution", "report_id", "report"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_report_distribution")),
    )
    op.create_table(
        "report_schedule",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("analysis_schedule_id"),
        sa.Column("editions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        _uuid("last_run_id"),
        _instant("created_at"),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        _of("report_schedule", "analysis_schedule_id", "analysis_schedule", cascade=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_report_schedule")),
    )
    for table, columns in (
        ("report", ["organisation_id", "survey_id", "id"]),
        ("report", ["organisation_id", "run_id", "id"]),
        ("report_distribution", ["organisation_id", "report_id", "id"]),
        ("report_distribution", ["next_reminder_at"]),
        ("report_schedule", ["organisation_id", "analysis_schedule_id"]),
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
    op.execute("DROP POLICY system ON analysis_run")
    op.execute("REVOKE SELECT (organisation_id, id, schedule_id, finished_at) ON analysis_run FROM feedback_system")
    for table in ("report_schedule", "report_distribution", "report_chunk", "report"):
        op.drop_table(table)
