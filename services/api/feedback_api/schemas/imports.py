"""HTTP shapes of imports."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Output, Page
from feedback_core.jobs.types import JobStatus
from feedback_core.kit.tabular.types import Encoding, ImportFormat
from feedback_core.responses.imports.types import (
    ISO,
    MAX_LISTED_FAULTS,
    ColumnMapping,
    Constant,
    ImportMapping,
    Match,
    OnUnreadable,
    RowFault,
    StoredImport,
    Target,
)
from feedback_core.surveys.types import Confidentiality

EXAMPLE: dict[str, Any] = {
    "format": "csv",
    "time_zone": "America/New_York",
    "date_format": "%m/%d/%Y %I:%M:%S %p",
    "columns": [
        {"column": "Ticket", "to": "external_id"},
        {"column": "Completed", "to": "submitted_at"},
        {"column": "Region", "to": "attribute", "key": "region", "values": {"N": "north", "S": "south"}},
        {"column": "NPS", "to": "question", "key": "nps", "blank": ["n/a"]},
        {
            "column": "Wait",
            "to": "question",
            "key": "wait",
            "values": {"Strongly agree": 5, "Agree": 4, "Neutral": 3, "Disagree": 2, "Strongly disagree": 1},
        },
        {"column": "Used", "to": "question", "key": "used", "separator": ";"},
    ],
    "constants": [{"to": "method", "value": "telephone"}],
}

Word = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
Meaning = (
    Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]
    | bool
    | int
    | Annotated[float, Field(allow_inf_nan=False)]
    | None
)
Raw = Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")]
Character = Annotated[str, Field(min_length=1, max_length=1, pattern=r"^[^\x00\r\n]$")]


class ReadingIn(Input):
    """How a raw value is read, whatever it comes from."""

    key: Word | None = Field(
        default=None, description="Of the question or attribute; of the respondent: id, name, email or phone"
    )
    item: Word | None = Field(default=None, description="Row of a matrix")
    values: dict[Raw, Meaning] = Field(
        default_factory=dict,
        max_length=5_000,
        description="What raw values stand for; null: no answer. A value that is not named is read as it is",
    )
    blank: list[Raw] = Field(
        default_factory=list, max_length=100, description="Raw values that mean no answer; an empty one always does"
    )
    separator: Annotated[str, Field(min_length=1, max_length=10, pattern=r"^[^\x00]*$")] | None = Field(
        default=None, description="Between the choices in one text, for multiple choice and ranking"
    )
    match: Match = Field(
        default=Match.LOOSE, description="`loose`: without regard to case, spaces and invisible characters"
    )


class ColumnIn(ReadingIn):
    """What a column says, or several composed by a template."""

    to: Target = Field(description="`ignore` says that the column is known and not wanted")
    column: Word | Annotated[int, Field(strict=True, ge=1, le=16_384), AS_WHOLE] | None = Field(
        default=None,
        description="Its name in the header; its number, from 1, where there is none; in NDJSON a key, or a path with"
        " dots. Give this or `template`",
    )
    template: Word | None = Field(
        default=None,
        description="Columns in braces, composed: `{Year} {Campaign}`, `2017-05-{Day}`. Blank if one of them is",
    )
    date_format: Word | None = Field(default=None, description="Of this column, if not that of the mapping")


class ConstantIn(Input):
    """Something that every row says: an attribute, the method, the status or the time of submission."""

    to: Target
    value: Word
    key: Word | None = Field(default=None, description="Of the attribute")


class ImportMappingIn(Input):
    """How a file is read, and what its columns say. Columns that are not named are passed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    columns: list[ColumnIn] = Field(min_length=1, max_length=2_000)
    constants: list[ConstantIn] = Field(default_factory=list, max_length=200)
    format: ImportFormat | None = Field(default=None, description="By the file's type or name, if left out")
    date_format: Word = Field(
        default=ISO,
        description="`iso`, `unix`, `unix_ms`, or a pattern as `%m/%d/%Y %I:%M:%S %p`:"
        " %Y %y %m %b %B %d %H %I %M %S %f %p %z",
    )
    time_zone: Word | None = Field(
        default=None,
        description="IANA name, for times that say no zone; the organisation's if left out. A time that clocks show"
        " twice is the earlier one; one that they never show is a fault of its row",
    )
    confidentiality: Confidentiality | None = Field(
        default=None, description="The survey's, if left out; never one that keeps more of the respondent"
    )
    delimiter: Character | None = Field(default=None, description="CSV only; comma if left out")
    quote: Character | None = Field(default=None, description='CSV only; `"` if left out')
    encoding: Encoding | None = Field(default=None, description="CSV and NDJSON; utf-8 if left out")
    header: Flag | None = Field(default=None, description="CSV and XLSX: whether the first row names the columns")
    sheet: Word | None = Field(default=None, description="XLSX only; the first if left out")
    repair_mojibake: Flag = Field(
        default=False, description="Mend UTF-8 that was read as Windows-1252 before the file was written: `EspaÃ±ol`"
    )
    on_unreadable: OnUnreadable = Field(
        default=OnUnreadable.LEAVE_OUT,
        description="What becomes of an answer or attribute that cannot be read. A row whose time or id cannot be read"
        " is always rejected",
    )
    dry_run: Flag = Field(default=False, description="Say what would become of each row, and record none")

    def mapping(self, file_format: ImportFormat) -> ImportMapping:
        """For the domain."""
        fields = self.model_dump(exclude={"columns", "constants", "format"})
        return ImportMapping(
            format=file_format,
            columns=tuple(
                ColumnMapping(**{**column.model_dump(), "blank": tuple(column.blank)}) for column in self.columns
            ),
            constants=tuple(Constant(**constant.model_dump()) for constant in self.constants),
            **fields,
        )


class ImportProgressOut(Output):
    """How much of the file has been read."""

    done: int
    total: int | None
    unit: str | None = Field(examples=["kilobytes"])


class ImportErrorOut(Output):
    """Why the import failed, or why its last attempt did."""

    code: str = Field(examples=["columns_missing"])
    detail: str


class ImportLinksOut(Output):
    """Where to go from here."""

    self: str
    faults: str
    survey: str


class ImportOut(Output):
    """An import as it stands. `rows_read` is the sum of the three other counts of rows."""

    id: UUID
    survey_id: UUID
    survey_version_id: UUID
    status: JobStatus
    format: ImportFormat
    dry_run: bool = Field(description="Nothing is recorded; the counts say what would be")
    file_name: str | None
    file_sha256: str
    file_size: int = Field(description="Bytes")
    rows_read: int
    rows_recorded: int
    rows_duplicate: int = Field(description="The same was recorded before: by external id, or by file and line")
    rows_rejected: int
    values_left_out: int = Field(description="Values that could not be read, in rows that were kept")
    faults_listed: int = Field(description=f"At most {MAX_LISTED_FAULTS}; faults beyond are only in the counts")
    progress: ImportProgressOut
    error: ImportErrorOut | None
    requested_by: str = Field(description="Name of the API key")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    links: ImportLinksOut

    @classmethod
    def of(cls, stored: StoredImport) -> Self:
        """From the domain."""
        return cls(**cls.parts(stored))

    @classmethod
    def parts(cls, stored: StoredImport) -> dict[str, Any]:
        """The fields that a list shows."""
        job, counts, path = stored.job, stored.counts, f"/v1/imports/{stored.id}"
        return {
            "id": stored.id,
            "survey_id": stored.survey_id,
            "survey_version_id": stored.survey_version_id,
            "status": job.status,
            "format": stored.mapping.format,
            "dry_run": stored.mapping.dry_run,
            "file_name": stored.file_name,
            "file_sha256": stored.file_sha256,
            "file_size": stored.file_size,
            "rows_read": counts.read,
            "rows_recorded": counts.recorded,
            "rows_duplicate": counts.duplicate,
            "rows_rejected": counts.rejected,
            "values_left_out": counts.left_out,
            "faults_listed": stored.faults_listed,
            "progress": ImportProgressOut.model_validate(job.progress),
            "error": job.error and ImportErrorOut.model_validate(job.error),
            "requested_by": stored.requested_by,
            "created_at": stored.created_at,
            "started_at": job.started_at,
            "finished_at": job.finished_at,
            "links": ImportLinksOut(self=path, faults=f"{path}/faults", survey=f"/v1/surveys/{stored.survey_id}"),
        }


class ImportDetailOut(ImportOut):
    """An import as it stands, with its mapping."""

    mapping: ImportMappingIn

    @classmethod
    def of(cls, stored: StoredImport) -> Self:
        """From the domain."""
        return cls(**cls.parts(stored), mapping=ImportMappingIn.model_validate(stored.mapping.to_json()))


class ImportsOut(Page[ImportOut]):
    """A page of imports, newest first."""


class ImportFaultOut(Output):
    """One thing wrong in a file."""

    line: int = Field(description="Line of the file, from 1; row of a workbook; 0: the file as a whole")
    column: str | None = Field(description="As the mapping names it; null: the whole row")
    code: str = Field(examples=["off_scale"])
    detail: str
    value: str | None = Field(description="As it stands in the file, shortened; null where it may name somebody")
    row_kept: bool = Field(description="Whether the row was recorded without the value")

    @classmethod
    def of(cls, fault: RowFault) -> Self:
        """From the domain."""
        return cls.model_validate(fault)


class ImportFaultsOut(Page[ImportFaultOut]):
    """A page of faults, in the order of the file."""
