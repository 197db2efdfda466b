"""Theil-Sen slope: the median of all pairwise slopes, with an interval from the variance of Kendall's S."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtri

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.trends.calc.arrays import FloatArray, IntArray, as_grid, as_positions, as_series, need
from feedback_core.trends.calc.ties import score_variance
from feedback_core.trends.types import SenSlope


def theil_sen(
    values: Sequence[float] | FloatArray,
    *,
    positions: Sequence[int] | IntArray | None = None,
    level: float = 0.95,
    variance_factor: float = 1.0,
) -> SenSlope:
    """Slope per step of ``positions``, robust against outliers; the line passes through the medians.

    Args:
        values: shape (n,), n >= 2.
        positions: whole positions on the time grid; 0..n-1 when not given.
        level: of the interval.
        variance_factor: what autocorrelation multiplies the variance of S by, so that interval and test agree.

    Raises:
        NotEstimable: fewer than 2 values.

    Source: Theil (1950), Sen (1968), interval of Gilbert (1987); equals ``scipy.stats.theilslopes`` at factor 1.
    Golden: s17.
    """
    series = as_series(values)
    need(series.size, 2, "A slope")
    grid = as_positions(positions, series.size)
    slopes = np.sort(pairwise_slopes(series, grid))
    return _result(slopes, series, grid, score_variance(series) * variance_factor, level, "theil_sen")


def seasonal_sen(
    values: Sequence[float | None] | FloatArray, period: int, *, level: float = 0.95, variance: float | None = None
) -> SenSlope:
    """Slope per cycle: the median of the slopes between values of the same season.

    Args:
        values: the time grid, ``None`` or NaN where a period has no value.
        period: periods in a cycle, at least 2.
        level: of the interval.
        variance: of the seasonal S, where it is corrected for dependence; the sum over seasons when not given.

    Raises:
        NotEstimable: no season has two values.

    Source: Hirsch, Slack & Smith (1982), Water Resources Research 18:107. Golden: s18.
    """
    grid = as_grid(values)
    if period < 2:
        raise ValueError(f"a season needs a period of at least 2: {period}")
    slopes: list[FloatArray] = []
    total = 0.0
    for season in range(period):
        cycles = np.flatnonzero(np.isfinite(grid[season::period]))
        if cycles.size > 1:
            own = grid[season::period][cycles]
            slopes.append(pairwise_slopes(own, cycles))
            total += score_variance(own)
    if not slopes:
        raise NotEstimable("A seasonal slope needs a season with at least two values.")
    present = np.flatnonzero(np.isfinite(grid))
    pooled = np.sort(np.concatenate(slopes))
    spread = total if variance is None else variance
    return _result(pooled, grid[present], present / period, spread, level, "seasonal_sen")


def pairwise_slopes(values: FloatArray, positions: IntArray) -> FloatArray:
    """Slopes of all n(n-1)/2 pairs, unsorted."""
    rows = [
        (values[i + 1 :] - values[i]) / (positions[i + 1 :] - positions[i]).astype(np.float64)
        for i in range(values.size - 1)
    ]
    return np.concatenate(rows)


def _result(
    slopes: FloatArray, values: FloatArray, positions: IntArray | FloatArray, variance: float, level: float, method: str
) -> SenSlope:
    slope = float(np.median(slopes))
    return SenSlope(
        slope=slope,
        interval=_interval(slopes, variance, level, method),
        intercept=float(np.median(values)) - slope * float(np.median(positions)),
        n_pairs=slopes.size,
    )


def _interval(slopes: FloatArray, variance: float, level: float, method: str) -> Interval | None:
    """Order statistics of the sorted slopes; ``None`` where the level needs ranks beyond the smallest or largest."""
    width = float(ndtri(0.5 + level / 2)) * math.sqrt(variance)
    lower = round((slopes.size - width) / 2) - 1
    upper = round((slopes.size + width) / 2)
    if lower < 0 or upper > slopes.size - 1:
        return None
    return Interval(float(slopes[lower]), float(slopes[upper]), level, method)
