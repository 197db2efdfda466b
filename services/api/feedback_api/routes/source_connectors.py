"""Connectors of sources, and replays of what they delivered."""

from uuid import UUID

from fastapi import APIRouter, Response

from feedback_api.problems import problems
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.common import IfMatch, etag, matched_revision
from feedback_api.schemas.connectors import ConnectorIn, ConnectorOut, ReplayIn, ReplayOut
from feedback_api.schemas.deliveries import DeliveryDetailOut
from feedback_api.security import CanReadSources, CanWriteSources
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.inbound.connectors import use_cases as connectors
from feedback_core.inbound.processing import use_cases as processing
from feedback_core.inbound.types import BodyRedacted, SourceRetired
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.kit.settings import ConnectorSettings

router = APIRouter(prefix="/v1/sources/{source_id}", route_class=TransactionalRoute, tags=["Sources"])


@router.put(
    "/connector",
    operation_id="putSourceConnector",
    responses={
        201: {"model": ConnectorOut, "description": "The source had none, and has one now"},
        **problems(NotFound, SourceRetired, Invalid, PreconditionFailed, PreconditionRequired),
    },
)
async def put_connector(
    source_id: UUID,
    body: ConnectorIn,
    caller: CanWriteSources,
    session: SessionDep,
    clock: ClockDep,
    seal: SealDep,
    response: Response,
    if_match: IfMatch = None,
) -> ConnectorOut:
    """Say how the rest of events that have ids only is fetched, or say it anew (with If-Match)."""
    stored = await connectors.define_connector(
        session,
        caller.organisation_id,
        source_id,
        url=body.url,
        token=body.token.get_secret_value(),
        by=caller.name,
        edited_revision=None if if_match is None else matched_revision(if_match),
        seal=seal,
        settings=ConnectorSettings(),
        clock=clock,
    )
    response.status_code = 201 if stored.revision == 1 else 200
    response.headers["ETag"] = etag(stored.revision)
    return ConnectorOut.of(stored)


@router.get("/connector", operation_id="getSourceConnector", responses=problems(NotFound))
async def get_connector(
    source_id: UUID, caller: CanReadSources, session: SnapshotDep, response: Response
) -> ConnectorOut:
    """How the rest of events is fetched, without the token."""
    stored = await connectors.get_connector(session, caller.organisation_id, source_id)
    response.headers["ETag"] = etag(stored.revision)
    return ConnectorOut.of(stored)


@router.delete("/connector", operation_id="deleteSourceConnector", status_code=204, responses=problems(NotFound))
async def delete_connector(source_id: UUID, caller: CanWriteSources, session: SessionDep) -> None:
    """Fetch nothing any more, and forget the token."""
    await connectors.delete_connector(session, caller.organisation_id, source_id)


@router.post(
    "/deliveries/{delivery_id}/replay",
    operation_id="replayDelivery",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, BodyRedacted),
)
async def replay_delivery(
    source_id: UUID, delivery_id: UUID, caller: CanWriteSources, session: SessionDep, clock: ClockDep
) -> DeliveryDetailOut:
    """Have one delivery read again, with the mapping as it is now; one that is processed stays as it is."""
    found = await processing.replay_delivery(session, caller.organisation_id, source_id, delivery_id, clock=clock)
    return DeliveryDetailOut.of(found)


@router.post(
    "/replays",
    operation_id="replayDeliveries",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid),
)
async def replay_deliveries(
    source_id: UUID,
    body: ReplayIn,
    caller: CanWriteSources,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
) -> ReplayOut:
    """Have deliveries read again: all that are not processed, or those asked for. What was recorded stays, once."""
    job = await processing.request_replays(session, caller.organisation_id, source_id, **body.model_dump(), clock=clock)
    replay = ReplayOut.of(job, source_id)
    response.headers["Location"] = replay.links.self
    return replay


@router.get("/replays/{replay_id}", operation_id="getReplay", responses=problems(NotFound))
async def get_replay(source_id: UUID, replay_id: UUID, caller: CanReadSources, session: SnapshotDep) -> ReplayOut:
    """How far a replay is."""
    job = await processing.get_replay(session, caller.organisation_id, source_id, replay_id)
    return ReplayOut.of(job, source_id)
