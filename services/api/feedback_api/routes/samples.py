"""Samples: asked for, drawn by the worker, read unit by unit, refilled from their frame."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from feedback_api.problems import problems
from feedback_api.routes.frame_units import ShowContacts, VaultDep
from feedback_api.routes.responses import NeverStored
from feedback_api.schemas.common import Cursor, Limit, Page
from feedback_api.schemas.samples import (
    RefilledOut,
    RefillIn,
    SampleDetailOut,
    SampleIn,
    SampleOut,
    SampleUnitOut,
)
from feedback_api.security import CanReadSamples, CanWriteSamples
from feedback_api.tables import CSV_RESPONSE, csv_response, wants_csv
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound
from feedback_core.sampling.use_cases import refills, samples

router = APIRouter(prefix="/v1/samples", route_class=TransactionalRoute, tags=["Sampling"])


@router.post(
    "",
    operation_id="requestSample",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def request_sample(
    body: SampleIn, caller: CanWriteSamples, session: SessionDep, clock: ClockDep, response: Response
) -> SampleOut:
    """Have a sample drawn; `Location` is where to look. What cannot be drawn so is refused here."""
    sample = await samples.request_sample(
        session,
        caller.organisation_id,
        body.frame_id,
        body.design.design(),
        name=body.name,
        survey_id=body.survey_id,
        seed=body.seed,
        by=caller.name,
        clock=clock,
    )
    response.headers["Location"] = f"/v1/samples/{sample.id}"
    return SampleOut.of(sample)


@router.get("", operation_id="listSamples", responses=problems(Invalid, NotFound))
async def list_samples(
    caller: CanReadSamples,
    session: SnapshotDep,
    frame_id: Annotated[UUID | None, Query(description="Only samples of this frame")] = None,
    survey_id: Annotated[UUID | None, Query(description="Only samples for this survey")] = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[SampleOut]:
    """Samples, newest first."""
    found, following = await samples.list_samples(
        session, caller.organisation_id, frame_id=frame_id, survey_id=survey_id, cursor=cursor, limit=limit
    )
    return Page(items=[SampleOut.of(sample) for sample in found], next_cursor=following)


@router.get("/{sample_id}", operation_id="getSample", responses=problems(NotFound))
async def get_sample(sample_id: UUID, caller: CanReadSamples, session: SnapshotDep) -> SampleDetailOut:
    """A sample: its design and seed, what was drawn of whom, and who came in later."""
    found = await samples.get_sample(session, caller.organisation_id, sample_id)
    releases = await samples.get_releases(session, caller.organisation_id, sample_id)
    return SampleDetailOut.of_whole(found, releases)


@router.get(
    "/{sample_id}/units",
    operation_id="listSampleUnits",
    dependencies=[NeverStored],
    response_model=Page[SampleUnitOut],
    responses={**problems(NotFound, Conflict, Invalid), **CSV_RESPONSE},
)
async def list_sample_units(
    sample_id: UUID,
    request: Request,
    caller: CanReadSamples,
    session: SnapshotDep,
    vault: VaultDep,
    contacts: ShowContacts,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[SampleUnitOut] | Response:
    """The units of a sample with their inclusion probabilities, in the order in which they are to be asked."""
    _, found, following = await samples.list_sample_units(
        session, caller.organisation_id, sample_id, cursor=cursor, limit=limit
    )
    items = [SampleUnitOut.of(unit, vault.opened(unit.contact) if contacts else None) for unit in found]
    if wants_csv(request):
        return csv_response(items, dict.fromkeys(SampleUnitOut.model_fields))
    return Page(items=items, next_cursor=following)


@router.post(
    "/{sample_id}/refills",
    operation_id="refillSample",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def refill_sample(
    sample_id: UUID, body: RefillIn, caller: CanWriteSamples, session: SessionDep, clock: ClockDep, vault: VaultDep
) -> RefilledOut:
    """Have others of the frame come in, in the place of units or beside them, by the rule of the design."""
    sample, release = await refills.refill_sample(
        session, caller.organisation_id, sample_id, body.refill(), vault=vault, by=caller.name, clock=clock
    )
    return RefilledOut.of(sample, release)
