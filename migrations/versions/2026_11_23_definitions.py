"""Definitions of KPIs and weighting schemes as data; respondents found by their reference."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "definitions"
down_revision = "row_level_security"
branch_labels = None
depends_on = None

TABLES = ("kpi_definition", "weighting_scheme")


def upgrade() -> None:
    op.create_table(
        "kpi_definition",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("defined_by", sa.Text(), nullable=False),
        sa.Column("defined_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "key", "version", name=op.f("pk_kpi_definition")),
    )
    op.create_table(
        "weighting_scheme",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("defined_by", sa.Text(), nullable=False),
        sa.Column("defined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_id"],
            ["survey.organisation_id", "survey.id"],
            name=op.f("fk_weighting_scheme_organisation_id_survey_id_survey"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "survey_id", "key", "version", name=op.f("pk_weighting_scheme")),
    )
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT SELECT, INSERT ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )
    op.create_index(
        "ix_response_respondent_ref",
        "response",
        ["organisation_id", "survey_id", "respondent_ref", "submitted_at"],
        postgresql_where=sa.text("respondent_ref IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_response_respondent_ref", table_name="response")
    for table in reversed(TABLES):
        op.drop_table(table)
