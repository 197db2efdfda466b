"""The delivery log: what arrived, what became of it, and taking bodies away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.processing.queries import drop_fetched
from feedback_core.inbound.queries import deliveries as queries
from feedback_core.inbound.queries.deliveries import DeliveryPlace
from feedback_core.inbound.types import BodyRedacted, Delivery, DeliveryFilter, DeliveryItem, DeliveryPage
from feedback_core.inbound.use_cases.sources import get_source
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import InvalidCursor, decode_cursor, page_of
from feedback_core.kit.errors import NotFound
from feedback_core.kit.sealing import Seal


@dataclass(frozen=True, slots=True)
class DeliveryDetail:
    """A delivery and what its parts became."""

    delivery: Delivery
    items: tuple[DeliveryItem, ...]


async def list_deliveries(
    session: Session,
    organisation_id: UUID,
    source_id: UUID,
    wanted: DeliveryFilter,
    *,
    cursor: str | None,
    limit: int,
) -> DeliveryPage:
    """A page of the deliveries of a source, latest first.

    Raises:
        NotFound: no such source here.
        InvalidCursor: the cursor belongs to another query.
    """
    await get_source(session, organisation_id, source_id)
    query = {"list": "deliveries", "organisation": organisation_id, "source": source_id, "wanted": wanted}
    before = None if cursor is None else _place_in(cursor, query)
    found = await queries.deliveries_before(session, organisation_id, source_id, wanted, before=before, limit=limit + 1)
    shown, following = page_of(found, limit, query, at=lambda each: (each.received_at.isoformat(), each.id))
    return DeliveryPage(tuple(shown), following)


async def get_delivery(session: Session, organisation_id: UUID, source_id: UUID, delivery_id: UUID) -> DeliveryDetail:
    """A delivery of a source, without its body.

    Raises:
        NotFound: no such delivery of that source here.
    """
    found = await _delivery(session, organisation_id, source_id, delivery_id)
    return DeliveryDetail(found, tuple(await queries.items_of_delivery(session, organisation_id, delivery_id)))


async def read_body(
    session: Session, organisation_id: UUID, source_id: UUID, delivery_id: UUID, *, seal: Seal
) -> tuple[Delivery, bytes]:
    """A delivery and its body, as it came.

    Raises:
        NotFound: no such delivery of that source here.
        BodyRedacted: the body was taken away.
    """
    found = await _delivery(session, organisation_id, source_id, delivery_id)
    sealed = await queries.sealed_body(session, organisation_id, delivery_id)
    if sealed is None:
        raise BodyRedacted("The body of this delivery was taken away.")
    return found, seal.open(sealed)


async def redact_delivery(
    session: Session, organisation_id: UUID, source_id: UUID, delivery_id: UUID, *, clock: Clock
) -> DeliveryDetail:
    """Take the body of a delivery away for good; again changes nothing.

    Its id stays, so that a repetition is still known as one.

    Raises:
        NotFound: no such delivery of that source here.
    """
    await _delivery(session, organisation_id, source_id, delivery_id)
    await queries.redact(session, organisation_id, delivery_id, at=clock.now())
    await drop_fetched(session, organisation_id)
    return await get_delivery(session, organisation_id, source_id, delivery_id)


async def _delivery(session: Session, organisation_id: UUID, source_id: UUID, delivery_id: UUID) -> Delivery:
    found = await queries.delivery_by_id(session, organisation_id, source_id, delivery_id)
    if found is None:
        raise NotFound("delivery", delivery_id)
    return found


def _place_in(cursor: str, query: dict[str, object]) -> DeliveryPlace:
    received_at, delivery_id = decode_cursor(cursor, query, parts=2)
    try:
        place = DeliveryPlace(datetime.fromisoformat(received_at), UUID(delivery_id))
    except ValueError:
        raise InvalidCursor from None
    if place.received_at.tzinfo is None:
        raise InvalidCursor
    return place
