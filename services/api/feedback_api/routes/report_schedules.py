"""Schedules of reports: editions that are written by themselves after each review."""

from uuid import UUID

from fastapi import APIRouter, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.report_schedules import ReportScheduleIn, ReportScheduleOut, ReportSchedulesOut
from feedback_api.security import CanReadReports, CanWriteReports
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.reports.schedules import use_cases

router = APIRouter(prefix="/v1/report-schedules", route_class=TransactionalRoute, tags=["Reports"])


@router.post(
    "",
    operation_id="createReportSchedule",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid),
)
async def create_schedule(
    body: ReportScheduleIn, caller: CanWriteReports, session: SessionDep, clock: ClockDep, response: Response
) -> ReportScheduleOut:
    """Have editions written of each review that an analysis schedule asks for from now on."""
    made = await use_cases.create_schedule(session, caller.organisation_id, body.plan(), clock=clock)
    response.headers["Location"] = f"/v1/report-schedules/{made.id}"
    response.headers["ETag"] = etag(made.revision)
    return ReportScheduleOut.of(made)


@router.get("", operation_id="listReportSchedules", responses=problems(Invalid))
async def list_schedules(
    caller: CanReadReports, session: SnapshotDep, limit: Limit = 100, cursor: Cursor | None = None
) -> ReportSchedulesOut:
    """Schedules of reports, newest first."""
    items, next_cursor = await use_cases.list_schedules(session, caller.organisation_id, cursor=cursor, limit=limit)
    return ReportSchedulesOut(items=[ReportScheduleOut.of(each) for each in items], next_cursor=next_cursor)


@router.get("/{report_schedule_id}", operation_id="getReportSchedule", responses=problems(NotFound))
async def get_schedule(
    report_schedule_id: UUID, caller: CanReadReports, session: SnapshotDep, response: Response
) -> ReportScheduleOut:
    """One schedule."""
    found = await use_cases.get_schedule(session, caller.organisation_id, report_schedule_id)
    response.headers["ETag"] = etag(found.revision)
    return ReportScheduleOut.of(found)


@router.put(
    "/{report_schedule_id}",
    operation_id="replaceReportSchedule",
    responses=problems(NotFound, Invalid, PreconditionFailed, PreconditionRequired),
)
async def replace_schedule(
    report_schedule_id: UUID,
    body: ReportScheduleIn,
    caller: CanWriteReports,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> ReportScheduleOut:
    """Change what is written, and of which reviews; as it was read (`If-Match`)."""
    revision = matched_revision(if_match)
    changed = await use_cases.replace_schedule(
        session, caller.organisation_id, report_schedule_id, body.plan(), if_revision=revision
    )
    response.headers["ETag"] = etag(changed.revision)
    return ReportScheduleOut.of(changed)


@router.delete(
    "/{report_schedule_id}", operation_id="deleteReportSchedule", status_code=204, responses=problems(NotFound)
)
async def delete_schedule(report_schedule_id: UUID, caller: CanWriteReports, session: SessionDep) -> None:
    """End a schedule; what it has led to stays."""
    await use_cases.delete_schedule(session, caller.organisation_id, report_schedule_id)
