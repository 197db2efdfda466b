"""Vocabulary of events: what can happen, to what, and the row that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

LARGEST_DATA: Final = 16_000
"""Bytes of an event's data as JSON: what is larger is fetched by its id."""


class EventKind(StrEnum):
    """What can happen: the kind of its subject, a dot, and what happened to it.

    A name is never changed nor given another meaning: receivers' programs compare it.
    """

    RESPONSE_COMPLETED = "response.completed"
    RESPONSE_LOW_SCORE = "response.low_score"
    SAMPLE_DRAWN = "sample.drawn"
    IMPORT_FINISHED = "import.finished"
    ANALYSIS_FINISHED = "analysis.finished"
    KPI_BREACHED = "kpi.breached"
    KPI_RECOVERED = "kpi.recovered"
    STANDARD_NOT_MET = "standard.not_met"
    FIELDWORK_ALERT = "fieldwork.alert"
    RECOMMENDATION_CREATED = "recommendation.created"
    RECOMMENDATION_MOVED = "recommendation.moved"
    RECOMMENDATION_OVERDUE = "recommendation.overdue"
    RECOMMENDATION_OVERTAKEN = "recommendation.overtaken"
    ACTION_CREATED = "action.created"
    ACTION_CHANGED = "action.changed"
    ACTION_OVERDUE = "action.overdue"
    ACTION_CLOSED = "action.closed"
    CASE_OPENED = "case.opened"
    CASE_CHANGED = "case.changed"
    CASE_ESCALATED = "case.escalated"
    CASE_CLOSED = "case.closed"
    REPORT_PUBLISHED = "report.published"
    REPORT_OPENED = "report.opened"
    REPORT_ACKNOWLEDGED = "report.acknowledged"
    WEBHOOK_PAUSED = "webhook.paused"
    WEBHOOK_TEST = "webhook.test"

    @property
    def subject_kind(self) -> str:
        """What it happens to: the part before the dot."""
        return self.value.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Event:
    """A fact to be recorded.

    Attributes:
        kind: what happened.
        subject: id or key of what it happened to; its kind follows from ``kind``.
        data: numbers, ids and words of ours, as JSON: never who somebody is, what somebody wrote, nor a secret.
        version: of the subject, where the fact is one about this version: recorded a second time, it is the same event
            and stays once. Without it, each call is another event.
    """

    kind: EventKind
    subject: UUID | str
    data: Mapping[str, object] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as it is kept.

    Attributes:
        id: follows from what it is about, so that a repetition has the same.
        sequence: counts up over the events of one subject, in the order in which they came to be true.
        place: where it stands in the feed.
    """

    id: UUID
    kind: EventKind
    subject_kind: str
    subject_id: str
    sequence: int
    occurred_at: datetime
    data: Mapping[str, object]
    place: "FeedPlace"


@dataclass(frozen=True, slots=True, order=True)
class FeedPlace:
    """A place in the feed of an organisation: by transaction, then by sequence of the subject, then by id."""

    xid: int
    sequence: int
    id: UUID


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are asked for; nothing given: all.

    Attributes:
        kinds: any of these.
        subject_id: of this subject only.
        occurred_from: that happened then or later.
    """

    kinds: tuple[EventKind, ...] = ()
    subject_id: str | None = None
    occurred_from: datetime | None = None
