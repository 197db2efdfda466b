"""Vocabulary of a whole trend analysis: what was found, what could not be estimated, and the sentence."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.trends.types.changes import SingleChange
from feedback_core.trends.types.count_charts import CountChart
from feedback_core.trends.types.forecasts import ForecastMethod
from feedback_core.trends.types.interrupted import InterruptionFinding
from feedback_core.trends.types.monotonic import SamplingNoise, TrendTest
from feedback_core.trends.types.periods import Step
from feedback_core.trends.types.seasonality import MultipleDecomposition, Seasonality
from feedback_core.trends.types.xmr import XmrChart


class Component(StrEnum):
    """Parts of an analysis, each of which may be missing with a reason."""

    TEST = "test"
    SLOPE = "slope"
    WEIGHTED_SLOPE = "weighted_slope"
    SAMPLING_NOISE = "sampling_noise"
    SEASONALITY = "seasonality"
    DECOMPOSITION = "decomposition"
    XMR = "xmr"
    COUNT_CHART = "count_chart"
    FORECAST = "forecast"
    CHANGE = "change"
    CHANGE_POINTS = "change_points"
    INTERRUPTION = "interruption"


class ReasonCode(StrEnum):
    """Why a part is missing."""

    TOO_FEW_PERIODS = "too_few_periods"
    CONSTANT = "constant"
    GAPS = "gaps"
    UNKNOWN_STANDARD_ERRORS = "unknown_standard_errors"
    NOT_ESTIMABLE = "not_estimable"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one part of the analysis is missing.

    Attributes:
        component: which part.
        code: machine-readable.
        detail: one sentence: why, and what it would take.
    """

    component: Component
    code: ReasonCode
    detail: str


class Shape(StrEnum):
    """What may be claimed about the course of the series."""

    NONE = "none"
    STEP = "step"
    GRADUAL = "gradual"
    UNCLEAR = "unclear"
    NOT_ESTIMATED = "not_estimated"


@dataclass(frozen=True, slots=True)
class TrendSlope:
    """The slope of a series in both units a reader asks for.

    Attributes:
        per_period: units per period of the series.
        per_period_interval: its interval; ``None`` where there are too few pairs.
        per_year: units per year.
        per_year_interval: its interval; ``None`` where there are too few pairs.
        start_level: height of the line at the first period.
    """

    per_period: float
    per_period_interval: Interval | None
    per_year: float
    per_year_interval: Interval | None
    start_level: float


@dataclass(frozen=True, slots=True)
class LevelChange:
    """The most likely single change of level, with its dates.

    Attributes:
        first_period: first period at the new level.
        earliest: first period that the data bear, at the level of the analysis.
        latest: last period that they bear.
        fit: levels, difference with interval, p-value.
        before: trend test of the periods before the change; ``None`` where they are too few or all the same.
    """

    first_period: date
    earliest: date
    latest: date
    fit: SingleChange
    before: TrendTest | None


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """One of several change points: the first period of a new level and the levels on both sides."""

    first_period: date
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class ChartPart:
    """The control chart of a part of the series between known changes of the process.

    Attributes:
        first_period: of the part.
        chart: with limits of its own.
    """

    first_period: date
    chart: XmrChart


@dataclass(frozen=True, slots=True)
class ForecastPeriod:
    """One coming period: ``value`` is expected, ``low`` and ``high`` are the limits of its prediction interval.

    ``starts_on`` is ``None`` for waves, whose dates nobody knows.
    """

    starts_on: date | None
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TrendForecast:
    """Where the next periods will lie if nothing else changes.

    Attributes:
        method: the model.
        level: of the band.
        periods: the coming ones, in order.
        clipped: a limit lay outside the scale and was cut to it.
        warnings: what a reader must be told, a sentence each.
    """

    method: ForecastMethod
    level: float
    periods: tuple[ForecastPeriod, ...]
    clipped: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrendResult:
    """Everything a trend analysis found.

    Attributes:
        first: first period with a value.
        last: last period with a value.
        step: distance of the periods.
        n_periods: periods from first to last, gaps counted.
        n_values: periods with a value.
        answers: behind these values.
        missing: periods between first and last without a value.
        left_out: periods with a value that were left out as incomplete.
        level: of every interval and test.
        shape: what may be claimed; trend and change are two tests, held together at ``1 - level`` (Hochberg 1988).
        improvement: whether the claim is for the better; ``None`` without a claim or with a neutral direction.
        autocorrelation: lag 1, of the ranks less trend and season; ``None`` where not estimated.
        autocorrelated: whether it is significantly positive.
        season_adjusted: whether season effects were removed before charting and looking for changes.
        test: Mann-Kendall in the form that fits.
        slope: Theil-Sen, with the variance of that test.
        weighted_slope: per period, precise periods counting more; where standard errors are known.
        sampling_noise: whether the periods differ by more than their sampling errors.
        seasonality: with two whole cycles.
        several_seasons: week and year of a daily series told apart, where it has more than two years without a gap.
        xmr: control chart; of season-adjusted values where ``season_adjusted``; of the last part where rebased.
        xmr_settled: whether the chart has the 20 points from which its limits are settled.
        xmr_parts: one chart per part, where the caller named known changes of the process; else empty.
        count_chart: chart of the counts behind a share, or of responses per day (of the last part where rebased), with
            limits from the number of answers, or of days; ``None`` for other figures and where season effects were
            removed.
        forecast: band for the next periods, where asked for.
        change: the most likely single change.
        change_points: by PELT; empty also where not estimated.
        sentence: the finding in plain words, never more than the tests bear.
        not_estimated: why parts are missing.
        warnings: what a reader must be told, a sentence each.
        interruption: what a known event changed, where one was named and the series can bear it.
    """

    first: date
    last: date
    step: Step
    n_periods: int
    n_values: int
    answers: int
    missing: tuple[date, ...]
    left_out: tuple[date, ...]
    level: float
    shape: Shape
    improvement: bool | None
    autocorrelation: float | None
    autocorrelated: bool
    season_adjusted: bool
    test: TrendTest | None
    slope: TrendSlope | None
    weighted_slope: Estimate | None
    sampling_noise: SamplingNoise | None
    seasonality: Seasonality | None
    several_seasons: MultipleDecomposition | None
    xmr: XmrChart | None
    xmr_settled: bool
    xmr_parts: tuple[ChartPart, ...]
    count_chart: CountChart | None
    forecast: TrendForecast | None
    change: LevelChange | None
    change_points: tuple[ChangePoint, ...]
    sentence: str
    not_estimated: tuple[Reason, ...]
    warnings: tuple[str, ...]
    interruption: InterruptionFinding | None = None
