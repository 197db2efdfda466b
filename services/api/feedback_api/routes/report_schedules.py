"""Schedules of reports: editions that are written by themselves after each review."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.report_schedules import (
    ReportScheduleIn,
    ReportScheduleOut,
    ReportSchedulesOut,
    StandingRecipientIn,
    StandingRecipientOut,
    StandingRecipientsOut,
)
from feedback_api.security import CanReadReports, CanSendReports, CanWriteReports
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed, PreconditionRequired
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import ReportSettings, SmtpSettings
from feedback_core.reports.schedules import recipients, use_cases

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


@router.post(
    "/{report_schedule_id}/recipients",
    operation_id="addReportScheduleRecipient",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def add_recipient(
    report_schedule_id: UUID,
    body: StandingRecipientIn,
    request: Request,
    caller: CanSendReports,
    session: SessionDep,
    clock: ClockDep,
) -> StandingRecipientOut:
    """Have somebody mailed an edition of a schedule whenever it is written, from the next one on."""
    seal: Seal = request.app.state.seal
    added = await recipients.add_recipient(
        session,
        caller.organisation_id,
        report_schedule_id,
        body.subscription(),
        by=caller.name,
        seal=seal,
        smtp=SmtpSettings(),
        settings=ReportSettings(),
        clock=clock,
    )
    return StandingRecipientOut.of(added, seal)


@router.get(
    "/{report_schedule_id}/recipients",
    operation_id="listReportScheduleRecipients",
    responses=problems(NotFound, Invalid),
)
async def list_recipients(
    report_schedule_id: UUID,
    request: Request,
    caller: CanSendReports,
    session: SnapshotDep,
    limit: Limit = 100,
    cursor: Cursor | None = None,
) -> StandingRecipientsOut:
    """Who is mailed which edition of a schedule, added last first; what became of it is with each report."""
    items, next_cursor = await recipients.list_recipients(
        session, caller.organisation_id, report_schedule_id, cursor=cursor, limit=limit
    )
    seal: Seal = request.app.state.seal
    return StandingRecipientsOut(items=[StandingRecipientOut.of(each, seal) for each in items], next_cursor=next_cursor)


@router.delete(
    "/{report_schedule_id}/recipients/{recipient_id}",
    operation_id="removeReportScheduleRecipient",
    status_code=204,
    responses=problems(NotFound),
)
async def remove_recipient(
    report_schedule_id: UUID, recipient_id: UUID, caller: CanSendReports, session: SessionDep
) -> None:
    """Mail somebody no further editions; what they were sent stays on record."""
    await recipients.remove_recipient(session, caller.organisation_id, report_schedule_id, recipient_id)
