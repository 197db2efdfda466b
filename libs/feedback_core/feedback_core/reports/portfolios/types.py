"""Vocabulary of portfolios: what is asked for, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import TypeAdapter

from feedback_core.jobs.types import FileState, Job, JobPayload
from feedback_core.kit.errors import Conflict, Gone

KEPT_FOR: Final = timedelta(days=90)
"""How long a file is kept after it was made: it can be made again at any time."""

MOST_RECORDS: Final = 1_000
"""Records of one kind that go into a file, the latest; how many there are beyond is said."""

MOST_KEPT_FILES: Final = 50
"""Editions of reports that go into a file as they were kept, the latest; of the others their fingerprint does."""

MOST_SURVEYS: Final = 100
"""Surveys that one portfolio may be limited to."""


class UnitKey(StrEnum):
    """Which description of work the evidence is for."""

    GATHER = "G"
    REVIEW = "R"
    OBTAIN = "O"
    MANAGE = "M"


class PortfolioGoneReason(StrEnum):
    """Why a file is gone; ``failed``, ``cancelled``: it never came to be; ``erasure``: it named who is forgotten."""

    EXPIRED = "expired"
    DELETED = "deleted"
    ERASURE = "erasure"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PortfolioNotReady(Conflict):
    """The file is being written, or was never finished."""

    code = "portfolio_not_ready"


class PortfolioGone(Gone):
    """The file was there, or will never be."""

    code = "portfolio_gone"


@dataclass(frozen=True, slots=True)
class PortfolioRequest:
    """What is asked for.

    Attributes:
        starts_at: records dated then or later; ``None``: from the first on.
        ends_at: records dated before; ``None``: to the latest.
        survey_ids: of what belongs to a survey, only to one of these; empty: of every survey.
    """

    unit: UnitKey
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    survey_ids: tuple[UUID, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The request as a JSON document."""
        document: dict[str, Any] = _REQUEST.dump_python(self, mode="json")
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "PortfolioRequest":
        """The request in a JSON document that ``to_json`` made."""
        return _REQUEST.validate_python(document)


_REQUEST = TypeAdapter(PortfolioRequest)


@dataclass(frozen=True, slots=True)
class Summary:
    """How much there is.

    Attributes:
        with_records: keys of the criteria for which there is something of everything that they ask for.
        in_part: keys of those for which there is some of it.
        without_records: keys of those for which there is nothing.
        records: in the file.
        left_out: of kinds that have more records than a file takes.
    """

    with_records: tuple[str, ...]
    in_part: tuple[str, ...]
    without_records: tuple[str, ...]
    records: int
    left_out: int

    def to_json(self) -> dict[str, Any]:
        """As a JSON document."""
        document: dict[str, Any] = _SUMMARY.dump_python(self, mode="json")
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Summary":
        """From a JSON document that ``to_json`` made."""
        return _SUMMARY.validate_python(document)


_SUMMARY = TypeAdapter(Summary)


@dataclass(frozen=True, slots=True)
class WritePortfolio(JobPayload):
    """Write the file of a portfolio."""

    kind: ClassVar[str] = "portfolios.write"

    portfolio_id: UUID


@dataclass(frozen=True, slots=True)
class DiscardPortfolio(JobPayload):
    """Throw away a file that is too old, or that will never be finished."""

    kind: ClassVar[str] = "portfolios.discard"

    portfolio_id: UUID


@dataclass(frozen=True, slots=True)
class StoredPortfolio:
    """A portfolio as it stands.

    Attributes:
        gone_reason: ``None`` while the file is being written or ready.
        summary: ``None`` until the file is there.
        sha256: of the file, in hexadecimal; ``None`` until the file is there.
        job: that writes the file; its status is the portfolio's.
    """

    id: UUID
    request: PortfolioRequest
    file_state: FileState
    gone_reason: PortfolioGoneReason | None
    summary: Summary | None
    size: int
    sha256: str | None
    requested_by: str
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime
    job: Job


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """Portfolios, newest first; ``next_cursor`` is ``None`` on the last page."""

    items: tuple[StoredPortfolio, ...]
    next_cursor: str | None
