"""Events are recorded with what makes them true, and read in an order that skips nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from feedback_core.db.session import Database, Session
from feedback_core.events.types import LARGEST_DATA, Event, EventFilter, EventKind, RecordedEvent
from feedback_core.events.use_cases import read_feed, record_event, record_events
from feedback_core.kit.clock import FixedClock
from feedback_core.kit.ids import new_id
from tests.support.waiting import soon

CLOCK = FixedClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
ALL = EventFilter()


@pytest.fixture
def organisation_id() -> UUID:
    return new_id()


@asynccontextmanager
async def _writing(database: Database, organisation_id: UUID) -> AsyncIterator[Session]:
    """A transaction that has an id from its beginning on."""
    async with database.tenant(organisation_id) as session:
        await session.execute(text("SELECT pg_current_xact_id()"))
        yield session


async def _record(session: Session, organisation_id: UUID, subject: str, **data: object) -> None:
    await record_event(session, organisation_id, Event(EventKind.ACTION_CHANGED, subject, data), clock=CLOCK)


async def _feed(database: Database, organisation_id: UUID, wanted: EventFilter = ALL) -> list[RecordedEvent]:
    found: list[RecordedEvent] = []
    cursor, more = None, True
    async with database.tenant(organisation_id) as session:
        while more:
            page = await read_feed(session, organisation_id, wanted, cursor=cursor, limit=2)
            found += page.items
            cursor, more = page.next_cursor, page.has_more
    return found


async def _settled(database: Database, organisation_id: UUID, n: int) -> list[RecordedEvent]:
    """The feed once it has so many: others in the same database may hold transactions open for a moment."""

    async def there() -> bool:
        return len(await _feed(database, organisation_id)) >= n

    await soon(there, seconds=20)
    return await _feed(database, organisation_id)


async def test_an_event_goes_with_the_transaction_that_made_it_true(database: Database, organisation_id: UUID) -> None:
    async def undone() -> None:
        async with database.tenant(organisation_id) as session:
            await _record(session, organisation_id, "undone")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await undone()
    async with database.tenant(organisation_id) as session:
        await _record(session, organisation_id, "done", hours=3)

    (event,) = await _settled(database, organisation_id, 1)

    assert (event.kind, event.subject_kind, event.subject_id) == (EventKind.ACTION_CHANGED, "action", "done")
    assert (event.sequence, event.data, event.occurred_at) == (1, {"hours": 3}, CLOCK.now())


async def test_what_is_committed_late_is_not_skipped(database: Database, organisation_id: UUID) -> None:
    async with _writing(database, organisation_id) as slow:
        async with database.tenant(organisation_id) as session:
            await _record(session, organisation_id, "fast")
        async with database.tenant(organisation_id) as session:
            early = await read_feed(session, organisation_id, ALL, cursor=None, limit=10)
        await _record(slow, organisation_id, "slow")
    await _settled(database, organisation_id, 2)

    async with database.tenant(organisation_id) as session:
        rest = await read_feed(session, organisation_id, ALL, cursor=early.next_cursor, limit=10)

    assert early.items == ()
    assert [event.subject_id for event in rest.items] == ["slow", "fast"]


async def test_events_of_a_subject_are_in_their_sequence_though_the_earlier_transaction_came_second(
    database: Database, organisation_id: UUID
) -> None:
    async with _writing(database, organisation_id) as older:
        async with database.tenant(organisation_id) as session:
            await _record(session, organisation_id, "a", step=1)
        await _record(older, organisation_id, "a", step=2)

    found = await _settled(database, organisation_id, 2)

    assert [(event.sequence, event.data["step"]) for event in found] == [(1, 1), (2, 2)]


async def test_many_at_once_on_the_same_subjects_leave_no_gap_and_no_deadlock(
    database: Database, organisation_id: UUID
) -> None:
    async def both(first: str, second: str) -> None:
        async with database.tenant(organisation_id) as session:
            events = [Event(EventKind.CASE_CHANGED, name) for name in (first, second)]
            await record_events(session, organisation_id, events, clock=CLOCK)

    await asyncio.gather(*(both("a", "b") if n % 2 else both("b", "a") for n in range(12)))

    found = await _settled(database, organisation_id, 24)
    for subject in "ab":
        assert [event.sequence for event in found if event.subject_id == subject] == list(range(1, 13))


async def test_the_same_version_is_recorded_once(database: Database, organisation_id: UUID) -> None:
    event = Event(EventKind.IMPORT_FINISHED, "i", {"rows": 3}, version=1)
    for _ in range(2):
        async with database.tenant(organisation_id) as session:
            await record_event(session, organisation_id, event, clock=CLOCK)

    assert len(await _settled(database, organisation_id, 1)) == 1


async def test_what_is_too_large_to_be_told_is_refused(database: Database, organisation_id: UUID) -> None:
    async with database.tenant(organisation_id) as session:
        with pytest.raises(ValueError, match="too large"):
            await _record(session, organisation_id, "a", words="x" * LARGEST_DATA)


async def test_another_organisation_sees_none(database: Database, organisation_id: UUID) -> None:
    async with database.tenant(organisation_id) as session:
        await _record(session, organisation_id, "a")
    await _settled(database, organisation_id, 1)
    other = new_id()

    async with database.tenant(other) as session:
        assert (await session.execute(text("SELECT count(*) FROM event"))).scalar_one() == 0
    assert await _feed(database, other) == []
