"""Charts of a trend analysis: the series with what was found in it, control charts, and the forecast."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from feedback_core.charts import palette
from feedback_core.charts.control import ControlPoint, control_chart
from feedback_core.charts.counterfactual import Courses
from feedback_core.charts.series import Change, Fitted, Overlay, series_chart
from feedback_core.charts.types import Chart, Kind, Period, PeriodState, Quantity, Span
from feedback_core.kpis.wording import quantity_of
from feedback_core.trends.types import (
    Assurance,
    CountChart,
    CountChartKind,
    InterruptionFinding,
    InterruptionPeriod,
    SeriesPoint,
    Shape,
    SpecialCause,
    TrendOutcome,
    TrendResult,
    Variation,
    XmrChart,
)

COMMON: Final = Kind("common cause", palette.ORDINARY)
_BETTER = (
    Kind("improvement, high", palette.GOOD, "triangle-up"),
    Kind("improvement, low", palette.GOOD, "triangle-down"),
)
_WORSE = (Kind("concern, high", palette.BAD, "triangle-up"), Kind("concern, low", palette.BAD, "triangle-down"))
_NEUTRAL = (
    Kind("special cause, high", palette.NEUTRAL, "triangle-up"),
    Kind("special cause, low", palette.NEUTRAL, "triangle-down"),
)
KINDS: Final = (COMMON, *_BETTER, *_WORSE, *_NEUTRAL)
"""Making Data Count's icons as kinds of points: the shape says in which direction, the colour whether that is good."""

_VARIATION: Final[Mapping[Variation, str]] = {
    Variation.COMMON_CAUSE: "Variation: common cause, no significant change",
    Variation.IMPROVEMENT: "Variation: special cause of an improving nature",
    Variation.CONCERN: "Variation: special cause of a concerning nature",
    Variation.NEUTRAL_HIGH: "Variation: special cause, high; which direction is good was not said",
    Variation.NEUTRAL_LOW: "Variation: special cause, low; which direction is good was not said",
}
_ASSURANCE: Final[Mapping[Assurance, str]] = {
    Assurance.CONSISTENT_PASS: "assurance: the process will consistently pass the target",
    Assurance.CONSISTENT_FAIL: "assurance: the process will consistently fail the target",
    Assurance.INCONSISTENT: "assurance: the process will pass and fail the target by chance",
}
_UPWARD: Final = frozenset(
    {SpecialCause.ABOVE_UPPER_LIMIT, SpecialCause.TREND_UP, SpecialCause.TWO_IN_THREE_ABOVE, SpecialCause.RUN_ABOVE}
)
PRIME: Final = "\u2032"
PER_DAY: Final = Quantity("Responses per day", 0.0)
"""What a u chart of a series of counts is of."""
LABEL_LETTERS: Final = 40
"""Of what is known to have happened, beside its line."""
MOST_BEFORE_FORECAST: Final = 36
"""Periods shown before those forecast."""


def trend_charts(outcome: TrendOutcome) -> tuple[Chart, ...]:
    """The series; a control chart and one of counts, and the forecast, where there are such."""
    drawing = _Drawing(outcome)
    return tuple(drawing.charts())


def trend_series_chart(outcome: TrendOutcome, *, key: str, about: str) -> Chart:
    """The series alone, as one of the charts of a larger analysis; ``about`` goes before its title."""
    return _Drawing(outcome).series(key, f"{about}: ")


class _Drawing:
    """What the charts of one analysis share."""

    def __init__(self, outcome: TrendOutcome) -> None:
        self.outcome = outcome
        self.trend = outcome.trend
        self.name = outcome.subject or outcome.kpi
        self.quantity: Quantity = quantity_of(self.name, outcome.unit, outcome.bounds)
        self.span = Span(outcome.bucket)
        waves = self.trend.step.unit == "wave"
        points = [point for point in outcome.series if not waves or point.n or point.withheld]
        self.periods = [_period(point) for point in points]
        self.grid = [point.start for point in points if self.trend.first <= point.start <= self.trend.last]

    def charts(self) -> Iterator[Chart]:
        yield self.series()
        if self.trend.interruption is not None:
            yield self._interruption(self.trend.interruption)
        if self.trend.xmr is not None:
            yield self._control(self.trend.xmr)
        if self.trend.count_chart is not None:
            yield self._counts(self.trend.count_chart)
        if self.trend.forecast is not None:
            yield self._forecast()

    def series(self, key: str = "series", about: str = "") -> Chart:
        return series_chart(
            key,
            title=f"{about}{self.name} by {self.outcome.bucket}",
            sentence=self.trend.sentence,
            quantity=self.quantity,
            span=self.span,
            periods=self.periods,
            level=self.trend.level,
            overlay=_found(self.trend, self.grid, self.outcome.target),
        )

    def _interruption(self, found: InterruptionFinding) -> Chart:
        before = [_modelled(one) for one in found.periods if one.start < found.first_period]
        after = [one for one in found.periods if one.start >= found.first_period]
        otherwise = [
            Period(one.start, PeriodState.COMPLETE, one.counterfactual, one.counterfactual_low, one.counterfactual_high)
            for one in after
        ]
        interval = found.counterfactual_at_end.interval
        return series_chart(
            "interruption",
            title=f"{self.name} by {self.outcome.bucket}: before and after {found.event.label}",
            sentence=found.sentence,
            quantity=self.quantity,
            span=self.span,
            periods=self.periods,
            level=self.trend.level,
            overlay=Overlay(
                target=self.outcome.target,
                changes=(
                    Change(found.first_period, textwrap.shorten(found.event.label, LABEL_LETTERS, placeholder="…")),
                ),
                courses=Courses(
                    (before, [_modelled(one) for one in after]),
                    otherwise,
                    interval.level if interval else self.trend.level,
                ),
            ),
        )

    def _control(self, latest: XmrChart) -> Chart:
        parts = [(part.first_period, part.chart) for part in self.trend.xmr_parts] or [(self.trend.first, latest)]
        points = [
            ControlPoint(
                self.grid[point.index],
                point.value,
                chart.mean,
                chart.lower_limit,
                chart.upper_limit,
                number,
                _kind(point.variation, up=point.special_cause in _UPWARD).name,
                "" if point.special_cause is SpecialCause.COMMON_CAUSE else point.special_cause.replace("_", " "),
            )
            for number, (_, chart) in enumerate(parts)
            for point in chart.points
        ]
        notes = ["solid: mean", "dashed: natural process limits"]
        notes += ["season effects removed"] if self.trend.season_adjusted else []
        notes += [] if self.trend.xmr_settled else ["limits provisional until there are 20 points"]
        return self._chart_of(
            "control", "control chart (XmR)", points, latest.variation, latest.assurance, notes, parts
        )

    def _counts(self, chart: CountChart) -> Chart:
        points = [
            ControlPoint(
                self.grid[point.index],
                point.value,
                chart.centre,
                point.lower_limit,
                point.upper_limit,
                0,
                _kind(point.variation, up=point.value > chart.centre).name,
                "beyond its limits" if point.beyond_limits else "run" if point.in_violating_run else "",
            )
            for point in chart.points
        ]
        per_day = chart.kind in {CountChartKind.U, CountChartKind.U_PRIME}
        notes = ["solid: mean", f"dashed: limits by the number of {'days' if per_day else 'answers'}"]
        notes += ["widened for variation between periods (Laney)"] if chart.sigma_z is not None else []
        name = f"control chart of counts ({chart.kind.replace('_prime', PRIME)})"
        quantity = PER_DAY if per_day else None
        return self._chart_of(
            "control_of_counts", name, points, chart.variation, chart.assurance, notes, (), quantity=quantity
        )

    def _chart_of(
        self,
        key: str,
        name: str,
        points: Sequence[ControlPoint],
        variation: Variation,
        assurance: Assurance | None,
        notes: Sequence[str],
        parts: Sequence[tuple[date, XmrChart]],
        *,
        quantity: Quantity | None = None,
    ) -> Chart:
        """``quantity`` is what is charted where that is not the figure itself; a target is one of the figure."""
        said = [_VARIATION[variation], *([] if assurance is None else [_ASSURANCE[assurance]])]
        first = points[0].start if points else self.trend.first
        return control_chart(
            key,
            title=f"{(quantity or self.quantity).name} by {self.outcome.bucket}: {name}",
            sentence=f"Latest period. {'; '.join(said)}.",
            quantity=quantity or self.quantity,
            span=self.span,
            periods=[period for period in self.periods if first <= period.start <= self.trend.last],
            points=points,
            kinds=KINDS,
            notes=notes,
            target=self.outcome.target if quantity is None else None,
            changes=[Change(start, "known change") for start, _ in parts[1:]],
        )

    def _forecast(self) -> Chart:
        forecast = self.trend.forecast
        assert forecast is not None
        used = [period for period in self.periods if period.start <= self.trend.last][-MOST_BEFORE_FORECAST:]
        ahead = [
            Period(start, PeriodState.COMPLETE, coming.value, coming.low, coming.high)
            for start, coming in zip(self._coming(len(forecast.periods)), forecast.periods, strict=True)
        ]
        undated = any(coming.starts_on is None for coming in forecast.periods)
        sentence = "Where the next periods will lie if nothing else changes."
        if undated:
            sentence += " Coming waves have no dates yet; they are drawn a usual distance apart."
        return series_chart(
            "forecast",
            title=f"{self.name} by {self.outcome.bucket}: forecast",
            sentence=" ".join([sentence, *forecast.warnings]),
            quantity=self.quantity,
            span=self.span,
            periods=used,
            level=self.trend.level,
            overlay=Overlay(target=self.outcome.target, ahead=ahead, ahead_level=forecast.level),
        )

    def _coming(self, count: int) -> list[date]:
        forecast = self.trend.forecast
        assert forecast is not None
        days = max(1, (self.trend.last - self.trend.first).days // max(1, len(self.grid) - 1))
        return [
            coming.starts_on or self.trend.last + timedelta(days=days * (i + 1))
            for i, coming in enumerate(forecast.periods[:count])
        ]


def _period(point: SeriesPoint) -> Period:
    if point.withheld:
        return Period(point.start, PeriodState.WITHHELD)
    if point.value is None:
        return Period(point.start, PeriodState.NO_FIGURE, n=point.n)
    state = PeriodState.COMPLETE if point.complete else PeriodState.INCOMPLETE
    return Period(point.start, state, point.value, point.low, point.high, point.n)


def _modelled(period: InterruptionPeriod) -> Period:
    return Period(period.start, PeriodState.COMPLETE, period.fitted)


def _found(trend: TrendResult, grid: Sequence[date], target: float | None) -> Overlay:
    """What may be claimed, as lines: two levels and the change between them, or a slope."""
    if trend.shape is Shape.STEP and trend.change is not None:
        change, fit = trend.change, trend.change.fit
        last_before = max((start for start in grid if start < change.first_period), default=trend.first)
        return Overlay(
            target=target,
            fitted=(
                Fitted(trend.first, fit.before, last_before, fit.before),
                Fitted(change.first_period, fit.after, trend.last, fit.after),
            ),
            changes=(Change(change.first_period, "change of level", change.earliest, change.latest),),
        )
    if trend.shape is Shape.GRADUAL and trend.slope is not None:
        rise = trend.slope.per_period * (trend.n_periods - 1)
        level = trend.slope.start_level
        return Overlay(target=target, fitted=(Fitted(trend.first, level, trend.last, level + rise),))
    return Overlay(target=target)


def _kind(variation: Variation, *, up: bool) -> Kind:
    at = 0 if up else 1
    return {
        Variation.COMMON_CAUSE: COMMON,
        Variation.IMPROVEMENT: _BETTER[at],
        Variation.CONCERN: _WORSE[at],
        Variation.NEUTRAL_HIGH: _NEUTRAL[0],
        Variation.NEUTRAL_LOW: _NEUTRAL[1],
    }[variation]
