"""What may be claimed of a series: a step, a gradual trend, a movement of unclear shape, or nothing."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from feedback_core.trends.calc.run import Run
from feedback_core.trends.calc.step_models import PERFECT, bic, fit_line, fit_step
from feedback_core.trends.types import Direction, LevelChange, Shape, TrendSlope, TrendTest

CLEAR: Final = 2.0  # difference of BIC from which one shape is preferred (Raftery 1995, "positive")


@dataclass(frozen=True, slots=True)
class Finding:
    """The claim: its shape, whether the figure rose, and whether that is for the better."""

    shape: Shape
    rises: bool | None = None
    improvement: bool | None = None


def find_shape(
    run: Run, test: TrendTest | None, slope: TrendSlope | None, change: LevelChange | None, direction: Direction
) -> Finding:
    """Claim only what the tests bear.

    Trend and change are two tests of "nothing happened". Hochberg (1988) holds their joint error at ``1 - level``: both
    count if both are below it, one alone if it is below half of it. A step is told from a slope by BIC, and only where
    the difference is clear.
    """
    trends, steps = _significant(test, change, 1 - run.level)
    if test is None and change is None:
        return Finding(Shape.NOT_ESTIMATED)
    if not trends and not steps:
        return Finding(Shape.NONE)
    preference = _prefers_step(run)
    if change is not None and steps and preference > CLEAR:
        return _finding(Shape.STEP, rises=change.fit.difference.value > 0, direction=direction)
    if slope is not None and trends and preference < -CLEAR and slope.per_period != 0.0:
        return _finding(Shape.GRADUAL, rises=slope.per_period > 0, direction=direction)
    if test is not None and trends:
        return _finding(Shape.UNCLEAR, rises=test.s > 0, direction=direction)
    rises = change is not None and change.fit.difference.value > 0
    return _finding(Shape.UNCLEAR, rises=rises, direction=direction)


def _significant(test: TrendTest | None, change: LevelChange | None, alpha: float) -> tuple[bool, bool]:
    trend = 1.0 if test is None else test.p_value
    step = 1.0 if change is None else change.fit.p_value
    if test is None or change is None or max(trend, step) < alpha:
        return trend < alpha, step < alpha
    return trend < alpha / 2, step < alpha / 2


def _prefers_step(run: Run) -> float:
    """BIC of a line less that of a step, season effects beside both; 0 where a step cannot be fitted."""
    values, n = run.values, run.grid.n
    if n < 10:
        return 0.0
    groups = np.zeros(n, dtype=np.int64)
    unit = (values - np.median(values)) / float(np.abs(values - np.median(values)).max())
    step = fit_step(unit, groups, 5)
    floor = PERFECT * step.rss_constant
    line = bic(fit_line(unit, run.grid.positions, groups).rss, n, 2, floor)
    return line - bic(step.rss, n, 3, floor)


def _finding(shape: Shape, *, rises: bool, direction: Direction) -> Finding:
    improvement = None if direction == "neutral" else rises == (direction == "higher_is_better")
    return Finding(shape, rises, improvement)
