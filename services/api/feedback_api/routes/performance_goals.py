"""Goals of people and teams, and thanks to them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.performance_reviews import (
    GoalEditIn,
    GoalHeadOut,
    GoalIn,
    GoalOut,
    GoalOutcomeIn,
    GoalPage,
    RecognitionHeadOut,
    RecognitionIn,
    RecognitionOut,
    RecognitionPage,
)
from feedback_api.security import CanReadPerformance, CanWritePerformance
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.kpis.calc.periods import day_of
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.people.access import entitlement_of
from feedback_core.people.performance import goals
from feedback_core.people.performance.replies import Writing
from feedback_core.people.performance.types import Goal, GoalState
from feedback_core.people.subjects_named import subject_named
from feedback_core.recommendations.procedures.deciding import actor_of

router = APIRouter(prefix="/v1/performance-goals", route_class=TransactionalRoute, tags=["Performance"])
recognitions = APIRouter(prefix="/v1/recognitions", route_class=TransactionalRoute, tags=["Performance"])


def _shown(found: Goal, response: Response) -> GoalHeadOut:
    """Without what was written: an answer that is remembered must not keep it."""
    response.headers["ETag"] = etag(found.revision)
    return GoalHeadOut.of(found)


@router.post(
    "",
    operation_id="setPerformanceGoal",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Forbidden, Invalid),
)
async def set_goal(
    body: GoalIn, caller: CanWritePerformance, session: SessionDep, seal: SealDep, clock: ClockDep, response: Response
) -> GoalHeadOut:
    """Set a goal of somebody whom the key may see."""
    entitled = await entitlement_of(session, caller)
    about = await subject_named(session, caller.organisation_id, entitled, staff_id=body.staff_id, team_id=body.team_id)
    writing = Writing(actor_of(caller, body.on_behalf_of), seal, clock)
    made = await goals.set_goal(session, caller.organisation_id, about, body.details(), writing=writing)
    response.headers["Location"] = f"/v1/performance-goals/{made.id}"
    return _shown(made, response)


@router.get("", operation_id="listPerformanceGoals", dependencies=[NeverStored], responses=problems(NotFound, Invalid))
async def list_goals(
    caller: CanReadPerformance,
    session: SnapshotDep,
    seal: SealDep,
    clock: ClockDep,
    staff_id: UUID | None = None,
    team_id: UUID | None = None,
    state: GoalState | None = None,
    overdue: Annotated[bool, Query(description="Only open ones whose day has passed")] = False,  # noqa: FBT002
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> GoalPage:
    """Goals of those whom the key may see, the latest first."""
    entitled = await entitlement_of(session, caller)
    zone = (await get_organisation(session, caller.organisation_id)).time_zone
    found, following = await goals.list_goals(
        session,
        caller.organisation_id,
        entitled=entitled,
        staff_id=staff_id,
        team_id=team_id,
        state=state,
        overdue_on=day_of(clock.now(), zone) if overdue else None,
        seal=seal,
        cursor=cursor,
        limit=limit,
    )
    return GoalPage(items=[GoalOut.of(each) for each in found], next_cursor=following)


@router.get("/{goal_id}", operation_id="getPerformanceGoal", dependencies=[NeverStored], responses=problems(NotFound))
async def get_goal(
    goal_id: UUID, caller: CanReadPerformance, session: SnapshotDep, seal: SealDep, response: Response
) -> GoalOut:
    """One goal."""
    entitled = await entitlement_of(session, caller)
    found = await goals.get_goal(session, caller.organisation_id, goal_id, entitled=entitled, seal=seal)
    response.headers["ETag"] = etag(found.revision)
    return GoalOut.of(found)


@router.put(
    "/{goal_id}",
    operation_id="changePerformanceGoal",
    responses=problems(NotFound, Conflict, Forbidden, Invalid, PreconditionFailed, PreconditionRequired),
)
async def change_goal(
    goal_id: UUID,
    body: GoalEditIn,
    caller: CanWritePerformance,
    session: SessionDep,
    seal: SealDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> GoalHeadOut:
    """Change a goal that is open."""
    changed = await goals.change_goal(
        session,
        caller.organisation_id,
        goal_id,
        body.details(),
        if_revision=matched_revision(if_match),
        entitled=await entitlement_of(session, caller),
        writing=Writing(actor_of(caller, body.on_behalf_of), seal, clock),
    )
    return _shown(changed, response)


@router.post(
    "/{goal_id}/outcome",
    operation_id="settlePerformanceGoal",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Forbidden, Invalid),
)
async def settle_goal(
    goal_id: UUID,
    body: GoalOutcomeIn,
    caller: CanWritePerformance,
    session: SessionDep,
    seal: SealDep,
    clock: ClockDep,
    response: Response,
) -> GoalHeadOut:
    """Say what became of a goal, once."""
    settled = await goals.settle_goal(
        session,
        caller.organisation_id,
        goal_id,
        body.state,
        body.said,
        entitled=await entitlement_of(session, caller),
        writing=Writing(actor_of(caller, body.on_behalf_of), seal, clock),
    )
    return _shown(settled, response)


@recognitions.post(
    "",
    operation_id="recognise",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Forbidden, Invalid),
)
async def recognise(
    body: RecognitionIn, caller: CanWritePerformance, session: SessionDep, seal: SealDep, clock: ClockDep
) -> RecognitionHeadOut:
    """Thank somebody whom the key may see, for good."""
    entitled = await entitlement_of(session, caller)
    about = await subject_named(session, caller.organisation_id, entitled, staff_id=body.staff_id, team_id=body.team_id)
    writing = Writing(actor_of(caller, body.on_behalf_of), seal, clock)
    given = await goals.recognise(session, caller.organisation_id, about, body.text, body.standard, writing=writing)
    return RecognitionHeadOut.of(given)


@recognitions.get(
    "", operation_id="listRecognitions", dependencies=[NeverStored], responses=problems(NotFound, Invalid)
)
async def list_recognitions(
    caller: CanReadPerformance,
    session: SnapshotDep,
    seal: SealDep,
    staff_id: UUID | None = None,
    team_id: UUID | None = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> RecognitionPage:
    """Thanks to those whom the key may see, the latest first."""
    entitled = await entitlement_of(session, caller)
    found, following = await goals.list_recognitions(
        session,
        caller.organisation_id,
        entitled=entitled,
        staff_id=staff_id,
        team_id=team_id,
        seal=seal,
        cursor=cursor,
        limit=limit,
    )
    return RecognitionPage(items=[RecognitionOut.of(each) for each in found], next_cursor=following)
