"""SQL of events."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Text, cast, delete, func, literal, select, text, tuple_

from feedback_core.db.base import Xid8
from feedback_core.db.session import Session
from feedback_core.events.calc import Last, Numbered, Subject, subject_of
from feedback_core.events.tables import event
from feedback_core.events.types import EventFilter, EventKind, FeedPlace, RecordedEvent

# One after the other, in the order given, so that two who record events of the same subjects never wait for each other.
_HOLD = text("SELECT pg_advisory_xact_lock(hashtextextended(s, 0)) FROM unnest(CAST(:subjects AS text[])) AS s")

_OWN_XID = text("SELECT pg_current_xact_id()::text")

# A statement of its own, passed on: inside a distributed statement it would be another node's.
_OLDEST_OPEN = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")

_LAST = text(
    """
    SELECT s.kind, s.id, l.sequence, l.xid
      FROM jsonb_to_recordset(CAST(:subjects AS jsonb)) AS s(kind text, id text)
     CROSS JOIN LATERAL (
        SELECT e.sequence, e.recorded_xid::text AS xid FROM event e
         WHERE e.organisation_id = :organisation_id AND e.subject_kind = s.kind AND e.subject_id = s.id
         ORDER BY e.sequence DESC LIMIT 1
     ) AS l
    """
)

_ADD = text(
    """
    INSERT INTO event (organisation_id, id, kind, subject_kind, subject_id, sequence, occurred_at, data, recorded_xid)
    SELECT :organisation_id, e.id, e.kind, e.subject_kind, e.subject_id, e.sequence, e.occurred_at, e.data, e.xid
      FROM jsonb_to_recordset(CAST(:events AS jsonb))
        AS e(id uuid, kind text, subject_kind text, subject_id text, sequence bigint, occurred_at timestamptz,
             data jsonb, xid xid8)
        ON CONFLICT (organisation_id, id) DO NOTHING
    """
)

# The latest event of a subject stays, so that its sequence goes on; after what happened to a response nothing follows.
_FORGET = text(
    """
    DELETE FROM event e
     USING (SELECT o.organisation_id, o.id FROM event o
             WHERE o.organisation_id = :organisation_id AND o.occurred_at < :before
               AND (o.subject_kind = 'response'
                    OR EXISTS (SELECT FROM event later
                                WHERE later.organisation_id = o.organisation_id
                                  AND later.subject_kind = o.subject_kind AND later.subject_id = o.subject_id
                                  AND later.sequence > o.sequence))
             ORDER BY o.occurred_at LIMIT :most) AS old
     WHERE e.organisation_id = old.organisation_id AND e.id = old.id
    """
)

_WITH_OLD = text(
    """
    SELECT o.organisation_id FROM organisation o
     WHERE EXISTS (SELECT FROM event e WHERE e.organisation_id = o.organisation_id AND e.occurred_at < :before)
     ORDER BY 1
    """
)

_XID: Final = cast(event.c.recorded_xid, Text)
_SHOWN: Final = (
    event.c.id,
    event.c.kind,
    event.c.subject_kind,
    event.c.subject_id,
    event.c.sequence,
    event.c.occurred_at,
    event.c.data,
    _XID.label("xid"),
)
_PLACE: Final = (event.c.recorded_xid, event.c.sequence, event.c.id)


async def hold_subjects(session: Session, organisation_id: UUID, subjects: Collection[Subject]) -> None:
    """Until the transaction ends, nobody else records events of these subjects."""
    names = [f"event {organisation_id} {kind} {identifier}" for kind, identifier in sorted(set(subjects))]
    await session.execute(_HOLD, {"subjects": names})


async def last_of(session: Session, organisation_id: UUID, subjects: Collection[Subject]) -> dict[Subject, Last]:
    """Where the events of those subjects end that have any."""
    wanted = json.dumps([{"kind": kind, "id": identifier} for kind, identifier in sorted(set(subjects))])
    found = await session.execute(_LAST, {"organisation_id": organisation_id, "subjects": wanted})
    return {(row.kind, row.id): Last(row.sequence, int(row.xid)) for row in found}


async def own_xid(session: Session) -> int:
    """The id of this transaction."""
    return int((await session.execute(_OWN_XID)).scalar_one())


async def add_events(session: Session, organisation_id: UUID, events: Sequence[tuple[Numbered, datetime]]) -> None:
    """Keep events with the instants at which they happened; one whose id is there already stays as it was."""
    rows = [_document(numbered, occurred_at) for numbered, occurred_at in events]
    await session.execute(_ADD, {"organisation_id": organisation_id, "events": json.dumps(rows)})


async def oldest_open(session: Session) -> int:
    """The transaction below which all have ended: nothing below it can still come into the feed."""
    return int((await session.execute(_OLDEST_OPEN)).scalar_one())


async def events_after(
    session: Session, organisation_id: UUID, wanted: EventFilter, *, after: FeedPlace | None, below: int, limit: int
) -> list[RecordedEvent]:
    """Events behind a place of the feed, in its order, of transactions below ``below``."""
    statement = select(*_SHOWN).where(
        event.c.organisation_id == organisation_id, event.c.recorded_xid < cast(literal(str(below), Text), Xid8)
    )
    if after is not None:
        place = (cast(literal(str(after.xid), Text), Xid8), literal(after.sequence), literal(after.id))
        statement = statement.where(tuple_(*_PLACE) > tuple_(*place))
    if wanted.kinds:
        statement = statement.where(event.c.kind.in_([kind.value for kind in wanted.kinds]))
    if wanted.subject_id is not None:
        statement = statement.where(event.c.subject_id == wanted.subject_id)
    if wanted.occurred_from is not None:
        statement = statement.where(event.c.occurred_at >= wanted.occurred_from)
    rows = await session.execute(statement.order_by(*_PLACE).limit(limit))
    return [recorded(row) for row in rows]


async def event_by_id(session: Session, organisation_id: UUID, event_id: UUID) -> RecordedEvent | None:
    """An event, if the organisation has it."""
    statement = select(*_SHOWN).where(event.c.organisation_id == organisation_id, event.c.id == event_id)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else recorded(row)


async def delete_events_of(
    session: Session,
    organisation_id: UUID,
    subject_kind: str,
    subject_ids: Sequence[str],
    kinds: Collection[EventKind] = (),
) -> int:
    """Delete the events of subjects, or those of some kinds; how many."""
    statement = delete(event).where(
        event.c.organisation_id == organisation_id,
        event.c.subject_kind == subject_kind,
        event.c.subject_id == func.any(literal(list(subject_ids))),
    )
    if kinds:
        statement = statement.where(event.c.kind.in_([kind.value for kind in kinds]))
    return (await session.execute(statement)).rowcount


async def forget_events(session: Session, organisation_id: UUID, *, before: datetime, most: int) -> int:
    """Delete up to ``most`` events that happened before an instant; how many."""
    parameters = {"organisation_id": organisation_id, "before": before, "most": most}
    return (await session.execute(_FORGET, parameters)).rowcount


async def organisations_with_old(system: Session, *, before: datetime) -> list[UUID]:
    """Organisations, across tenants, that have events from before an instant."""
    return list((await system.execute(_WITH_OLD, {"before": before})).scalars())


def recorded(row: Row[Any]) -> RecordedEvent:
    """An event from its columns."""
    return RecordedEvent(
        id=row.id,
        kind=EventKind(row.kind),
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        sequence=row.sequence,
        occurred_at=row.occurred_at,
        data=row.data,
        place=FeedPlace(int(row.xid), row.sequence, row.id),
    )


def _document(numbered: Numbered, occurred_at: datetime) -> Mapping[str, object]:
    kind, identifier = subject_of(numbered.event)
    return {
        "id": str(numbered.id),
        "kind": numbered.event.kind.value,
        "subject_kind": kind,
        "subject_id": identifier,
        "sequence": numbered.sequence,
        "occurred_at": occurred_at.isoformat(),
        "data": numbered.event.data,
        "xid": str(numbered.xid),
    }
