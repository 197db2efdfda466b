"""Settling deliveries: what each item became, and so each delivery, in the transaction that records the responses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.mapping.types import NotMapped, Said, ToErase, ToFetch, Unwanted
from feedback_core.inbound.processing import object_queries, queries
from feedback_core.inbound.processing.erasing import erase
from feedback_core.inbound.processing.queries import SETTLED, KnownItem, SettledDelivery, SettledItem
from feedback_core.inbound.processing.reading import ReadDelivery, ReadItem
from feedback_core.inbound.processing.recording import Became, Context, Recorder, told
from feedback_core.inbound.processing.types import ProcessingReason
from feedback_core.inbound.types import DeliveryReason, DeliveryState, ItemOutcome

_NOT_WANTED = Became(
    ItemOutcome.IGNORED, DeliveryReason(ProcessingReason.NOT_WANTED.value, "The mapping leaves such items out.")
)
_REPEATED = DeliveryReason(ProcessingReason.SAME_AS_BEFORE.value, "The same item came before, or in another delivery.")
FETCHING = DeliveryReason(ProcessingReason.FETCHING.value, "The rest of what it says is being fetched.")
NO_CONNECTOR = DeliveryReason(
    ProcessingReason.NO_CONNECTOR.value, "It has ids only, and the source has no connector to fetch the rest."
)


@dataclass(frozen=True, slots=True)
class _Placed:
    """An item in its delivery."""

    delivery_id: UUID
    item: ReadItem


class Settler:
    """Settles deliveries of one source; ``Context`` says with what."""

    def __init__(self, session: Session, context: Context, *, can_fetch: bool, mapping_version: int) -> None:
        self._session = session
        self._of = context
        self._can_fetch = can_fetch
        self._version = mapping_version
        self._erased: list[UUID] = []

    async def settle(
        self, deliveries: Sequence[ReadDelivery], failures: Mapping[tuple[UUID, int], DeliveryReason] | None = None
    ) -> list[UUID]:
        """Settle deliveries in their order; the ids of those for which something has to be fetched.

        Those that somebody else has settled meanwhile are passed over.

        Args:
            deliveries: what they say.
            failures: why something could not be fetched, for good, by delivery and number of the item.
        """
        of = self._of
        await queries.lock_source(self._session, of.organisation_id, of.source_id)
        waiting = await queries.still_waiting(self._session, of.organisation_id, [d.id for d in deliveries])
        deliveries = [delivery for delivery in deliveries if delivery.id in waiting]
        became = await self._items(deliveries, failures or {})
        now = of.clock.now()
        await queries.save_items(
            self._session,
            of.organisation_id,
            of.source_id,
            [settled for settled, is_new in became if is_new],
            mapping_version=self._version,
            at=now,
        )
        if self._erased:
            # Last, when it is written down which deliveries said the responses that are gone.
            await object_queries.redact_deliveries_of(self._session, of.organisation_id, self._erased, at=now)
        by_delivery: dict[UUID, list[SettledItem]] = {delivery.id: [] for delivery in deliveries}
        for item, _ in became:
            by_delivery[item.delivery_id].append(item)
        settled = [_delivery(delivery, by_delivery[delivery.id]) for delivery in deliveries]
        await queries.save_deliveries(self._session, of.organisation_id, settled, mapping_version=self._version, at=now)
        return [delivery.id for delivery in settled if delivery.reason == FETCHING]

    async def _items(
        self, deliveries: Sequence[ReadDelivery], failures: Mapping[tuple[UUID, int], DeliveryReason]
    ) -> list[tuple[SettledItem, bool]]:
        """What each item became, and whether that is new."""
        placed = [_Placed(delivery.id, item) for delivery in deliveries for item in delivery.items]
        known = await self._known(placed)
        became: dict[tuple[UUID, int], tuple[Became, bool]] = {}
        first: set[str] = set()
        open_items: list[_Placed] = []
        for at in placed:
            place = (at.delivery_id, at.item.number)
            found = known.by_place.get(place)
            if found is not None and found.outcome in SETTLED:
                became[place] = (Became(found.outcome, None, found.response_id), False)
                continue
            other = known.by_id.get(at.item.item_id)
            is_own = other is not None and (other.delivery_id, other.number) == place
            if (other is not None and not is_own) or at.item.item_id in first:
                became[place] = (Became(ItemOutcome.REPEATED, _REPEATED, other.response_id if other else None), True)
                continue
            first.add(at.item.item_id)
            open_items.append(at)
        for at, outcome in await self._open(open_items, failures):
            became[at.delivery_id, at.item.number] = (outcome, True)
        return [
            (_settled(at, became[at.delivery_id, at.item.number][0]), became[at.delivery_id, at.item.number][1])
            for at in placed
        ]

    async def _known(self, placed: Sequence[_Placed]) -> "_Known":
        if not placed:
            return _Known({}, {})
        of = self._of
        found = await queries.known_items(
            self._session,
            of.organisation_id,
            of.source_id,
            {at.delivery_id for at in placed},
            {at.item.item_id for at in placed},
        )
        return _Known(
            {(item.delivery_id, item.number): item for item in found},
            {item.item_id: item for item in found if item.outcome is not ItemOutcome.REPEATED},
        )

    async def _open(
        self, items: Sequence[_Placed], failures: Mapping[tuple[UUID, int], DeliveryReason]
    ) -> list[tuple[_Placed, Became]]:
        """What items became that nobody has settled; those that erase stand between those before and after them."""
        settled: list[tuple[_Placed, Became]] = []
        said: list[_Placed] = []

        async def record() -> None:
            if said:
                outcomes = await Recorder(self._session, self._of).record([at.item for at in said])
                settled.extend(zip(said, outcomes, strict=True))
                said.clear()

        for at in items:
            match at.item.outcome:
                case Said():
                    said.append(at)
                case ToErase():
                    await record()
                    outcome, erased = await erase(self._session, self._of, at.item)
                    settled.append((at, outcome))
                    self._erased += erased
                case Unwanted():
                    settled.append((at, _NOT_WANTED))
                case NotMapped(faults):
                    reason = DeliveryReason(faults[0].code, told(faults))
                    settled.append((at, Became(ItemOutcome.UNMAPPED, reason)))
                case ToFetch():
                    failure = failures.get((at.delivery_id, at.item.number))
                    settled.append((at, self._to_fetch(failure)))
        await record()
        return settled

    def _to_fetch(self, failure: DeliveryReason | None) -> Became:
        if failure is not None:
            return Became(ItemOutcome.FAILED, failure)
        return Became(ItemOutcome.FAILED, FETCHING) if self._can_fetch else Became(ItemOutcome.UNMAPPED, NO_CONNECTOR)


@dataclass(frozen=True, slots=True)
class _Known:
    """Items that are known, by place and by id."""

    by_place: Mapping[tuple[UUID, int], KnownItem]
    by_id: Mapping[str, KnownItem]


def _settled(at: _Placed, became: Became) -> SettledItem:
    item = at.item
    return SettledItem(
        at.delivery_id,
        item.number,
        item.item_id,
        item.occurred_at,
        became.outcome,
        became.reason,
        became.response_id,
    )


def _delivery(delivery: ReadDelivery, own: Sequence[SettledItem]) -> SettledDelivery:
    """What a delivery became: what one of its items waits for; else settled; else ignored, as none was wanted."""
    if delivery.fault is not None:
        reason = DeliveryReason(delivery.fault.code, delivery.fault.detail)
        return SettledDelivery(delivery.id, DeliveryState.UNMAPPED, reason)
    for outcome, state in (
        (ItemOutcome.FAILED, DeliveryState.FAILED),
        (ItemOutcome.UNMAPPED, DeliveryState.UNMAPPED),
    ):
        held = [item for item in own if item.outcome is outcome]
        if any(item.reason == FETCHING for item in held):
            return SettledDelivery(delivery.id, DeliveryState.WAITING, FETCHING)
        if held:
            return SettledDelivery(delivery.id, state, held[0].reason)
    if any(item.outcome is not ItemOutcome.IGNORED for item in own):
        return SettledDelivery(delivery.id, DeliveryState.PROCESSED, next((i.reason for i in own if i.reason), None))
    return SettledDelivery(delivery.id, DeliveryState.IGNORED, own[0].reason if own else _NOT_WANTED.reason)
