"""Asking for a report, looking at it, fetching its file, throwing it away."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from feedback_core.analyses.documents import from_document
from feedback_core.analyses.types import AnalysisRun
from feedback_core.db.session import Database, Session
from feedback_core.jobs.file_queries import discard_file
from feedback_core.jobs.files import parts_between
from feedback_core.jobs.types import FileState, JobStatus
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import NotFound
from feedback_core.kit.ids import new_id
from feedback_core.recommendations.types import ReviewOutcome
from feedback_core.reports import queries
from feedback_core.reports.queries import REPORT_FILES
from feedback_core.reports.reading import reportable_run, themes_beside
from feedback_core.reports.source import Wanted
from feedback_core.reports.types import (
    KEPT_FOR,
    OF_A_PART,
    Audience,
    GoneReason,
    NothingToReport,
    PartNotNamed,
    RenderReport,
    ReportGone,
    ReportNotReady,
    ReportPage,
    ReportRequest,
    StoredReport,
)
from feedback_core.surveys.use_cases import check_survey

_WHY_GONE: Final[Mapping[GoneReason, str]] = {
    GoneReason.EXPIRED: "The file was kept for as long as files are: ask for the report again.",
    GoneReason.DELETED: "The file was deleted.",
    GoneReason.FAILED: "The report failed: there is no file.",
}


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file that can be fetched.

    Attributes:
        name: what it may be called: letters, digits, hyphens and one dot.
        sha256: in hexadecimal.
    """

    organisation_id: UUID
    report_id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


async def request_report(
    session: Session,
    organisation_id: UUID,
    request: ReportRequest,
    *,
    by: str,
    clock: Clock,
    schedule_id: UUID | None = None,
) -> StoredReport:
    """Have the worker write the edition of a review for one audience.

    Raises:
        NotFound: an analysis is not here.
        RunNotReportable: the review is of another kind, or has not succeeded.
        PartNotNamed: the audience is told of a part of the service, and none is named; or it is not, and one is.
        NothingToReport: no feature of the review belongs to the part.
        Invalid: the analysis of themes is not one of the same survey.
    """
    check_part(request)
    run = await reportable_run(session, organisation_id, request.run_id)
    if request.themes_run_id is not None:
        await themes_beside(session, organisation_id, request.themes_run_id, run.survey_id)
    _check_features(request, run)
    now, report_id = clock.now(), new_id()
    job_id = await request_job(session, organisation_id, RenderReport(report_id), now=now)
    await queries.add_report(
        session,
        organisation_id,
        report_id,
        survey_id=run.survey_id,
        request=request,
        schedule_id=schedule_id,
        job_id=job_id,
        requested_by=by,
        at=now,
        expires_at=now + KEPT_FOR,
    )
    return await get_report(session, organisation_id, report_id)


async def get_report(session: Session, organisation_id: UUID, report_id: UUID) -> StoredReport:
    """A report as it stands.

    Raises:
        NotFound: no such report here.
    """
    found = await queries.report_by_id(session, organisation_id, report_id)
    if found is None:
        raise NotFound("report", report_id)
    return found


async def list_reports(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    run_id: UUID | None,
    audience: Audience | None,
    cursor: str | None,
    limit: int,
) -> ReportPage:
    """A page of reports, newest first.

    Raises:
        NotFound: no such survey or analysis here.
        InvalidCursor: the cursor belongs to another query.
    """
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    if run_id is not None:
        await reportable_run(session, organisation_id, run_id)
    query: dict[str, object] = {
        "list": "reports",
        "organisation": organisation_id,
        "survey": survey_id,
        "run": run_id,
        "audience": audience,
    }
    found = await queries.reports_before(
        session,
        organisation_id,
        survey_id=survey_id,
        run_id=run_id,
        audience=audience,
        before=id_in_cursor(cursor, query),
        limit=limit + 1,
    )
    items, following = page_of(found, limit, query)
    return ReportPage(tuple(items), following)


async def delete_report(session: Session, organisation_id: UUID, report_id: UUID, *, clock: Clock) -> None:
    """Throw the file of a report away; that there was one, and for whom, stays.

    Raises:
        NotFound: no such report here.
        ReportNotReady: it is still being written.
    """
    found = await get_report(session, organisation_id, report_id)
    if found.job.status in {JobStatus.QUEUED, JobStatus.RUNNING}:
        raise ReportNotReady("The file is still being written: look at the status of the report.")
    await discard_file(session, REPORT_FILES, organisation_id, report_id, GoneReason.DELETED, at=clock.now())


async def finished_report(session: Session, organisation_id: UUID, report_id: UUID) -> ReportFile:
    """The file of a report, ready to be fetched.

    Raises:
        NotFound: no such report here.
        ReportGone: it was there, or will never be.
        ReportNotReady: it is being written.
    """
    stored = await get_report(session, organisation_id, report_id)
    if stored.gone_reason is not None:
        raise ReportGone(_WHY_GONE[stored.gone_reason])
    if stored.file_state is not FileState.READY or stored.sha256 is None:
        raise ReportNotReady("There is no file yet: look at the status of the report.")
    request = stored.request
    audience = request.audience.value.replace("_", "-")
    return ReportFile(
        organisation_id=organisation_id,
        report_id=stored.id,
        name=f"report-{audience}-{stored.created_at:%Y%m%d}.{request.format.value}",
        media_type=request.format.media_type,
        size=stored.size,
        sha256=stored.sha256,
    )


def report_parts(database: Database, file: ReportFile, *, first: int, last: int) -> AsyncIterator[bytes]:
    """The bytes of the file of a report from ``first`` to ``last``, as ``parts_between`` gives them."""
    return parts_between(database, REPORT_FILES, file.organisation_id, file.report_id, first=first, last=last)


def check_part(request: ReportRequest) -> None:
    """Hold process and owner to the audience.

    Raises:
        PartNotNamed: one is missing, or must not be there.
    """
    named = request.process is not None or request.owner is not None
    audience = request.audience.value.replace("_", " ")
    if request.audience in OF_A_PART and not named:
        detail = f"The edition for {audience} is about their features only: name their process, their owner or both."
        raise PartNotNamed("/process", detail)
    if request.audience is Audience.CUSTOMERS and named:
        pointer = "/owner" if request.process is None else "/process"
        raise PartNotNamed(pointer, "Customers are told of the service as a whole: leave process and owner out.")


def _check_features(request: ReportRequest, run: AnalysisRun) -> None:
    if request.process is None and request.owner is None:
        return
    wanted = Wanted(request.audience, request.process, request.owner)
    if not any(wanted.takes(feature.links) for feature in from_document(ReviewOutcome, run.result).features):
        pointer = "/owner" if request.process is None else "/process"
        raise NothingToReport(pointer, "No feature of this review has this process and owner.")
