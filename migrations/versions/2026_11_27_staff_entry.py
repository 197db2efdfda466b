"""Quotas with their places."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "staff_entry"
down_revision = "sampling"
branch_labels = None
depends_on = None

GRANTS = {
    "survey_quotas": "SELECT, INSERT, UPDATE",
    "quota_cell": "SELECT, INSERT, UPDATE, DELETE",
    "quota_correction": "SELECT, INSERT, DELETE",
    "quota_reservation": "SELECT, INSERT, DELETE",
    "quota_refill": "SELECT, INSERT",
}


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), server_default=default, nullable=False)


def _number(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), server_default=default, nullable=False)


def _count(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


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
    _quotas()
    for table, columns in (
        ("quota_correction", ["organisation_id", "cell_id"]),
        ("quota_reservation", ["organisation_id", "cell_id"]),
        ("quota_refill", ["organisation_id", "survey_id", "requested_at"]),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )


def _quotas() -> None:
    op.create_table(
        "survey_quotas",
        _uuid("organisation_id"),
        _uuid("survey_id"),
        _number("reserve_minutes", "30"),
        _json("quotas", "[]"),
        _text("changed_by", nullable=True),
        _instant("changed_at", nullable=True),
        _count("revision", "0"),
        _belongs("survey_quotas", "survey_id", "survey"),
        _key("survey_quotas", "survey_id"),
    )
    op.create_table(
        "quota_cell",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("survey_id"),
        _text("quota"),
        _text("cell"),
        _count("taken"),
        _count("turned_away", "0"),
        _belongs("quota_cell", "survey_id", "survey"),
        _key("quota_cell", "id"),
    )
    op.create_index("uq_quota_cell_name", "quota_cell", ["organisation_id", "survey_id", "quota", "cell"], unique=True)
    op.create_table(
        "quota_correction",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("cell_id"),
        _number("change"),
        _belongs("quota_correction", "cell_id", "quota_cell", cascade=True),
        _key("quota_correction", "id"),
    )
    op.create_table(
        "quota_reservation",
        _uuid("organisation_id"),
        _uuid("open_response_id"),
        _uuid("cell_id"),
        _instant("expires_at"),
        _belongs("quota_reservation", "open_response_id", "open_response", cascade=True),
        _belongs("quota_reservation", "cell_id", "quota_cell", cascade=True),
        _key("quota_reservation", "open_response_id", "cell_id"),
    )
    op.create_table(
        "quota_refill",
        _uuid("organisation_id"),
        _uuid("sample_id"),
        _number("release"),
        _uuid("survey_id"),
        _number("units"),
        sa.Column("expected_response", sa.Double(), nullable=False),
        _json("shortfalls"),
        _text("reason"),
        _text("requested_by"),
        _instant("requested_at"),
        _belongs("quota_refill", "sample_id", "sample"),
        _belongs("quota_refill", "survey_id", "survey"),
        _key("quota_refill", "sample_id", "release"),
    )


def downgrade() -> None:
    for table in ("quota_refill", "quota_reservation", "quota_correction", "quota_cell", "survey_quotas"):
        op.drop_table(table)
