"""The delivery log: what became of events at a webhook, testing it, and replaying what it missed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events.types import Event, EventKind, RecordedEvent
from feedback_core.events.use_cases import get_event, record_new_event
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import InvalidCursor, decode_cursor, page_of
from feedback_core.kit.errors import NotFound
from feedback_core.webhooks.calc import lets_through
from feedback_core.webhooks.queries import deliveries as queries
from feedback_core.webhooks.queries import endpoints, queues
from feedback_core.webhooks.queries.deliveries import ReplayRange
from feedback_core.webhooks.types import (
    MOST_REPLAYED,
    Attempt,
    DeliveryState,
    ReplayTooLarge,
    WebhookDelivery,
    WebhookPaused,
    WebhookState,
    WebhookUnsigned,
)
from feedback_core.webhooks.use_cases.endpoints import get_webhook, held


@dataclass(frozen=True, slots=True)
class DeliveryDetail:
    """A delivery, the event that it tells, and every attempt at it."""

    delivery: WebhookDelivery
    event: RecordedEvent
    attempts: tuple[Attempt, ...]


async def list_deliveries(
    session: Session,
    organisation_id: UUID,
    webhook_id: UUID,
    *,
    state: DeliveryState | None,
    cursor: str | None,
    limit: int,
) -> tuple[Sequence[WebhookDelivery], str | None]:
    """A page of the deliveries of a webhook, the latest first, and the cursor of the next one.

    Raises:
        NotFound: no such webhook here.
        InvalidCursor: the cursor belongs to another query.
    """
    await get_webhook(session, organisation_id, webhook_id)
    query = {"list": "webhook deliveries", "organisation": organisation_id, "webhook": webhook_id, "state": state}
    before = None if cursor is None else _position_in(cursor, query)
    found = await queries.deliveries_before(
        session, organisation_id, webhook_id, state=state, before=before, limit=limit + 1
    )
    return page_of(found, limit, query, at=lambda each: each.position)


async def get_delivery(session: Session, organisation_id: UUID, webhook_id: UUID, event_id: UUID) -> DeliveryDetail:
    """What became of an event at a webhook.

    Raises:
        NotFound: no such webhook here, or the event was never handed out to it.
    """
    found = await queries.delivery_of(session, organisation_id, webhook_id, event_id)
    if found is None:
        raise NotFound("delivery", event_id)
    attempts = await queries.attempts_of(session, organisation_id, webhook_id, event_id)
    return DeliveryDetail(found, await get_event(session, organisation_id, event_id), tuple(attempts))


async def send_test(
    session: Session, organisation_id: UUID, webhook_id: UUID, *, by: str, clock: Clock
) -> DeliveryDetail:
    """Have a webhook told of a test, before everything else that waits, and without waiting for its receiver.

    Raises:
        NotFound: no such webhook here.
        WebhookRetired: it was retired.
        WebhookPaused: it is paused.
        WebhookUnsigned: it has no secret.
    """
    found = await held(session, organisation_id, webhook_id)
    now = clock.now()
    if found.state is WebhookState.PAUSED:
        raise WebhookPaused("This webhook is paused: make it active first.")
    if not await endpoints.sealed_secrets(session, organisation_id, webhook_id, at=now):
        raise WebhookUnsigned("This webhook has no secret: add one first.")
    event = Event(EventKind.WEBHOOK_TEST, webhook_id, {"asked_by": by})
    recorded = await record_new_event(session, organisation_id, event, clock=clock)
    await queues.enqueue(session, organisation_id, [recorded], {webhook_id: [0]}, now=now, first=True)
    await queues.wake(session, organisation_id, webhook_id, now=now)
    return await get_delivery(session, organisation_id, webhook_id, recorded.id)


async def replay_delivery(
    session: Session, organisation_id: UUID, webhook_id: UUID, event_id: UUID, *, clock: Clock
) -> DeliveryDetail:
    """Deliver an event once more, with the same id, as if it had not been tried.

    Raises:
        NotFound: no such webhook here, or the event was never handed out to it.
        WebhookRetired: it was retired.
    """
    await held(session, organisation_id, webhook_id)
    await get_delivery(session, organisation_id, webhook_id, event_id)
    now = clock.now()
    await queries.replay_one(session, organisation_id, webhook_id, event_id, now=now)
    await queues.wake(session, organisation_id, webhook_id, now=now)
    return await get_delivery(session, organisation_id, webhook_id, event_id)


async def replay_deliveries(
    session: Session, organisation_id: UUID, webhook_id: UUID, wanted: ReplayRange, *, clock: Clock
) -> int:
    """Deliver once more what failed, or everything that happened in a time; how many deliveries that is.

    Raises:
        NotFound: no such webhook here.
        WebhookRetired: it was retired.
        ReplayTooLarge: it is more than is replayed at once; nothing is.
    """
    found = await held(session, organisation_id, webhook_id)
    now = clock.now()
    kinds = [kind for kind in EventKind if lets_through(found.kinds, kind)]
    replayed = await queries.replay_many(session, organisation_id, webhook_id, wanted, kinds, now=now)
    if replayed > MOST_REPLAYED:
        detail = f"These are {replayed} deliveries, and at most {MOST_REPLAYED} are replayed at once: narrow the time."
        raise ReplayTooLarge(detail)
    await queues.wake(session, organisation_id, webhook_id, now=now)
    return replayed


def _position_in(cursor: str, query: dict[str, object]) -> int:
    (position,) = decode_cursor(cursor, query, parts=1)
    try:
        found = int(position)
    except ValueError:
        raise InvalidCursor from None
    if not -(2**63) <= found < 2**63:
        raise InvalidCursor
    return found
