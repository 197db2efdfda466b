"""Reading one delivery by itself, with what has to be fetched for it.

What was fetched is kept beside the delivery, sealed: another attempt, or a replay, asks the sender only for the rest.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.connectors.types import Connector, Fetched, FetchFailed, FetchRefused
from feedback_core.inbound.connectors.use_cases import open_connector
from feedback_core.inbound.mapping.mapper import Mapper
from feedback_core.inbound.mapping.types import ToFetch
from feedback_core.inbound.processing import queries
from feedback_core.inbound.processing.failures import NOT_OURS, is_transient
from feedback_core.inbound.processing.jobs import Processing
from feedback_core.inbound.processing.queries import SealedDelivery
from feedback_core.inbound.processing.setting import NotReady, Ready, look
from feedback_core.inbound.processing.types import MOST_RETRIES, ProcessingReason, RetryDelivery
from feedback_core.inbound.queries.deliveries import REDACTED
from feedback_core.inbound.types import DeliveryReason, DeliveryState
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import ConnectorSettings
from feedback_core.responses.types import Recount

AT_A_TIME: Final = 4
"""Documents that are fetched at the same time for one delivery."""


async def retry_delivery(run: JobRun[RetryDelivery], *, recount: Recount, settings: ConnectorSettings) -> None:
    """Fetch what a delivery lacks, and settle it; after the last attempt it is failed, and can be replayed.

    Raises:
        FetchFailed: something could not be fetched; another attempt will ask again.
    """
    source_id, delivery_id = run.payload.source_id, run.payload.delivery_id
    processing = Processing(run, source_id, recount)
    seal = Seal.from_settings(run.secrets)
    async with run.snapshot() as session:
        ready = await look(session, run.organisation_id, source_id)
        sealed = await queries.delivery_to_read(session, run.organisation_id, source_id, delivery_id)
        connector = await open_connector(session, run.organisation_id, source_id, seal=seal, settings=settings)
    if sealed is None or sealed.state is not DeliveryState.WAITING:
        return
    if not isinstance(ready, Ready):
        await processing.not_ready([sealed], ready)
        return
    mapper = await processing.mapper(ready)
    if isinstance(mapper, NotReady):
        await processing.not_ready([sealed], mapper)
        return
    if sealed.body is None:
        async with run.transaction() as session:
            await processing.set_aside(session, [delivery_id], DeliveryState.FAILED, REDACTED, ready.stored.version)
        return
    try:
        await _fetch_and_settle(run, sealed, ready, mapper, processing, _Fetching(run, seal, connector))
    except (FetchFailed, *NOT_OURS):
        raise
    except Exception as error:
        if is_transient(error):
            raise
        await processing.failed(delivery_id, error)


async def _fetch_and_settle(
    run: JobRun[RetryDelivery],
    sealed: SealedDelivery,
    ready: Ready,
    mapper: Mapper,
    processing: Processing,
    fetching: "_Fetching",
) -> None:
    failures = await fetching.all(sealed, mapper, processing)
    async with run.snapshot() as session:
        complete = await queries.delivery_to_read(session, run.organisation_id, ready.source.id, sealed.id)
    if complete is None or complete.body is None:
        return  # redacted meanwhile, which says so itself
    read, _ = await run.calculate(processing.read, [complete], mapper)
    async with run.transaction() as session:
        placed = {(sealed.id, number): reason for number, reason in failures.items()}
        await processing.settler(session, ready).settle(read, placed)


class _Fetching:
    """Fetches what the items of one delivery lack."""

    def __init__(self, run: JobRun[RetryDelivery], seal: Seal, connector: Connector | None) -> None:
        self._run = run
        self._seal = seal
        self._connector = connector
        self._places = asyncio.Semaphore(AT_A_TIME)

    async def all(self, sealed: SealedDelivery, mapper: Mapper, processing: Processing) -> Mapping[int, DeliveryReason]:
        """Fetch, and keep, whatever can be fetched; why the rest never can be, by number of the item.

        Raises:
            FetchFailed: something could not be fetched just now, and this was not the last attempt.
        """
        read, _ = await self._run.calculate(processing.read, [sealed], mapper)
        wanted = {
            item.number: item.outcome.parameters
            for delivery in read
            for item in delivery.items
            if isinstance(item.outcome, ToFetch)
        }
        if self._connector is None or not wanted:
            return {}
        found = await asyncio.gather(*(self._one(self._connector, parameters) for parameters in wanted.values()))
        failures: dict[int, DeliveryReason] = {}
        later: FetchFailed | None = None
        for number, fetched in zip(wanted, found, strict=True):
            match fetched:
                case Fetched():
                    async with self._run.transaction() as session:
                        await _keep(session, self._run, sealed.id, number, fetched, self._seal)
                case FetchRefused():
                    failures[number] = DeliveryReason(ProcessingReason.FETCH_REFUSED.value, fetched.detail)
                case FetchFailed():
                    later = later or fetched
                    failures[number] = DeliveryReason(ProcessingReason.FETCH_FAILED.value, fetched.detail)
        if later is not None and self._run.attempt <= MOST_RETRIES:
            async with self._run.transaction() as session:
                reason = DeliveryReason(ProcessingReason.FETCH_FAILED.value, f"{later.detail} It will be asked again.")
                await processing.set_aside(session, [sealed.id], DeliveryState.WAITING, reason, None)
            raise later
        return failures

    async def _one(self, connector: Connector, parameters: Mapping[str, str]) -> Fetched | FetchFailed | FetchRefused:
        async with self._places:
            try:
                return await connector.fetch(parameters)
            except (FetchFailed, FetchRefused) as error:
                return error


async def _keep(
    session: Session, run: JobRun[RetryDelivery], delivery_id: UUID, number: int, fetched: Fetched, seal: Seal
) -> None:
    await queries.add_fetched(
        session,
        run.organisation_id,
        delivery_id,
        number,
        content_type=fetched.content_type,
        sealed=seal.seal(fetched.body),
        sha256=hashlib.sha256(fetched.body).digest(),
        at=run.clock.now(),
    )
