"""Recording events in the transaction that makes them true, and reading the feed of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events import queries
from feedback_core.events.calc import numbered, subject_of
from feedback_core.events.types import LARGEST_DATA, Event, EventFilter, FeedPlace, RecordedEvent
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import InvalidCursor, decode_cursor, encode_cursor
from feedback_core.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Events in the order of the feed.

    Attributes:
        next_cursor: reads on behind them; there is always one, for more will happen.
        has_more: whether it leads to more already.
    """

    items: tuple[RecordedEvent, ...]
    next_cursor: str
    has_more: bool


async def record_event(session: Session, organisation_id: UUID, event: Event, *, clock: Clock) -> None:
    """Record a fact in the transaction that makes it true: both are there, or neither.

    Args:
        session: bound to the organisation.
        organisation_id: whose event it is.
        event: what happened; its data are numbers, ids and words of ours.
        clock: for when it happened.

    Raises:
        ValueError: its data are larger than an event's may be.
    """
    await record_events(session, organisation_id, [event], clock=clock)


async def record_events(
    session: Session, organisation_id: UUID, events: Sequence[Event], *, clock: Clock
) -> list[UUID]:
    """Record facts, in the order in which they came to be true; call it once in a transaction, with all of them.

    Until the transaction ends, nobody else records events of the same subjects: so their sequence is that of commits.
    Returns their ids.

    Raises:
        ValueError: the data of one are larger than an event's may be.
    """
    if not events:
        return []
    for event in events:
        if len(json.dumps(event.data).encode()) > LARGEST_DATA:
            raise ValueError(f"The data of {event.kind} are too large for an event.")
    subjects = {subject_of(event) for event in events}
    await queries.hold_subjects(session, organisation_id, subjects)
    last = await queries.last_of(session, organisation_id, subjects)
    rows = numbered(organisation_id, events, last, await queries.own_xid(session))
    now = clock.now()
    await queries.add_events(session, organisation_id, [(row, now) for row in rows])
    return [row.id for row in rows]


async def record_new_event(session: Session, organisation_id: UUID, event: Event, *, clock: Clock) -> RecordedEvent:
    """Record a fact as ``record_event`` does, and say how it is kept."""
    (identifier,) = await record_events(session, organisation_id, [event], clock=clock)
    return await get_event(session, organisation_id, identifier)


async def get_event(session: Session, organisation_id: UUID, event_id: UUID) -> RecordedEvent:
    """An event.

    Raises:
        NotFound: no such event here, or it was forgotten.
    """
    found = await queries.event_by_id(session, organisation_id, event_id)
    if found is None:
        raise NotFound("event", event_id)
    return found


async def read_feed(
    session: Session, organisation_id: UUID, wanted: EventFilter, *, cursor: str | None, limit: int
) -> FeedPage:
    """A page of the feed, the oldest first; events of one subject are in their sequence.

    What is committed late is not skipped: events of transactions beside which another is still open come later.

    Raises:
        InvalidCursor: the cursor belongs to another query.
    """
    query = {"list": "events", "organisation": organisation_id, "wanted": wanted}
    after = None if cursor is None else _place_in(cursor, query)
    below = await queries.oldest_open(session)
    found = await queries.events_after(session, organisation_id, wanted, after=after, below=below, limit=limit + 1)
    shown = tuple(found[:limit])
    reached = shown[-1].place if shown else after or FeedPlace(0, 0, UUID(int=0))
    return FeedPage(shown, _cursor_at(reached, query), len(found) > limit)


def _cursor_at(place: FeedPlace, query: dict[str, object]) -> str:
    return encode_cursor([str(place.xid), str(place.sequence), str(place.id)], query)


def _place_in(cursor: str, query: dict[str, object]) -> FeedPlace:
    xid, sequence, identifier = decode_cursor(cursor, query, parts=3)
    try:
        place = FeedPlace(int(xid), int(sequence), UUID(identifier))
    except ValueError:
        raise InvalidCursor from None
    if not (0 <= place.xid < 2**64 and 0 <= place.sequence < 2**63):
        raise InvalidCursor
    return place
