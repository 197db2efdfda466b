"""What deliveries speak of, whom they forget, and what was fetched for them."""

import sqlalchemy as sa
from alembic import op

revision = "inbound_processing"
down_revision = "inbound"
branch_labels = None
depends_on = None

GRANTS = {
    "source_object": "SELECT, INSERT, UPDATE (response_id, takes, said_hash, occurred_at)",
    "source_forgotten": "SELECT, INSERT, UPDATE (forgotten_at)",
    "source_connector": "SELECT, INSERT, UPDATE, DELETE",
    "delivery_fetch": "SELECT, INSERT, UPDATE (body), DELETE",
}


def upgrade() -> None:
    op.create_table(
        "source_object",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("object_ref", sa.LargeBinary(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("takes", sa.Integer(), nullable=False),
        sa.Column("said_hash", sa.LargeBinary(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        _of("source", "source_id", "source_object"),
        sa.PrimaryKeyConstraint("organisation_id", "source_id", "object_ref", name=op.f("pk_source_object")),
    )
    op.create_table(
        "source_forgotten",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("subject_ref", sa.LargeBinary(), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        _of("source", "source_id", "source_forgotten"),
        sa.PrimaryKeyConstraint("organisation_id", "source_id", "subject_ref", name=op.f("pk_source_forgotten")),
    )
    op.create_table(
        "source_connector",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("defined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("defined_by", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        _of("source", "source_id", "source_connector"),
        sa.PrimaryKeyConstraint("organisation_id", "source_id", name=op.f("pk_source_connector")),
    )
    op.create_table(
        "delivery_fetch",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.Text()),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        _of("delivery", "delivery_id", "delivery_fetch"),
        sa.PrimaryKeyConstraint("organisation_id", "delivery_id", "number", name=op.f("pk_delivery_fetch")),
    )
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )
    # The schedule asks for what waits for nothing else: something may be fetched for it, or be asked for again later.
    op.execute("GRANT SELECT (reason) ON delivery TO feedback_system")
    # What waits is read in the order in which it came about.
    op.create_index(
        "ix_delivery_next",
        "delivery",
        ["organisation_id", "source_id", sa.text("COALESCE(occurred_at, received_at)"), "id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_next", "delivery")
    op.execute("REVOKE SELECT (reason) ON delivery FROM feedback_system")
    for table in reversed(GRANTS):
        op.drop_table(table)


def _of(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{table}.organisation_id", f"{table}.id"],
        name=op.f(f"fk_{owner}_organisation_id_{column}_{table}"),
    )
