"""Every table belongs to tenants: the organisation leads every key, and row-level security guards every row."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from feedback_core.db.session import Database
from feedback_core.kit.ids import new_id
from feedback_core.tables import metadata
from tests.integration.architecture.catalogue import FOREIGN_KEYS, POLICIES, SECURED, UNIQUE_INDEXES, Catalogue
from tests.support.organisations import new_organisation

APP, SYSTEM = "feedback_app", "feedback_system"

# What was said, what was asked, and what was decided is written once.
WRITTEN_ONCE = (
    "action_entry",
    "audit_event",
    "case_rule",
    "culture_assessment",
    "event",
    "contact_opt_out",
    "export_chunk",
    "frame_import_fault",
    "import_chunk",
    "import_fault",
    "inclusion_rule",
    "invitation_step",
    "open_answer",
    "performance_measure",
    "person_contact",
    "portfolio_chunk",
    "procedure",
    "question",
    "recommendation_reassignment",
    "recommendation_sighting",
    "recommendation_transition",
    "repeated_response",
    "report_chunk",
    "respondent_cell",
    "respondent_identity",
    "response_fingerprint",
    "response_flag",
    "response_suspicion",
    "response",
    "response_change",
    "response_erasure",
    "sample_release",
    "source_mapping",
    "staff_role",
    "standard",
    "standard_verdict",
    "survey_version",
)
NEVER_DELETED = (
    "action",
    "action_entry",
    "analysis_run",
    "api_key",
    "audit_event",
    "case_rule",
    "case_watch",
    "collector",
    "culture_assessment",
    "delivery",
    "delivery_item",
    "delivery_refusal",
    "feedback_case",
    "inclusion_rule",
    "invitation",
    "invitation_batch",
    "invitation_step",
    "job",
    "organisation",
    "performance_measure",
    "portfolio",
    "question",
    "procedure",
    "recommendation",
    "recommendation_reassignment",
    "recommendation_sighting",
    "recommendation_transition",
    "report",
    "response_change",
    "response_erasure",
    "response_export",
    "response_import",
    "subject_request",
    "survey_erasure",
    "submission_key",
    "source",
    "source_mapping",
    "staff_role",
    "standard",
    "standard_verdict",
    "survey_version",
    "webhook",
    "sample",
    "sample_release",
    "sample_unit",
)

# What the relay and the schedule may see across organisations; `response` only where and when a row was recorded.
SEEN_ACROSS = {
    "fieldwork_watch",
    "action",
    "announce_state",
    "analysis_run",
    "report",
    "report_distribution",
    "report_schedule",
    "sampling_frame",
    "analysis_schedule",
    "case_response",
    "case_watch",
    "codebook",
    "delivery",
    "event",
    "evidence_watch",
    "feedback_case",
    "flag_state",
    "fold_state",
    "idempotent_request",
    "inclusion_rule",
    "invitation_batch",
    "job",
    "kpi_alert",
    "open_response",
    "organisation",
    "portfolio",
    "question",
    "reading_state",
    "ratio_fold",
    "recommendation",
    "response",
    "retention_policy",
    "sealing_state",
    "subject_export",
    "submission_key",
    "response_export",
    "source",
    "survey",
    "webhook_feed",
    "webhook_queue",
}
SEEN_OF_RESPONSES = {"organisation_id", "survey_id", "recorded_xid", "import_id"}


def test_every_table_is_described_in_the_code(catalogue: Catalogue) -> None:
    assert catalogue.tables() == sorted(metadata.tables)


def test_the_organisation_leads_every_unique_key(catalogue: Catalogue) -> None:
    keys = catalogue.rows(UNIQUE_INDEXES)
    assert {table for table, _, is_primary, _ in keys if is_primary} == set(catalogue.tables())
    assert [(table, name) for table, name, _, columns in keys if columns[0] != "organisation_id"] == []  # type: ignore[index]


def test_the_organisation_leads_every_foreign_key(catalogue: Catalogue) -> None:
    keys = catalogue.rows(FOREIGN_KEYS)
    assert keys
    assert [name for _, name, *leading in keys if leading != ["organisation_id", "organisation_id"]] == []


def test_every_table_lets_the_application_see_one_organisation(catalogue: Catalogue) -> None:
    assert [name for (name,) in catalogue.rows(SECURED)] == catalogue.tables()
    of_app = [policy for policy in catalogue.rows(POLICIES) if APP in policy[2]]  # type: ignore[operator]
    assert [policy[0] for policy in of_app] == catalogue.tables()
    for table, _, roles, _, command, condition, check in of_app:
        assert roles == [APP], table
        assert command == "ALL", table
        assert str(condition).startswith("(organisation_id = "), table
        assert "feedback.organisation_id" in str(condition), table
        assert check is None, table  # the condition then holds for what is written too


def test_the_roles_own_nothing_and_cannot_step_around_security(catalogue: Catalogue) -> None:
    flags = "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname IN (%s, %s)"
    assert sorted(catalogue.rows(flags, APP, SYSTEM)) == [(role, *[False] * 4) for role in (APP, SYSTEM)]
    owned = "SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname IN (%s, %s)"
    assert catalogue.rows(owned, APP, SYSTEM) == []


def test_what_is_written_once_cannot_be_updated(catalogue: Catalogue) -> None:
    updatable = {table for table in catalogue.tables() if catalogue.may(APP, "UPDATE", table)}
    assert updatable & set(WRITTEN_ONCE) == set()


def test_what_is_kept_for_good_cannot_be_deleted(catalogue: Catalogue) -> None:
    deletable = {table for table in catalogue.tables() if catalogue.may(APP, "DELETE", table)}
    assert deletable & set(NEVER_DELETED) == set()
    assert [table for table in catalogue.tables() if catalogue.may(APP, "TRUNCATE", table)] == []


def test_what_was_said_is_touched_by_functions_that_only_take_away(catalogue: Catalogue) -> None:
    rights = """
        SELECT p.proname::text, has_function_privilege(%s, p.oid, 'EXECUTE'),
               has_function_privilege(%s, p.oid, 'EXECUTE'),
               p.proconfig::text[], p.prosrc LIKE '%%feedback.organisation_id%%'
          FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef ORDER BY 1
    """
    names = ("erase_answers", "reseal_identities", "reseal_source_secrets", "unlink_responses")
    path = ["search_path=pg_catalog, public"]
    assert catalogue.rows(rights, APP, SYSTEM) == [(name, True, False, path, True) for name in names]


def test_across_organisations_nothing_that_was_said_is_seen(catalogue: Catalogue) -> None:
    assert {table for table in catalogue.tables() if catalogue.may(SYSTEM, "SELECT", table)} == SEEN_ACROSS
    columns = (
        "SELECT attname::text FROM pg_attribute WHERE attrelid = 'response'::regclass AND attnum > 0"
        " AND NOT attisdropped AND has_column_privilege(%s, attrelid, attnum, 'SELECT')"
    )
    assert {column for (column,) in catalogue.rows(columns, SYSTEM)} == SEEN_OF_RESPONSES


async def test_a_session_sees_and_writes_its_own_organisation_only(database: Database) -> None:
    first, second = await new_organisation(database), await new_organisation(database)
    async with database.tenant(first.organisation_id) as session:
        seen = (await session.execute(text("SELECT DISTINCT organisation_id FROM api_key"))).scalars().all()
        forged = text("UPDATE organisation SET name = 'theirs' WHERE organisation_id = :id")
        touched = (await session.execute(forged, {"id": second.organisation_id})).rowcount
    assert seen == [first.organisation_id]
    assert touched == 0


async def test_a_session_cannot_write_for_another_organisation(database: Database) -> None:
    first, second = await new_organisation(database), await new_organisation(database)
    forged = text("INSERT INTO feature (organisation_id, key, name, created_at) VALUES (:id, 'x', 'X', :at)")
    row = {"id": second.organisation_id, "at": datetime(2026, 3, 1, tzinfo=UTC)}
    async with database.engine.connect() as connection:
        enter = text("SELECT set_config('role', :role, true), set_config('feedback.organisation_id', :id, true)")
        await connection.execute(enter, {"role": APP, "id": str(first.organisation_id)})
        with pytest.raises(ProgrammingError, match="row-level security"):
            await connection.execute(forged, row)


async def test_without_an_organisation_nothing_is_seen(database: Database, catalogue: Catalogue) -> None:
    await new_organisation(database)
    async with database.tenant(new_id()) as session:
        await session.execute(text("SELECT set_config('feedback.organisation_id', '', true)"))
        for table in catalogue.tables():
            assert (await session.execute(text(f"SELECT * FROM {table}"))).first() is None, table


async def test_the_login_itself_may_read_no_table(database: Database, catalogue: Catalogue) -> None:
    for table in catalogue.tables():
        async with database.engine.connect() as connection:
            with pytest.raises(ProgrammingError, match="permission denied"):
                await connection.execute(text(f"SELECT * FROM {table}"))
