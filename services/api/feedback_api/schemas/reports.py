"""HTTP shapes of reports."""

from datetime import datetime
from typing import Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, Line, Output, Page
from feedback_api.schemas.imports import ImportErrorOut, ImportProgressOut
from feedback_core.jobs.types import FileState, JobStatus
from feedback_core.reports.types import (
    KEPT_FOR,
    Audience,
    GoneReason,
    ReportFormat,
    ReportRequest,
    StoredReport,
)

_RUN: Final = "01890a5d-ac96-774b-bcce-b302099a8057"
EXAMPLE: Final[dict[str, Any]] = {"run_id": _RUN, "audience": "senior_managers", "format": "pdf"}


class EditionIn(Input):
    """For whom, of which part of the service, and as which kind of file."""

    audience: Audience
    format: ReportFormat
    process: Line | None = Field(
        default=None,
        description="Only features of this process. For `other_departments` and `service_partners` this, `owner` or"
        " both must be given; for `customers` neither may",
    )
    owner: Line | None = Field(default=None, description="Only features of this owner; with `process`, of both")


class ReportIn(EditionIn):
    """Which edition of which review."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    run_id: UUID = Field(description="Of a review (`POST /v1/analyses`) that has succeeded")
    themes_run_id: UUID | None = Field(
        default=None,
        description="Of an analysis of themes of the same survey: what comments speak of stands in the editions for"
        " front line and supervisors",
    )

    def request(self) -> ReportRequest:
        """For the domain."""
        return ReportRequest(
            run_id=self.run_id,
            audience=self.audience,
            format=self.format,
            themes_run_id=self.themes_run_id,
            process=self.process,
            owner=self.owner,
        )


class ReportFileOut(Output):
    """The file of a report."""

    state: FileState
    gone_reason: GoneReason | None
    size: int | None = Field(description="Bytes; null until it is ready")
    sha256: str | None = Field(description="In hexadecimal, as in its ETag; null until it is ready")
    expires_at: datetime = Field(description=f"It is thrown away then, {KEPT_FOR.days} days after it was made")


class ReportLinksOut(Output):
    """Where to go from here."""

    self: str
    file: str
    run: str
    distributions: str


class ReportOut(Output):
    """A report as it stands."""

    id: UUID
    run_id: UUID
    survey_id: UUID
    themes_run_id: UUID | None
    audience: Audience
    format: ReportFormat
    process: str | None
    owner: str | None
    status: JobStatus
    title: str | None = Field(description="Of the edition; null until it is ready")
    content_sha256: str | None = Field(description="Of what the edition says: the same in every format")
    file: ReportFileOut
    progress: ImportProgressOut
    error: ImportErrorOut | None
    schedule_id: UUID | None
    requested_by: str = Field(description="Name of the API key, or `schedule`")
    created_at: datetime
    finished_at: datetime | None
    links: ReportLinksOut

    @classmethod
    def of(cls, stored: StoredReport) -> Self:
        """From the domain."""
        job, request = stored.job, stored.request
        path, finished = f"/v1/reports/{stored.id}", stored.sha256 is not None
        return cls(
            id=stored.id,
            run_id=request.run_id,
            survey_id=stored.survey_id,
            themes_run_id=request.themes_run_id,
            audience=request.audience,
            format=request.format,
            process=request.process,
            owner=request.owner,
            status=job.status,
            title=stored.title,
            content_sha256=stored.content_sha256,
            file=ReportFileOut(
                state=stored.file_state,
                gone_reason=stored.gone_reason,
                size=stored.size if finished else None,
                sha256=stored.sha256,
                expires_at=stored.expires_at,
            ),
            progress=ImportProgressOut.model_validate(job.progress),
            error=job.error and ImportErrorOut.model_validate(job.error),
            schedule_id=stored.schedule_id,
            requested_by=stored.requested_by,
            created_at=stored.created_at,
            finished_at=stored.finished_at or job.finished_at,
            links=ReportLinksOut(
                self=path,
                file=f"{path}/file",
                run=f"/v1/analyses/{request.run_id}",
                distributions=f"{path}/distributions",
            ),
        )


class ReportsOut(Page[ReportOut]):
    """A page of reports, newest first."""
