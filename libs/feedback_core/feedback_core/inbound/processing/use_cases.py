"""Replays: deliveries that are not processed are read again, with the mapping as it is now."""

from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.inbound.payloads import ProcessDeliveries
from feedback_core.inbound.processing import queries
from feedback_core.inbound.processing.types import REPLAYABLE, ReplayDeliveries
from feedback_core.inbound.types import BodyRedacted, DeliveryState
from feedback_core.inbound.use_cases.deliveries import DeliveryDetail, get_delivery
from feedback_core.inbound.use_cases.sources import get_source
from feedback_core.jobs.types import Job
from feedback_core.jobs.use_cases import get_job, request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, NotFound


async def replay_delivery(
    session: Session, organisation_id: UUID, source_id: UUID, delivery_id: UUID, *, clock: Clock
) -> DeliveryDetail:
    """Have one delivery read again; one that is processed stays as it is, and so do its responses.

    Raises:
        NotFound: no such delivery of that source here.
        BodyRedacted: its body was taken away.
    """
    found = await get_delivery(session, organisation_id, source_id, delivery_id)
    if found.delivery.state is DeliveryState.PROCESSED:
        return found
    if found.delivery.redacted_at is not None:
        raise BodyRedacted("The body of this delivery was taken away: it cannot be read again.")
    await queries.wait_again(session, organisation_id, source_id, states=REPLAYABLE, delivery_id=delivery_id, limit=1)
    await request_job(
        session, organisation_id, ProcessDeliveries(source_id), now=clock.now(), dedupe_key=str(source_id)
    )
    return await get_delivery(session, organisation_id, source_id, delivery_id)


async def request_replays(
    session: Session,
    organisation_id: UUID,
    source_id: UUID,
    *,
    state: DeliveryState | None,
    received_from: datetime | None,
    received_to: datetime | None,
    dedupe_id: str | None,
    reason: str | None,
    clock: Clock,
) -> Job:
    """Have deliveries of a source read again: all that are not processed, or those that are asked for.

    Raises:
        NotFound: no such source here.
        Invalid: the state is none from which a delivery is read again.
    """
    await get_source(session, organisation_id, source_id)
    if state is not None and state not in REPLAYABLE:
        detail = f"Give one of: {', '.join(REPLAYABLE)}."
        raise Invalid([Fault("/state", Invalid.code, detail)])
    payload = ReplayDeliveries(source_id, state, received_from, received_to, dedupe_id, reason)
    job_id = await request_job(session, organisation_id, payload, now=clock.now())
    return await get_job(session, organisation_id, job_id)


async def get_replay(session: Session, organisation_id: UUID, source_id: UUID, replay_id: UUID) -> Job:
    """How far a replay of a source's deliveries is.

    Raises:
        NotFound: no such replay of that source here.
    """
    if not await queries.is_replay(session, organisation_id, source_id, replay_id):
        raise NotFound("replay", replay_id)
    return await get_job(session, organisation_id, replay_id)
