"""Two roles that own nothing: one sees a single organisation, one sees what is due and nothing that was said."""

from alembic import op

revision = "row_level_security"
down_revision = "response_tables"
branch_labels = None
depends_on = None

# What the application may do to each tenant table. What was said, and what was decided, is never updated.
GRANTS = {
    "organisation": "SELECT, INSERT, UPDATE",
    "api_key": "SELECT, INSERT, UPDATE",
    "idempotent_request": "SELECT, INSERT, UPDATE, DELETE",
    "feature": "SELECT, INSERT, UPDATE, DELETE",
    "survey": "SELECT, INSERT, UPDATE, DELETE",
    "survey_version": "SELECT, INSERT",
    "question": "SELECT, INSERT",
    "response": "SELECT, INSERT, DELETE",
    "response_exclusion": "SELECT, INSERT, UPDATE, DELETE",
    "response_erasure": "SELECT, INSERT",
    "respondent_identity": "SELECT, INSERT, DELETE",
    "response_import": "SELECT, INSERT, UPDATE",
    "import_chunk": "SELECT, INSERT, DELETE",
    "import_fault": "SELECT, INSERT, DELETE",
    "kpi_cell": "SELECT, INSERT, UPDATE, DELETE",
    "respondent_cell": "SELECT, INSERT",
    "fold_state": "SELECT, INSERT, UPDATE",
    "job": "SELECT, INSERT, UPDATE",
    "analysis_run": "SELECT, INSERT, UPDATE",
    "analysis_schedule": "SELECT, INSERT, UPDATE, DELETE",
    "recommendation": "SELECT, INSERT, UPDATE",
    "recommendation_transition": "SELECT, INSERT",
}

# What the relay and the schedule need across organisations: (table, grant).
SYSTEM_GRANTS = (
    ("organisation", "SELECT (organisation_id, key, time_zone)"),
    ("job", "SELECT, INSERT, UPDATE"),
    ("analysis_schedule", "SELECT, UPDATE (next_run_at)"),
    ("survey", "SELECT (organisation_id, id, state, published_version)"),
    ("fold_state", "SELECT"),
    ("response", "SELECT (organisation_id, survey_id, recorded_xid)"),
    ("idempotent_request", "SELECT (organisation_id, created_at), DELETE"),
)

CREATE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""


def upgrade() -> None:
    for role in ("feedback_app", "feedback_system"):
        op.execute(CREATE_ROLE.format(role=role))
        op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        op.execute(f"GRANT SELECT ON alembic_version TO {role}")
    for table, grant in GRANTS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"GRANT {grant} ON {table} TO feedback_app")
        op.execute(
            f"CREATE POLICY tenant ON {table} TO feedback_app"
            " USING (organisation_id = NULLIF(current_setting('feedback.organisation_id', true), '')::uuid)"
        )
    for table, grant in SYSTEM_GRANTS:
        op.execute(f"GRANT {grant} ON {table} TO feedback_system")
        op.execute(f"CREATE POLICY system ON {table} TO feedback_system USING (true)")


def downgrade() -> None:
    for table, _ in SYSTEM_GRANTS:
        op.execute(f"DROP POLICY system ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM feedback_system")
    for table in GRANTS:
        op.execute(f"DROP POLICY tenant ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM feedback_app")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for role in ("feedback_app", "feedback_system"):
        op.execute(f"REVOKE ALL ON alembic_version FROM {role}")
        op.execute(f"REVOKE ALL ON SCHEMA public FROM {role}")
