"""Events: what happened, a row each, and the order in which it is told; webhooks that are told of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from feedback_core.db.base import Xid8

revision = "events"
down_revision = "confidentiality"
branch_labels = None
depends_on = None

GRANTS = {
    "event": "SELECT, INSERT, DELETE",
    "announce_state": "SELECT, INSERT, UPDATE",
    "webhook": "SELECT, INSERT, UPDATE",
    "webhook_secret": "SELECT, INSERT, UPDATE, DELETE",
    "webhook_queue": "SELECT, INSERT, UPDATE",
    "webhook_delivery": "SELECT, INSERT, UPDATE",
    "webhook_attempt": "SELECT, INSERT, UPDATE (snippet)",
    "webhook_feed": "SELECT, INSERT, UPDATE",
}

# What the worker needs to see across organisations: whose feed has more, or is old, and what is due at whose webhooks.
SYSTEM_GRANTS = {
    "event": "SELECT (organisation_id, id, sequence, recorded_xid, occurred_at)",
    "announce_state": "SELECT",
    "webhook_queue": (
        "SELECT (organisation_id, webhook_id, due_at, lease_token, lease_until), UPDATE (lease_token, lease_until)"
    ),
    "webhook_feed": "SELECT",
}

# What was recorded before there were events is not told of as if it happened now.
BEGIN_HERE = """
    INSERT INTO announce_state (organisation_id, survey_id, xid, response_id)
    SELECT organisation_id, id, pg_snapshot_xmin(pg_current_snapshot()), '00000000-0000-0000-0000-000000000000'
      FROM survey
"""


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _uuid(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "event",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("kind"),
        _text("subject_kind"),
        _text("subject_id"),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        _instant("occurred_at"),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("recorded_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_event")),
    )
    op.create_index(
        "uq_event_sequence", "event", ["organisation_id", "subject_kind", "subject_id", "sequence"], unique=True
    )
    for columns in (["organisation_id", "recorded_xid", "sequence", "id"], ["organisation_id", "occurred_at"]):
        op.create_index(op.f(f"ix_event_{'_'.join(columns)}"), "event", columns)
    op.create_table(
        "announce_state",
        _uuid("organisation_id"),
        _uuid("survey_id"),
        sa.Column("xid", Xid8(), nullable=False),
        _uuid("response_id"),
        _of("survey", "survey_id", "announce_state"),
        sa.PrimaryKeyConstraint("organisation_id", "survey_id", name=op.f("pk_announce_state")),
    )
    op.execute(BEGIN_HERE)
    op.create_index(
        "ix_response_told",
        "response",
        ["organisation_id", "survey_id", "recorded_xid", "id"],
        postgresql_where=sa.text("import_id IS NULL"),
    )
    op.execute("GRANT SELECT (import_id) ON response TO feedback_system")
    _create_webhooks()
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
    op.execute("REVOKE SELECT (import_id) ON response FROM feedback_system")
    op.drop_index("ix_response_told", table_name="response")
    for table in reversed(GRANTS):
        op.drop_table(table)


def _of(table: str, column: str, owner: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.id"],
        name=op.f(f"fk_{owner}_organisation_id_{column}_{table}"),
        ondelete="CASCADE" if cascade else None,
    )


def _create_webhooks() -> None:
    op.create_table(
        "webhook",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("url"),
        sa.Column("description", sa.Text()),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        _text("format"),
        _text("state"),
        sa.Column("pause_reason", sa.Text()),
        _instant("state_since"),
        _text("created_by"),
        _instant("created_at"),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_webhook")),
    )
    op.create_table(
        "webhook_secret",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("webhook_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _text("hint"),
        _instant("created_at"),
        _instant("expires_at", nullable=True),
        _of("webhook", "webhook_id", "webhook_secret"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_webhook_secret")),
    )
    op.create_index(
        op.f("ix_webhook_secret_organisation_id_webhook_id"), "webhook_secret", ["organisation_id", "webhook_id"]
    )
    op.create_table(
        "webhook_queue",
        _uuid("organisation_id"),
        _uuid("webhook_id"),
        sa.Column("last_position", sa.BigInteger(), server_default="0", nullable=False),
        _instant("due_at", nullable=True),
        sa.Column("lease_token", sa.Uuid()),
        _instant("lease_until", nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        _instant("failing_since", nullable=True),
        _instant("resting_until", nullable=True),
        _instant("last_delivered_at", nullable=True),
        _of("webhook", "webhook_id", "webhook_queue"),
        sa.PrimaryKeyConstraint("organisation_id", "webhook_id", name=op.f("pk_webhook_queue")),
    )
    op.create_index("ix_webhook_queue_due", "webhook_queue", ["due_at"], postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_table(
        "webhook_delivery",
        _uuid("organisation_id"),
        _uuid("webhook_id"),
        _uuid("event_id"),
        sa.Column("position", sa.BigInteger(), nullable=False),
        _text("kind"),
        _text("subject"),
        _text("state"),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("step", sa.Integer(), server_default="0", nullable=False),
        _instant("next_attempt_at", nullable=True),
        _instant("created_at"),
        _instant("settled_at", nullable=True),
        _of("webhook", "webhook_id", "webhook_delivery"),
        _of("event", "event_id", "webhook_delivery", cascade=True),
        sa.PrimaryKeyConstraint("organisation_id", "webhook_id", "event_id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index(
        "uq_webhook_delivery_position", "webhook_delivery", ["organisation_id", "webhook_id", "position"], unique=True
    )
    op.create_index(
        op.f("ix_webhook_delivery_organisation_id_event_id"), "webhook_delivery", ["organisation_id", "event_id"]
    )
    for name, column, state in (
        ("pending", "position", "pending"),
        ("due", "next_attempt_at", "pending"),
        ("subject", "subject", "pending"),
        ("failed", "position", "failed"),
    ):
        op.create_index(
            f"ix_webhook_delivery_{name}",
            "webhook_delivery",
            ["organisation_id", "webhook_id", column],
            postgresql_where=sa.text(f"state = '{state}'"),
        )
    op.create_table(
        "webhook_attempt",
        _uuid("organisation_id"),
        _uuid("webhook_id"),
        _uuid("event_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _instant("at"),
        _text("outcome"),
        sa.Column("status", sa.Integer()),
        sa.Column("detail", sa.Text()),
        sa.Column("snippet", sa.Text()),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "webhook_id", "event_id"],
            ["webhook_delivery.organisation_id", "webhook_delivery.webhook_id", "webhook_delivery.event_id"],
            name="fk_webhook_attempt_webhook_delivery",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "webhook_id", "event_id", "number", name=op.f("pk_webhook_attempt")),
    )
    op.create_table(
        "webhook_feed",
        _uuid("organisation_id"),
        sa.Column("xid", Xid8(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        _uuid("event_id"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_webhook_feed")),
    )
