"""SQL of queues that a courier works on: claiming them, what is due in them, settling what was sent; of many at once.

Of an organisation's queues that are held together, those of lower ids are held first, as whoever hands out does.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.events.queries import recorded
from feedback_core.events.types import RecordedEvent
from feedback_core.webhooks.queries.queues import NEXT_DUE, SENDABLE
from feedback_core.webhooks.types import AttemptOutcome, WebhookFormat


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
class Claimed:
    """A queue that is worked on.

    Attributes:
        sealed: what deliveries are signed with now, sealed, the newest first.
        delivers: whether its webhook is active.
    """

    claim: Claim
    queue: Queue
    url: str
    format: WebhookFormat
    sealed: tuple[bytes, ...] = field(repr=False)
    delivers: bool


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

    webhook_id: UUID
    event_id: UUID
    number: int
    at: datetime
    outcome: AttemptOutcome
    status: int | None
    detail: str | None
    snippet: str | None
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A delivery that was not taken: when it is due again, or that it is given up."""

    webhook_id: UUID
    event_id: UUID
    subject: str
    step: int
    retry_at: datetime | None


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A queue that nobody works on any more: how its receiver does, and when something was last delivered."""

    webhook_id: UUID
    queue: Queue
    delivered_at: datetime | None


_TAKE_DUE: Final = text(
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

_CLAIMS: Final = """
    FROM unnest(CAST(:webhook_ids AS uuid[]), CAST(:tokens AS uuid[])) AS c(webhook_id, token)
    JOIN webhook_queue q
      ON q.organisation_id = :organisation_id AND q.webhook_id = c.webhook_id AND q.lease_token = c.token
"""

_CLAIMED: Final = text(
    f"""
    SELECT q.webhook_id, q.failures, q.failing_since, q.resting_until, w.url, w.format, w.state = 'active' AS delivers,
           ARRAY(SELECT s.sealed FROM webhook_secret s
                  WHERE s.organisation_id = q.organisation_id AND s.webhook_id = q.webhook_id
                    AND (s.expires_at IS NULL OR s.expires_at > :now)
                  ORDER BY s.id DESC) AS sealed
    {_CLAIMS}
    JOIN webhook w ON w.organisation_id = q.organisation_id AND w.id = q.webhook_id
    """  # noqa: S608 - composed of constants
)

_HELD: Final = text(
    f"""
    SELECT q.webhook_id, q.failures, q.failing_since, q.resting_until {_CLAIMS} ORDER BY q.webhook_id FOR UPDATE OF q
    """
)

_BATCHES: Final = text(
    """
    SELECT b.webhook_id, d.*
      FROM unnest(CAST(:webhook_ids AS uuid[]), CAST(:most AS integer[]), CAST(:any_time AS boolean[]))
        AS b(webhook_id, most, any_time)
     CROSS JOIN LATERAL (
        SELECT e.id, e.kind, e.subject_kind, e.subject_id, e.sequence, e.occurred_at, e.data,
               e.recorded_xid::text AS xid, d.subject, d.attempts, d.step, d.next_attempt_at, d.position
          FROM webhook_delivery d
          JOIN event e ON e.organisation_id = d.organisation_id AND e.id = d.event_id
         WHERE d.organisation_id = :organisation_id AND d.webhook_id = b.webhook_id AND d.state = 'pending'
           AND (b.any_time OR d.next_attempt_at <= :now)
         ORDER BY d.position LIMIT b.most
     ) AS d
     ORDER BY b.webhook_id, d.position
    """
)

_NOTE: Final = text(
    """
    INSERT INTO webhook_attempt (organisation_id, webhook_id, event_id, number, at, outcome, status, detail, snippet,
                                 milliseconds)
    SELECT d.organisation_id, d.webhook_id, d.event_id, t.number, t.at, t.outcome, t.status, t.detail, t.snippet,
           t.milliseconds
      FROM jsonb_to_recordset(CAST(:tried AS jsonb))
        AS t(webhook_id uuid, event_id uuid, number integer, at timestamptz, outcome text, status integer, detail text,
             snippet text, milliseconds integer)
      JOIN webhook_delivery d
        ON d.organisation_id = :organisation_id AND d.webhook_id = t.webhook_id AND d.event_id = t.event_id
    """
)

_DELIVERED: Final = text(
    """
    UPDATE webhook_delivery d
       SET state = 'delivered', attempts = d.attempts + 1, step = d.step + 1, next_attempt_at = NULL, settled_at = :now
      FROM unnest(CAST(:webhook_ids AS uuid[]), CAST(:event_ids AS uuid[])) AS t(webhook_id, event_id)
     WHERE d.organisation_id = :organisation_id AND d.webhook_id = t.webhook_id AND d.event_id = t.event_id
       AND d.state = 'pending'
    """
)

_FAILURES: Final = """
    jsonb_to_recordset(CAST(:failed AS jsonb))
        AS t(webhook_id uuid, event_id uuid, subject text, step integer, retry_at timestamptz)
"""

_FAILED: Final = text(
    f"""
    UPDATE webhook_delivery d
       SET state = CASE WHEN t.retry_at IS NULL THEN 'failed' ELSE 'pending' END,
           attempts = d.attempts + 1, step = t.step, next_attempt_at = t.retry_at,
           settled_at = CASE WHEN t.retry_at IS NULL THEN CAST(:now AS timestamptz) END
      FROM {_FAILURES}
     WHERE d.organisation_id = :organisation_id AND d.webhook_id = t.webhook_id AND d.event_id = t.event_id
       AND d.state = 'pending'
    """  # noqa: S608 - composed of constants
)

# Of a subject no more than one delivery fails in a batch: what is behind it is not sent.
_DEFER: Final = text(
    f"""
    UPDATE webhook_delivery d
       SET next_attempt_at = greatest(d.next_attempt_at, t.retry_at)
      FROM {_FAILURES}
     WHERE t.retry_at IS NOT NULL AND d.organisation_id = :organisation_id AND d.webhook_id = t.webhook_id
       AND d.subject = t.subject AND d.state = 'pending'
    """  # noqa: S608 - composed of constants
)

_BRING_FORWARD: Final = text(
    """
    UPDATE webhook_delivery SET next_attempt_at = :now
     WHERE organisation_id = :organisation_id AND webhook_id = ANY(CAST(:webhook_ids AS uuid[])) AND state = 'pending'
       AND next_attempt_at > :now
    """
)

# While a receiver is left alone the oldest delivery is tried when that is over, whenever it would be due itself.
_GIVE_BACK: Final = text(
    f"""
    UPDATE webhook_queue q
       SET lease_token = NULL, lease_until = NULL, failures = t.failures, failing_since = t.failing_since,
           resting_until = t.resting_until, last_delivered_at = coalesce(t.delivered_at, q.last_delivered_at),
           due_at = CASE WHEN {SENDABLE} AND {NEXT_DUE} IS NOT NULL THEN coalesce(t.resting_until, {NEXT_DUE}) END
      FROM jsonb_to_recordset(CAST(:given_back AS jsonb))
        AS t(webhook_id uuid, failures integer, failing_since timestamptz, resting_until timestamptz,
             delivered_at timestamptz)
     WHERE q.organisation_id = :organisation_id AND q.webhook_id = t.webhook_id
    """  # noqa: S608 - composed of constants
)


async def claim_queues(system: Session, *, token: UUID, now: datetime, lease_until: datetime, most: int) -> list[Claim]:
    """Take up to ``most`` queues in which something is due and that nobody works on, the longest waiting first."""
    rows = await system.execute(_TAKE_DUE, {"token": token, "now": now, "lease_until": lease_until, "most": most})
    return [Claim(row.organisation_id, row.webhook_id, row.lease_token) for row in rows]


async def claimed_queues(
    session: Session, organisation_id: UUID, claims: Sequence[Claim], *, now: datetime
) -> dict[UUID, Claimed]:
    """Those queues whose claims are not over, by webhook."""
    rows = await session.execute(_CLAIMED, {**_these(organisation_id, claims), "now": now})
    by_webhook = {claim.webhook_id: claim for claim in claims}
    return {
        row.webhook_id: Claimed(
            by_webhook[row.webhook_id],
            _queue(row),
            row.url,
            WebhookFormat(row.format),
            tuple(bytes(sealed) for sealed in row.sealed),
            row.delivers,
        )
        for row in rows
    }


async def held_queues(session: Session, organisation_id: UUID, claims: Sequence[Claim]) -> dict[UUID, Queue]:
    """Those queues whose claims are not over, by webhook: nobody adds to them until the transaction ends."""
    rows = await session.execute(_HELD, _these(organisation_id, claims))
    return {row.webhook_id: _queue(row) for row in rows}


async def due_deliveries(
    session: Session, organisation_id: UUID, most: dict[UUID, tuple[int, bool]], *, now: datetime
) -> dict[UUID, list[Due]]:
    """The deliveries that are due, by webhook, each in the order of its queue.

    Args:
        session: bound to the organisation.
        organisation_id: whose queues these are.
        most: how many of each webhook, and whether the first ones are meant, due or not.
        now: due by then.
    """
    values = {
        "organisation_id": organisation_id,
        "webhook_ids": list(most),
        "most": [number for number, _ in most.values()],
        "any_time": [any_time for _, any_time in most.values()],
        "now": now,
    }
    rows = await session.execute(_BATCHES, values)
    return {
        webhook_id: [Due(recorded(row), row.subject, row.attempts, row.step, row.next_attempt_at) for row in of_webhook]
        for webhook_id, of_webhook in groupby(rows, key=lambda row: row.webhook_id)
    }


async def note_attempts(session: Session, organisation_id: UUID, tried: Sequence[Tried]) -> None:
    """Write attempts down."""
    rows = [
        {
            "webhook_id": str(one.webhook_id),
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
    await session.execute(_NOTE, {"organisation_id": organisation_id, "tried": json.dumps(rows)})


async def note_delivered(
    session: Session, organisation_id: UUID, taken: Sequence[tuple[UUID, UUID]], *, now: datetime
) -> None:
    """These, each a webhook and an event, were taken."""
    values = {
        "organisation_id": organisation_id,
        "webhook_ids": [webhook_id for webhook_id, _ in taken],
        "event_ids": [event_id for _, event_id in taken],
        "now": now,
    }
    await session.execute(_DELIVERED, values)


async def note_failed(session: Session, organisation_id: UUID, failed: Sequence[Failed], *, now: datetime) -> None:
    """These were not taken: each is due again then, and what waits behind it on its subject not before; or given up."""
    rows = [
        {
            "webhook_id": str(one.webhook_id),
            "event_id": str(one.event_id),
            "subject": one.subject,
            "step": one.step,
            "retry_at": _written(one.retry_at),
        }
        for one in failed
    ]
    values = {"organisation_id": organisation_id, "failed": json.dumps(rows)}
    await session.execute(_FAILED, {**values, "now": now})
    if any(one.retry_at for one in failed):
        await session.execute(_DEFER, values)


async def bring_forward(session: Session, organisation_id: UUID, webhook_ids: Sequence[UUID], *, now: datetime) -> None:
    """Everything that waits for these webhooks is due."""
    values = {"organisation_id": organisation_id, "webhook_ids": list(webhook_ids), "now": now}
    await session.execute(_BRING_FORWARD, values)


async def give_back(session: Session, organisation_id: UUID, queues: Sequence[GivenBack], *, now: datetime) -> None:
    """End the work on held queues: how their receivers do, and when there is something to do next."""
    rows = [
        {
            "webhook_id": str(each.webhook_id),
            "failures": each.queue.failures,
            "failing_since": _written(each.queue.failing_since),
            "resting_until": _written(each.queue.resting_until),
            "delivered_at": _written(each.delivered_at),
        }
        for each in queues
    ]
    values = {"organisation_id": organisation_id, "given_back": json.dumps(rows), "now": now}
    await session.execute(_GIVE_BACK, values)


def _these(organisation_id: UUID, claims: Sequence[Claim]) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "webhook_ids": [claim.webhook_id for claim in claims],
        "tokens": [claim.token for claim in claims],
    }


def _queue(row: Any) -> Queue:  # noqa: ANN401 - a row
    return Queue(row.failures, row.failing_since, row.resting_until)


def _written(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
