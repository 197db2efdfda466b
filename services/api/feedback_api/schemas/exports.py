"""HTTP shapes of exports."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Flag, Input, Output, Page
from feedback_api.schemas.imports import ImportErrorOut, ImportProgressOut
from feedback_api.schemas.responses import Moment
from feedback_core.jobs.types import FileState, JobStatus
from feedback_core.responses.exports.codebook import NOTES, Codebook, ColumnEntry, Value
from feedback_core.responses.exports.columns import CellType, ColumnKind
from feedback_core.responses.exports.download_links import LONGEST, SHORTEST, USUAL
from feedback_core.responses.exports.types import (
    KEPT_FOR,
    ExportFormat,
    ExportRequest,
    GoneReason,
    Selection,
    StoredExport,
)
from feedback_core.responses.exports.use_cases import continuation_of
from feedback_core.surveys.types import QuestionType, ResponseStatus

EXAMPLE: dict[str, Any] = {
    "format": "csv",
    "from": "2026-01-01T00:00:00Z",
    "to": "2026-04-01T00:00:00Z",
    "excluded": False,
    "include_texts": False,
}

Continuation = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"^[A-Za-z0-9_-]+$")]


class ExportIn(Input):
    """Which responses, and in which form. What is left out is not asked for: every response, and every answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE, {"format": "ndjson"}]}, populate_by_name=True)

    format: ExportFormat = Field(description="`ndjson` has answers as said; the others have a column per question")
    submitted_from: Moment | None = Field(default=None, alias="from", description="Submitted then or later")
    submitted_to: Moment | None = Field(default=None, alias="to", description="Submitted before then")
    status: ResponseStatus | None = None
    excluded: Flag | None = Field(
        default=None, description="Only those that somebody excluded, or only those that nobody did"
    )
    suspect: Flag | None = Field(
        default=None, description="Only those that the inclusion rule counts beside the figures, or only others"
    )
    updated_since: Continuation | Moment | None = Field(
        default=None,
        description="Only what has changed since: `next_updated_since` of an earlier export of the survey with the same"
        " filters, or a time. Erased responses and those that the filters leave out now come as their ids",
    )
    include_identities: Flag = Field(
        default=False, description="Who gave identified responses; needs the scope identities:read"
    )
    include_texts: Flag = Field(default=True, description="Answers to text questions")
    unmasked: Flag = Field(
        default=False, description="With personal data in them, masked otherwise; needs the scope verbatims:unmasked"
    )

    def request(self) -> ExportRequest:
        """For the domain."""
        return ExportRequest(
            format=self.format,
            selection=Selection(
                submitted_from=self.submitted_from,
                submitted_to=self.submitted_to,
                status=self.status,
                excluded=self.excluded,
                suspect=self.suspect,
            ),
            include_identities=self.include_identities,
            include_texts=self.include_texts,
            unmasked=self.unmasked,
        )


class DownloadLinkIn(Input):
    """How long a link is good for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"expires_in_seconds": 900}]})

    expires_in_seconds: int = Field(
        default=int(USUAL.total_seconds()),
        ge=int(SHORTEST.total_seconds()),
        le=int(LONGEST.total_seconds()),
        description="From now; the file may be gone before",
    )


class DownloadLinkOut(Output):
    """A link that needs no key: whoever has it can fetch the file until it expires."""

    path: str = Field(description="Behind the address of this service; takes `Range` like the file itself")
    expires_at: datetime


class ExportFileOut(Output):
    """The file of an export."""

    state: FileState
    gone_reason: GoneReason | None = Field(
        description="Why there is no file any more. `erasure`: a response that it held was erased: export again"
    )
    size: int | None = Field(description="Bytes; null until it is ready")
    sha256: str | None = Field(description="In hexadecimal, as in its ETag; null until it is ready")
    expires_at: datetime = Field(description=f"It is thrown away then, {KEPT_FOR.days} days after it was made")


class ExportLinksOut(Output):
    """Where to go from here."""

    self: str
    file: str
    codebook: str
    survey: str


class ExportOut(Output):
    """An export as it stands."""

    id: UUID
    survey_id: UUID
    status: JobStatus
    format: ExportFormat
    submitted_from: datetime | None = Field(serialization_alias="from")
    submitted_to: datetime | None = Field(serialization_alias="to")
    response_status: ResponseStatus | None = Field(description="The filter `status`")
    excluded: bool | None
    suspect: bool | None
    only_changes: bool = Field(description="Whether `updated_since` was given")
    include_identities: bool
    include_texts: bool
    unmasked: bool = Field(description="Whether personal data in comments is not masked")
    file: ExportFileOut
    rows_written: int = Field(description="Responses in the file; of an export that runs, so far")
    rows_erased: int = Field(description="Ids of responses that were erased")
    rows_left: int = Field(description="Ids of responses that the filters leave out now")
    values_shortened: int = Field(description="XLSX: texts that are longer than a cell can be; they end with […]")
    snapshot_at: datetime | None = Field(description="The responses are those of this instant; null until it is ready")
    next_updated_since: str | None = Field(
        description="Give it as `updated_since` for what changes from here on; null until it is ready"
    )
    progress: ImportProgressOut
    error: ImportErrorOut | None
    requested_by: str = Field(description="Name of the API key")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    links: ExportLinksOut

    @classmethod
    def of(cls, stored: StoredExport) -> Self:
        """From the domain."""
        job, counts, request = stored.job, stored.counts, stored.request
        path, wanted, finished = f"/v1/exports/{stored.id}", request.selection, stored.sha256 is not None
        return cls(
            id=stored.id,
            survey_id=stored.survey_id,
            status=job.status,
            format=request.format,
            submitted_from=wanted.submitted_from,
            submitted_to=wanted.submitted_to,
            response_status=wanted.status,
            excluded=wanted.excluded,
            suspect=wanted.suspect,
            only_changes=stored.since is not None,
            include_identities=request.include_identities,
            include_texts=request.include_texts,
            unmasked=request.unmasked,
            file=ExportFileOut(
                state=stored.file_state,
                gone_reason=stored.gone_reason,
                size=stored.size if finished else None,
                sha256=stored.sha256,
                expires_at=stored.expires_at,
            ),
            rows_written=counts.written,
            rows_erased=counts.erased,
            rows_left=counts.left,
            values_shortened=counts.values_shortened,
            snapshot_at=stored.snapshot_at,
            next_updated_since=continuation_of(stored, job.organisation_id),
            progress=ImportProgressOut.model_validate(job.progress),
            error=job.error and ImportErrorOut.model_validate(job.error),
            requested_by=stored.requested_by,
            created_at=stored.created_at,
            started_at=job.started_at,
            finished_at=stored.finished_at or job.finished_at,
            links=ExportLinksOut(
                self=path,
                file=f"{path}/file",
                codebook=f"{path}/codebook",
                survey=f"/v1/surveys/{stored.survey_id}",
            ),
        )


class ExportsOut(Page[ExportOut]):
    """A page of exports, newest first."""


class ValueOut(Output):
    """A value that can be given, and its label."""

    value: str
    label: str | None = Field(description="Null: the value says it all")

    @classmethod
    def of(cls, value: Value) -> Self:
        """From the domain."""
        return cls(value=value.value, label=value.label)


class ColumnFields(Output):
    """What a column means, but for its values and versions."""

    column: str
    kind: ColumnKind
    type: CellType
    question: str | None = Field(description="Key of the question")
    question_type: QuestionType | None
    item: str | None = Field(description="Row of the matrix, choice of the multiple choice or ranking")
    attribute: str | None = Field(description="Key of the attribute")
    text: str = Field(description="What the respondent read; of a column without a question: what it tells")
    item_label: str | None
    scale_min: int | None
    scale_max: int | None
    unit: str | None
    feature: str | None = Field(description="Key of the feature that the question is about")


class ColumnOut(ColumnFields):
    """What a column means."""

    values: list[ValueOut] = Field(description="That can be given, where they are listed; in any version")
    versions: list[int] = Field(description="Numbers of the versions of the survey that have it; empty: every one")

    @classmethod
    def of(cls, entry: ColumnEntry) -> Self:
        """From the domain."""
        fields = ColumnFields.model_validate(entry).model_dump()
        return cls(**fields, values=[ValueOut.of(value) for value in entry.values], versions=list(entry.versions))


class ColumnLine(ColumnFields):
    """What a column means, as a line of a table."""

    values: str
    versions: str

    @classmethod
    def of(cls, entry: ColumnEntry) -> Self:
        """From the domain."""
        fields = ColumnFields.model_validate(entry).model_dump()
        values = " | ".join(
            value.value if value.label is None else f"{value.value} = {value.label}" for value in entry.values
        )
        return cls(**fields, values=values, versions=" ".join(map(str, entry.versions)))


class CodebookOfExportOut(Output):
    """What the columns of an export mean, in their order."""

    title: str = Field(description="Of the survey")
    language: str = Field(description="Of the texts")
    versions: list[int] = Field(description="Numbers of the versions of the survey that responses may be of")
    notes: dict[str, str] = Field(description="How values and missing ones are written")
    columns: list[ColumnOut]

    @classmethod
    def of(cls, codebook: Codebook) -> Self:
        """From the domain."""
        return cls(
            title=codebook.title,
            language=codebook.language,
            versions=list(codebook.versions),
            notes=NOTES,
            columns=[ColumnOut.of(entry) for entry in codebook.columns],
        )
