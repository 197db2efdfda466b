"""XmR (individuals) control chart with the rules of NHS England's Making Data Count."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from feedback_core.trends.calc.arrays import FloatArray, IntArray, as_grid, need
from feedback_core.trends.types import Assurance, Direction, SpecialCause, Variation, XmrChart, XmrPoint

BoolArray = NDArray[np.bool_]

MAKING_DATA_COUNT_FACTOR: Final = 2.66  # limits at this many mean moving ranges
QCC_FACTOR: Final = 3 / 1.128  # 2.6596: R's qcc takes d2 rounded to three places (3/d2 would be 2.6587)
SCREENING_FACTOR: Final = 3.267  # upper limit of a moving range, in mean moving ranges
RUN: Final = 7

_UP: Final = frozenset(
    {
        SpecialCause.ABOVE_UPPER_LIMIT,
        SpecialCause.TREND_UP,
        SpecialCause.TWO_IN_THREE_ABOVE,
        SpecialCause.RUN_ABOVE,
    }
)


def xmr_chart(
    values: Sequence[float | None] | FloatArray,
    *,
    direction: Direction,
    target: float | None = None,
    screen: bool = True,
    factor: float = MAKING_DATA_COUNT_FACTOR,
) -> XmrChart:
    """Process limits, the special cause of every point, and the variation and assurance icons.

    A gap breaks every rule that looks at neighbours: no moving range, run or trend reaches across it.

    Args:
        values: the time grid, ``None`` or NaN where a period has no value; at least two neighbours with values.
        direction: which way is good.
        target: for the assurance icon.
        screen: leave moving ranges of at least 3.267 times their mean out of the limits, once.
        factor: limits in mean moving ranges: 2.66, or ``QCC_FACTOR``.

    Raises:
        NotEstimable: no two neighbouring periods have values.

    Source: Wheeler (2000), Understanding Variation; Making Data Count rules and the order in which they name a point
    as in NHSRplotthedots 0.2.2. Golden: s21.
    """
    grid = as_grid(values)
    present = np.flatnonzero(np.isfinite(grid))
    ranges = np.abs(np.diff(grid))
    ranges = ranges[np.isfinite(ranges)]
    need(ranges.size, 1, "A control chart, in pairs of neighbouring periods,")
    kept = _screened(ranges) if screen else ranges
    known = grid[present]
    mean = float(np.clip(known.mean(), known.min(), known.max()))
    spread = float(kept.mean())
    lower, upper = mean - factor * spread, mean + factor * spread
    side = np.where(np.isfinite(grid), np.sign(np.where(np.isfinite(grid), grid, mean) - mean), 0.0).astype(np.int64)
    outside = (grid > upper) | (grid < lower)
    near = factor * 2 / 3 * spread
    close = ~outside & ((grid > mean + near) | (grid < mean - near))
    causes, runs = _special_causes(grid, side, outside, close), _run_lengths(side)
    points = tuple(
        XmrPoint(
            index=int(i),
            value=float(grid[i]),
            special_cause=causes[i],
            variation=_variation(causes[i], direction),
            outside_limits=bool(outside[i]),
            relative_to_mean=int(side[i]),
            close_to_limits=bool(close[i]),
            run_length=runs[i],
        )
        for i in present
    )
    return XmrChart(
        mean=mean,
        lower_limit=lower,
        upper_limit=upper,
        mean_moving_range=spread,
        screened_ranges=ranges.size - kept.size,
        points=points,
        variation=points[-1].variation,
        assurance=assurance_of(lower, upper, target, direction),
    )


def rebased_xmr(
    values: Sequence[float | None] | FloatArray,
    starts: Sequence[int],
    *,
    direction: Direction,
    target: float | None = None,
    screen: bool = True,
    factor: float = MAKING_DATA_COUNT_FACTOR,
    least: int = 12,
) -> tuple[XmrChart, ...]:
    """One chart for each part of a series, where known and lasting changes of the process lie between the parts.

    Rebase only where the cause is known: limits drawn anew around every fall would make any process look in control.

    Args:
        values: the time grid, ``None`` or NaN where a period has no value.
        starts: positions at which the process is known to have changed, each the first of a new part.
        direction: which way is good.
        target: for the assurance icon of each part.
        screen: as in ``xmr_chart``.
        factor: as in ``xmr_chart``.
        least: values that a part must have.

    Returns:
        The charts in time order; the index of a point is its position in the whole series.

    Raises:
        NotEstimable: a part with fewer than ``least`` values, or without two neighbouring ones.
        ValueError: starts that do not rise, or lie outside the series.

    Source: Making Data Count; NHSRplotthedots 0.2.2, whose rules do not look across a rebase either.
    """
    grid = as_grid(values)
    bounds = [0, *starts, grid.size]
    if any(b <= a for a, b in pairwise(bounds)):
        raise ValueError("the starts of new parts must rise and lie within the series")
    charts: list[XmrChart] = []
    for begin, end in pairwise(bounds):
        need(int(np.isfinite(grid[begin:end]).sum()), least, "Each part of a rebased control chart")
        chart = xmr_chart(grid[begin:end], direction=direction, target=target, screen=screen, factor=factor)
        charts.append(replace(chart, points=tuple(replace(point, index=point.index + begin) for point in chart.points)))
    return tuple(charts)


def _screened(ranges: FloatArray) -> FloatArray:
    limit = SCREENING_FACTOR * float(ranges.mean())
    return ranges[ranges < limit] if limit > 0.0 else ranges


def _special_causes(grid: FloatArray, side: IntArray, outside: BoolArray, close: BoolArray) -> list[SpecialCause]:
    """The first rule that each point meets."""
    trend, near, run = _trend_signs(grid), _two_in_three(side, close), _in_runs(side)
    causes: list[SpecialCause] = []
    for i in range(grid.size):
        above = side[i] > 0
        if outside[i]:
            cause = SpecialCause.ABOVE_UPPER_LIMIT if above else SpecialCause.BELOW_LOWER_LIMIT
        elif trend[i]:
            cause = SpecialCause.TREND_UP if trend[i] > 0 else SpecialCause.TREND_DOWN
        elif near[i]:
            cause = SpecialCause.TWO_IN_THREE_ABOVE if above else SpecialCause.TWO_IN_THREE_BELOW
        elif run[i]:
            cause = SpecialCause.RUN_ABOVE if above else SpecialCause.RUN_BELOW
        else:
            cause = SpecialCause.COMMON_CAUSE
        causes.append(cause)
    return causes


def _trend_signs(grid: FloatArray) -> IntArray:
    """1 in seven points that only rise, -1 in seven that only fall, 0 elsewhere; a turning point has the later sign."""
    steps = np.nan_to_num(np.sign(np.diff(grid))).astype(np.int64)
    part = np.zeros(grid.size, dtype=np.bool_)
    for start in range(grid.size - RUN + 1):
        if abs(int(steps[start : start + RUN - 1].sum())) == RUN - 1:
            part[start : start + RUN] = True
    signs = np.zeros(grid.size, dtype=np.int64)
    for i in np.flatnonzero(part):
        follows = i + 1 < grid.size and part[i + 1]
        signs[i] = steps[i] if follows else steps[i - 1]
    return signs


def _two_in_three(side: IntArray, close: BoolArray) -> BoolArray:
    """Points close to a limit that are in three on one side of the mean, two of them close."""
    result = np.zeros(side.size, dtype=np.bool_)
    for start in range(side.size - 2):
        window = slice(start, start + 3)
        if abs(int(side[window].sum())) == 3 and close[window].sum() >= 2:
            result[window] |= close[window]
    return result


def _in_runs(side: IntArray) -> BoolArray:
    """Points in a run of at least seven on one side of the mean."""
    result = np.zeros(side.size, dtype=np.bool_)
    for end, length in enumerate(_run_lengths(side)):
        if length >= RUN:
            result[end + 1 - length : end + 1] = True
    return result


def _run_lengths(side: IntArray) -> list[int]:
    """Points on the same side up to and including each; 0 on the mean and in a gap."""
    lengths: list[int] = []
    for i, here in enumerate(side.tolist()):
        goes_on = i > 0 and here == side[i - 1]
        lengths.append(0 if here == 0 else (lengths[-1] + 1 if goes_on else 1))
    return lengths


def _variation(cause: SpecialCause, direction: Direction) -> Variation:
    if cause is SpecialCause.COMMON_CAUSE:
        return Variation.COMMON_CAUSE
    up = cause in _UP
    if direction == "neutral":
        return Variation.NEUTRAL_HIGH if up else Variation.NEUTRAL_LOW
    return Variation.IMPROVEMENT if up == (direction == "higher_is_better") else Variation.CONCERN


def assurance_of(lower: float, upper: float, target: float | None, direction: Direction) -> Assurance | None:
    """Whether a process within these limits will meet the target; ``None`` without one or with a neutral direction."""
    if target is None or direction == "neutral":
        return None
    if lower <= target <= upper:
        return Assurance.INCONSISTENT
    beyond_reach = target > upper if direction == "higher_is_better" else target < lower
    return Assurance.CONSISTENT_FAIL if beyond_reach else Assurance.CONSISTENT_PASS
