"""Vocabulary of reports: for whom, as what kind of file, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import TypeAdapter

from feedback_core.jobs.types import FileState, Job, JobPayload
from feedback_core.kit.errors import Conflict, Fault, Gone, Invalid

KEPT_FOR: Final = timedelta(days=365)
"""How long a file is kept after it was made: recipients come back to it, and it holds aggregates only."""


class Audience(StrEnum):
    """Who reads an edition."""

    FRONT_LINE = "front_line"
    SUPERVISORS = "supervisors"
    SENIOR_MANAGERS = "senior_managers"
    OTHER_DEPARTMENTS = "other_departments"
    SERVICE_PARTNERS = "service_partners"
    CUSTOMERS = "customers"


OF_A_PART: Final = frozenset({Audience.OTHER_DEPARTMENTS, Audience.SERVICE_PARTNERS})
"""Audiences that are told of their own part of the service, and of nothing else."""


class ReportFormat(StrEnum):
    """What kind of file it is."""

    JSON = "json"
    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """For ``Content-Type``."""
        return {
            "json": "application/json",
            "html": "text/html; charset=utf-8",
            "pdf": "application/pdf",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }[self.value]


class GoneReason(StrEnum):
    """Why a file is gone; ``failed``: it never came to be."""

    EXPIRED = "expired"
    DELETED = "deleted"
    FAILED = "failed"


class RunNotReportable(Conflict):
    """The analysis has found nothing that could be reported: it has not succeeded, or is of another kind."""

    code = "run_not_reportable"


class PartNotNamed(Invalid):
    """The edition is about a part of the service, and nothing says which; or it is not, and something does."""

    code = "part_not_named"

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__([Fault(pointer, self.code, detail)])


class NothingToReport(Invalid):
    """No feature that was reviewed belongs to the part of the service that was asked for."""

    code = "nothing_to_report"

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__([Fault(pointer, self.code, detail)])


class ReportNotReady(Conflict):
    """The file is being written, or was never finished."""

    code = "report_not_ready"


class ReportGone(Gone):
    """The file was there, and is no more."""

    code = "report_gone"


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What is asked for.

    Attributes:
        run_id: the review that it tells of.
        themes_run_id: an analysis of themes whose findings stand beside; ``None``: none.
        process: only features of this process; with ``owner`` those that fit both.
        owner: only features of this owner.
    """

    run_id: UUID
    audience: Audience
    format: ReportFormat
    themes_run_id: UUID | None = None
    process: str | None = None
    owner: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The request as a JSON document."""
        document: dict[str, Any] = _REQUEST.dump_python(self, mode="json")
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "ReportRequest":
        """The request in a JSON document that ``to_json`` made."""
        return _REQUEST.validate_python(document)


_REQUEST = TypeAdapter(ReportRequest)


@dataclass(frozen=True, slots=True)
class RenderReport(JobPayload):
    """Write the file of a report."""

    kind: ClassVar[str] = "reports.render"

    report_id: UUID


@dataclass(frozen=True, slots=True)
class DiscardReport(JobPayload):
    """Throw away a file that is too old, or that will never be finished."""

    kind: ClassVar[str] = "reports.discard"

    report_id: UUID


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it stands.

    Attributes:
        gone_reason: ``None`` while the file is being written or ready.
        title: of the edition; ``None`` until the file is there.
        sha256: of the file, in hexadecimal; ``None`` until the file is there.
        content_sha256: of what the edition says, whatever the format; ``None`` as above.
        job: that writes the file; its status is the report's.
    """

    id: UUID
    survey_id: UUID
    request: ReportRequest
    schedule_id: UUID | None
    file_state: FileState
    gone_reason: GoneReason | None
    title: str | None
    size: int
    sha256: str | None
    content_sha256: str | None
    requested_by: str
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime
    job: Job


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Reports, newest first; ``next_cursor`` is ``None`` on the last page."""

    items: tuple[StoredReport, ...]
    next_cursor: str | None
