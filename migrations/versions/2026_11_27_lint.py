"""The lint of surveys: an organisation's own words, and findings that are left as they are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "lint"
down_revision = "telling"
branch_labels = None
depends_on = None

GRANTS = {
    "lint_words": "SELECT, INSERT, UPDATE",
    "lint_waiver": "SELECT, INSERT, UPDATE",
}


def _uuid(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _revision() -> sa.Column[object]:
    return sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False)


def upgrade() -> None:
    op.create_table(
        "lint_words",
        _uuid("organisation_id"),
        _text("word_list"),
        sa.Column("words", postgresql.JSONB(), nullable=False),
        _text("changed_by"),
        _instant("changed_at"),
        _revision(),
        sa.PrimaryKeyConstraint("organisation_id", "word_list", name=op.f("pk_lint_words")),
    )
    op.create_table(
        "lint_waiver",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("survey_id"),
        _text("rule"),
        _text("place"),
        _text("fingerprint"),
        _text("reason"),
        _text("waived_by"),
        _instant("waived_at"),
        _text("changed_by", nullable=True),
        _instant("changed_at", nullable=True),
        _text("ended_by", nullable=True),
        _instant("ended_at", nullable=True),
        _revision(),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_id"],
            ["survey.organisation_id", "survey.id"],
            name=op.f("fk_lint_waiver_organisation_id_survey_id_survey"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_lint_waiver")),
    )
    op.create_index(
        op.f("ix_lint_waiver_organisation_id_survey_id_id"), "lint_waiver", ["organisation_id", "survey_id", "id"]
    )
    op.create_index(
        "uq_lint_waiver_in_force",
        "lint_waiver",
        ["organisation_id", "survey_id", "rule", "place"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )


def downgrade() -> None:
    op.drop_table("lint_waiver")
    op.drop_table("lint_words")
