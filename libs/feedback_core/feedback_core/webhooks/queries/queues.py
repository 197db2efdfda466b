"""SQL of queues: handing events out to them, claiming them, settling what was sent.

Deliveries of one subject are due in their order: none is due before the one in front of it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import TIMESTAMP

from feedback_core.db.session import Session
from feedback_core.events.queries import recorded
from feedback_core.events.types import FeedPlace, RecordedEvent
from feedback_core.webhooks.types import AttemptOutcome


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a queue for a while."""

    organisation_id: UUID
    webhook_id: UUID
    token: UUID


@dataclass(frozen=True, slots=True)
class Queue:
    """How a receiver does."""

    failures: int
    failing_since: datetime | None
    resting_until: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that is to be made now, and its event."""

    event: RecordedEvent
    subject: str
    attempts: int
    step: int
    next_attempt_at: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt, to be written down."""

    event_id: UUID
    number: int
    at: datetime
    outcome: AttemptOutcome
    status: int | None
    detail: str | None
    snippet: str | None
    milliseconds: int


_SENDABLE: Final = """
    (EXISTS (SELECT FROM webhook w
              WHERE w.organisation_id = q.organisation_id AND w.id = q.webhook_id AND w.state = 'active')
     AND EXISTS (SELECT FROM webhook_secret s
                  WHERE s.organisation_id = q.organisation_id AND s.webhook_id = q.webhook_id
                    AND (s.expires_at IS NULL OR s.expires_at > :now)))
"""

_MOVE_ON = text(
    f"""
    UPDATE webhook_queue q
       SET last_position = q.last_position + :n,
           due_at = CASE WHEN {_SENDABLE}
                         THEN least(q.due_at, greatest(CAST(:now AS timestamptz), q.resting_until)) END
     WHERE q.organisation_id = :organisation_id AND q.webhook_id = :webhook_id
    RETURNING q.last_position
    """  # noqa: S608 - composed of constants
)

# What is about a subject of which another delivery waits for its next attempt waits as long.
_ADD = text(
    """
    INSERT INTO webhook_delivery (organisation_id, webhook_id, event_id, position, kind, subject, state,
                                  next_attempt_at, created_at)
    SELECT :organisation_id, :webhook_id, d.event_id, d.position, d.kind, d.subject, 'pending',
           greatest(CAST(:now AS timestamptz),
                    (SELECT max(p.next_attempt_at) FROM webhook_delivery p
                      WHERE p.organisation_id = :organisation_id AND p.webhook_id = :webhook_id
                        AND p.subject = d.subject AND p.state = 'pending')),
           :now
      FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS d(event_id uuid, position bigint, kind text, subject text)
        ON CONFLICT (organisation_id, webhook_id, event_id) DO NOTHING
    """
)

_TAKE_DUE = text(
    """
    UPDATE webhook_queue q
       SET lease_token = :token, lease_until = :lease_until
      FROM (SELECT organisation_id, webhook_id FROM webhook_queue
             WHERE due_at IS NOT NULL AND due_at <= :now AND (lease_until IS NULL OR lease_until < :now)
             ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED) AS due
     WHERE q.organisation_id = due.organisation_id AND q.webhook_id = due.webhook_id
    RETURNING q.organisation_id, q.webhook_id, q.lease_token
    """
)

_HELD = text(
    """
    SELECT failures, failing_since, resting_until FROM webhook_queue
     WHERE organisation_id = :organisation_id AND webhook_id = :webhook_id AND lease_token = :token
    """
)
_HOLD = text(f"{_HELD.text} FOR UPDATE")

_DUE = """
    SELECT e.id, e.kind, e.subject_kind, e.subject_id, e.sequence, e.occurred_at, e.data,
           e.recorded_xid::text AS xid, d.subject, d.attempts, d.step, d.next_attempt_at
      FROM webhook_delivery d
      JOIN event e ON e.organisation_id = d.organisation_id AND e.id = d.event_id
     WHERE d.organisation_id = :organisation_id AND d.webhook_id = :webhook_id AND d.state = 'pending' {due}
     ORDER BY d.position LIMIT :most
"""
_NEXT = text(_DUE.format(due="AND d.next_attempt_at <= :now"))
_FIRST = text(_DUE.format(due=""))

_NOTE = text(
    """
    INSERT INTO webhook_attempt (organisation_id, webhook_id, event_id, number, at, outcome, status, detail, snippet,
                                 milliseconds)
    SELECT d.organisation_id, d.webhook_id, d.event_id, t.number, t.at, t.outcome, t.status, t.detail, t.snippet,
           t.milliseconds
      FROM jsonb_to_recordset(CAST(:tried AS jsonb))
        AS t(event_id uuid, number integer, at timestamptz, outcome text, status integer, detail text, snippet text,
             milliseconds integer)
      JOIN webhook_delivery d
        ON d.organisation_id = :organisation_id AND d.webhook_id = :webhook_id AND d.event_id = t.event_id
    """
)

_DELIVERED = text(
    """
    UPDATE webhook_delivery
       SET state = 'delivered', attempts = attempts + 1, step = step + 1, next_attempt_at = NULL, settled_at = :now
     WHERE organisation_id = :organisation_id AND webhook_id = :webhook_id
       AND event_id = ANY(CAST(:event_ids AS uuid[])) AND state = 'pending'
    """
)

_FAILED = text(
    """
    UPDATE webhook_delivery
       SET state = CASE WHEN CAST(:retry_at AS timestamptz) IS NULL THEN 'failed' ELSE 'pending' END,
           attempts = attempts + 1, step = :step, next_attempt_at = :retry_at,
           settled_at = CASE WHEN CAST(:retry_at AS timestamptz) IS NULL THEN CAST(:now AS timestamptz) END
     WHERE organisation_id = :organisation_id AND webhook_id = :webhook_id AND event_id = :event_id
       AND state = 'pending'
    """
)

_DEFER = text(
    """
    UPDATE webhook_delivery
       SET next_attempt_at = greatest(next_attempt_at, CAST(:retry_at AS timestamptz))
     WHERE organisation_id = :organisation_id AND webhook_id = :webhook_id AND subject = :subject
       AND state = 'pending'
    """
)

_BRING_FORWARD = text(
    """
    UPDATE webhook_delivery SET next_attempt_at = :now
     WHERE organisation_id = :organisation_id AND webhook_id = :webhook_id AND state = 'pending'
       AND next_attempt_at > :now
    """
)

_NEXT_DUE: Final = """
    (SELECT min(d.next_attempt_at) FROM webhook_delivery d
      WHERE d.organisation_id = q.organisation_id AND d.webhook_id = q.webhook_id AND d.state = 'pending')
"""

# While a receiver is left alone the oldest delivery is tried when that is over, whenever it would be due itself.
_GIVE_BACK = text(
    f"""
    UPDATE webhook_queue q
       SET lease_token = NULL, lease_until = NULL, failures = :failures, failing_since = :failing_since,
           resting_until = :resting_until,
           last_delivered_at = coalesce(CAST(:delivered_at AS timestamptz), q.last_delivered_at),
           due_at = CASE WHEN {_SENDABLE} AND {_NEXT_DUE} IS NOT NULL
                         THEN coalesce(CAST(:resting_until AS timestamptz), {_NEXT_DUE}) END
     WHERE q.organisation_id = :organisation_id AND q.webhook_id = :webhook_id
    """  # noqa: S608 - composed of constants
).bindparams(
    bindparam("failing_since", type_=TIMESTAMP(timezone=True)),
    bindparam("resting_until", type_=TIMESTAMP(timezone=True)),
    bindparam("delivered_at", type_=TIMESTAMP(timezone=True)),
)

_WAKE = text(
    f"""
    UPDATE webhook_queue q
       SET resting_until = NULL, due_at = CASE WHEN {_SENDABLE} AND {_NEXT_DUE} IS NOT NULL THEN :now END
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
    webhook_id: UUID,
    events: Sequence[RecordedEvent],
    *,
    now: datetime,
    first: bool = False,
) -> None:
    """Add deliveries of events to the end of a queue, or before everything in it; what is there already stays."""
    key = {"organisation_id": organisation_id, "webhook_id": webhook_id, "now": now}
    # Rows first: whether the queue is due is decided by who holds it, and sees them.
    last = (await session.execute(_MOVE_ON, {**key, "n": len(events)})).scalar_one()
    places = range(last - len(events) + 1, last + 1)
    rows = [
        {
            "event_id": str(event.id),
            "position": -place if first else place,
            "kind": event.kind.value,
            "subject": f"{event.subject_kind} {event.subject_id}",
        }
        for place, event in zip(places, events, strict=True)
    ]
    await session.execute(_ADD, {**key, "rows": json.dumps(rows)})


async def claim_queues(system: Session, *, token: UUID, now: datetime, lease_until: datetime, most: int) -> list[Claim]:
    """Take up to ``most`` queues in which something is due and that nobody works on, the longest waiting first."""
    rows = await system.execute(_TAKE_DUE, {"token": token, "now": now, "lease_until": lease_until, "most": most})
    return [Claim(row.organisation_id, row.webhook_id, row.lease_token) for row in rows]


async def queue_of(session: Session, claim: Claim, *, hold: bool = False) -> Queue | None:
    """How the receiver of a claimed queue does; ``None``: the claim is over.

    With ``hold`` nobody adds to the queue until the transaction ends.
    """
    row = (await session.execute(_HOLD if hold else _HELD, {**_key(claim), "token": claim.token})).one_or_none()
    return None if row is None else Queue(row.failures, row.failing_since, row.resting_until)


async def due_deliveries(session: Session, claim: Claim, *, now: datetime, most: int, any_time: bool) -> list[Due]:
    """The deliveries of a queue that are due, in their order; with ``any_time`` the first ones, due or not."""
    statement = _FIRST if any_time else _NEXT
    values = {**_key(claim), "most": most} if any_time else {**_key(claim), "most": most, "now": now}
    rows = await session.execute(statement, values)
    return [Due(recorded(row), row.subject, row.attempts, row.step, row.next_attempt_at) for row in rows]


async def note_attempts(session: Session, claim: Claim, tried: Sequence[Tried]) -> None:
    """Write attempts down."""
    rows = [
        {
            "event_id": str(one.event_id),
            "number": one.number,
            "at": one.at.isoformat(),
            "outcome": one.outcome.value,
            "status": one.status,
            "detail": one.detail,
            "snippet": one.snippet,
            "milliseconds": one.milliseconds,
        }
        for one in tried
    ]
    await session.execute(_NOTE, {**_key(claim), "tried": json.dumps(rows)})


async def note_delivered(session: Session, claim: Claim, event_ids: Sequence[UUID], *, now: datetime) -> None:
    """These were taken."""
    await session.execute(_DELIVERED, {**_key(claim), "event_ids": list(event_ids), "now": now})


async def note_failed(
    session: Session, claim: Claim, due: Due, *, step: int, retry_at: datetime | None, now: datetime
) -> None:
    """This one was not taken: it is due again then, and what waits behind it on its subject not before; or given up."""
    values = {**_key(claim), "event_id": due.event.id, "step": step, "retry_at": retry_at, "now": now}
    await session.execute(_FAILED, values)
    if retry_at is not None:
        await session.execute(_DEFER, {**_key(claim), "subject": due.subject, "retry_at": retry_at})


async def bring_forward(session: Session, claim: Claim, *, now: datetime) -> None:
    """Everything that waits is due."""
    await session.execute(_BRING_FORWARD, {**_key(claim), "now": now})


async def give_back(
    session: Session, claim: Claim, queue: Queue, *, delivered_at: datetime | None, now: datetime
) -> None:
    """End the work on a held queue: how its receiver does, and when there is something to do next."""
    await session.execute(
        _GIVE_BACK,
        {
            **_key(claim),
            "failures": queue.failures,
            "failing_since": queue.failing_since,
            "resting_until": queue.resting_until,
            "delivered_at": delivered_at,
            "now": now,
        },
    )


async def wake(session: Session, organisation_id: UUID, webhook_id: UUID, *, now: datetime) -> None:
    """Have a queue looked at now, if it may deliver and something waits; its receiver is not left alone any longer."""
    await session.execute(_WAKE, {"organisation_id": organisation_id, "webhook_id": webhook_id, "now": now})


async def begin_anew(session: Session, organisation_id: UUID, webhook_id: UUID, *, now: datetime) -> None:
    """Have everything that waits in a queue tried now, and count the failures of its receiver from here on."""
    key = {"organisation_id": organisation_id, "webhook_id": webhook_id}
    await session.execute(_FORGIVE, key)
    await session.execute(_BRING_FORWARD, {**key, "now": now})
    await wake(session, organisation_id, webhook_id, now=now)


def _key(claim: Claim) -> dict[str, Any]:
    return {"organisation_id": claim.organisation_id, "webhook_id": claim.webhook_id}
