"""Sums behind ratios, and who has answered more than once: so that neither needs all responses."""

import sqlalchemy as sa
from alembic import op

from feedback_core.db.base import Xid8

revision = "sums_and_takes"
down_revision = "comments"
branch_labels = None
depends_on = None

GRANTS = {
    "repeated_response": "SELECT, INSERT",
    "ratio_fold": "SELECT, INSERT, UPDATE, DELETE",
    "ratio_cell": "SELECT, INSERT, UPDATE, DELETE",
}

# A ratio that was defined before is folded by the next fold of each survey that asks both of its questions.
WANTED = """
    INSERT INTO ratio_fold (organisation_id, survey_id, question_key, denominator_key, watermark)
    SELECT DISTINCT d.organisation_id, a.survey_id, a.key, b.key, '0'::xid8
      FROM (SELECT DISTINCT ON (organisation_id, key) organisation_id, definition
              FROM kpi_definition ORDER BY organisation_id, key, version DESC) AS d
      JOIN question a ON a.organisation_id = d.organisation_id AND a.key = d.definition ->> 'question'
      JOIN question b ON b.organisation_id = d.organisation_id AND b.key = d.definition ->> 'denominator'
                     AND b.survey_id = a.survey_id
     WHERE d.definition ->> 'measure' = 'ratio' AND a.type = 'number' AND b.type = 'number'
"""

# Noted beyond the watermark too: a respondent who answered since the last fold is read from the responses anyway.
REPEATED = """
    INSERT INTO repeated_response (organisation_id, survey_id, respondent_ref, submitted_at, response_id, status)
    SELECT organisation_id, survey_id, respondent_ref, submitted_at, id, status
      FROM (SELECT r.*, count(*) OVER (PARTITION BY organisation_id, survey_id, respondent_ref) AS times
              FROM response r WHERE respondent_ref IS NOT NULL) AS r
     WHERE times > 1
"""


def upgrade() -> None:
    op.create_table(
        "repeated_response",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("respondent_ref", sa.LargeBinary(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "response_id"],
            ["response.organisation_id", "response.id"],
            name=op.f("fk_repeated_response_organisation_id_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id",
            "survey_id",
            "respondent_ref",
            "submitted_at",
            "response_id",
            name=op.f("pk_repeated_response"),
        ),
    )
    op.create_index(
        op.f("ix_repeated_response_organisation_id_response_id"),
        "repeated_response",
        ["organisation_id", "response_id"],
    )
    op.create_table(
        "ratio_fold",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("denominator_key", sa.Text(), nullable=False),
        sa.Column("watermark", Xid8(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_id"],
            ["survey.organisation_id", "survey.id"],
            name=op.f("fk_ratio_fold_organisation_id_survey_id_survey"),
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "survey_id", "question_key", "denominator_key", name=op.f("pk_ratio_fold")
        ),
    )
    op.create_table(
        "ratio_cell",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("denominator_key", sa.Text(), nullable=False),
        sa.Column("grain", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("cell_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Numeric(), nullable=False)
            for name in ("above", "below", "above_squared", "product", "below_squared")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_id", "question_key", "denominator_key"],
            [
                "ratio_fold.organisation_id",
                "ratio_fold.survey_id",
                "ratio_fold.question_key",
                "ratio_fold.denominator_key",
            ],
            name="fk_ratio_cell_ratio_fold",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id",
            "survey_id",
            "question_key",
            "denominator_key",
            "grain",
            "day",
            "status",
            "cell_id",
            name=op.f("pk_ratio_cell"),
        ),
    )
    op.create_index(
        "ix_ratio_cell_empty",
        "ratio_cell",
        ["organisation_id", "survey_id"],
        postgresql_where=sa.text("asked = 0"),
    )
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )
    op.execute("GRANT SELECT (organisation_id, survey_id, watermark) ON ratio_fold TO feedback_system")
    op.execute("CREATE POLICY system ON ratio_fold TO feedback_system USING (true)")
    op.execute(WANTED)
    op.execute(REPEATED)


def downgrade() -> None:
    for table in reversed(GRANTS):
        op.drop_table(table)
