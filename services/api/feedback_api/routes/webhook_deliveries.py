"""What became of events at a webhook: the log, tests, and replays."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.times import instant_of
from feedback_api.schemas.webhooks import (
    RangeIn,
    ReplayIn,
    ReplayOut,
    WebhookDeliveriesOut,
    WebhookDeliveryDetailOut,
    WebhookDeliveryOut,
)
from feedback_api.security import CanReadWebhooks, CanWriteWebhooks
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.webhooks.queries.deliveries import ReplayRange
from feedback_core.webhooks.types import (
    DeliveryState,
    ReplayTooLarge,
    WebhookPaused,
    WebhookRetired,
    WebhookUnsigned,
)
from feedback_core.webhooks.use_cases import deliveries as use_cases

router = APIRouter(prefix="/v1/webhooks/{webhook_id}", route_class=TransactionalRoute, tags=["Webhooks"])

InState = Annotated[DeliveryState | None, Query(description="Only deliveries in this state")]


@router.post(
    "/test",
    operation_id="testWebhook",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, WebhookRetired, WebhookPaused, WebhookUnsigned),
)
async def send_test(
    webhook_id: UUID, caller: CanWriteWebhooks, session: SessionDep, clock: ClockDep, response: Response
) -> WebhookDeliveryDetailOut:
    """Send a test, before everything else that waits. How it went stands at `Location` soon."""
    sent = await use_cases.send_test(session, caller.organisation_id, webhook_id, by=caller.name, clock=clock)
    response.headers["Location"] = f"/v1/webhooks/{webhook_id}/deliveries/{sent.event.id}"
    return WebhookDeliveryDetailOut.detailed(sent)


@router.get(
    "/deliveries",
    operation_id="listWebhookDeliveries",
    dependencies=[NeverStored],
    responses=problems(NotFound, Invalid),
)
async def list_deliveries(
    webhook_id: UUID,
    caller: CanReadWebhooks,
    session: SnapshotDep,
    state: InState = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> WebhookDeliveriesOut:
    """What a webhook was told, is being told, or could not be told; the latest first."""
    found, following = await use_cases.list_deliveries(
        session, caller.organisation_id, webhook_id, state=state, cursor=cursor, limit=limit
    )
    return WebhookDeliveriesOut(items=[WebhookDeliveryOut.of(one) for one in found], next_cursor=following)


@router.get(
    "/deliveries/{event_id}",
    operation_id="getWebhookDelivery",
    dependencies=[NeverStored],
    responses=problems(NotFound),
)
async def get_delivery(
    webhook_id: UUID, event_id: UUID, caller: CanReadWebhooks, session: SnapshotDep
) -> WebhookDeliveryDetailOut:
    """What became of an event at a webhook, and every attempt: when, how long, what the receiver answered."""
    found = await use_cases.get_delivery(session, caller.organisation_id, webhook_id, event_id)
    return WebhookDeliveryDetailOut.detailed(found)


@router.post(
    "/deliveries/{event_id}/replay",
    operation_id="replayWebhookDelivery",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, WebhookRetired),
)
async def replay_delivery(
    webhook_id: UUID, event_id: UUID, caller: CanWriteWebhooks, session: SessionDep, clock: ClockDep
) -> WebhookDeliveryDetailOut:
    """Deliver one event once more, with the same id."""
    replayed = await use_cases.replay_delivery(session, caller.organisation_id, webhook_id, event_id, clock=clock)
    return WebhookDeliveryDetailOut.detailed(replayed)


@router.post(
    "/replay",
    operation_id="replayWebhook",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, WebhookRetired, ReplayTooLarge, Invalid),
)
async def replay(
    webhook_id: UUID, body: ReplayIn, caller: CanWriteWebhooks, session: SessionDep, clock: ClockDep
) -> ReplayOut:
    """Deliver once more what failed, or everything that happened in a time. Ids stay: receivers know repetitions."""
    zone = (await get_organisation(session, caller.organisation_id)).time_zone
    state = None if isinstance(body, RangeIn) else DeliveryState.FAILED
    wanted = ReplayRange(state, instant_of(body.start, zone), instant_of(body.end, zone))
    replayed = await use_cases.replay_deliveries(session, caller.organisation_id, webhook_id, wanted, clock=clock)
    return ReplayOut(replayed=replayed)
