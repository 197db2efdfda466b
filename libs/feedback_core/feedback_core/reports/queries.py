"""SQL of reports and their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from feedback_core.db.session import Session
from feedback_core.jobs.file_queries import FileTables
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.jobs.types import FileState, Job
from feedback_core.reports.tables import report, report_chunk
from feedback_core.reports.types import Audience, GoneReason, ReportRequest, StoredReport

REPORT_FILES = FileTables(report, report_chunk, report_chunk.c.report_id)


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """What is known of a file once it is there as a whole."""

    title: str
    size: int
    sha256: bytes
    content_sha256: bytes


async def add_report(
    session: Session,
    organisation_id: UUID,
    report_id: UUID,
    *,
    survey_id: UUID,
    request: ReportRequest,
    schedule_id: UUID | None,
    job_id: UUID,
    requested_by: str,
    at: datetime,
    expires_at: datetime,
) -> None:
    """A report whose file is to be written."""
    await session.execute(
        insert(report).values(
            organisation_id=organisation_id,
            id=report_id,
            run_id=request.run_id,
            survey_id=survey_id,
            audience=request.audience.value,
            request=request.to_json(),
            schedule_id=schedule_id,
            file_state=FileState.WRITING.value,
            job_id=job_id,
            requested_by=requested_by,
            created_at=at,
            expires_at=expires_at,
        )
    )


async def save_file(
    session: Session,
    organisation_id: UUID,
    report_id: UUID,
    file: FinishedFile,
    parts: Sequence[bytes],
    *,
    at: datetime,
    expires_at: datetime,
) -> None:
    """The file as a whole, with its parts, numbered from 0."""
    await session.execute(
        insert(report_chunk),
        [
            {"organisation_id": organisation_id, "report_id": report_id, "number": number, "content": content}
            for number, content in enumerate(parts)
        ],
    )
    await session.execute(
        update(report)
        .where(report.c.organisation_id == organisation_id, report.c.id == report_id)
        .values(
            file_state=FileState.READY.value,
            title=file.title,
            file_size=file.size,
            file_sha256=file.sha256,
            content_sha256=file.content_sha256,
            finished_at=at,
            expires_at=expires_at,
        )
    )


async def report_by_id(session: Session, organisation_id: UUID, report_id: UUID) -> StoredReport | None:
    """A report."""
    rows = await session.execute(
        select(report).where(report.c.organisation_id == organisation_id, report.c.id == report_id)
    )
    found = await _with_jobs(session, organisation_id, rows.all())
    return found[0] if found else None


async def reports_before(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    run_id: UUID | None,
    audience: Audience | None,
    before: UUID | None,
    limit: int,
) -> list[StoredReport]:
    """Reports, newest first; those asked for before ``before`` only."""
    statement = select(report).where(report.c.organisation_id == organisation_id)
    for column, value in (
        (report.c.survey_id, survey_id),
        (report.c.run_id, run_id),
        (report.c.audience, audience and audience.value),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if before is not None:
        statement = statement.where(report.c.id < before)
    rows = await session.execute(statement.order_by(report.c.id.desc()).limit(limit))
    return await _with_jobs(session, organisation_id, rows.all())


async def _with_jobs(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[StoredReport]:
    if not rows:
        return []
    jobs = await jobs_by_id(session, organisation_id, [row.job_id for row in rows])
    return [_report(row, jobs[row.job_id]) for row in rows]


def _report(row: Row[Any], its_job: Job) -> StoredReport:
    return StoredReport(
        id=row.id,
        survey_id=row.survey_id,
        request=ReportRequest.from_json(row.request),
        schedule_id=row.schedule_id,
        file_state=FileState(row.file_state),
        gone_reason=None if row.gone_reason is None else GoneReason(row.gone_reason),
        title=row.title,
        size=row.file_size,
        sha256=None if row.file_sha256 is None else bytes(row.file_sha256).hex(),
        content_sha256=None if row.content_sha256 is None else bytes(row.content_sha256).hex(),
        requested_by=row.requested_by,
        created_at=row.created_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
        job=its_job,
    )
