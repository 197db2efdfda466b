"""Planning: what an organisation says of methods and what they brought; plans, their revisions and history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "plans"
down_revision = "lint"
branch_labels = None
depends_on = None

GRANTS = {
    "method_terms": "SELECT, INSERT, UPDATE, DELETE",
    "method_outcome": "SELECT, INSERT, DELETE",
    "plan": "SELECT, INSERT, UPDATE",
    "plan_revision": "SELECT, INSERT",
    "plan_entry": "SELECT, INSERT",
}


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _whole(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=nullable)


def _revision() -> sa.Column[object]:
    return sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False)


def _belongs(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}_{other}"),
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("organisation_id", *columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.create_table(
        "method_terms",
        _uuid("organisation_id"),
        _text("method"),
        _json("terms"),
        _text("put_by"),
        _instant("put_at"),
        _revision(),
        _key("method_terms", "method"),
    )
    op.create_table(
        "method_outcome",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("method"),
        _text("reference"),
        _whole("contacts"),
        _whole("completes"),
        sa.Column("ended_on", sa.Date(), nullable=False),
        _uuid("survey_id", nullable=True),
        _text("entered_by"),
        _instant("entered_at"),
        _belongs("method_outcome", "survey_id", "survey"),
        _key("method_outcome", "id"),
        sa.UniqueConstraint(
            "organisation_id", "method", "reference", name=op.f("uq_method_outcome_organisation_id_method_reference")
        ),
    )
    op.create_table(
        "plan",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("kind"),
        _text("state"),
        _uuid("survey_id", nullable=True),
        _json("details"),
        _whole("number"),
        _instant("approved_at", nullable=True),
        _text("created_by"),
        _instant("created_at"),
        _instant("updated_at"),
        _revision(),
        _belongs("plan", "survey_id", "survey"),
        _key("plan", "id"),
    )
    op.create_table(
        "plan_revision",
        _uuid("organisation_id"),
        _uuid("plan_id"),
        _whole("number"),
        _json("details"),
        _json("signal", nullable=True),
        _text("revised_by"),
        _text("key_name"),
        _instant("revised_at"),
        _belongs("plan_revision", "plan_id", "plan"),
        _key("plan_revision", "plan_id", "number"),
    )
    op.create_table(
        "plan_entry",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("plan_id"),
        _text("from_state", nullable=True),
        _text("to_state"),
        _text("reason", nullable=True),
        sa.Column("warnings", postgresql.ARRAY(sa.Text()), nullable=False),
        _text("written_by"),
        _text("key_name"),
        _instant("written_at"),
        _belongs("plan_entry", "plan_id", "plan"),
        _key("plan_entry", "id"),
    )
    for table, columns in (
        ("method_outcome", ["organisation_id", "method", "id"]),
        ("plan", ["organisation_id", "survey_id"]),
        ("plan_entry", ["organisation_id", "plan_id", "id"]),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )


def downgrade() -> None:
    for table in ("plan_entry", "plan_revision", "plan", "method_outcome", "method_terms"):
        op.drop_table(table)
