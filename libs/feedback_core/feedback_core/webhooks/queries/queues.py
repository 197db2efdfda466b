"""SQL of queues: handing events out to them, and when there is something to do in them.

Deliveries of one subject are due in their order: none is due before the one in front of it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.events.types import FeedPlace, RecordedEvent

SENDABLE: Final = """
    (EXISTS (SELECT FROM webhook w
              WHERE w.organisation_id = q.organisation_id AND w.id = q.webhook_id AND w.state = 'active')
     AND EXISTS (SELECT FROM webhook_secret s
                  WHERE s.organisation_id = q.organisation_id AND s.webhook_id = q.webhook_id
                    AND (s.expires_at IS NULL OR s.expires_at > :now)))
"""

_HOLD: Final = text(
    """
    SELECT webhook_id FROM webhook_queue
     WHERE organisation_id = :organisation_id AND webhook_id = ANY(CAST(:webhook_ids AS uuid[]))
     ORDER BY webhook_id FOR UPDATE
    """
)

_MOVE_ON: Final = text(
    f"""
    UPDATE webhook_queue q
       SET last_position = q.last_position + t.n,
           due_at = CASE WHEN {SENDABLE}
                         THEN least(q.due_at, greatest(CAST(:now AS timestamptz), q.resting_until)) END
      FROM unnest(CAST(:webhook_ids AS uuid[]), CAST(:counts AS bigint[])) AS t(webhook_id, n)
     WHERE q.organisation_id = :organisation_id AND q.webhook_id = t.webhook_id
    RETURNING q.webhook_id, q.last_position
    """  # noqa: S608 - composed of constants
)

# What is about a subject of which another delivery waits for its next attempt waits as long.
_ADD: Final = text(
    """
    INSERT INTO webhook_delivery (organisation_id, webhook_id, event_id, position, kind, subject, state,
                                  next_attempt_at, created_at)
    SELECT :organisation_id, w.webhook_id, e.event_id, w.position + w.step * (t.place - 1), e.kind, e.subject,
           'pending',
           greatest(CAST(:now AS timestamptz),
                    (SELECT max(p.next_attempt_at) FROM webhook_delivery p
                      WHERE p.organisation_id = :organisation_id AND p.webhook_id = w.webhook_id
                        AND p.subject = e.subject AND p.state = 'pending')),
           :now
      FROM jsonb_to_recordset(CAST(:queues AS jsonb))
        AS w(webhook_id uuid, position bigint, step integer, told integer[])
     CROSS JOIN LATERAL unnest(w.told) WITH ORDINALITY AS t(number, place)
      JOIN jsonb_to_recordset(CAST(:events AS jsonb)) AS e(number integer, event_id uuid, kind text, subject text)
        ON e.number = t.number
        ON CONFLICT (organisation_id, webhook_id, event_id) DO NOTHING
    """
)

_BRING_FORWARD = text(
    """
    UPDATE webhook_delivery SET next_attempt_at = :now
     WHERE organisation_id = :organisation_id AND webhook_id = :webhook_id AND state = 'pending'
       AND next_attempt_at > :now
    """
)

NEXT_DUE: Final = """
    (SELECT min(d.next_attempt_at) FROM webhook_delivery d
      WHERE d.organisation_id = q.organisation_id AND d.webhook_id = q.webhook_id AND d.state = 'pending')
"""

_WAKE = text(
    f"""
    UPDATE webhook_queue q
       SET resting_until = NULL, due_at = CASE WHEN {SENDABLE} AND {NEXT_DUE} IS NOT NULL THEN :now END
     WHERE q.organisation_id = :organisation_id AND q.webhook_id = :webhook_id
    """  # noqa: S608 - composed of constants
)

_FORGIVE = text(
    """
    UPDATE webhook_queue SET failures = 0, failing_since = NULL
     WHERE organisation_id = :organisation_id AND webhook_id = :webhook_id
    """
)

_BEGIN_FEED = text(
    """
    INSERT INTO webhook_feed (organisation_id, xid, sequence, event_id)
    SELECT :organisation_id, pg_snapshot_xmin(pg_current_snapshot()), 0, CAST(:none AS uuid)
        ON CONFLICT DO NOTHING
    """
)

_FEEDS_BEHIND = text(
    """
    SELECT f.organisation_id FROM webhook_feed f
     WHERE EXISTS (SELECT FROM event e
                    WHERE e.organisation_id = f.organisation_id
                      AND (e.recorded_xid, e.sequence, e.id) > (f.xid, f.sequence, f.event_id)
                      AND e.recorded_xid < CAST(:below AS xid8))
    """
)

_HOLD_FEED = text(
    """
    SELECT xid::text AS xid, sequence, event_id FROM webhook_feed
     WHERE organisation_id = :organisation_id FOR UPDATE SKIP LOCKED
    """
)

_MOVE_FEED = text(
    """
    UPDATE webhook_feed SET xid = CAST(:xid AS xid8), sequence = :sequence, event_id = :event_id
     WHERE organisation_id = :organisation_id
    """
)


async def begin_feed(session: Session, organisation_id: UUID) -> None:
    """From now on the events of the organisation are handed out; nothing to do if they are already."""
    await session.execute(_BEGIN_FEED, {"organisation_id": organisation_id, "none": UUID(int=0)})


async def feeds_behind(system: Session, *, below: int) -> list[UUID]:
    """Organisations, across tenants, with events that are not handed out."""
    return list((await system.execute(_FEEDS_BEHIND, {"below": str(below)})).scalars())


async def hold_feed(session: Session, organisation_id: UUID) -> FeedPlace | None:
    """Up to where events are handed out, held until the transaction ends; ``None``: another worker holds it."""
    row = (await session.execute(_HOLD_FEED, {"organisation_id": organisation_id})).one_or_none()
    return None if row is None else FeedPlace(int(row.xid), row.sequence, row.event_id)


async def move_feed(session: Session, organisation_id: UUID, place: FeedPlace) -> None:
    """Events are handed out up to a place."""
    values = {"organisation_id": organisation_id, "xid": str(place.xid), "sequence": place.sequence}
    await session.execute(_MOVE_FEED, {**values, "event_id": place.id})


async def enqueue(
    session: Session,
    organisation_id: UUID,
    events: Sequence[RecordedEvent],
    told: Mapping[UUID, Sequence[int]],
    *,
    now: datetime,
    first: bool = False,
) -> None:
    """Add deliveries of events to the ends of queues, or before everything in them; what is there already stays.

    Args:
        session: bound to the organisation.
        organisation_id: whose events and queues these are.
        events: what happened, in the order in which it is to be told.
        told: of each webhook the numbers of the events, from 0, that it is told of.
        now: from when on they are due.
        first: before everything else.
    """
    counts = {webhook_id: len(numbers) for webhook_id, numbers in told.items() if numbers}
    if not counts:
        return
    key = {"organisation_id": organisation_id, "webhook_ids": list(counts)}
    # The queues first: whether one is due is decided by who holds it, and sees its rows.
    await session.execute(_HOLD, key)
    moved = await session.execute(_MOVE_ON, {**key, "counts": list(counts.values()), "now": now})
    queues = []
    for row in moved:
        place = row.last_position - counts[row.webhook_id] + 1
        sign = -1 if first else 1
        queue = {"webhook_id": str(row.webhook_id), "position": sign * place, "step": sign}
        queues.append({**queue, "told": list(told[row.webhook_id])})
    rows = [
        {
            "number": number,
            "event_id": str(event.id),
            "kind": event.kind.value,
            "subject": f"{event.subject_kind} {event.subject_id}",
        }
        for number, event in enumerate(events)
    ]
    values = {"organisation_id": organisation_id, "queues": json.dumps(queues), "events": json.dumps(rows)}
    await session.execute(_ADD, {**values, "now": now})


async def wake(session: Session, organisation_id: UUID, webhook_id: UUID, *, now: datetime) -> None:
    """Have a queue looked at now, if it may deliver and something waits; its receiver is not left alone any longer."""
    await session.execute(_WAKE, {"organisation_id": organisation_id, "webhook_id": webhook_id, "now": now})


async def begin_anew(session: Session, organisation_id: UUID, webhook_id: UUID, *, now: datetime) -> None:
    """Have everything that waits in a queue tried now, and count the failures of its receiver from here on."""
    key = {"organisation_id": organisation_id, "webhook_id": webhook_id}
    await session.execute(_FORGIVE, key)
    await session.execute(_BRING_FORWARD, {**key, "now": now})
    await wake(session, organisation_id, webhook_id, now=now)
