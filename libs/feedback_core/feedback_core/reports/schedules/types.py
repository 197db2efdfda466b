"""Vocabulary of schedules of reports."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import TypeAdapter

from feedback_core.jobs.types import JobPayload
from feedback_core.reports.types import Audience, ReportFormat, ReportRequest


@dataclass(frozen=True, slots=True)
class PlannedEdition:
    """An edition to be written of each review; ``process`` and ``owner`` as in a ``ReportRequest``."""

    audience: Audience
    format: ReportFormat
    process: str | None = None
    owner: str | None = None

    @classmethod
    def of(cls, request: ReportRequest) -> Self:
        """The edition that a report is of."""
        return cls(request.audience, request.format, request.process, request.owner)

    def request(self, run_id: UUID) -> ReportRequest:
        """Of this review."""
        return ReportRequest(run_id, self.audience, self.format, process=self.process, owner=self.owner)


EDITION = TypeAdapter(PlannedEdition)
EDITIONS = TypeAdapter(tuple[PlannedEdition, ...])


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """What is written, after the reviews of which analysis schedule."""

    analysis_schedule_id: UUID
    editions: tuple[PlannedEdition, ...]
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ReportSchedule:
    """A plan that is kept.

    Attributes:
        last_run_id: editions of later runs are still to be asked for.
    """

    id: UUID
    plan: ReportPlan
    last_run_id: UUID
    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class StandingRecipient:
    """Who is sent an edition of a schedule whenever it is written.

    Attributes:
        sealed: a ``Recipient``, sealed, as distributions keep theirs.
        remind_after_days: of silence; ``None``: nobody is reminded.
    """

    id: UUID
    schedule_id: UUID
    edition: PlannedEdition
    sealed: bytes = field(repr=False)
    remind_after_days: int | None
    added_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RequestEditions(JobPayload):
    """Ask for the editions of reviews that have succeeded since."""

    kind: ClassVar[str] = "schedules.request_editions"

    schedule_id: UUID


def editions_to_json(editions: Sequence[PlannedEdition]) -> list[dict[str, Any]]:
    """As they are kept."""
    document: list[dict[str, Any]] = EDITIONS.dump_python(tuple(editions), mode="json")
    return document
