"""Responses while they are being given, keys that may be published, and with which key a response came."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "open_responses"
down_revision = "sums_and_takes"
branch_labels = None
depends_on = None

# What was said in an open response is never updated; erasure deletes it.
GRANTS = {
    "submission_key": "SELECT, INSERT, UPDATE",
    "open_response": "SELECT, INSERT, UPDATE, DELETE",
    "open_answer": "SELECT, INSERT, DELETE",
}

# What the schedule needs to know who has something to close, and preflights to know which pages may ask.
SYSTEM_GRANTS = {
    "submission_key": "SELECT (organisation_id, survey_id, origins, expires_at, revoked_at)",
    "open_response": "SELECT (organisation_id, state, closes_at)",
}


def upgrade() -> None:
    op.add_column("survey", sa.Column("auto_close_after_hours", sa.Integer(), server_default="24", nullable=False))
    op.add_column("survey", sa.Column("responses_per_respondent", sa.Text(), server_default="all", nullable=False))
    op.add_column("response", sa.Column("sent_by", sa.Uuid(), nullable=True))
    op.add_column("response", sa.Column("request_id", sa.Text(), nullable=True))
    op.create_table(
        "submission_key",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hint", sa.String(16), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("origins", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("requests_per_minute", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_id"],
            ["survey.organisation_id", "survey.id"],
            name=op.f("fk_submission_key_organisation_id_survey_id_survey"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_submission_key")),
    )
    op.create_index(
        op.f("ix_submission_key_organisation_id_survey_id_id"), "submission_key", ["organisation_id", "survey_id", "id"]
    )
    _create_open_response()
    op.create_table(
        "open_answer",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("open_response_id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answer", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "open_response_id"],
            ["open_response.organisation_id", "open_response.id"],
            name=op.f("fk_open_answer_organisation_id_open_response_id_open_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "open_response_id", "question_key", "version", name=op.f("pk_open_answer")
        ),
    )
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


def _create_open_response() -> None:
    op.create_table(
        "open_response",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("survey_version_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("token_hashes", postgresql.ARRAY(sa.LargeBinary()), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_publicly", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("external_ref", sa.LargeBinary(), nullable=True),
        sa.Column("idempotency_ref", sa.LargeBinary(), nullable=True),
        sa.Column("respondent_ref", sa.LargeBinary(), nullable=True),
        sa.Column("identity", sa.LargeBinary(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("confidentiality", sa.Text(), nullable=False),
        sa.Column("attributes", postgresql.JSONB(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id", "survey_version_id"],
            ["survey_version.organisation_id", "survey_version.id"],
            name=op.f("fk_open_response_organisation_id_survey_version_id_survey_version"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "response_id"],
            ["response.organisation_id", "response.id"],
            name=op.f("fk_open_response_organisation_id_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_open_response")),
    )
    of_survey = ["organisation_id", "survey_id"]
    op.create_index(op.f("ix_open_response_organisation_id_survey_id_id"), "open_response", [*of_survey, "id"])
    op.create_index(
        op.f("ix_open_response_organisation_id_closes_at"),
        "open_response",
        ["organisation_id", "closes_at"],
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_open_response_respondent_ref",
        "open_response",
        [*of_survey, "respondent_ref"],
        postgresql_where=sa.text("respondent_ref IS NOT NULL"),
    )
    for name, columns, condition in (
        ("external_ref", [*of_survey, "external_ref"], "external_ref IS NOT NULL AND state = 'open'"),
        ("idempotency_ref", [*of_survey, "idempotency_ref"], "idempotency_ref IS NOT NULL"),
        ("response_id", ["organisation_id", "response_id"], "response_id IS NOT NULL"),
    ):
        op.create_index(
            f"uq_open_response_{name}",
            "open_response",
            columns,
            unique=True,
            postgresql_where=sa.text(condition),
        )


def downgrade() -> None:
    for table in reversed(GRANTS):
        op.drop_table(table)
    op.drop_column("response", "request_id")
    op.drop_column("response", "sent_by")
    op.drop_column("survey", "responses_per_respondent")
    op.drop_column("survey", "auto_close_after_hours")
