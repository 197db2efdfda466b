"""The second lock: whatever SQL the service comes to send, PostgreSQL shows and takes one organisation's rows only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Executable, Table, insert, literal, select, text
from sqlalchemy.exc import ProgrammingError

from feedback_core.db.session import Database, Session
from feedback_core.tables import metadata
from tests.integration.tenancy.conftest import Neighbours

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)
NOT_ALLOWED = "42501"

MAY_READ = text("SELECT has_column_privilege('feedback_system', :table, :column, 'SELECT')")

# All that the role may read which sees every organisation: what is due and whose it is, never what anybody said, who
# they were, what an organisation decided, or what a key is.
JOBS = {"job", "analysis_schedule", "fold_state", "reading_state"}
ACROSS_ORGANISATIONS = {
    "organisation": {"organisation_id", "key", "time_zone"},
    "survey": {"organisation_id", "id", "state", "published_version"},
    "response": {"organisation_id", "survey_id", "recorded_xid", "import_id"},
    "question": {"organisation_id", "survey_id", "type"},
    "case_watch": {"organisation_id", "survey_id", "watching", "xid"},
    "feedback_case": {"organisation_id", "id", "state", "escalates_at", "escalated_at"},
    "case_response": {"organisation_id", "case_id"},
    "codebook": {"organisation_id", "survey_id", "version"},
    "idempotent_request": {"organisation_id", "created_at"},
    "inclusion_rule": {"organisation_id", "survey_id", "version"},
    "invitation_batch": {"organisation_id", "id", "next_at"},
    "delivery": {"organisation_id", "source_id", "received_at", "state", "reason", "redacted_at"},
    "source": {"organisation_id", "id", "retention_days"},
    "fieldwork_watch": {"organisation_id", "survey_id", "seen_xid", "checked_at", "next_check_at"},
    "flag_state": {"organisation_id", "survey_id", "watermark", "rule_version"},
    "open_response": {"organisation_id", "state", "closes_at"},
    # A preflight names a survey and no organisation; the origins of pages are told to every browser that asks.
    "submission_key": {"organisation_id", "survey_id", "origins", "expires_at", "revoked_at"},
    "ratio_fold": {"organisation_id", "survey_id", "watermark"},
    "retention_policy": {"organisation_id", "survey_id", "next_run_at"},
    "sampling_frame": {"organisation_id", "id", "keep_until", "emptied_at"},
    "sealing_state": {"organisation_id", "checked_at"},
    "recommendation": {
        "organisation_id",
        "survey_id",
        "state",
        "due_at",
        "escalates_at",
        "overdue_told_at",
        "escalation_told_at",
    },
    "evidence_watch": {"organisation_id", "survey_id", "corrections", "runs"},
    "kpi_alert": {"organisation_id", "key", "next_check_at"},
    "action": {"organisation_id", "state", "due_on", "overdue_told_at"},
    "subject_export": {"organisation_id", "request_id", "expires_at"},
    "analysis_run": {"organisation_id", "id", "survey_id", "schedule_id", "finished_at"},
    "portfolio": {"organisation_id", "id", "file_state", "expires_at", "job_id"},
    "report": {"organisation_id", "id", "file_state", "expires_at", "job_id"},
    "report_distribution": {"organisation_id", "id", "next_reminder_at"},
    "report_schedule": {"organisation_id", "id", "analysis_schedule_id", "enabled", "last_run_id"},
    "response_export": {"organisation_id", "id", "file_state", "expires_at", "job_id"},
    "announce_state": {"organisation_id", "survey_id", "xid", "response_id"},
    "event": {"organisation_id", "id", "sequence", "recorded_xid", "occurred_at"},
    "webhook_feed": {"organisation_id", "xid", "sequence", "event_id"},
    "webhook_queue": {"organisation_id", "webhook_id", "due_at", "lease_token", "lease_until"},
}


@pytest.fixture
def ours(neighbours: Neighbours) -> UUID:
    return neighbours.ours.api.organisation.organisation_id


@pytest.fixture
def theirs(neighbours: Neighbours) -> UUID:
    return neighbours.theirs.api.organisation.organisation_id


@asynccontextmanager
async def acting(database: Database, role: str, organisation_id: UUID | str = "") -> AsyncIterator[Session]:
    """A transaction of a role, bound to an organisation or to none; rolled back."""
    async with database.engine.connect() as connection, connection.begin() as transaction:
        await connection.execute(text("SELECT set_config('role', :role, true)"), {"role": role})
        if organisation_id:
            bind = text("SELECT set_config('feedback.organisation_id', :id, true)")
            await connection.execute(bind, {"id": str(organisation_id)})
        yield connection
        await transaction.rollback()


async def attempt(session: Session, statement: Executable) -> int | str | None:
    """How many rows a statement touched, or how PostgreSQL refused it."""
    try:
        return (await session.execute(statement)).rowcount
    except ProgrammingError as error:
        return getattr(error.orig, "sqlstate", None)


async def rows_of(session: Session, table: Table) -> set[UUID]:
    """The organisations whose rows the session sees."""
    return set((await session.execute(select(table.c.organisation_id).distinct())).scalars())


@pytest.mark.parametrize("table", TABLES, ids=str)
async def test_only_ones_own_rows_are_seen(table: Table, database: Database, ours: UUID, theirs: UUID) -> None:
    for organisation_id in (ours, theirs):
        async with database.tenant(organisation_id) as session:
            seen = await rows_of(session, table)

        assert seen == {organisation_id}, f"{table}: if it is empty, have tests/support/seeded.py fill it"


@pytest.mark.parametrize("table", TABLES, ids=str)
async def test_nothing_is_seen_before_it_is_said_for_whom(table: Table, database: Database, ours: UUID) -> None:
    async with acting(database, "feedback_app") as session:
        assert await rows_of(session, table) == set()


@pytest.mark.parametrize("table", TABLES, ids=str)
async def test_no_row_can_be_written_for_another(table: Table, database: Database, ours: UUID, theirs: UUID) -> None:
    others = [column for column in table.columns if column.name != "organisation_id"]
    copied = select(literal(theirs).label("organisation_id"), *others).limit(1)
    statement = insert(table).from_select(["organisation_id", *(column.name for column in others)], copied)

    async with acting(database, "feedback_app", ours) as session:
        assert await attempt(session, statement) == NOT_ALLOWED


@pytest.mark.parametrize("table", TABLES, ids=str)
async def test_no_row_of_another_can_be_changed_or_taken_away(
    table: Table, database: Database, ours: UUID, theirs: UUID
) -> None:
    whose = table.c.organisation_id
    statements = {
        "take": table.delete().where(whose == theirs),
        "change": table.update().where(whose == theirs).values(organisation_id=ours),
        "give": table.update().where(whose == ours).values(organisation_id=theirs),
    }
    for what, statement in statements.items():
        async with acting(database, "feedback_app", ours) as session:
            assert await attempt(session, statement) in {0, NOT_ALLOWED}, what


@pytest.mark.parametrize("table", TABLES, ids=str)
async def test_who_sees_every_organisation_sees_only_what_is_due(table: Table, database: Database) -> None:
    async with acting(database, "feedback_system") as session:
        readable = {
            column.name
            for column in table.columns
            if (await session.execute(MAY_READ, {"table": table.name, "column": column.name})).scalar_one()
        }

    assert readable == (
        set(table.columns.keys()) if table.name in JOBS else ACROSS_ORGANISATIONS.get(table.name, set())
    )


@pytest.mark.parametrize("column", ["answers", "attributes", "external_id", "respondent_ref"])
async def test_who_sees_every_organisation_cannot_read_what_was_said(column: str, database: Database) -> None:
    async with acting(database, "feedback_system") as session:
        assert await attempt(session, text(f"SELECT {column} FROM response")) == NOT_ALLOWED


def test_every_table_has_the_lock_and_no_role_of_the_service_has_a_key_to_it(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        unlocked = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT relrowsecurity"
        ).fetchall()
        roles = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'feedback%' AND (rolsuper OR rolbypassrls)"
        ).fetchall()
        owners = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner LIKE 'feedback%'"
        ).fetchall()

    assert {name for (name,) in unlocked} == {"alembic_version"}
    assert roles == []
    assert owners == []


def test_every_table_belongs_to_an_organisation() -> None:
    assert [table.name for table in TABLES if "organisation_id" not in table.primary_key.columns] == []
    assert len(TABLES) > 20
