"""The delivery log of a source."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.deliveries import DeliveriesOut, DeliveryBodyOut, DeliveryDetailOut, DeliveryOut
from feedback_api.schemas.times import Moment, instant_of
from feedback_api.security import CanReadBodies, CanReadSources, CanWriteSources
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.inbound.types import BodyRedacted, DeliveryFilter, DeliveryState
from feedback_core.inbound.use_cases import deliveries as use_cases
from feedback_core.kit.errors import Invalid, NotFound
from feedback_core.organisations.use_cases import get_organisation

router = APIRouter(prefix="/v1/sources/{source_id}/deliveries", route_class=TransactionalRoute, tags=["Sources"])

InState = Annotated[DeliveryState | None, Query(description="Only deliveries in this state")]
From = Annotated[Moment | None, Query(alias="from", description="Received then or later")]
To = Annotated[Moment | None, Query(alias="to", description="Received before")]
DedupeId = Annotated[
    str | None, Query(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f]+$", description="Only the one with this id")
]


@router.get("", operation_id="listDeliveries", dependencies=[NeverStored], responses=problems(NotFound, Invalid))
async def list_deliveries(
    source_id: UUID,
    caller: CanReadSources,
    session: SnapshotDep,
    state: InState = None,
    start: From = None,
    end: To = None,
    dedupe_id: DedupeId = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> DeliveriesOut:
    """What arrived and was believed, latest first, and what became of it. Days are the organisation's."""
    zone = (await get_organisation(session, caller.organisation_id)).time_zone
    wanted = DeliveryFilter(state, instant_of(start, zone), instant_of(end, zone), dedupe_id)
    page = await use_cases.list_deliveries(
        session, caller.organisation_id, source_id, wanted, cursor=cursor, limit=limit
    )
    return DeliveriesOut(items=[DeliveryOut.model_validate(d) for d in page.items], next_cursor=page.next_cursor)


@router.get("/{delivery_id}", operation_id="getDelivery", dependencies=[NeverStored], responses=problems(NotFound))
async def get_delivery(
    source_id: UUID, delivery_id: UUID, caller: CanReadSources, session: SnapshotDep
) -> DeliveryDetailOut:
    """A delivery, and what its parts became."""
    found = await use_cases.get_delivery(session, caller.organisation_id, source_id, delivery_id)
    return DeliveryDetailOut.of(found)


@router.get(
    "/{delivery_id}/body",
    operation_id="getDeliveryBody",
    dependencies=[NeverStored],
    responses=problems(NotFound, BodyRedacted),
)
async def get_body(
    source_id: UUID, delivery_id: UUID, caller: CanReadBodies, session: SnapshotDep, seal: SealDep
) -> DeliveryBodyOut:
    """The body of a delivery as it came, with the scope for identities: it may name whoever was asked."""
    found, body = await use_cases.read_body(session, caller.organisation_id, source_id, delivery_id, seal=seal)
    return DeliveryBodyOut.of(found, body)


@router.post(
    "/{delivery_id}/redact",
    operation_id="redactDelivery",
    dependencies=[Idempotent],
    responses=problems(NotFound),
)
async def redact(
    source_id: UUID, delivery_id: UUID, caller: CanWriteSources, session: SessionDep, clock: ClockDep
) -> DeliveryDetailOut:
    """Take the body of a delivery away for good; its id stays, so that a repetition is still known as one."""
    redacted = await use_cases.redact_delivery(session, caller.organisation_id, source_id, delivery_id, clock=clock)
    return DeliveryDetailOut.of(redacted)
