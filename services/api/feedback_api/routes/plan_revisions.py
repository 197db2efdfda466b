"""Revisions of plans: each with the signal that caused it, kept and comparable."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from feedback_api.problems import problems
from feedback_api.routes.plans import writer_of
from feedback_api.schemas.common import Cursor, IfMatch, Limit, matched_revision
from feedback_api.schemas.plan_revisions import (
    PlanRevisionIn,
    PlanRevisionOut,
    PlanRevisionPage,
    RevisionDifferencesOut,
)
from feedback_api.security import CanReadPlanning, CanWritePlanning
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
)
from feedback_core.planning import plan_revisions as use_cases

router = APIRouter(prefix="/v1/plans/{plan_id}/revisions", route_class=TransactionalRoute, tags=["Planning"])

Number = Annotated[int, Path(ge=1, le=2_000_000_000, description="Of the revision", examples=[1])]


@router.get("", operation_id="listPlanRevisions", responses=problems(NotFound, Invalid))
async def list_plan_revisions(
    plan_id: UUID, caller: CanReadPlanning, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> PlanRevisionPage:
    """Every revision of a plan, the latest first; none while it is a draft."""
    found, following = await use_cases.list_revisions(
        session, caller.organisation_id, plan_id, limit=limit, cursor=cursor
    )
    return PlanRevisionPage(items=[PlanRevisionOut.of(each) for each in found], next_cursor=following)


@router.post(
    "",
    operation_id="revisePlan",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, Conflict, Forbidden, PreconditionFailed, PreconditionRequired),
)
async def revise_plan(
    plan_id: UUID,
    body: PlanRevisionIn,
    caller: CanWritePlanning,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> PlanRevisionOut:
    """Change what was approved, with the signal that gives reason to; send If-Match with the ETag of the plan."""
    revision, by = matched_revision(if_match), writer_of(caller, body.on_behalf_of)
    details, signal = body.plan.details(), body.reason()
    kept = await use_cases.revise_plan(
        session, caller.organisation_id, plan_id, details, signal, by=by, if_revision=revision, clock=clock
    )
    response.headers["Location"] = f"/v1/plans/{plan_id}/revisions/{kept.number}"
    return PlanRevisionOut.of(kept)


@router.get("/{number}", operation_id="getPlanRevision", responses=problems(NotFound))
async def get_plan_revision(
    plan_id: UUID, number: Number, caller: CanReadPlanning, session: SnapshotDep
) -> PlanRevisionOut:
    """One revision."""
    return PlanRevisionOut.of(await use_cases.get_revision(session, caller.organisation_id, plan_id, number))


@router.get("/{number}/differences", operation_id="comparePlanRevisions", responses=problems(NotFound))
async def compare_plan_revisions(
    plan_id: UUID,
    number: Number,
    caller: CanReadPlanning,
    session: SnapshotDep,
    since: Annotated[int | None, Query(ge=1, le=2_000_000_000, description="The one before it, if left out")] = None,
) -> RevisionDifferencesOut:
    """Where a revision differs from an earlier one, place by place."""
    compared = await use_cases.compare_revisions(session, caller.organisation_id, plan_id, number, since=since)
    return RevisionDifferencesOut.of(compared)
