"""Shapes of the verdicts on standards."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import Field

from feedback_api.schemas.common import Output, Page
from feedback_api.schemas.kpis import IntervalOut
from feedback_api.schemas.practice import PracticeNoteOut
from feedback_api.schemas.service import ServiceLinksOut
from feedback_core.kpis.types import Bucket, Nature
from feedback_core.standards.types import Beside, Course, Demand, Statistic, Undecided, Verdict
from feedback_core.standards.use_cases import FoundVerdict
from feedback_core.trends.types import Assurance, TrendMethod


class VerdictEstimateOut(Output):
    """The figure of the period, with all that it takes to read it."""

    value: float
    interval: IntervalOut | None
    standard_error: float | None
    n: int
    n_effective: float


class BoundOut(Output):
    """What the figure is at least (lower) or at most (upper), at a confidence."""

    side: Literal["lower", "upper"]
    value: float
    confidence: float


class NeededOut(Output):
    """What it would take to decide, if the figure stays where it is."""

    answers: int = Field(description="In all")
    missing: int | None = Field(description="Beside those that are there; null where their number may not be shown")
    per_day: float | None = Field(description="Answers, as they came in the period")
    days: int | None = Field(description="Length of a period with so many answers at that rate")
    by: date | None = Field(description="When there will be enough, of a period that still runs")
    how: str = Field(description="The arithmetic")


class TrendFindingOut(Output):
    """Where the figure went, up to the end of the period."""

    course: Course
    rises: bool | None
    method: TrendMethod
    p_value: float
    tau: float
    n_periods: int
    bucket: Bucket
    first: date
    last: date
    sentence: str


class AssuranceOut(Output):
    """Whether the process, left as it is, will reach the standard (Making Data Count)."""

    assurance: Assurance
    lower_limit: float
    upper_limit: float
    n_periods: int
    settled: bool = Field(description="Whether there are the 20 points from which limits are settled")
    sentence: str


class BenchmarkComparisonOut(Output):
    """One's own figure beside that of others."""

    key: str
    name: str
    sector: str
    source: str
    published_on: date
    comparability: str
    figure: float
    difference: float = Field(description="Own less theirs")
    interval: IntervalOut | None = Field(description="Of the difference; null where how sure theirs is, is not known")
    beside: Beside
    basis: Literal["both_intervals", "own_interval_only"]
    sentence: str


class StandardVerdictOut(Output):
    """A standard, held against the answers of a period."""

    standard: str
    version: int = Field(description="Of the standard: the one that holds in the period")
    verdict: Verdict = Field(description="From the interval, never from the value alone")
    sentence: str = Field(description="The verdict in plain words")
    undecided: Undecided | None = Field(description="Why there is not enough evidence; null where it is decided")
    undecided_because: str | None = Field(description="The same in words")
    estimate: VerdictEstimateOut | None = Field(description="Null where it is withheld, or there is none")
    margin: float | None = Field(description="Value less threshold, positive on the good side")
    bound: BoundOut | None = Field(description="The limit that decides")
    reaches_target: bool = Field(description="Whether even the target is shown to be reached, nothing tolerated")
    needed: NeededOut | None = Field(description="Null where it is decided, or no number of answers would do")
    needed_reason: str | None = Field(description="Why no number would do")
    name: str
    statement: str
    owner: str | None
    direction: Demand
    target: float
    tolerance: float
    threshold: float
    unit: str
    kpi: str | None = Field(description="Null: an observed measure")
    statistic: Statistic | None
    definition_version: int | None = Field(description="Version of the KPI's definition that made the figure")
    nature: Nature = Field(description="Whether it rests on opinions or on observed facts")
    question: str | None
    item: str | None
    choice: str | None
    where: dict[str, list[str]]
    level: float
    period_start: datetime | None = Field(description="Of what was asked for, the part in which the standard holds")
    period_end: datetime | None
    time_zone: str
    weighting: str | None
    trend: TrendFindingOut | None
    trend_reason: str | None = Field(description="Why there is none")
    assurance: AssuranceOut | None
    assurance_reason: str | None = Field(description="Why there is none")
    benchmarks: list[BenchmarkComparisonOut]
    practice_notes: list[PracticeNoteOut] = Field(description="How others reach it")
    links: ServiceLinksOut
    warnings: list[str]

    @classmethod
    def of(cls, found: FoundVerdict) -> Self:
        """From the domain."""
        names = cls.model_fields.keys() - {"practice_notes"}
        notes = [PracticeNoteOut.of(note) for note in found.practice_notes]
        return cls.model_validate({**{name: getattr(found.verdict, name) for name in names}, "practice_notes": notes})


class ReviewedVerdictOut(Output):
    """What one review said of a standard."""

    run_id: UUID = Field(description="The review")
    version: int
    verdict: Verdict
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    threshold: float
    sentence: str
    period_start: datetime | None
    period_end: datetime | None
    decided_at: datetime


class ReviewedVerdictPage(Page[ReviewedVerdictOut]):
    """What reviews said of a standard, the latest first."""
