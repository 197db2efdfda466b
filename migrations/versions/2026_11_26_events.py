"""Events: what happened, a row each, and the order in which it is told."""

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
}

# What the worker needs to see across organisations: whose feed has more, or is old.
SYSTEM_GRANTS = {
    "event": "SELECT (organisation_id, id, sequence, recorded_xid, occurred_at)",
}


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
    for table in reversed(GRANTS):
        op.drop_table(table)
