"""Sources of deliveries, their secrets and mappings, and the inbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "inbound"
down_revision = "exports"
branch_labels = None
depends_on = None

# What was delivered is never changed; what became of it is. Of the inbox nothing is deleted.
GRANTS = {
    "source": "SELECT, INSERT, UPDATE",
    "source_secret": "SELECT, INSERT, UPDATE (expires_at), DELETE",
    "source_mapping": "SELECT, INSERT",
    "delivery": "SELECT, INSERT, UPDATE (state, reason, attempts, mapping_version, settled_at, repeats, repeated_at,"
    " body, redacted_at)",
    "delivery_item": "SELECT, INSERT, UPDATE (outcome, reason, response_id, mapping_version, settled_at)",
    "delivery_refusal": "SELECT, INSERT, UPDATE (times, last_at)",
}

# What the schedule needs to know which sources have something to be read, or to be redacted.
SYSTEM_GRANTS = (
    ("source", "SELECT (organisation_id, id, retention_days)"),
    ("delivery", "SELECT (organisation_id, source_id, received_at, state, redacted_at)"),
)


def upgrade() -> None:
    op.create_table(
        "source",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("preset", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(), nullable=False),
        sa.Column("signed_url", sa.Text()),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        _of("survey", "survey_id", "source"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_source")),
    )
    op.create_table(
        "source_secret",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        _of("source", "source_id", "source_secret"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_source_secret")),
    )
    op.create_table(
        "source_mapping",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(), nullable=False),
        sa.Column("defined_by", sa.Text(), nullable=False),
        sa.Column("defined_at", sa.DateTime(timezone=True), nullable=False),
        _of("source", "source_id", "source_mapping"),
        sa.PrimaryKeyConstraint("organisation_id", "source_id", "version", name=op.f("pk_source_mapping")),
    )
    op.create_table(
        "delivery",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("preset", sa.Text(), nullable=False),
        sa.Column("secret_id", sa.Uuid(), nullable=False),
        sa.Column("dedupe_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True)),
        sa.Column("content_type", sa.Text()),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("body_size", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", postgresql.JSONB()),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("mapping_version", sa.Integer()),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("repeats", sa.Integer(), server_default="0", nullable=False),
        sa.Column("repeated_at", sa.DateTime(timezone=True)),
        sa.Column("redacted_at", sa.DateTime(timezone=True)),
        _of("source", "source_id", "delivery"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_delivery")),
    )
    op.create_table(
        "delivery_item",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", postgresql.JSONB()),
        sa.Column("response_id", sa.Uuid()),
        sa.Column("mapping_version", sa.Integer()),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        _of("delivery", "delivery_id", "delivery_item"),
        sa.PrimaryKeyConstraint("organisation_id", "delivery_id", "number", name=op.f("pk_delivery_item")),
    )
    op.create_table(
        "delivery_refusal",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        _of("source", "source_id", "delivery_refusal"),
        sa.PrimaryKeyConstraint("organisation_id", "source_id", "day", "reason", name=op.f("pk_delivery_refusal")),
    )
    op.create_index(
        op.f("ix_source_secret_organisation_id_source_id"), "source_secret", ["organisation_id", "source_id"]
    )
    _index_deliveries()
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )
    for table, grant in SYSTEM_GRANTS:
        op.execute(f"GRANT {grant} ON {table} TO feedback_system")
        op.execute(f"CREATE POLICY system ON {table} TO feedback_system USING (true)")


def downgrade() -> None:
    for table in reversed(GRANTS):
        op.drop_table(table)


def _index_deliveries() -> None:
    op.create_index("uq_delivery_dedupe_id", "delivery", ["organisation_id", "source_id", "dedupe_id"], unique=True)
    op.create_index(
        op.f("ix_delivery_organisation_id_source_id_received_at_id"),
        "delivery",
        ["organisation_id", "source_id", "received_at", "id"],
    )
    op.create_index(
        "ix_delivery_open",
        "delivery",
        ["organisation_id", "source_id", "state", "id"],
        postgresql_where=sa.text("state IN ('waiting', 'unmapped', 'failed')"),
    )
    op.create_index(
        "ix_delivery_unredacted",
        "delivery",
        ["organisation_id", "source_id", "received_at"],
        postgresql_where=sa.text("redacted_at IS NULL"),
    )
    op.create_index(
        "uq_delivery_item_item_id",
        "delivery_item",
        ["organisation_id", "source_id", "item_id"],
        unique=True,
        postgresql_where=sa.text("outcome <> 'repeated'"),
    )
    op.create_index(
        "ix_delivery_item_response",
        "delivery_item",
        ["organisation_id", "response_id"],
        postgresql_where=sa.text("response_id IS NOT NULL"),
    )


def _of(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.id"],
        name=op.f(f"fk_{owner}_organisation_id_{column}_{table}"),
    )
