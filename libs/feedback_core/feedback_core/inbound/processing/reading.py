"""From the body of a delivery to what each of its items says: pure, beside the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from feedback_core.inbound.items import items_of
from feedback_core.inbound.mapping import mapper as mapping
from feedback_core.inbound.mapping.documents import BodyUnreadable, document_of
from feedback_core.inbound.mapping.mapper import Mapper
from feedback_core.inbound.mapping.types import ItemFault, ItemOutcome, MappingFault, NotMapped
from feedback_core.inbound.types import Preset


@dataclass(frozen=True, slots=True)
class OpenDelivery:
    """A delivery with its body, opened.

    Attributes:
        fetched: what was fetched for its items before, by number: bodies and their kinds.
    """

    id: UUID
    preset: Preset
    dedupe_id: str
    received_at: datetime
    occurred_at: datetime | None
    content_type: str | None
    body: bytes = field(repr=False)
    fetched: Mapping[int, tuple[bytes, str | None]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item, and what it says.

    Attributes:
        item_id: the same in every delivery that carries it.
        occurred_at: as its sender says, or else when it came.
    """

    number: int
    item_id: str
    occurred_at: datetime
    outcome: ItemOutcome


@dataclass(frozen=True, slots=True)
class ReadDelivery:
    """A delivery, and what its items say; a fault where it could not be taken apart."""

    id: UUID
    items: tuple[ReadItem, ...]
    fault: ItemFault | None = None


def read_delivery(delivery: OpenDelivery, mapper: Mapper) -> ReadDelivery:
    """What a delivery says."""
    try:
        payload = document_of(delivery.body, delivery.content_type)
        fetched = {number: document_of(body, kind) for number, (body, kind) in delivery.fetched.items()}
    except BodyUnreadable as wrong:
        return ReadDelivery(delivery.id, (), ItemFault("", MappingFault.BODY_UNREADABLE.value, str(wrong)))
    items = mapper.items(payload)
    if isinstance(items, NotMapped):
        return ReadDelivery(delivery.id, (), items.faults[0])
    return ReadDelivery(delivery.id, tuple(_read_items(delivery, payload, items, fetched, mapper)))


def _read_items(
    delivery: OpenDelivery,
    payload: Any,  # noqa: ANN401 -- JSON
    items: Sequence[mapping.Item],
    fetched: Mapping[int, Any],
    mapper: Mapper,
) -> list[ReadItem]:
    told = items_of(delivery.preset, delivery.dedupe_id, payload)
    # The mapping may take a delivery apart otherwise than its preset does; an item that both know has the signed id.
    by_value = {id(item.payload): item for item in told}
    at = delivery.occurred_at or delivery.received_at
    read = []
    for item in items:
        known = by_value.get(id(item.value))
        item_id = known.item_id if known else f"{delivery.dedupe_id}#{item.number}"
        outcome = mapper.read(mapping.Item(item.number, item.value, payload, fetched.get(item.number)))
        said_at = getattr(outcome, "occurred_at", None)
        read.append(ReadItem(item.number, item_id, said_at or (known.occurred_at if known else None) or at, outcome))
    return read
