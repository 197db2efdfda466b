"""Signs of careless answers, the rule that decides on them, and when a response was begun."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from feedback_core.db.base import Xid8

revision = "response_flags"
down_revision = "definitions"
branch_labels = None
depends_on = None

# What the application may do to each. A rule is replaced by its next version; flags are measured anew as a whole.
GRANTS = {
    "inclusion_rule": "SELECT, INSERT",
    "flag_state": "SELECT, INSERT, UPDATE",
    "response_flag": "SELECT, INSERT, DELETE",
    "response_suspicion": "SELECT, INSERT, DELETE",
    "response_fingerprint": "SELECT, INSERT, DELETE",
}

# What the schedule needs to see across organisations, to tell which surveys are due.
SYSTEM_GRANTS = {
    "inclusion_rule": "SELECT (organisation_id, survey_id, version)",
    "flag_state": "SELECT (organisation_id, survey_id, watermark, rule_version)",
}


def _of_survey(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", "survey_id"],
        ["survey.organisation_id", "survey.id"],
        name=op.f(f"fk_{table}_organisation_id_survey_id_survey"),
    )


def _of_response(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", "response_id"],
        ["response.organisation_id", "response.id"],
        name=op.f(f"fk_{table}_organisation_id_response_id_response"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    op.add_column("response", sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "inclusion_rule",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("defined_by", sa.Text(), nullable=False),
        sa.Column("defined_at", sa.DateTime(timezone=True), nullable=False),
        _of_survey("inclusion_rule"),
        sa.PrimaryKeyConstraint("organisation_id", "survey_id", "version", name=op.f("pk_inclusion_rule")),
    )
    op.create_table(
        "flag_state",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("watermark", Xid8(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("basis", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("measured", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        _of_survey("flag_state"),
        sa.PrimaryKeyConstraint("organisation_id", "survey_id", name=op.f("pk_flag_state")),
    )
    op.create_table(
        "response_flag",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=False),
        _of_response("response_flag"),
        sa.PrimaryKeyConstraint("organisation_id", "response_id", "kind", name=op.f("pk_response_flag")),
    )
    op.create_table(
        "response_suspicion",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("signs", sa.Integer(), nullable=False),
        sa.Column("suspected_at", sa.DateTime(timezone=True), nullable=False),
        _of_response("response_suspicion"),
        sa.PrimaryKeyConstraint("organisation_id", "response_id", name=op.f("pk_response_suspicion")),
    )
    op.create_table(
        "response_fingerprint",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "survey_id", "fingerprint", name=op.f("pk_response_fingerprint")),
    )
    for table, columns in (
        ("response_flag", ["organisation_id", "survey_id", "kind", "response_id"]),
        ("response_suspicion", ["organisation_id", "survey_id"]),
        ("response_fingerprint", ["organisation_id", "response_id"]),
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
    for table in reversed(GRANTS):
        op.drop_table(table)
    # A response that was suspect counts again as what it is.
    op.execute("DELETE FROM kpi_cell")
    op.execute("UPDATE fold_state SET watermark = '0', corrections = corrections + 1")
    op.drop_column("response", "started_at")
