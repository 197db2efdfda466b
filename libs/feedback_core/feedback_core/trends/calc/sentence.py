"""The finding of a trend analysis in one sentence of plain words, and what else a reader must be told."""

import math
from dataclasses import dataclass

from feedback_core.kit.estimates import Interval
from feedback_core.trends.calc.arrays import varies
from feedback_core.trends.calc.run import Run
from feedback_core.trends.calc.shape import Finding
from feedback_core.trends.types import (
    ChangePoint,
    LevelChange,
    SamplingNoise,
    Shape,
    TrendMethod,
    TrendSlope,
    TrendTest,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What the sentence calls the figure and its unit.

    Attributes:
        subject: begins the sentence: ``Waiting time``.
        unit: plural, after a difference: ``points``; may be empty.
        is_share: whether it lies between 0 and 1, and is read in percent.
    """

    subject: str = "The figure"
    unit: str = "points"
    is_share: bool = False

    def number(self, value: float, places: int) -> str:
        """A value as it is read, without its unit; ``places`` are those of the value as it is calculated."""
        return figure(100 * value, max(places - 2, 0)) if self.is_share else figure(value, places)

    def level(self, value: float, places: int) -> str:
        """Where the figure stands."""
        return f"{self.number(value, places)}%" if self.is_share else figure(value, places)

    def amount(self, value: float, places: int) -> str:
        """By how much two such figures differ."""
        return f"{self.number(value, places)} {'percentage points' if self.is_share else self.unit}".rstrip()


def say(
    run: Run,
    finding: Finding,
    test: TrendTest | None,
    slope: TrendSlope | None,
    change: LevelChange | None,
    wording: Wording,
) -> str:
    """One sentence that claims what ``finding`` does and no more."""
    text = _Text(run, wording)
    season = _season_clause(run, test)
    if finding.shape is Shape.STEP and change is not None:
        return f"{text.step(change, finding)}{season}; {text.before(change)}."
    if finding.shape is Shape.GRADUAL and slope is not None:
        return f"{text.gradual(slope, finding)}{season}."
    if finding.shape is Shape.UNCLEAR:
        return f"{text.unclear(slope, finding)}{season}; the data do not tell whether gradually or at once."
    if finding.shape is Shape.NONE:
        return f"{text.none(slope, change)}{season}."
    return text.not_estimated()


def caution(
    run: Run, finding: Finding, noise: SamplingNoise | None, points: tuple[ChangePoint, ...], *, settled: bool
) -> tuple[str, ...]:
    """What a reader must be told beside the sentence."""
    grid, notes = run.grid, list[str]()
    if grid.left_out:
        notes.append(f"Left out as incomplete: {', '.join(grid.name_of(start) for start in grid.left_out)}.")
    if grid.n < grid.size:
        notes.append(f"{grid.size - grid.n} of {grid.size} periods have no value; they are gaps, not zeros.")
    if run.autocorrelated and run.autocorrelation is not None:
        notes.append(
            f"Neighbouring periods move together (lag-1 autocorrelation {run.autocorrelation:.2f}): "
            "control limits raise more false signals, and p-values of short series stay too small."
        )
    if noise is not None and noise.p_value >= 1 - run.level:
        notes.append("The periods differ by no more than their sampling errors alone would make them.")
    if run.period is not None and grid.size < 2 * run.period and finding.shape is not Shape.NOT_ESTIMATED:
        notes.append("With less than two whole cycles, a seasonal pattern cannot be told from a trend or a change.")
    if run.adjusted:
        notes.append("Season effects are removed from the control chart and from levels before and after a change.")
    if not settled:
        notes.append("The limits of the control chart are provisional until it has 20 points.")
    if len(points) > 1:
        marked = ", ".join(grid.name_of(point.first_period) for point in points)
        notes.append(f"A search for several changes of level, which is not a test, marks {marked}.")
    return tuple(notes)


@dataclass(frozen=True, slots=True)
class _Text:
    run: Run
    wording: Wording

    def step(self, change: LevelChange, finding: Finding) -> str:
        grid, fit = self.run.grid, change.fit
        places = decimals(fit.difference.interval, fit.difference.value)
        amount = self._amount(abs(fit.difference.value), places)
        words = f"{self.wording.subject} {_verb(finding)} by {amount} at about {grid.name_of(change.first_period)}"
        details: list[str] = []
        if fit.difference.interval is not None:
            details.append(self._interval(fit.difference.interval, places, turned=fit.difference.value < 0))
        if change.earliest != change.latest:
            details.append(f"the change lies between {grid.name_of(change.earliest)} and {grid.name_of(change.latest)}")
        words += f" ({'; '.join(details)})" if details else ""
        level = self.wording.level
        return f"{words}, from {level(fit.before, places)} to {level(fit.after, places)}{_judgement(finding)}"

    def before(self, change: LevelChange) -> str:
        if change.before is None:
            alike = not varies(self.run.values[: change.fit.index])
            return "before that it did not move" if alike else "the periods before that are too few to show a trend"
        if change.before.p_value >= 1 - self.run.level:
            return "before that no trend could be shown"
        return f"before that it was already {'rising' if change.before.s > 0 else 'falling'}"

    def gradual(self, slope: TrendSlope, finding: Finding) -> str:
        rate, interval, unit = self._rate(slope)
        places = decimals(interval, rate)
        amount = self._amount(abs(rate), places)
        details = f" ({self._interval(interval, places, turned=rate < 0)})" if interval is not None else ""
        return (
            f"{self.wording.subject} {_verb(finding)} gradually by about {amount} a {unit}{details} "
            f"{self._span()}{_judgement(finding)}"
        )

    def unclear(self, slope: TrendSlope | None, finding: Finding) -> str:
        words = f"{self.wording.subject} {_verb(finding)} {self._span()}"
        if slope is not None and slope.per_period != 0.0 and (slope.per_period > 0) == finding.rises:
            total = abs(slope.per_period) * (self.run.grid.size - 1)
            words += f", by about {self._amount(total, decimals(None, total))} in all"
        return words + _judgement(finding)

    def none(self, slope: TrendSlope | None, change: LevelChange | None) -> str:
        grid = self.run.grid
        looked_for = "trend" if change is None else "trend or change"
        words = (
            f"{self.wording.subject} showed no {looked_for} that can be told from chance {self._span()} "
            f"({grid.n} {grid.step.noun} with a value)"
        )
        if slope is None or slope.per_year_interval is None:
            return words
        _, interval, unit = self._rate(slope)
        if interval is None or not interval.low <= 0.0 <= interval.high or interval.low == interval.high:
            return words
        places = decimals(interval, 0.0)
        fall, rise = self._amount(-interval.low, places), self._amount(interval.high, places)
        return f"{words}: a course between a fall of {fall} and a rise of {rise} a {unit} fits the figures"

    def not_estimated(self) -> str:
        grid = self.run.grid
        if grid.n > 1 and float(grid.values.min()) == float(grid.values.max()):
            value = self.wording.level(float(grid.values[0]), 2)
            return f"{self.wording.subject} was {value} in each of the {grid.n} {grid.step.noun} with a value."
        needed = "at least 5 with different values, or 10 with equal ones"
        counted = "1 period" if grid.n == 1 else f"{grid.n} periods"
        return f"{self.wording.subject} has {counted} with a value, too few to test for a trend: it takes {needed}."

    def _rate(self, slope: TrendSlope) -> tuple[float, Interval | None, str]:
        if self.run.grid.size > self.run.grid.step.per_year:
            return slope.per_year, slope.per_year_interval, "year"
        return slope.per_period, slope.per_period_interval, self.run.grid.step.noun.removesuffix("s")

    def _span(self) -> str:
        grid = self.run.grid
        return f"from {grid.name_of(grid.starts[0])} to {grid.name_of(grid.starts[-1])}"

    def _amount(self, value: float, places: int) -> str:
        return self.wording.amount(value, places)

    def _interval(self, interval: Interval, places: int, *, turned: bool) -> str:
        low, high = (-interval.high, -interval.low) if turned else (interval.low, interval.high)
        limits = f"{self.wording.number(low, places)} to {self.wording.number(high, places)}"
        return f"{interval.level * 100:g}% interval {limits}"


def decimals(interval: Interval | None, value: float) -> int:
    """Decimal places that show two significant digits of the half-width, or of the value without an interval."""
    width = (interval.high - interval.low) / 2 if interval is not None else 0.0
    size = width if width > 0.0 else abs(value)
    if not size > 0.0:
        return 1
    return min(max(1 - math.floor(math.log10(size)), 0), 6)


def figure(value: float, places: int) -> str:
    """A number for a reader; never ``-0.0``."""
    text = f"{value:.3g}" if abs(value) >= 1e12 else f"{value:.{places}f}"
    return text.removeprefix("-") if float(text) == 0.0 else text


def _verb(finding: Finding) -> str:
    return "rose" if finding.rises else "fell"


def _judgement(finding: Finding) -> str:
    if finding.improvement is None:
        return ""
    return ", an improvement" if finding.improvement else ", a deterioration"


def _season_clause(run: Run, test: TrendTest | None) -> str:
    seasonal = {TrendMethod.SEASONAL, TrendMethod.SEASONAL_DEPENDENT, TrendMethod.HAMED_RAO_DESEASONALISED}
    return ", the seasonal pattern allowed for" if run.adjusted or (test and test.method in seasonal) else ""
