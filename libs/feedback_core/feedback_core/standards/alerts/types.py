"""Vocabulary of alerts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from feedback_core.jobs.types import JobPayload
from feedback_core.standards.types import Demand, Metric

CHECK_EVERY: Final = timedelta(minutes=5)
"""How often each alert is looked at."""


class AlertState(StrEnum):
    """Where the figure stands, as far as its interval says.

    undecided: since the alert was put, the interval has lain on neither side as a whole.
    clear: it last lay on the good side as a whole.
    breached: it last lay beyond the threshold as a whole.
    """

    UNDECIDED = "undecided"
    CLEAR = "clear"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class AlertDetails:
    """What is watched.

    Attributes:
        metric: a KPI of one survey.
        direction: on which side of the threshold the figure is to be.
        threshold: in the units of the KPI.
        days: of the organisation, today and those before, whose answers count.
        minimum_n: answers, below which nothing is told.
        level: of the interval that decides.
    """

    name: str
    metric: Metric
    direction: Demand
    threshold: float
    days: int
    minimum_n: int = 1
    level: float = 0.95
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class AlertFigure:
    """The figure as it was last looked at."""

    value: float
    low: float
    high: float
    n: int
    period_start: datetime
    period_end: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """What was found at a look.

    Attributes:
        state: after it.
        figure: ``None``: there is none that may be shown.
        reason: why nothing could be told; ``None`` where the interval decides.
    """

    state: AlertState
    figure: AlertFigure | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as it stands.

    Attributes:
        since: when it came to its state; ``None``: it was never decided.
        checked_at: when it was last looked at; ``None``: never since it was put.
    """

    key: str
    details: AlertDetails
    state: AlertState
    since: datetime | None
    checked_at: datetime | None
    figure: AlertFigure | None
    reason: str | None
    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class CheckAlert(JobPayload):
    """Look at the figure of an alert."""

    kind: ClassVar[str] = "alerts.check"

    key: str
