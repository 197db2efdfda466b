"""Vocabulary of imports: the mapping of a file to a survey, what became of the file, and what was wrong in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final, TypeAlias
from uuid import UUID

from pydantic import TypeAdapter

from feedback_core.jobs.types import Job, JobPayload
from feedback_core.kit.errors import Conflict, Invalid
from feedback_core.kit.tabular.types import ColumnRef, Encoding, ImportFormat
from feedback_core.planning.types import CollectionMethod
from feedback_core.surveys.types import Confidentiality

CHUNK_BYTES: Final = 2**20
"""Bytes of a file kept in one row while it waits for the worker."""

MAX_LISTED_FAULTS: Final = 10_000
"""Faults of one import that are listed; those beyond are only counted."""

ISO: Final = "iso"
"""The date format of ISO 8601."""

UNIX: Final = "unix"
"""The date format of seconds since 1970."""

UNIX_MS: Final = "unix_ms"
"""The date format of milliseconds since 1970."""

Canonical: TypeAlias = bool | int | float | str | None
"""What a raw value stands for; ``None``: no answer."""


class Target(StrEnum):
    """What a column says."""

    QUESTION = "question"
    ATTRIBUTE = "attribute"
    EXTERNAL_ID = "external_id"
    SUBMITTED_AT = "submitted_at"
    STARTED_AT = "started_at"
    METHOD = "method"
    STATUS = "status"
    CONFIDENTIALITY = "confidentiality"
    RESPONDENT = "respondent"
    IGNORE = "ignore"


class Match(StrEnum):
    """How raw values are compared: ``loose`` without regard to case, spaces and invisible characters."""

    LOOSE = "loose"
    EXACT = "exact"


class OnUnreadable(StrEnum):
    """What becomes of an answer or attribute that cannot be read."""

    LEAVE_OUT = "leave_out"
    REJECT_ROW = "reject_row"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What one column, or several composed by a template, say.

    Attributes:
        to: what they say.
        column: the column; exactly one of ``column`` and ``template`` is there.
        template: text with columns in braces, ``"{Year} {Campaign}"``; blank if one of them is blank.
        key: of the question or attribute; of the respondent: ``id``, ``name``, ``email`` or ``phone``.
        item: row of a matrix.
        values: what raw values stand for; a raw value that is not named is read as it is.
        blank: raw values that mean no answer; an empty one always does.
        separator: between the choices in one cell, for multiple choice and ranking.
        match: how raw values are compared with ``values``, ``blank`` and declared keys.
        date_format: of this column; ``None``: that of the mapping.
    """

    to: Target
    column: ColumnRef | None = None
    template: str | None = None
    key: str | None = None
    item: str | None = None
    values: Mapping[str, Canonical] = field(default_factory=dict)
    blank: tuple[str, ...] = ()
    separator: str | None = None
    match: Match = Match.LOOSE
    date_format: str | None = None

    @property
    def label(self) -> str:
        """The column as a reader knows it."""
        return self.template if self.template is not None else str(self.column)


@dataclass(frozen=True, slots=True)
class Constant:
    """Something that every row says: an attribute, the method, the status or the time of submission."""

    to: Target
    value: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """How a file is read, and what its columns say.

    Attributes:
        format: what kind of file it is.
        columns: those that say something; others are passed over.
        constants: what every row says.
        date_format: ``iso``, ``unix``, ``unix_ms``, or a pattern of ``strptime``'s numeric directives.
        time_zone: IANA name, for times that say no zone; ``None``: the organisation's.
        confidentiality: of rows that do not say theirs; ``None``: the survey's.
        delimiter: between fields of CSV; ``None``: comma.
        quote: around fields of CSV; ``None``: double quote.
        encoding: of CSV and NDJSON; ``None``: UTF-8.
        header: whether the first line, or row, names the columns; ``None``: it does.
        sheet: of a workbook; ``None``: the first.
        repair_mojibake: mend UTF-8 that was read as Windows-1252 before it was written.
        on_unreadable: what becomes of a value that cannot be read.
        dry_run: say what would become of each row, and record none.
    """

    format: ImportFormat
    columns: tuple[ColumnMapping, ...]
    constants: tuple[Constant, ...] = ()
    date_format: str = ISO
    time_zone: str | None = None
    confidentiality: Confidentiality | None = None
    delimiter: str | None = None
    quote: str | None = None
    encoding: Encoding | None = None
    header: bool | None = None
    sheet: str | None = None
    repair_mojibake: bool = False
    on_unreadable: OnUnreadable = OnUnreadable.LEAVE_OUT
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """The mapping as a JSON document."""
        document: dict[str, Any] = _MAPPING.dump_python(self, mode="json")
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "ImportMapping":
        """The mapping in a JSON document that ``to_json`` made."""
        return _MAPPING.validate_python(document)


_MAPPING = TypeAdapter(ImportMapping)

RESPONDENT_KEYS: Final = ("id", "name", "email", "phone")
DEFAULT_METHOD: Final = CollectionMethod.ONLINE_QUESTIONNAIRE


class ImportFault(StrEnum):
    """Codes of what can be wrong with a mapping, a file or a row, beside those of ``surveys.codes``."""

    # The mapping.
    NO_SOURCE = "no_source"
    WRONG_COLUMN_NAME = "wrong_column_name"
    MALFORMED_TEMPLATE = "malformed_template"
    KEY_MISSING = "key_missing"
    KEY_NOT_EXPECTED = "key_not_expected"
    ITEM_MISSING = "item_missing"
    ITEM_NOT_EXPECTED = "item_not_expected"
    OPTION_NOT_OF_TARGET = "option_not_of_target"
    OPTION_NOT_OF_FORMAT = "option_not_of_format"
    UNKNOWN_RESPONDENT_FIELD = "unknown_respondent_field"
    MAPPED_TWICE = "mapped_twice"
    COLUMN_TWICE = "column_twice"
    AMBIGUOUS_VALUES = "ambiguous_values"
    UNUSABLE_DELIMITER = "unusable_delimiter"
    UNKNOWN_DATE_FORMAT = "unknown_date_format"
    UNKNOWN_TIME_ZONE = "unknown_time_zone"
    NO_QUESTION = "no_question"
    UNKNOWN_FORMAT = "unknown_format"
    EMPTY_FILE = "empty_file"
    # A row.
    RAGGED_ROW = "ragged_row"
    MALFORMED_ROW = "malformed_row"
    BROKEN_ENCODING = "broken_encoding"
    NOT_AN_OBJECT = "not_an_object"
    COLUMN_NEVER_SEEN = "column_never_seen"
    UNREADABLE_NUMBER = "unreadable_number"
    UNREADABLE_TIME = "unreadable_time"
    NO_SUCH_TIME = "no_such_time"
    TIME_MISSING = "time_missing"
    UNKNOWN_METHOD = "unknown_method"
    UNKNOWN_STATUS = "unknown_status"
    UNKNOWN_CONFIDENTIALITY = "unknown_confidentiality"
    ROW_CHANGED = "row_changed"


class MappingInvalid(Invalid):
    """The mapping does not fit the survey; each fault is named with a pointer."""

    code = "mapping_invalid"


class UploadInterrupted(Conflict):
    """The upload took so long that what had come in was thrown away."""

    code = "upload_interrupted"


@dataclass(frozen=True, slots=True)
class RunImport(JobPayload):
    """Read a file that has come in, and record its rows."""

    kind: ClassVar[str] = "imports.run"

    import_id: UUID


@dataclass(frozen=True, slots=True)
class DiscardFile(JobPayload):
    """Throw a file away once nothing will read it any more."""

    kind: ClassVar[str] = "imports.discard"

    import_id: UUID


class FileState(StrEnum):
    """Where the bytes of an import are: coming in, waiting to be read, or gone."""

    RECEIVING = "receiving"
    RECEIVED = "received"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing wrong in a file.

    Attributes:
        line: of the file, from 1; of a workbook: the row; 0: of the file as a whole.
        column: as the mapping names it; ``None``: of the whole row.
        value: the raw value, shortened; ``None`` where it may name somebody or there is none.
        row_kept: whether the row was recorded without the value.
    """

    line: int
    column: str | None
    code: str
    detail: str
    value: str | None
    row_kept: bool


@dataclass(frozen=True, slots=True)
class RowCounts:
    """What became of rows: ``read`` is the sum of ``recorded``, ``duplicate`` and ``rejected``.

    Attributes:
        left_out: values that were left out of rows that were kept.
    """

    read: int = 0
    recorded: int = 0
    duplicate: int = 0
    rejected: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class StoredImport:
    """An import as it stands.

    Attributes:
        file_sha256: in hexadecimal.
        counts: so far; of a dry run, what would have become of the rows.
        faults_listed: at most ``MAX_LISTED_FAULTS``.
        job: that reads the file; its status is the import's.
    """

    id: UUID
    survey_id: UUID
    survey_version_id: UUID
    mapping: ImportMapping
    file_state: FileState
    file_name: str | None
    file_sha256: str
    file_size: int
    counts: RowCounts
    faults_listed: int
    requested_by: str
    created_at: datetime
    job: Job


@dataclass(frozen=True, slots=True)
class FaultPage:
    """Faults in the order of the file; ``next_cursor`` is ``None`` on the last page."""

    items: tuple[RowFault, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class ImportPage:
    """Imports of a survey, newest first; ``next_cursor`` is ``None`` on the last page."""

    items: tuple[StoredImport, ...]
    next_cursor: str | None
