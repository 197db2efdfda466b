"""Analysis schedules: analyses asked for again and again."""

from uuid import UUID

from fastapi import APIRouter, Response
from starlette.responses import JSONResponse

from feedback_api.people_guard import GuardsPeople
from feedback_api.problems import problems
from feedback_api.schemas.analysis_schedules import (
    AnalysisScheduleIn,
    AnalysisScheduleOut,
    AnalysisSchedulePage,
    schedule_document,
)
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.security import CanReadAnalyses, CanWriteAnalyses
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.analyses import schedules
from feedback_core.analyses.types import AnalysisSchedule
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired

router = APIRouter(prefix="/v1/analysis-schedules", route_class=TransactionalRoute, tags=["Analyses"])


def _shown(schedule: AnalysisSchedule, status: int = 200) -> Response:
    return JSONResponse(schedule_document(schedule), status, {"ETag": etag(schedule.revision)})


@router.post(
    "",
    operation_id="createAnalysisSchedule",
    status_code=201,
    response_model=AnalysisScheduleOut,
    dependencies=[Idempotent, GuardsPeople],
    responses=problems(NotFound, Conflict, Invalid),
)
async def create_schedule(
    body: AnalysisScheduleIn, caller: CanWriteAnalyses, session: SessionDep, clock: ClockDep
) -> Response:
    """Have an analysis asked for daily, weekly or monthly. Times missed while no worker ran are made up for once."""
    request = await body.checked(session, caller.organisation_id)
    made = await schedules.create_schedule(session, caller.organisation_id, request, body.timing(), clock=clock)
    answer = _shown(made, 201)
    answer.headers["Location"] = f"/v1/analysis-schedules/{made.id}"
    return answer


@router.get(
    "", operation_id="listAnalysisSchedules", response_model=AnalysisSchedulePage, responses=problems(NotFound, Invalid)
)
async def list_schedules(
    caller: CanReadAnalyses,
    session: SnapshotDep,
    survey_id: UUID | None = None,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> Response:
    """Schedules, newest first."""
    found, following = await schedules.list_schedules(
        session, caller.organisation_id, survey_id=survey_id, limit=limit, cursor=cursor
    )
    return JSONResponse({"items": [schedule_document(schedule) for schedule in found], "next_cursor": following})


@router.get(
    "/{schedule_id}",
    operation_id="getAnalysisSchedule",
    response_model=AnalysisScheduleOut,
    responses=problems(NotFound),
)
async def get_schedule(schedule_id: UUID, caller: CanReadAnalyses, session: SnapshotDep) -> Response:
    """A schedule, and when it asks next."""
    return _shown(await schedules.get_schedule(session, caller.organisation_id, schedule_id))


@router.put(
    "/{schedule_id}",
    operation_id="replaceAnalysisSchedule",
    response_model=AnalysisScheduleOut,
    dependencies=[GuardsPeople],
    responses=problems(NotFound, Conflict, Invalid, PreconditionFailed, PreconditionRequired),
)
async def replace_schedule(
    schedule_id: UUID,
    body: AnalysisScheduleIn,
    caller: CanWriteAnalyses,
    session: SessionDep,
    clock: ClockDep,
    if_match: IfMatch = None,
) -> Response:
    """Change what is asked for and when; it asks next at the first of its new times."""
    await schedules.get_schedule(session, caller.organisation_id, schedule_id)
    changed = await schedules.replace_schedule(
        session,
        caller.organisation_id,
        schedule_id,
        await body.checked(session, caller.organisation_id),
        body.timing(),
        if_revision=matched_revision(if_match),
        clock=clock,
    )
    return _shown(changed)


@router.delete("/{schedule_id}", operation_id="deleteAnalysisSchedule", status_code=204, responses=problems(NotFound))
async def delete_schedule(schedule_id: UUID, caller: CanWriteAnalyses, session: SessionDep) -> None:
    """Remove a schedule; the runs that it has led to stay."""
    await schedules.delete_schedule(session, caller.organisation_id, schedule_id)
