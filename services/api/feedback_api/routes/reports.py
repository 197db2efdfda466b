"""Reports: the worker writes the edition of a review for one audience."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response

from feedback_api.files import report_response
from feedback_api.problems import problem_response, problems
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.reports import ReportIn, ReportOut, ReportsOut
from feedback_api.security import CanReadReports, CanWriteReports
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Gone, Invalid, NotFound
from feedback_core.reports import use_cases
from feedback_core.reports.types import Audience, ReportFormat

router = APIRouter(prefix="/v1/reports", route_class=TransactionalRoute, tags=["Reports"])

_CONTENT: Final[dict[str, Any]] = {
    each.media_type.partition(";")[0]: {
        "schema": {} if each is ReportFormat.JSON else {"type": "string", "format": "binary"}
    }
    for each in ReportFormat
}
FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file", "content": _CONTENT},
    206: {"description": "The bytes that Range asks for", "content": _CONTENT},
    416: problem_response(416),
}
RangeHeader = Annotated[str | None, Header(alias="Range", description="Bytes of the file: `bytes=1048576-`")]
IfRange = Annotated[str | None, Header(description="ETag of what was begun; of another file all comes")]


@router.post(
    "",
    operation_id="requestReport",
    status_code=202,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def request_report(
    body: ReportIn, caller: CanWriteReports, session: SessionDep, clock: ClockDep, response: Response
) -> ReportOut:
    """Have the edition of a review written for one audience; `Location` is where to look.

    The same review, with the same decisions on its recommendations, gives the same bytes.
    """
    stored = await use_cases.request_report(
        session, caller.organisation_id, body.request(), by=caller.name, clock=clock
    )
    response.headers["Location"] = f"/v1/reports/{stored.id}"
    return ReportOut.of(stored)


@router.get("", operation_id="listReports", responses=problems(NotFound, Conflict, Invalid))
async def list_reports(
    caller: CanReadReports,
    session: SnapshotDep,
    survey_id: UUID | None = None,
    run_id: UUID | None = None,
    audience: Audience | None = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> ReportsOut:
    """Reports, newest first; those whose file is gone too."""
    page = await use_cases.list_reports(
        session,
        caller.organisation_id,
        survey_id=survey_id,
        run_id=run_id,
        audience=audience,
        cursor=cursor,
        limit=limit,
    )
    return ReportsOut(items=[ReportOut.of(stored) for stored in page.items], next_cursor=page.next_cursor)


@router.get("/{report_id}", operation_id="getReport", responses=problems(NotFound))
async def get_report(report_id: UUID, caller: CanReadReports, session: SnapshotDep) -> ReportOut:
    """How far a report is, and where its file is."""
    return ReportOut.of(await use_cases.get_report(session, caller.organisation_id, report_id))


@router.get(
    "/{report_id}/file",
    operation_id="getReportFile",
    response_class=Response,
    responses={**FILE, **problems(NotFound, Conflict, Gone)},
)
async def get_file(
    report_id: UUID,
    request: Request,
    caller: CanReadReports,
    session: SnapshotDep,
    asked: RangeHeader = None,
    if_range: IfRange = None,
) -> Response:
    """The file, or the bytes of it that `Range` asks for."""
    file = await use_cases.finished_report(session, caller.organisation_id, report_id)
    return report_response(request, file, asked=asked, if_range=if_range)


@router.delete("/{report_id}", operation_id="deleteReport", status_code=204, responses=problems(NotFound, Conflict))
async def delete_report(report_id: UUID, caller: CanWriteReports, session: SessionDep, clock: ClockDep) -> None:
    """Throw the file of a report away; links to it end with it. That there was one stays on record."""
    await use_cases.delete_report(session, caller.organisation_id, report_id, clock=clock)
