"""Vocabulary of collectors: where one stands, what a caller says of one, and when its link leads to questions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict
from feedback_core.planning.types import CollectionMethod
from feedback_core.surveys.types import SurveyState, Text

MOST_COLLECTORS: Final = 1_000
"""Of one survey."""


class CollectorState(StrEnum):
    """Where a collector stands.

    ``open``: its link leads to the questions. ``paused``: it does for who has begun, and for nobody else.
    ``ended``: for good, for nobody.
    """

    OPEN = "open"
    PAUSED = "paused"
    ENDED = "ended"


class CollectorFault(StrEnum):
    """Codes of what can be wrong with a collector."""

    CLOSES_BEFORE_OPENING = "closes_before_opening"
    NOT_ITS_LANGUAGE = "not_its_language"
    UNKNOWN_ATTRIBUTE = "unknown_attribute"
    UNKNOWN_VALUE = "unknown_value"


class CollectorEnded(Conflict):
    """The collector has ended: that is for good."""

    code = "collector_ended"


class TooManyCollectors(Conflict):
    """The survey has as many collectors as it may have."""

    code = "too_many_collectors"


@dataclass(frozen=True, slots=True)
class CollectorDetails:
    """What a caller says of a collector.

    Attributes:
        name: as the organisation calls it.
        language: in which its page is shown unless the reader chooses another; ``None``: what their browser asks for.
        introduction: read before the first question.
        thank_you: read after the last one; ``None``: a plain thank you.
        opens_at: ``None``: at once.
        closes_at: ``None``: with the survey.
        method: that responses through it are counted under.
        attributes: that every response through it has, by key.
    """

    name: str
    language: str | None = None
    introduction: Text | None = None
    thank_you: Text | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    method: CollectionMethod = CollectionMethod.ONLINE_QUESTIONNAIRE
    attributes: Mapping[str, str] = field(default_factory=dict)
    state: CollectorState = CollectorState.OPEN


@dataclass(frozen=True, slots=True)
class Collector:
    """A collector of a survey; ``revision`` counts edits, from 1."""

    id: UUID
    survey_id: UUID
    details: CollectorDetails
    created_by: str
    created_at: datetime
    updated_at: datetime
    revision: int

    @property
    def on_shared_device(self) -> bool:
        """Whether many people answer on the same device, one after the other."""
        return self.details.method is CollectionMethod.KIOSK


class Availability(StrEnum):
    """Whether a link leads to questions.

    ``open``: for everybody. ``not_yet`` and ``paused``: not now, but who has begun goes on. ``ended``: never again.
    """

    OPEN = "open"
    NOT_YET = "not_yet"
    PAUSED = "paused"
    ENDED = "ended"


def availability_of(collector: Collector, survey: SurveyState, now: datetime) -> Availability:
    """Whether the link of a collector leads to questions now, its survey standing as said."""
    details = collector.details
    if survey is SurveyState.CLOSED or details.state is CollectorState.ENDED:
        return Availability.ENDED
    if details.closes_at is not None and details.closes_at <= now:
        return Availability.ENDED
    if details.state is CollectorState.PAUSED:
        return Availability.PAUSED
    is_early = details.opens_at is not None and now < details.opens_at
    return Availability.NOT_YET if is_early or survey is SurveyState.DRAFT else Availability.OPEN
