"""Plans: made, checked, approved, run, closed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.plans import PlanCheckOut, PlanIn, PlanMoveIn, PlanOut, PlanPage, PlanSummaryOut
from feedback_api.security import CanReadPlanning, CanWritePlanning
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.db.session import Session
from feedback_core.kit.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
)
from feedback_core.organisations.types import Caller
from feedback_core.planning import plans as use_cases
from feedback_core.planning.plans import Writer
from feedback_core.planning.types.plans import PlanKind, PlanState
from feedback_core.recommendations.procedures.deciding import actor_of

router = APIRouter(prefix="/v1/plans", route_class=TransactionalRoute, tags=["Planning"])


def writer_of(caller: Caller, on_behalf_of: str | None) -> Writer:
    """Who writes: the holder of the key, or the person whom it may speak for."""
    actor = actor_of(caller, on_behalf_of)
    return Writer(actor.name, actor.key_name)


async def _shown(session: Session, organisation_id: UUID, plan_id: UUID, response: Response) -> PlanOut:
    seen = await use_cases.get_plan(session, organisation_id, plan_id)
    response.headers["ETag"] = etag(seen.plan.revision)
    return PlanOut.of_whole(seen)


@router.get("", operation_id="listPlans", responses=problems(NotFound, Invalid))
async def list_plans(
    caller: CanReadPlanning,
    session: SnapshotDep,
    survey_id: UUID | None = None,
    state: PlanState | None = None,
    kind: PlanKind | None = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> PlanPage:
    """Plans, newest first."""
    found, following = await use_cases.list_plans(
        session, caller.organisation_id, survey_id=survey_id, state=state, kind=kind, limit=limit, cursor=cursor
    )
    return PlanPage(items=[PlanSummaryOut.of(plan) for plan in found], next_cursor=following)


@router.post(
    "",
    operation_id="makePlan",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, Forbidden),
)
async def make_plan(
    body: PlanIn, caller: CanWritePlanning, session: SessionDep, clock: ClockDep, response: Response
) -> PlanOut:
    """A new plan, a draft; the answer says what it should be warned of."""
    by = writer_of(caller, body.on_behalf_of)
    made = await use_cases.make_plan(session, caller.organisation_id, body.details(), by=by, clock=clock)
    response.headers["Location"] = f"/v1/plans/{made}"
    return await _shown(session, caller.organisation_id, made, response)


@router.get("/{plan_id}", operation_id="getPlan", responses=problems(NotFound))
async def get_plan(plan_id: UUID, caller: CanReadPlanning, session: SnapshotDep, response: Response) -> PlanOut:
    """One plan, with its waves, what it lacks, what it should be warned of, and its history."""
    return await _shown(session, caller.organisation_id, plan_id, response)


@router.put(
    "/{plan_id}",
    operation_id="editPlan",
    responses=problems(NotFound, Invalid, Conflict, Forbidden, PreconditionFailed, PreconditionRequired),
)
async def edit_plan(
    plan_id: UUID,
    body: PlanIn,
    caller: CanWritePlanning,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> PlanOut:
    """Have a draft say this from now on; what was approved is revised instead."""
    revision = matched_revision(if_match)
    await use_cases.edit_plan(
        session, caller.organisation_id, plan_id, body.details(), if_revision=revision, clock=clock
    )
    return await _shown(session, caller.organisation_id, plan_id, response)


@router.post("/{plan_id}/check", operation_id="checkPlan", dependencies=[Idempotent], responses=problems(NotFound))
async def check_plan(plan_id: UUID, caller: CanReadPlanning, session: SessionDep) -> PlanCheckOut:
    """What should be seen to: against the survey and the service as they are now."""
    return PlanCheckOut.of(await use_cases.get_plan(session, caller.organisation_id, plan_id))


@router.post(
    "/{plan_id}/transitions",
    operation_id="movePlan",
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, Conflict, Forbidden, PreconditionFailed),
)
async def move_plan(
    plan_id: UUID,
    body: PlanMoveIn,
    caller: CanWritePlanning,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> PlanOut:
    """Approve a plan, run it, or close it; with `If-Match`, only as it was read."""
    revision = None if if_match is None else matched_revision(if_match)
    by = writer_of(caller, body.on_behalf_of)
    await use_cases.move_plan(
        session, caller.organisation_id, plan_id, body.to, body.reason, by=by, if_revision=revision, clock=clock
    )
    return await _shown(session, caller.organisation_id, plan_id, response)
