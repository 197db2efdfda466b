"""Collectors: links by which surveys go out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "collectors"
down_revision = "sampling"
branch_labels = None
depends_on = None


def _uuid(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "collector",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("survey_id"),
        _text("name"),
        _text("state"),
        _text("method"),
        _text("language", nullable=True),
        _json("introduction", nullable=True),
        _json("thank_you", nullable=True),
        _json("attributes"),
        _instant("opens_at", nullable=True),
        _instant("closes_at", nullable=True),
        _text("created_by"),
        _instant("created_at"),
        _instant("updated_at"),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_id"],
            ["survey.organisation_id", "survey.id"],
            name=op.f("fk_collector_organisation_id_survey_id_survey"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_collector")),
    )
    op.create_index(
        op.f("ix_collector_organisation_id_survey_id_id"), "collector", ["organisation_id", "survey_id", "id"]
    )
    op.execute("ALTER TABLE collector ENABLE ROW LEVEL SECURITY")
    op.execute("GRANT SELECT, INSERT, UPDATE ON collector TO feedback_app")
    op.execute(
        "CREATE POLICY tenant ON collector TO feedback_app"
        " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
    )


def downgrade() -> None:
    op.drop_table("collector")
