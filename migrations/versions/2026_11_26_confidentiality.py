"""Retention, erasure and anonymity of surveys, requests of data subjects, audit, and what may be done to what was said.

What was said is never updated by the application. Functions of the tables' owner take something away from it, and can
do nothing else: an answer, the link to who gave it, the key that an identity or a secret is sealed with.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "confidentiality"
down_revision = "inbound_processing"
branch_labels = None
depends_on = None

GRANTS = {
    "audit_event": "SELECT, INSERT",
    "survey_erasure": "SELECT, INSERT, UPDATE",
    "retention_policy": "SELECT, INSERT, UPDATE, DELETE",
    "subject_request": "SELECT, INSERT, UPDATE",
    "subject_export": "SELECT, INSERT, DELETE",
    "sealing_state": "SELECT, INSERT, UPDATE",
}

# What the schedule needs to see across organisations: what is due, and whose.
SYSTEM_GRANTS = {
    "retention_policy": "SELECT (organisation_id, survey_id, next_run_at)",
    "subject_export": "SELECT (organisation_id, request_id, expires_at)",
    "sealing_state": "SELECT (organisation_id, checked_at)",
}

OURS = "organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid"

# They run as the owner of the tables, whom row-level security does not bind: each names the organisation itself.
FUNCTIONS = {
    "erase_answers(survey uuid, question text, ids uuid[])": f"""
        RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE erased bigint;
        BEGIN
            UPDATE response r SET answers = r.answers - question
             WHERE r.{OURS} AND r.survey_id = survey AND r.id = ANY(ids) AND r.answers ? question;
            GET DIAGNOSTICS erased = ROW_COUNT;
            DELETE FROM comment_coding c WHERE c.{OURS} AND c.response_id = ANY(ids) AND c.question_key = question;
            DELETE FROM coding_batch_item c WHERE c.{OURS} AND c.response_id = ANY(ids) AND c.question_key = question;
            DELETE FROM comment_reading c WHERE c.{OURS} AND c.response_id = ANY(ids) AND c.question_key = question;
            DELETE FROM response_fingerprint f WHERE f.{OURS} AND f.survey_id = survey AND f.response_id = ANY(ids);
            DELETE FROM open_answer a USING open_response o
             WHERE o.{OURS} AND o.survey_id = survey AND o.response_id = ANY(ids)
               AND a.organisation_id = o.organisation_id AND a.open_response_id = o.id AND a.question_key = question;
            RETURN erased;
        END $$
    """,  # noqa: S608 - composed of constants
    "unlink_responses(survey uuid, ids uuid[], dropped text[], cell uuid)": f"""
        RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE unlinked bigint;
        BEGIN
            UPDATE response r
               SET external_id = NULL, external_ref = NULL, idempotency_ref = NULL, respondent_ref = NULL,
                   import_id = NULL, import_line = NULL, request_id = NULL,
                   confidentiality = 'anonymous',
                   content_hash = uuid_send(gen_random_uuid()),
                   attributes = r.attributes - dropped,
                   cell_id = CASE WHEN r.attributes ?| dropped THEN cell ELSE r.cell_id END
             WHERE r.{OURS} AND r.survey_id = survey AND r.id = ANY(ids);
            GET DIAGNOSTICS unlinked = ROW_COUNT;
            DELETE FROM respondent_identity i WHERE i.{OURS} AND i.response_id = ANY(ids);
            DELETE FROM repeated_response p WHERE p.{OURS} AND p.survey_id = survey AND p.response_id = ANY(ids);
            DELETE FROM open_response o WHERE o.{OURS} AND o.survey_id = survey AND o.response_id = ANY(ids);
            UPDATE delivery_item d SET response_id = NULL WHERE d.{OURS} AND d.response_id = ANY(ids);
            RETURN unlinked;
        END $$
    """,  # noqa: S608 - composed of constants
    "reseal_source_secrets(ids uuid[], before bytea[], after bytea[])": f"""
        RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE resealed bigint;
        BEGIN
            UPDATE source_secret s SET sealed = n.after
              FROM unnest(ids, before, after) AS n(id, before, after)
             WHERE s.{OURS} AND s.id = n.id AND s.sealed = n.before;
            GET DIAGNOSTICS resealed = ROW_COUNT;
            RETURN resealed;
        END $$
    """,  # noqa: S608 - composed of constants
    "reseal_identities(ids uuid[], before bytea[], after bytea[])": f"""
        RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        DECLARE resealed bigint;
        BEGIN
            UPDATE respondent_identity i SET ciphertext = n.after
              FROM unnest(ids, before, after) AS n(id, before, after)
             WHERE i.{OURS} AND i.response_id = n.id AND i.ciphertext = n.before;
            GET DIAGNOSTICS resealed = ROW_COUNT;
            RETURN resealed;
        END $$
    """,  # noqa: S608 - composed of constants
}


def _of_survey(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organisation_id", "survey_id"],
        ["survey.organisation_id", "survey.id"],
        name=op.f(f"fk_{table}_organisation_id_survey_id_survey"),
    )


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _uuid(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "audit_event",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("action"),
        _text("actor"),
        _text("thing"),
        sa.Column("thing_id", sa.Text()),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        _instant("at"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_audit_event")),
    )
    op.create_table(
        "survey_erasure",
        _uuid("organisation_id"),
        _uuid("id"),
        _uuid("survey_id"),
        _text("kind"),
        sa.Column("parameters", postgresql.JSONB(), nullable=False),
        _text("reason"),
        _text("requested_by"),
        _uuid("job_id"),
        sa.Column("report", postgresql.JSONB()),
        _instant("created_at"),
        _instant("finished_at", nullable=True),
        _of_survey("survey_erasure"),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_survey_erasure")),
    )
    op.create_table(
        "retention_policy",
        _uuid("organisation_id"),
        _uuid("survey_id"),
        _text("action"),
        _text("comments"),
        sa.Column("days", sa.Integer()),
        _instant("until", nullable=True),
        _text("set_by"),
        _instant("set_at"),
        _instant("next_run_at"),
        sa.Column("revision", sa.BigInteger(), nullable=False, server_default="1"),
        _of_survey("retention_policy"),
        sa.PrimaryKeyConstraint("organisation_id", "survey_id", name=op.f("pk_retention_policy")),
    )
    op.create_table(
        "subject_request",
        _uuid("organisation_id"),
        _uuid("id"),
        _text("kind"),
        _text("reason"),
        sa.Column("sealed_subject", sa.LargeBinary()),
        sa.Column("named_by", postgresql.JSONB(), nullable=False),
        _text("requested_by"),
        _uuid("job_id"),
        sa.Column("report", postgresql.JSONB()),
        _instant("created_at"),
        _instant("finished_at", nullable=True),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_subject_request")),
    )
    op.create_table(
        "subject_export",
        _uuid("organisation_id"),
        _uuid("request_id"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _instant("created_at"),
        _instant("expires_at"),
        sa.ForeignKeyConstraint(
            ["organisation_id", "request_id"],
            ["subject_request.organisation_id", "subject_request.id"],
            name=op.f("fk_subject_export_organisation_id_request_id_subject_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organisation_id", "request_id", name=op.f("pk_subject_export")),
    )
    op.create_table(
        "sealing_state",
        _uuid("organisation_id"),
        sa.Column("key_fingerprint", sa.LargeBinary()),
        sa.Column("walks", sa.Integer(), nullable=False, server_default="0"),
        _instant("checked_at"),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_sealing_state")),
    )
    for table, columns in (
        ("audit_event", ["organisation_id", "thing_id", "id"]),
        ("audit_event", ["organisation_id", "action", "id"]),
        ("survey_erasure", ["organisation_id", "survey_id", "id"]),
        ("retention_policy", ["organisation_id", "next_run_at"]),
        ("subject_request", ["organisation_id", "job_id"]),
        ("subject_export", ["organisation_id", "expires_at"]),
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
    for signature, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {signature} {body}")
        op.execute(f"REVOKE ALL ON FUNCTION {_types(signature)} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {_types(signature)} TO feedback_app")


def downgrade() -> None:
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {_types(signature)}")
    for table in reversed(GRANTS):
        op.drop_table(table)


def _types(signature: str) -> str:
    """How PostgreSQL names a function: by the types of what it takes."""
    name, _, parameters = signature.rstrip(")").partition("(")
    return f"{name}({', '.join(parameter.split()[1] for parameter in parameters.split(', '))})"
