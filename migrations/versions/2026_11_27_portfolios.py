"""Portfolios of evidence with their files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "portfolios"
down_revision = "cases"
branch_labels = None
depends_on = None

# The row of a portfolio stays when its file is gone.
GRANTS = {
    "portfolio": (
        "SELECT, INSERT, UPDATE (file_state, gone_reason, summary, file_size, file_sha256, finished_at, expires_at)"
    ),
    "portfolio_chunk": "SELECT, INSERT, DELETE",
}

# What the schedule needs to see across organisations: which files are to go.
SYSTEM_GRANTS = {"portfolio": "SELECT (organisation_id, id, file_state, expires_at, job_id)"}


def _uuid(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "portfolio",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("unit"),
        _json("request"),
        _text("file_state"),
        _text("gone_reason", nullable=True),
        _json("summary", nullable=True),
        sa.Column("file_size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("file_sha256", sa.LargeBinary()),
        _uuid("job_id"),
        _text("requested_by"),
        _instant("created_at"),
        _instant("finished_at", nullable=True),
        _instant("expires_at"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_portfolio")),
    )
    op.create_index(op.f("ix_portfolio_organisation_id_unit_id"), "portfolio", ["organisation_id", "unit", "id"])
    op.create_table(
        "portfolio_chunk",
        _uuid("organisation_id"),
        _uuid("portfolio_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "portfolio_id"],
            ["portfolio.organisation_id", "portfolio.id"],
            name=op.f("fk_portfolio_chunk_organisation_id_portfolio_id_portfolio"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "portfolio_id", "number", name=op.f("pk_portfolio_chunk")),
    )
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
    op.drop_table("portfolio_chunk")
    op.drop_table("portfolio")
