"""Vocabulary of verdicts: what is said of a standard, and everything that it is said from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.types import Bucket, Nature
from feedback_core.service.types import ServiceLinks
from feedback_core.standards.types.definitions import Demand
from feedback_core.trends.types import Assurance, TrendMethod


class Verdict(StrEnum):
    """Whether a standard was reached; never from the figure alone."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"


class Undecided(StrEnum):
    """Why there is not enough evidence."""

    INTERVAL_INCLUDES_THRESHOLD = "interval_includes_threshold"
    NOBODY_ANSWERED = "nobody_answered"
    TOO_FEW_TO_SHOW = "too_few_to_show"
    NO_INTERVAL = "no_interval"
    NO_FIGURE = "no_figure"
    METRIC_CHANGED = "metric_changed"


class Course(StrEnum):
    """Where a figure goes, as far as a test bears a claim."""

    BETTER = "better"
    WORSE = "worse"
    NONE_SHOWN = "none_shown"


class Beside(StrEnum):
    """How one's own figure stands beside that of others."""

    BETTER = "better"
    WORSE = "worse"
    NO_DIFFERENCE_SHOWN = "no_difference_shown"


@dataclass(frozen=True, slots=True)
class Bound:
    """What the figure is at least (``lower``) or at most (``upper``), at a confidence: one limit of its interval."""

    side: Literal["lower", "upper"]
    value: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What follows from an estimate.

    Attributes:
        margin: figure less threshold, positive on the good side; ``None`` without a figure.
        bound: the limit that decides: the lower one of what is to be high, where it is met; the upper one, where not.
        reaches_target: whether even the target itself is shown to be reached, without what is tolerated.
        undecided: ``None`` where it is decided.
    """

    verdict: Verdict
    undecided: Undecided | None = None
    margin: float | None = None
    bound: Bound | None = None
    reaches_target: bool = False


@dataclass(frozen=True, slots=True)
class Needed:
    """What it would take to decide, if the figure stays where it is.

    Attributes:
        answers: in all.
        missing: beside those that are there; ``None`` where their number may not be shown.
        per_day: answers, as they came in the period that was judged.
        days: length of a period with so many answers at that rate.
        by: day on which there will be enough, of a period that still runs.
        how: the arithmetic, in words.
    """

    answers: int
    missing: int | None
    per_day: float | None
    days: int | None
    by: date | None
    how: str


@dataclass(frozen=True, slots=True)
class TrendFinding:
    """Where the figure went, up to the end of the period.

    Attributes:
        course: ``better`` or ``worse`` only where the test says so at the level of the verdict.
        rises: whether the series rises rather than falls; ``None`` where it does neither.
        method: form of the Mann-Kendall test.
        tau: Kendall's, with ties.
        n_periods: periods with a value.
    """

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


@dataclass(frozen=True, slots=True)
class AssuranceFinding:
    """Whether the process, left as it is, will reach the standard: Making Data Count.

    Attributes:
        lower_limit: of the process.
        upper_limit: of the process.
        settled: whether there are the 20 points from which the limits are.
    """

    assurance: Assurance
    lower_limit: float
    upper_limit: float
    n_periods: int
    settled: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class BenchmarkComparison:
    """One's own figure beside that of others.

    Attributes:
        difference: one's own less theirs.
        interval: of the difference; ``None`` where nothing is known of how sure theirs is.
        beside: what can be said.
        basis: ``both_intervals``, or ``own_interval_only`` where theirs is not known.
    """

    key: str
    name: str
    sector: str
    source: str
    published_on: date
    comparability: str
    figure: float
    difference: float
    interval: Interval | None
    beside: Beside
    basis: Literal["both_intervals", "own_interval_only"]
    sentence: str


@dataclass(frozen=True, slots=True)
class StandardVerdict:
    """A standard, held against the answers of a period.

    Attributes:
        standard: its key.
        version: of the standard.
        threshold: the target, less what is tolerated: what decides.
        unit: of every figure here.
        kpi: key of the KPI; ``None``: an observed measure.
        statistic: what is made of the observed numbers; ``None``: a KPI.
        definition_version: of the KPI.
        nature: opinion, or observed fact.
        period_start: first instant of what was judged: of what was asked for, the part in which the standard holds.
        period_end: first instant no longer in it.
        weighting: key of the scheme; ``None``: unweighted.
        estimate: ``None`` where it is withheld or there is none.
        undecided_because: in words; ``None`` where it is decided.
        needed: ``None`` where it is decided, or no number of answers would.
        trend: ``None`` where the series is too short; ``trend_reason`` then says so.
        assurance: ``None`` likewise.
        links: feature, process, offers and touchpoints with their owners.
        sentence: the verdict in plain words.
    """

    standard: str
    version: int
    name: str
    statement: str
    owner: str | None
    direction: Demand
    target: float
    tolerance: float
    threshold: float
    unit: str
    kpi: str | None
    statistic: str | None
    definition_version: int | None
    question: str | None
    item: str | None
    choice: str | None
    where: Mapping[str, tuple[str, ...]]
    nature: Nature
    subject: str
    bounds: tuple[float | None, float | None]
    level: float
    period_start: datetime | None
    period_end: datetime | None
    time_zone: str
    weighting: str | None
    verdict: Verdict
    undecided: Undecided | None
    undecided_because: str | None
    estimate: Estimate | None
    margin: float | None
    bound: Bound | None
    reaches_target: bool
    needed: Needed | None
    needed_reason: str | None
    trend: TrendFinding | None
    trend_reason: str | None
    assurance: AssuranceFinding | None
    assurance_reason: str | None
    benchmarks: tuple[BenchmarkComparison, ...]
    links: ServiceLinks
    sentence: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewedVerdict:
    """What one review said of a standard."""

    run_id: UUID
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
