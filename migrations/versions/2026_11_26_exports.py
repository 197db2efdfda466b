"""Exports with their files, and which responses have changed since which transaction."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from feedback_core.db.base import Xid8

revision = "exports"
down_revision = "open_responses"
branch_labels = None
depends_on = None

# The row of an export stays when its file is gone; a change is written once.
GRANTS = {
    "response_change": "SELECT, INSERT",
    "response_export": "SELECT, INSERT, UPDATE",
    "export_chunk": "SELECT, INSERT, DELETE",
}

# What the schedule needs to see across organisations, to tell which files are to be thrown away.
SYSTEM_GRANT = "SELECT (organisation_id, id, file_state, expires_at, job_id) ON response_export"

# Erasures of before come with what changed since any time; no transaction has this id.
ERASED = """
    INSERT INTO response_change (organisation_id, survey_id, changed_xid, response_id)
    SELECT organisation_id, survey_id, '0'::xid8, response_id FROM response_erasure
"""


def upgrade() -> None:
    op.create_table(
        "response_change",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("changed_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organisation_id", "survey_id", "changed_xid", "response_id", name=op.f("pk_response_change")
        ),
    )
    op.create_table(
        "response_export",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("request", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("since", Xid8(), nullable=True),
        sa.Column("file_state", sa.Text(), nullable=False),
        sa.Column("gone_reason", sa.Text(), nullable=True),
        sa.Column("spoilt", sa.Boolean(), server_default="false", nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
            for name in ("rows_written", "rows_erased", "rows_left", "values_shortened", "file_size")
        ),
        sa.Column("file_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("watermark", Xid8(), nullable=True),
        sa.Column("snapshot_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("through_version", sa.Integer(), nullable=True),
        sa.Column("confidentiality", sa.Text(), nullable=True),
        sa.Column("first_response_id", sa.Uuid(), nullable=True),
        sa.Column("last_response_id", sa.Uuid(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_id"],
            ["survey.organisation_id", "survey.id"],
            name=op.f("fk_response_export_organisation_id_survey_id_survey"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_response_export")),
    )
    op.create_index(
        op.f("ix_response_export_organisation_id_survey_id_id"),
        "response_export",
        ["organisation_id", "survey_id", "id"],
    )
    op.create_table(
        "export_chunk",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "export_id"],
            ["response_export.organisation_id", "response_export.id"],
            name=op.f("fk_export_chunk_organisation_id_export_id_response_export"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "export_id", "number", name=op.f("pk_export_chunk")),
    )
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )
    op.execute(f"GRANT {SYSTEM_GRANT} TO feedback_system")
    op.execute("CREATE POLICY system ON response_export TO feedback_system USING (true)")
    op.execute(ERASED)


def downgrade() -> None:
    for table in ("export_chunk", "response_export", "response_change"):
        op.drop_table(table)
