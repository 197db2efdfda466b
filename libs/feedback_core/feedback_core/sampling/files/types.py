"""Vocabulary of files of units: the mapping of a file to a frame, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import TypeAdapter

from feedback_core.jobs.types import Job, JobPayload
from feedback_core.kit.errors import Conflict
from feedback_core.kit.tabular.types import ColumnRef, Encoding, FileLayout, ImportFormat

CHUNK_BYTES: Final = 2**20
"""Bytes of a file kept in one row, encrypted, while it waits for the worker."""

MAX_LISTED_FAULTS: Final = 10_000
"""Faults of one file that are listed; those beyond are only counted."""


class UnitField(StrEnum):
    """What a column says of a unit."""

    REF = "ref"
    ATTRIBUTE = "attribute"
    MEASURE = "measure"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"


class FrameFileFault(StrEnum):
    """Codes of what can be wrong with a mapping of a file to a frame."""

    KEY_MISSING = "key_missing"
    KEY_NOT_EXPECTED = "key_not_expected"
    MAPPED_TWICE = "mapped_twice"
    WRONG_COLUMN_NAME = "wrong_column_name"
    OPTION_NOT_OF_FORMAT = "option_not_of_format"
    EMPTY_FILE = "empty_file"


class FrameUploadInterrupted(Conflict):
    """The upload took so long that what had come in was thrown away."""

    code = "upload_interrupted"


@dataclass(frozen=True, slots=True)
class UnitColumn:
    """What one column says.

    Attributes:
        key: of the attribute or measure.
        values: what raw values of an attribute stand for; others are taken as they are.
        blank: raw values that say nothing; an empty one never does.
    """

    column: ColumnRef
    to: UnitField
    key: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    blank: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameMapping:
    """How a file is read, and what its columns say; columns of a name are joined in their order."""

    format: ImportFormat
    columns: tuple[UnitColumn, ...]
    delimiter: str | None = None
    quote: str | None = None
    encoding: Encoding | None = None
    header: bool | None = None
    sheet: str | None = None
    repair_mojibake: bool = False

    @property
    def layout(self) -> FileLayout:
        """How the file is written, and which columns are read."""
        return FileLayout(
            format=self.format,
            sources=tuple(dict.fromkeys(column.column for column in self.columns)),
            delimiter=self.delimiter,
            quote=self.quote,
            encoding=self.encoding,
            header=self.header is not False,
            sheet=self.sheet,
            repair_mojibake=self.repair_mojibake,
        )

    def to_json(self) -> dict[str, Any]:
        """As a JSON document."""
        document: dict[str, Any] = _MAPPING.dump_python(self, mode="json")
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "FrameMapping":
        """The mapping in a document that ``to_json`` made."""
        return _MAPPING.validate_python(document)


_MAPPING = TypeAdapter(FrameMapping)


class FrameFileState(StrEnum):
    """Where the bytes of a file are: coming in, waiting to be read, or gone."""

    RECEIVING = "receiving"
    RECEIVED = "received"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """What became of rows: ``read`` is the sum of the others."""

    read: int = 0
    added: int = 0
    updated: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class FrameImport:
    """A file as it stands; the status of ``job`` is its own."""

    id: UUID
    frame_id: UUID
    mapping: FrameMapping
    state: FrameFileState
    file_name: str | None
    file_sha256: str
    file_size: int
    counts: UnitCounts
    faults_listed: int
    requested_by: str
    created_at: datetime
    job: Job


@dataclass(frozen=True, slots=True)
class UnitRowFault:
    """One thing wrong in a file: where, and what; never the value, which may be somebody's.

    Attributes:
        line: of the file, from 1; of a workbook: the row.
        number: among those of the line.
        column: as the mapping names it; ``None``: of the whole row.
    """

    line: int
    number: int
    column: str | None
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class RunFrameImport(JobPayload):
    """Read a file that has come in, and put its units into the frame."""

    kind: ClassVar[str] = "sampling.import"

    import_id: UUID


@dataclass(frozen=True, slots=True)
class DiscardFrameFile(JobPayload):
    """Throw a file away once nothing will read it any more."""

    kind: ClassVar[str] = "sampling.discard_file"

    import_id: UUID
