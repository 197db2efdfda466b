"""SQL of the delivery log: looking at deliveries and attempts, and replaying them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select, text, update

from feedback_core.db.session import Session
from feedback_core.events.types import EventKind
from feedback_core.webhooks.tables import webhook_attempt, webhook_delivery
from feedback_core.webhooks.types import Attempt, AttemptOutcome, DeliveryState, WebhookDelivery

# What was handed out before, and is over: due again, in its place.
_AGAIN: Final = text(
    """
    UPDATE webhook_delivery d
       SET state = 'pending', step = 0, next_attempt_at = :now, settled_at = NULL
      FROM event e
     WHERE d.organisation_id = :organisation_id AND d.webhook_id = :webhook_id AND d.state <> 'pending'
       AND e.organisation_id = d.organisation_id AND e.id = d.event_id
       AND (CAST(:state AS text) IS NULL OR d.state = :state)
       AND (CAST(:from AS timestamptz) IS NULL OR e.occurred_at >= :from)
       AND (CAST(:to AS timestamptz) IS NULL OR e.occurred_at < :to)
    """
)

# Of a range also what was never handed out: it happened before the webhook was there, or asked for it.
_NEVER: Final = text(
    """
    WITH missing AS (
        SELECT e.id, e.kind, e.subject_kind || ' ' || e.subject_id AS subject,
               row_number() OVER (ORDER BY e.recorded_xid, e.sequence, e.id) AS place
          FROM event e
         WHERE e.organisation_id = :organisation_id AND e.occurred_at >= :from AND e.occurred_at < :to
           AND e.kind = ANY(CAST(:kinds AS text[])) AND e.recorded_xid < pg_snapshot_xmin(pg_current_snapshot())
           AND NOT EXISTS (SELECT FROM webhook_delivery d
                            WHERE d.organisation_id = e.organisation_id AND d.webhook_id = :webhook_id
                              AND d.event_id = e.id)
    ), moved AS (
        UPDATE webhook_queue q SET last_position = q.last_position + (SELECT count(*) FROM missing)
         WHERE q.organisation_id = :organisation_id AND q.webhook_id = :webhook_id
        RETURNING q.last_position
    )
    INSERT INTO webhook_delivery (organisation_id, webhook_id, event_id, position, kind, subject, state,
                                  next_attempt_at, created_at)
    SELECT :organisation_id, :webhook_id, m.id, moved.last_position - (SELECT count(*) FROM missing) + m.place,
           m.kind, m.subject, 'pending', :now, :now
      FROM missing m CROSS JOIN moved
    """
)

_NAMES: Final = """
    a.organisation_id = :organisation_id
    AND EXISTS (SELECT FROM unnest(CAST(:needles AS text[])) AS n WHERE position(lower(n) IN lower(a.snippet)) > 0)
"""
_NAMING: Final = f"FROM webhook_attempt a WHERE {_NAMES}"
_ERASE_SNIPPETS: Final = text(f"UPDATE webhook_attempt a SET snippet = NULL WHERE {_NAMES}")  # noqa: S608 - constant

_SELECTED: Final = (
    webhook_delivery.c.webhook_id,
    webhook_delivery.c.event_id,
    webhook_delivery.c.kind,
    webhook_delivery.c.position,
    webhook_delivery.c.state,
    webhook_delivery.c.attempts,
    webhook_delivery.c.next_attempt_at,
    webhook_delivery.c.created_at,
    webhook_delivery.c.settled_at,
)


@dataclass(frozen=True, slots=True)
class ReplayRange:
    """What is replayed: deliveries in a state, of events that happened in a time.

    Attributes:
        state: only what is in it; ``None``: all that is over, and of events that never were handed out those too.
        occurred_from: that happened then or later.
        occurred_to: that happened before.
    """

    state: DeliveryState | None
    occurred_from: datetime | None
    occurred_to: datetime | None


async def deliveries_before(
    session: Session,
    organisation_id: UUID,
    webhook_id: UUID,
    *,
    state: DeliveryState | None,
    before: int | None,
    limit: int,
) -> list[WebhookDelivery]:
    """Deliveries of a webhook, the latest in its queue first."""
    statement = select(*_SELECTED).where(
        webhook_delivery.c.organisation_id == organisation_id, webhook_delivery.c.webhook_id == webhook_id
    )
    if state is not None:
        statement = statement.where(webhook_delivery.c.state == state.value)
    if before is not None:
        statement = statement.where(webhook_delivery.c.position < before)
    rows = await session.execute(statement.order_by(webhook_delivery.c.position.desc()).limit(limit))
    return [_delivery(row) for row in rows]


async def delivery_of(
    session: Session, organisation_id: UUID, webhook_id: UUID, event_id: UUID
) -> WebhookDelivery | None:
    """What became of an event at a webhook."""
    row = await session.execute(
        select(*_SELECTED).where(
            webhook_delivery.c.organisation_id == organisation_id,
            webhook_delivery.c.webhook_id == webhook_id,
            webhook_delivery.c.event_id == event_id,
        )
    )
    found = row.one_or_none()
    return None if found is None else _delivery(found)


async def attempts_of(session: Session, organisation_id: UUID, webhook_id: UUID, event_id: UUID) -> list[Attempt]:
    """Every attempt at a delivery, in order."""
    rows = await session.execute(
        select(webhook_attempt)
        .where(
            webhook_attempt.c.organisation_id == organisation_id,
            webhook_attempt.c.webhook_id == webhook_id,
            webhook_attempt.c.event_id == event_id,
        )
        .order_by(webhook_attempt.c.number)
    )
    return [
        Attempt(row.number, row.at, AttemptOutcome(row.outcome), row.status, row.detail, row.snippet, row.milliseconds)
        for row in rows
    ]


async def replay_one(
    session: Session, organisation_id: UUID, webhook_id: UUID, event_id: UUID, *, now: datetime
) -> None:
    """Have a delivery made once more; one that waits is due."""
    await session.execute(
        update(webhook_delivery)
        .where(
            webhook_delivery.c.organisation_id == organisation_id,
            webhook_delivery.c.webhook_id == webhook_id,
            webhook_delivery.c.event_id == event_id,
        )
        .values(state=DeliveryState.PENDING.value, step=0, next_attempt_at=now, settled_at=None)
    )


async def replay_many(
    session: Session,
    organisation_id: UUID,
    webhook_id: UUID,
    wanted: ReplayRange,
    kinds: Sequence[EventKind],
    *,
    now: datetime,
) -> int:
    """Have deliveries made once more, and of a range those of ``kinds`` that never were; how many."""
    values: dict[str, Any] = {
        "organisation_id": organisation_id,
        "webhook_id": webhook_id,
        "from": wanted.occurred_from,
        "to": wanted.occurred_to,
        "now": now,
    }
    again = await session.execute(_AGAIN, {**values, "state": wanted.state.value if wanted.state else None})
    if wanted.state is not None:
        return again.rowcount
    never = await session.execute(_NEVER, {**values, "kinds": [kind.value for kind in kinds]})
    return again.rowcount + never.rowcount


async def snippets_naming(session: Session, organisation_id: UUID, needles: Sequence[str]) -> list[tuple[UUID, str]]:
    """The beginnings of answers in which one of these stands, with their webhooks."""
    values = {"organisation_id": organisation_id, "needles": list(needles)}
    rows = await session.execute(text(f"SELECT a.webhook_id, a.snippet {_NAMING}"), values)
    return [(row.webhook_id, row.snippet) for row in rows]


async def erase_snippets(session: Session, organisation_id: UUID, needles: Sequence[str]) -> int:
    """Take away the beginnings of answers in which one of these stands; how many."""
    values = {"organisation_id": organisation_id, "needles": list(needles)}
    return (await session.execute(_ERASE_SNIPPETS, values)).rowcount


def _delivery(row: Row[*tuple[Any, ...]]) -> WebhookDelivery:
    return WebhookDelivery(
        webhook_id=row.webhook_id,
        event_id=row.event_id,
        kind=EventKind(row.kind),
        position=row.position,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        created_at=row.created_at,
        settled_at=row.settled_at,
    )
