"""The worker's part: read what waits, in the order in which it came about, and settle it batch by batch.

What a batch says is read beside the database; then its responses, and what its items and deliveries became, are one
transaction. A delivery that cannot be settled, by a fault of its own, is set aside, so that it never stands in the way
of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.mapping.mapper import Mapper
from feedback_core.inbound.payloads import ProcessDeliveries
from feedback_core.inbound.processing import queries
from feedback_core.inbound.processing.failures import NOT_OURS, is_transient, reason_of
from feedback_core.inbound.processing.queries import SealedDelivery, SettledDelivery
from feedback_core.inbound.processing.reading import OpenDelivery, ReadDelivery, read_delivery
from feedback_core.inbound.processing.recording import Context
from feedback_core.inbound.processing.setting import NotReady, Ready, compiled, look
from feedback_core.inbound.processing.settling import Settler
from feedback_core.inbound.processing.types import BATCH, NO_MAPPING, REPLAYABLE, ReplayDeliveries, RetryDelivery
from feedback_core.inbound.queries.deliveries import REDACTED
from feedback_core.inbound.types import DeliveryReason, DeliveryState
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.logs import get_logger
from feedback_core.kit.sealing import Seal
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Recount

log = get_logger(__name__)

MOST_REPLAYED: Final = 2_000
"""Deliveries that are put back in one transaction."""

Run: TypeAlias = JobRun[Any]


async def process_deliveries(run: JobRun[ProcessDeliveries], *, recount: Recount) -> None:
    """Read the deliveries of a source that wait."""
    source_id = run.payload.source_id
    processing = Processing(run, source_id, recount)
    done = 0
    while True:
        async with run.snapshot() as session:
            ready = await look(session, run.organisation_id, source_id)
            batch = await queries.waiting(session, run.organisation_id, source_id, BATCH)
        if not batch:
            return
        await processing.batch(batch, ready)
        done += len(batch)
        await run.progress(done, unit="deliveries")


async def replay_deliveries(run: JobRun[ReplayDeliveries]) -> None:
    """Put deliveries of a source back that are not processed, and have them read again."""
    asked, organisation_id = run.payload, run.organisation_id
    states = REPLAYABLE if asked.state is None else (asked.state,)
    done, again = 0, MOST_REPLAYED
    while again == MOST_REPLAYED:
        async with run.transaction() as session:
            again = await queries.wait_again(
                session,
                organisation_id,
                asked.source_id,
                states=states,
                received_from=asked.received_from,
                received_to=asked.received_to,
                dedupe_id=asked.dedupe_id,
                reason=asked.reason,
                limit=MOST_REPLAYED,
            )
            await _request_processing(session, run, asked.source_id)
        done += again
        await run.progress(done, unit="deliveries")


@dataclass(slots=True)
class _Compiled:
    """A mapping, compiled, and what it was compiled from."""

    ready: Ready
    mapper: Mapper | NotReady


class Processing:
    """Settles deliveries of one source."""

    def __init__(self, run: Run, source_id: UUID, recount: Recount) -> None:
        self._run = run
        self._source_id = source_id
        self._recount = recount
        self._seal = Seal.from_settings(run.secrets)
        self._privacy = Privacy.from_settings(run.secrets)
        self._compiled: _Compiled | None = None

    async def batch(self, deliveries: Sequence[SealedDelivery], ready: Ready | NotReady | None) -> None:
        """Settle deliveries together; if that cannot be done, each by itself.

        Raises:
            Exception: the trouble is of the moment; another attempt will go on from here.
        """
        try:
            await self._settle(deliveries, ready)
        except NOT_OURS:
            raise
        except Exception as error:
            if is_transient(error):
                raise
            for delivery in deliveries:
                await self._apart(delivery, ready)

    async def _apart(self, delivery: SealedDelivery, ready: Ready | NotReady | None) -> None:
        try:
            await self._settle([delivery], ready)
        except NOT_OURS:
            raise
        except Exception as error:
            if is_transient(error):
                raise
            await self.failed(delivery.id, error)

    async def failed(self, delivery_id: UUID, error: Exception) -> None:
        """Set a delivery aside that could not be settled by a fault of its own."""
        log.warning("delivery_failed", delivery_id=str(delivery_id), error=type(error).__name__)
        async with self._run.transaction() as session:
            await self.set_aside(session, [delivery_id], DeliveryState.FAILED, reason_of(error), None)

    async def _settle(self, deliveries: Sequence[SealedDelivery], ready: Ready | NotReady | None) -> None:
        if not isinstance(ready, Ready):
            await self.not_ready(deliveries, ready)
            return
        mapper = await self.mapper(ready)
        if isinstance(mapper, NotReady):
            await self.not_ready(deliveries, mapper)
            return
        read, gone = await self._run.calculate(self.read, deliveries, mapper)
        async with self._run.transaction() as session:
            now = await look(session, self._run.organisation_id, self._source_id)
            if not isinstance(now, Ready) or not now.is_like(ready):
                return  # it has changed just now: they are read anew
            await self.set_aside(session, gone, DeliveryState.FAILED, REDACTED, ready.stored.version)
            fetching = await self.settler(session, ready).settle(read)
            for delivery_id in fetching:
                await request_retry(session, self._run, self._source_id, delivery_id)

    def settler(self, session: Session, ready: Ready) -> Settler:
        """What settles deliveries in a transaction."""
        context = Context(
            organisation_id=self._run.organisation_id,
            source_id=self._source_id,
            source_name=ready.source.name,
            survey=ready.survey,
            privacy=self._privacy,
            recount=self._recount,
            clock=self._run.clock,
            on_unreadable=ready.stored.mapping.on_unreadable,
        )
        return Settler(session, context, can_fetch=ready.can_fetch, mapping_version=ready.stored.version)

    async def mapper(self, ready: Ready) -> Mapper | NotReady:
        """The mapping, compiled once for all that are read with it."""
        if self._compiled is None or not self._compiled.ready.is_like(ready):
            self._compiled = _Compiled(ready, await self._run.calculate(compiled, ready))
        return self._compiled.mapper

    def read(self, deliveries: Sequence[SealedDelivery], mapper: Mapper) -> tuple[list[ReadDelivery], list[UUID]]:
        """What deliveries say, and those whose bodies are gone."""
        read, gone = [], []
        for delivery in deliveries:
            if delivery.body is None:
                gone.append(delivery.id)
            else:
                read.append(read_delivery(self._opened(delivery, delivery.body), mapper))
        return read, gone

    def _opened(self, delivery: SealedDelivery, body: bytes) -> OpenDelivery:
        return OpenDelivery(
            delivery.id,
            delivery.preset,
            delivery.dedupe_id,
            delivery.received_at,
            delivery.occurred_at,
            delivery.content_type,
            self._seal.open(body),
            {number: (self._seal.open(sealed), kind) for number, (sealed, kind) in delivery.fetched.items()},
        )

    async def not_ready(self, deliveries: Sequence[SealedDelivery], why: NotReady | None) -> None:
        """Set deliveries aside that cannot be read as things are."""
        state, reason = (DeliveryState.UNMAPPED, NO_MAPPING) if why is None else (why.state, why.reason)
        async with self._run.transaction() as session:
            now = await look(session, self._run.organisation_id, self._source_id)
            if why is None and now is not None:
                return  # it has a mapping since
            ids = [delivery.id for delivery in deliveries]
            await self.set_aside(session, ids, state, reason, None)

    async def set_aside(
        self, session: Session, ids: Sequence[UUID], state: DeliveryState, reason: DeliveryReason, version: int | None
    ) -> None:
        """Note what became of deliveries as a whole."""
        organisation_id = self._run.organisation_id
        still = await queries.still_waiting(session, organisation_id, ids)
        settled = [SettledDelivery(delivery_id, state, reason) for delivery_id in ids if delivery_id in still]
        await queries.save_deliveries(
            session, organisation_id, settled, mapping_version=version, at=self._run.clock.now()
        )


async def request_retry(session: Session, run: Run, source_id: UUID, delivery_id: UUID) -> None:
    """Have one delivery read by a job of its own."""
    await request_job(
        session,
        run.organisation_id,
        RetryDelivery(source_id, delivery_id),
        now=run.clock.now(),
        dedupe_key=str(delivery_id),
    )


async def _request_processing(session: Session, run: Run, source_id: UUID) -> None:
    await request_job(
        session,
        run.organisation_id,
        ProcessDeliveries(source_id),
        now=run.clock.now(),
        dedupe_key=str(source_id),
    )
