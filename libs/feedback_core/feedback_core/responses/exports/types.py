"""Vocabulary of exports: what is asked for, what became of it, and what stands in the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import TypeAdapter

from feedback_core.jobs.types import FileState, Job, JobPayload
from feedback_core.kit.errors import Conflict, Fault, Gone, Invalid, Unavailable
from feedback_core.surveys.types import Confidentiality, ResponseStatus

KEPT_FOR: Final = timedelta(days=7)
"""How long a file is kept after it was asked for."""

MOST_COLUMNS: Final = 16_384
"""Columns of a table, as in a spreadsheet; a survey that needs more is exported as NDJSON."""


class ExportFormat(StrEnum):
    """What kind of file it is."""

    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"
    XLSX = "xlsx"

    @property
    def is_table(self) -> bool:
        """Whether every answer has a column of its own."""
        return self is not ExportFormat.NDJSON


class Change(StrEnum):
    """What a row says about the copy of whoever keeps one.

    ``upsert``: the response as it stands. ``erased``: it was erased. ``left``: the filters leave it out now; whether it
    was in an earlier file is not known.
    """

    UPSERT = "upsert"
    ERASED = "erased"
    LEFT = "left"


class GoneReason(StrEnum):
    """Why a file is gone.

    ``erasure``: a response that it held was erased. ``failed``: it never came to be.
    """

    EXPIRED = "expired"
    ERASURE = "erasure"
    DELETED = "deleted"
    CANCELLED = "cancelled"
    FAILED = "failed"


class TooManyColumns(Invalid):
    """The answers do not fit into a table."""

    code = "too_many_columns"

    def __init__(self, columns: int) -> None:
        detail = f"A table of this survey would have {columns} columns, more than {MOST_COLUMNS}: export it as ndjson."
        super().__init__([Fault("/format", self.code, detail)], detail)


class UnknownContinuation(Invalid):
    """``updated_since`` is not what an earlier export with the same filters gave."""

    code = "unknown_continuation"

    def __init__(self) -> None:
        detail = "Give next_updated_since of an earlier export of this survey with the same filters, or a time."
        super().__init__([Fault("/updated_since", self.code, detail)], detail)


class ExportNotReady(Conflict):
    """The file is being written, or was never finished."""

    code = "export_not_ready"


class ExportGone(Gone):
    """The file was there, and is no more."""

    code = "export_gone"


class ResponsesKeptChanging(Unavailable):
    """Responses were erased each time that the file was nearly there."""

    code = "responses_kept_changing"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which responses of a survey are exported; ``None``: all.

    Attributes:
        submitted_from: submitted then or later.
        submitted_to: submitted before.
        excluded: only those that somebody excluded, or only others.
        suspect: only those that the inclusion rule lets stand beside the figures, or only others.
    """

    submitted_from: datetime | None = None
    submitted_to: datetime | None = None
    status: ResponseStatus | None = None
    excluded: bool | None = None
    suspect: bool | None = None


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is asked for.

    Attributes:
        include_identities: who gave identified responses.
        include_texts: answers to text questions.
        unmasked: with personal data in them; masked otherwise.
    """

    format: ExportFormat
    selection: Selection = Selection()
    include_identities: bool = False
    include_texts: bool = True
    unmasked: bool = False

    def to_json(self) -> dict[str, Any]:
        """The request as a JSON document."""
        document: dict[str, Any] = _REQUEST.dump_python(self, mode="json")
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "ExportRequest":
        """The request in a JSON document that ``to_json`` made."""
        return _REQUEST.validate_python(document)


_REQUEST = TypeAdapter(ExportRequest)


@dataclass(frozen=True, slots=True)
class RunExport(JobPayload):
    """Write the file of an export."""

    kind: ClassVar[str] = "exports.run"

    export_id: UUID


@dataclass(frozen=True, slots=True)
class DiscardExport(JobPayload):
    """Throw away a file that is too old, or that will never be finished."""

    kind: ClassVar[str] = "exports.discard"

    export_id: UUID


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """What stands in a file.

    Attributes:
        written: responses as they stand.
        erased: ids of responses that were erased.
        left: ids of responses that the filters leave out now.
        values_shortened: texts that are longer than a cell of a spreadsheet.
    """

    written: int = 0
    erased: int = 0
    left: int = 0
    values_shortened: int = 0


@dataclass(frozen=True, slots=True)
class StoredExport:
    """An export as it stands.

    Attributes:
        since: only what was recorded or decided from this transaction on; ``None``: everything.
        gone_reason: ``None`` while the file is being written or ready.
        sha256: of the file, in hexadecimal; ``None`` until it is finished.
        watermark: what was recorded or decided by transactions below it, the export has seen; ``None`` until it is
            finished.
        snapshot_at: when it looked; ``None`` until it is finished.
        through_version: the latest version of the survey then; ``None`` until it is finished.
        confidentiality: of the survey then; ``None`` until it is finished.
        job: that writes the file; its status is the export's.
    """

    id: UUID
    survey_id: UUID
    request: ExportRequest
    since: int | None
    file_state: FileState
    gone_reason: GoneReason | None
    counts: ExportCounts
    size: int
    sha256: str | None
    watermark: int | None
    snapshot_at: datetime | None
    through_version: int | None
    confidentiality: Confidentiality | None
    requested_by: str
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime
    job: Job


@dataclass(frozen=True, slots=True)
class ExportPage:
    """Exports of a survey, newest first; ``next_cursor`` is ``None`` on the last page."""

    items: tuple[StoredExport, ...]
    next_cursor: str | None
