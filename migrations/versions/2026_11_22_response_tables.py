"""Versions and questions, responses and what is decided about them, imports, recommendations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from feedback_core.db.base import Xid8

revision = "response_tables"
down_revision = "first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_version",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_id"],
            ["survey.organisation_id", "survey.id"],
            name=op.f("fk_survey_version_organisation_id_survey_id_survey"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_survey_version")),
        sa.UniqueConstraint(
            "organisation_id", "survey_id", "number", name=op.f("uq_survey_version_organisation_id_survey_id_number")
        ),
    )
    op.create_table(
        "question",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("survey_version_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("scale_min", sa.Float(), nullable=True),
        sa.Column("scale_max", sa.Float(), nullable=True),
        sa.Column("feature_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "feature_key"],
            ["feature.organisation_id", "feature.key"],
            name=op.f("fk_question_organisation_id_feature_key_feature"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_version_id"],
            ["survey_version.organisation_id", "survey_version.id"],
            name=op.f("fk_question_organisation_id_survey_version_id_survey_version"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "survey_version_id", "key", name=op.f("pk_question")),
    )
    op.create_table(
        "recommendation",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("feature_key", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("gap", sa.Float(), nullable=True),
        sa.Column("gap_unit", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("priority_reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "run_id"],
            ["analysis_run.organisation_id", "analysis_run.id"],
            name=op.f("fk_recommendation_organisation_id_run_id_analysis_run"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_id"],
            ["survey.organisation_id", "survey.id"],
            name=op.f("fk_recommendation_organisation_id_survey_id_survey"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint(
            "organisation_id", "survey_id", "subject", name=op.f("uq_recommendation_organisation_id_survey_id_subject")
        ),
    )
    op.create_index(
        op.f("ix_recommendation_organisation_id_state_priority"),
        "recommendation",
        ["organisation_id", "state", "priority"],
        unique=False,
    )
    op.create_table(
        "response",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("survey_version_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("external_ref", sa.LargeBinary(), nullable=True),
        sa.Column("idempotency_ref", sa.LargeBinary(), nullable=True),
        sa.Column("respondent_ref", sa.LargeBinary(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("confidentiality", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attributes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cell_id", sa.Uuid(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unanswered", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("import_line", sa.BigInteger(), nullable=True),
        sa.Column("recorded_xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_version_id"],
            ["survey_version.organisation_id", "survey_version.id"],
            name=op.f("fk_response_organisation_id_survey_version_id_survey_version"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_response")),
    )
    op.create_index(
        op.f("ix_response_organisation_id_survey_id_id"),
        "response",
        ["organisation_id", "survey_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_response_organisation_id_survey_id_recorded_xid"),
        "response",
        ["organisation_id", "survey_id", "recorded_xid"],
        unique=False,
    )
    op.create_index(
        op.f("ix_response_organisation_id_survey_id_submitted_at"),
        "response",
        ["organisation_id", "survey_id", "submitted_at"],
        unique=False,
    )
    op.create_index(
        "uq_response_external_ref",
        "response",
        ["organisation_id", "survey_id", "external_ref"],
        unique=True,
        postgresql_where=sa.text("external_ref IS NOT NULL"),
    )
    op.create_index(
        "uq_response_idempotency_ref",
        "response",
        ["organisation_id", "survey_id", "idempotency_ref"],
        unique=True,
        postgresql_where=sa.text("idempotency_ref IS NOT NULL"),
    )
    op.create_table(
        "response_import",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("survey_version_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("file_size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_read", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_recorded", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_duplicate", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows_rejected", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("values_left_out", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_version_id"],
            ["survey_version.organisation_id", "survey_version.id"],
            name=op.f("fk_response_import_organisation_id_survey_version_id_survey_version"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_response_import")),
    )
    op.create_index(
        op.f("ix_response_import_organisation_id_survey_id_id"),
        "response_import",
        ["organisation_id", "survey_id", "id"],
        unique=False,
    )
    op.create_table(
        "import_chunk",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "import_id"],
            ["response_import.organisation_id", "response_import.id"],
            name=op.f("fk_import_chunk_organisation_id_import_id_response_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "import_id", "number", name=op.f("pk_import_chunk")),
    )
    op.create_table(
        "import_fault",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("row_kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "import_id"],
            ["response_import.organisation_id", "response_import.id"],
            name=op.f("fk_import_fault_organisation_id_import_id_response_import"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "import_id", "line", "number", name=op.f("pk_import_fault")),
    )
    op.create_table(
        "recommendation_transition",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "recommendation_id"],
            ["recommendation.organisation_id", "recommendation.id"],
            name=op.f("fk_recommendation_transition_organisation_id_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_recommendation_transition")),
    )
    op.create_index(
        op.f("ix_recommendation_transition_organisation_id_recommendation_id"),
        "recommendation_transition",
        ["organisation_id", "recommendation_id"],
        unique=False,
    )
    op.create_table(
        "respondent_identity",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "response_id"],
            ["response.organisation_id", "response.id"],
            name=op.f("fk_respondent_identity_organisation_id_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "response_id", name=op.f("pk_respondent_identity")),
    )
    op.create_table(
        "response_exclusion",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("excluded_by", sa.Text(), nullable=False),
        sa.Column("excluded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restore_reason", sa.Text(), nullable=True),
        sa.Column("restored_by", sa.Text(), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "response_id"],
            ["response.organisation_id", "response.id"],
            name=op.f("fk_response_exclusion_organisation_id_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_response_exclusion")),
    )
    op.create_index(
        op.f("ix_response_exclusion_organisation_id_response_id"),
        "response_exclusion",
        ["organisation_id", "response_id"],
        unique=False,
    )
    op.create_index(
        "uq_response_exclusion_standing",
        "response_exclusion",
        ["organisation_id", "response_id"],
        unique=True,
        postgresql_where=sa.text("restored_at IS NULL"),
    )


def downgrade() -> None:
    for table in (
        "response_exclusion",
        "respondent_identity",
        "recommendation_transition",
        "import_fault",
        "import_chunk",
        "response_import",
        "response",
        "recommendation",
        "question",
        "survey_version",
    ):
        op.drop_table(table)
