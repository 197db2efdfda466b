"""Invitations: batches, who is invited, and what became of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "invitations"
down_revision = "collectors"
branch_labels = None
depends_on = None

GRANTS = {
    "invitation_batch": "SELECT, INSERT, UPDATE",
    "invitation": "SELECT, INSERT, UPDATE",
    "invitation_step": "SELECT, INSERT",
}

# What the schedule needs to see across organisations: which batches have something to do.
SYSTEM_GRANT = "SELECT (organisation_id, id, next_at) ON invitation_batch"


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _bytes(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary(), nullable=True)


def _count(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _revision() -> sa.Column[object]:
    return sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False)


def _belongs(table: str, column: str, other: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}_{other}"),
        ondelete=ondelete,
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("organisation_id", *columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    _batches()
    _invitations()
    _steps()
    for table, columns in (
        ("invitation_batch", ["organisation_id", "survey_id", "id"]),
        ("invitation", ["organisation_id", "survey_id", "id"]),
        ("invitation", ["organisation_id", "batch_id", "id"]),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )
    op.execute(f"GRANT {SYSTEM_GRANT} TO feedback_system")
    op.execute("CREATE POLICY system ON invitation_batch TO feedback_system USING (true)")


def _batches() -> None:
    op.create_table(
        "invitation_batch",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("survey_id"),
        _uuid("sample_id", nullable=True),
        _uuid("collector_id", nullable=True),
        _text("name"),
        _text("method"),
        _text("wave", nullable=True),
        sa.Column("settings", postgresql.JSONB(), nullable=False),
        sa.Column("keeps_response", sa.Boolean(), nullable=False),
        sa.Column("filled_to", sa.Integer(), nullable=True),
        _instant("filled_at", nullable=True),
        _instant("send_at"),
        _instant("expires_at"),
        _instant("keep_until"),
        _instant("next_at", nullable=True),
        _instant("cancelled_at", nullable=True),
        _uuid("job_id", nullable=True),
        _text("requested_by"),
        _instant("created_at"),
        _revision(),
        _belongs("invitation_batch", "survey_id", "survey"),
        _belongs("invitation_batch", "sample_id", "sample"),
        _belongs("invitation_batch", "collector_id", "collector"),
        _key("invitation_batch", "id"),
    )
    op.create_index(
        "ix_invitation_batch_next_at", "invitation_batch", ["next_at"], postgresql_where=sa.text("next_at IS NOT NULL")
    )


def _invitations() -> None:
    op.create_table(
        "invitation",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("batch_id"),
        _uuid("survey_id"),
        _uuid("sample_id", nullable=True),
        _uuid("unit_id", nullable=True),
        _uuid("collector_id", nullable=True),
        _text("method"),
        *(_text(name, nullable=True) for name in ("wave", "stratum", "interviewer")),
        *(_bytes(name) for name in ("contact", "email_ref", "phone_ref", "ref_ref")),
        _text("language", nullable=True),
        _text("state"),
        _text("reason", nullable=True),
        _instant("created_at"),
        *(
            _instant(f"{name}_at", nullable=True)
            for name in ("sent", "delivered", "opened", "started", "completed", "ended")
        ),
        _instant("expires_at"),
        _instant("next_at", nullable=True),
        *(_count(name) for name in ("messages_sent", "attempts", "reminders_sent")),
        sa.Column("cost", sa.Double(), server_default="0", nullable=False),
        _uuid("open_response_id", nullable=True),
        _uuid("response_id", nullable=True),
        _revision(),
        _belongs("invitation", "batch_id", "invitation_batch"),
        _belongs("invitation", "survey_id", "survey"),
        _belongs("invitation", "unit_id", "frame_unit", ondelete="SET NULL (unit_id)"),
        *(
            _belongs("invitation", f"{of}_id", of, ondelete=f"SET NULL ({of}_id)")
            for of in ("open_response", "response")
        ),
        _key("invitation", "id"),
    )
    op.create_index(
        "uq_invitation_unit_id",
        "invitation",
        ["organisation_id", "batch_id", "unit_id"],
        unique=True,
        postgresql_where=sa.text("unit_id IS NOT NULL"),
    )
    op.create_index(
        "ix_invitation_next_at",
        "invitation",
        ["organisation_id", "batch_id", "next_at"],
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    for column in ("unit_id", "email_ref", "phone_ref", "ref_ref", "open_response_id", "response_id"):
        op.create_index(
            f"ix_invitation_{column}",
            "invitation",
            ["organisation_id", column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )


def _steps() -> None:
    op.create_table(
        "invitation_step",
        _uuid("organisation_id"),
        _uuid("invitation_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("happening"),
        _text("state"),
        _text("reason", nullable=True),
        _text("noted_by"),
        _instant("at"),
        _belongs("invitation_step", "invitation_id", "invitation", ondelete="CASCADE"),
        _key("invitation_step", "invitation_id", "number"),
    )


def downgrade() -> None:
    for table in ("invitation_step", "invitation", "invitation_batch"):
        op.drop_table(table)
