"""Vocabulary of standards: what is asked for, by whom it was agreed, and what others reach."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

STANDARD_KEY = r"^[a-z][a-z0-9_-]{0,62}$"
"""Of standards, benchmarks and practice notes."""


class Demand(StrEnum):
    """On which side of the target the figure is to be."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Statistic(StrEnum):
    """What is made of an observed number."""

    MEAN = "mean"
    MEDIAN = "median"
    SHARE_WITHIN = "share_within"


@dataclass(frozen=True, slots=True)
class Metric:
    """What a standard is held against, on the answers to one survey.

    Attributes:
        kpi: key of a KPI; ``None``: an observed measure.
        statistic: of an observed measure: what is made of the numbers of a number question.
        lowest: of a share within limits: smallest number that counts; ``None``: no limit.
        highest: of a share within limits: largest number that counts; ``None``: no limit.
        question: of an observed measure always; of a KPI where the survey has several that fit.
        item: row of a matrix, or choice of a ranking.
        choice: whose share it is.
        where: attribute (or ``method``) to the values allowed.
    """

    survey_id: UUID
    kpi: str | None = None
    statistic: Statistic | None = None
    lowest: float | None = None
    highest: float | None = None
    question: str | None = None
    item: str | None = None
    choice: str | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Somebody, or some body of people, who agreed to a standard, and on which day."""

    by: str
    on: date


@dataclass(frozen=True, slots=True)
class StandardDetails:
    """What is said in a version of a standard.

    Attributes:
        name: what people call it.
        statement: the same in plain words, as it may be shown to customers.
        target: in the units of the metric.
        tolerance: by how much the target may be missed and the standard still is met; same units.
        owner: who answers for it.
        feature: key of the feature that it is about.
        process: key of the process that supports it.
        valid_from: first day on which it holds.
        valid_to: first day on which it does not any more; ``None``: until further notice.
        agreed: who agreed to it, and when.
    """

    name: str
    statement: str
    metric: Metric
    direction: Demand
    target: float
    valid_from: date
    tolerance: float = 0.0
    owner: str | None = None
    feature: str | None = None
    process: str | None = None
    valid_to: date | None = None
    agreed: tuple[Agreement, ...] = ()

    @property
    def threshold(self) -> float:
        """What the figure must reach: the target, less what is tolerated."""
        allowed = -self.tolerance if self.direction is Demand.AT_LEAST else self.tolerance
        # 0.7 less 0.05 is 0.65, whatever binary fractions make of it.
        return round(self.target + allowed, 12)


@dataclass(frozen=True, slots=True)
class Standard:
    """A version of a standard; versions are never changed.

    Attributes:
        key: what it is referred to by; unique in its organisation.
        version: counts the versions that this key has had, from 1.
        defined_by: name of the API key.
    """

    key: str
    version: int
    details: StandardDetails
    defined_by: str
    defined_at: datetime


@dataclass(frozen=True, slots=True)
class StatedInterval:
    """The interval that a source states of its figure."""

    low: float
    high: float
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class BenchmarkDetails:
    """A figure of others, and what it takes to judge whether it can stand beside one's own.

    Attributes:
        figure: in the units of the standard that it stands beside.
        n: answers behind it, if known.
        interval: as stated, if it is.
        source: where it was published.
        published_on: on which day.
        sector: of whom.
        comparability: how far it can be compared: who was asked, how, when.
        standard: key of the standard that it stands beside.
    """

    name: str
    figure: float
    source: str
    published_on: date
    sector: str
    comparability: str
    n: int | None = None
    interval: StatedInterval | None = None
    standard: str | None = None


@dataclass(frozen=True, slots=True)
class PracticeNoteDetails:
    """How others do it, with where that was read.

    Attributes:
        text: what is done, in plain words.
        standard: key of the standard that it helps to reach.
    """

    title: str
    text: str
    source: str
    dated: date
    sector: str | None = None
    standard: str | None = None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark as it stands; ``revision`` counts edits."""

    key: str
    details: BenchmarkDetails
    created_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class PracticeNote:
    """A practice note as it stands; ``revision`` counts edits."""

    key: str
    details: PracticeNoteDetails
    created_at: datetime
    revision: int
