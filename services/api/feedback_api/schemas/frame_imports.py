"""HTTP shapes of files that are put into frames."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Output
from feedback_api.schemas.imports import Character, ImportErrorOut, Raw, Word
from feedback_core.jobs.types import JobStatus
from feedback_core.kit.tabular.types import Encoding, ImportFormat
from feedback_core.sampling.files.types import (
    MAX_LISTED_FAULTS,
    FrameImport,
    FrameMapping,
    UnitColumn,
    UnitField,
    UnitRowFault,
)

EXAMPLE: dict[str, Any] = {
    "format": "csv",
    "columns": [
        {"column": "Customer", "to": "ref"},
        {"column": "Region", "to": "attribute", "key": "region", "values": {"N": "north", "S": "south"}},
        {"column": "Turnover", "to": "measure", "key": "turnover", "blank": ["n/a"]},
        {"column": "First name", "to": "name"},
        {"column": "Last name", "to": "name"},
        {"column": "E-mail", "to": "email"},
    ],
}


class UnitColumnIn(Input):
    """What a column says of a unit."""

    column: Word | Annotated[int, Field(strict=True, ge=1, le=16_384), AS_WHOLE] = Field(
        description="Its name in the header; its number, from 1, where there is none; in NDJSON a key, or a path"
    )
    to: UnitField = Field(description="Columns of `name` are joined in their order")
    key: Word | None = Field(default=None, description="Of the attribute or measure")
    values: dict[Raw, Word] = Field(
        default_factory=dict, max_length=5_000, description="What raw values of an attribute stand for"
    )
    blank: list[Raw] = Field(default_factory=list, max_length=100, description="Raw values that say nothing")


class FrameMappingIn(Input):
    """How a file is read, and what its columns say. Columns that are not named are passed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    columns: list[UnitColumnIn] = Field(min_length=1, max_length=200)
    format: ImportFormat | None = Field(default=None, description="By the file's type or name, if left out")
    delimiter: Character | None = Field(default=None, description="CSV only; comma if left out")
    quote: Character | None = Field(default=None, description='CSV only; `"` if left out')
    encoding: Encoding | None = Field(default=None, description="CSV and NDJSON; utf-8 if left out")
    header: Flag | None = Field(default=None, description="CSV and XLSX: whether the first row names the columns")
    sheet: Word | None = Field(default=None, description="XLSX only; the first if left out")
    repair_mojibake: Flag = Field(
        default=False, description="Mend UTF-8 that was read as Windows-1252 before the file was written: `EspaÃ±a`"
    )

    def mapping(self, file_format: ImportFormat) -> FrameMapping:
        """For the domain."""
        columns = tuple(
            UnitColumn(each.column, each.to, each.key, each.values, tuple(each.blank)) for each in self.columns
        )
        return FrameMapping(format=file_format, columns=columns, **self.model_dump(exclude={"columns", "format"}))


class FrameImportOut(Output):
    """A file that is put into a frame. `rows_read` is the sum of the three other counts of rows."""

    id: UUID
    frame_id: UUID
    status: JobStatus
    format: ImportFormat
    file_name: str | None
    file_sha256: str
    file_size: int = Field(description="Bytes")
    rows_read: int
    rows_added: int
    rows_updated: int = Field(description="Of a ref that was there, in the frame or in an earlier row")
    rows_rejected: int
    faults_listed: int = Field(description=f"At most {MAX_LISTED_FAULTS}; faults beyond are only in the counts")
    mapping: FrameMappingIn
    error: ImportErrorOut | None
    requested_by: str = Field(description="Name of the API key")
    created_at: datetime
    finished_at: datetime | None

    @classmethod
    def of(cls, stored: FrameImport) -> Self:
        """From the domain."""
        job, counts = stored.job, stored.counts
        return cls(
            id=stored.id,
            frame_id=stored.frame_id,
            status=job.status,
            format=stored.mapping.format,
            file_name=stored.file_name,
            file_sha256=stored.file_sha256,
            file_size=stored.file_size,
            rows_read=counts.read,
            rows_added=counts.added,
            rows_updated=counts.updated,
            rows_rejected=counts.rejected,
            faults_listed=stored.faults_listed,
            mapping=FrameMappingIn.model_validate(stored.mapping.to_json()),
            error=None if job.error is None else ImportErrorOut(code=job.error.code, detail=job.error.detail),
            requested_by=stored.requested_by,
            created_at=stored.created_at,
            finished_at=job.finished_at,
        )


class FrameFaultOut(Output):
    """One thing wrong in a file; the value is not shown, as it may be somebody's."""

    line: int
    column: str | None
    code: str
    detail: str

    @classmethod
    def of(cls, fault: UnitRowFault) -> Self:
        """From the domain."""
        return cls.model_validate(fault)
