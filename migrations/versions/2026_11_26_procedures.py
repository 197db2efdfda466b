"""Procedures, what is entered and met of recommendations, actions, and roles of API keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "procedures"
down_revision = "standards"
branch_labels = None
depends_on = None

GRANTS = {
    "procedure": "SELECT, INSERT",
    "departures": "SELECT, INSERT, UPDATE",
    "recommendation_reassignment": "SELECT, INSERT",
    "recommendation_sighting": "SELECT, INSERT",
    "action": "SELECT, INSERT, UPDATE",
    "action_person": "SELECT, INSERT, UPDATE, DELETE",
    "action_entry": "SELECT, INSERT",
}

# What the schedule needs to see across organisations: what is overdue, and whose.
SYSTEM_GRANTS = {
    "recommendation": "SELECT (organisation_id, due_at, escalates_at, overdue_told_at, escalation_told_at)",
    "action": "SELECT (organisation_id, state, due_on, overdue_told_at)",
}


def _uuid(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=nullable)


def _belongs(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", column],
        [f"{other}.organisation_id", f"{other}.id"],
        name=op.f(f"fk_{table}_organisation_id_{column}_{other}"),
    )


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("organisation_id", *columns, name=op.f(f"pk_{table}"))


def upgrade() -> None:
    op.add_column("api_key", sa.Column("roles", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    _extend_recommendations()
    op.create_table(
        "procedure",
        _uuid("organisation_id"),
        _text("key"),
        sa.Column("version", sa.Integer(), nullable=False),
        _json("definition"),
        _text("defined_by"),
        _instant("defined_at"),
        _key("procedure", "key", "version"),
    )
    op.create_table(
        "departures",
        _uuid("organisation_id"),
        _json("people"),
        _text("noted_by"),
        _instant("noted_at"),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        _key("departures"),
    )
    op.create_table(
        "recommendation_reassignment",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("recommendation_id"),
        _text("step"),
        sa.Column("people", postgresql.ARRAY(sa.Text()), nullable=False),
        _text("reason"),
        _text("assigned_by"),
        _instant("assigned_at"),
        _belongs("recommendation_reassignment", "recommendation_id", "recommendation"),
        _key("recommendation_reassignment", "id"),
    )
    op.create_table(
        "recommendation_sighting",
        _uuid("organisation_id"),
        _uuid("recommendation_id"),
        _uuid("run_id"),
        _instant("met_at"),
        _json("evidence"),
        sa.Column("gap", sa.Float()),
        _text("confidence"),
        sa.Column("priority", sa.Float(), nullable=False),
        _belongs("recommendation_sighting", "recommendation_id", "recommendation"),
        _belongs("recommendation_sighting", "run_id", "analysis_run"),
        _key("recommendation_sighting", "recommendation_id", "run_id"),
    )
    _create_actions()
    for table, columns in (
        ("recommendation", ["organisation_id", "due_at"]),
        ("recommendation_reassignment", ["organisation_id", "recommendation_id"]),
        ("action", ["organisation_id", "state", "due_on"]),
        ("action", ["organisation_id", "recommendation_id"]),
        ("action_entry", ["organisation_id", "action_id"]),
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


def _extend_recommendations() -> None:
    for column in (
        _json("expected_effect", nullable=True),
        sa.Column("cost_amount", sa.BigInteger()),
        _text("cost_currency", nullable=True),
        sa.Column("effort_hours", sa.Float()),
        _text("owner", nullable=True),
        # A running release writes none of these: until it is replaced, its proposals are where all of them begin.
        sa.Column("step", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("procedure_key", sa.Text(), server_default="standard", nullable=False),
        sa.Column("procedure_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        _instant("due_at", nullable=True),
        _instant("escalates_at", nullable=True),
        _instant("overdue_told_at", nullable=True),
        _instant("escalation_told_at", nullable=True),
        _text("written_by", nullable=True),
    ):
        op.add_column("recommendation", column)
    op.execute("UPDATE recommendation SET step = state, entered_at = updated_at")
    for column in (
        _text("from_step", nullable=True),
        _text("to_step", nullable=True),
        _text("key_name", nullable=True),
        _json("fields", nullable=True),
    ):
        op.add_column("recommendation_transition", column)


def _create_actions() -> None:
    op.create_table(
        "action",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("recommendation_id"),
        _text("title"),
        _text("description", nullable=True),
        _text("owner"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("cost_amount", sa.BigInteger()),
        _text("cost_currency", nullable=True),
        sa.Column("hours", sa.Float()),
        sa.Column("change_on", sa.Date()),
        _text("state"),
        _text("outcome", nullable=True),
        _uuid("effect_run_id", nullable=True),
        _text("created_by"),
        _instant("created_at"),
        _instant("updated_at"),
        _instant("overdue_told_at", nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        _belongs("action", "recommendation_id", "recommendation"),
        _belongs("action", "effect_run_id", "analysis_run"),
        _key("action", "id"),
    )
    op.create_table(
        "action_person",
        _uuid("organisation_id"),
        _uuid("action_id"),
        _text("person"),
        _text("answer", nullable=True),
        _text("reason", nullable=True),
        _instant("answered_at", nullable=True),
        _belongs("action_person", "action_id", "action"),
        _key("action_person", "action_id", "person"),
    )
    op.create_table(
        "action_entry",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("action_id"),
        _text("kind"),
        _text("from_state", nullable=True),
        _text("to_state", nullable=True),
        _text("said"),
        _text("written_by"),
        _text("key_name"),
        _instant("written_at"),
        _belongs("action_entry", "action_id", "action"),
        _key("action_entry", "id"),
    )


def downgrade() -> None:
    op.execute("DROP POLICY system ON recommendation")
    op.execute("REVOKE ALL ON recommendation FROM feedback_system")
    op.execute(f"REVOKE {SYSTEM_GRANTS['recommendation']} ON recommendation FROM feedback_system")
    for table in ("action_entry", "action_person", "action"):
        op.drop_table(table)
    for table in ("recommendation_sighting", "recommendation_reassignment", "departures", "procedure"):
        op.drop_table(table)
    for name in ("fields", "key_name", "to_step", "from_step"):
        op.drop_column("recommendation_transition", name)
    op.drop_index("ix_recommendation_organisation_id_due_at", table_name="recommendation")
    for name in (
        "written_by",
        "escalation_told_at",
        "overdue_told_at",
        "escalates_at",
        "due_at",
        "entered_at",
        "procedure_version",
        "procedure_key",
        "step",
        "owner",
        "effort_hours",
        "cost_currency",
        "cost_amount",
        "expected_effect",
    ):
        op.drop_column("recommendation", name)
    op.drop_column("api_key", "roles")
