"""Change points of the mean: several by PELT, and Pettitt's rank test for one."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from scipy import stats

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, as_series, need, need_variation
from feedback_core.trends.types import Pettitt, Segmentation

NORMAL_MAD: Final = 0.6744897501960817  # median absolute deviation of a standard normal
PENALTY_FACTOR: Final = 3.0  # of log n: 2 is sensitive, 5 strict


def pelt(
    values: Sequence[float] | FloatArray,
    *,
    penalty: float | None = None,
    min_segment: int = 5,
    scale: float | None = None,
) -> Segmentation:
    """Change points of the mean that save more squared error than they cost, found exactly.

    The cost of a segment is its squared error around its mean, in units of ``scale`` squared.

    Args:
        values: shape (n,), in time order, gaps left out.
        penalty: of one change point; 3 log n when not given. Autocorrelated series need 5 log n.
        min_segment: least values in a segment.
        scale: standard deviation without the changes; ``difference_scale(values)`` when not given. A standard deviation
            of the whole series grows with the changes it should find.

    Raises:
        NotEstimable: fewer than ``2 * min_segment`` values, or all the same.

    Source: Killick, Fearnhead & Eckley (2012), JASA 107:1590. Golden: s20.
    """
    series = as_series(values)
    need(series.size, 2 * min_segment, "A search for change points")
    need_variation(series, "A search for change points")
    unit = difference_scale(series) if scale is None else scale
    cost = PENALTY_FACTOR * math.log(series.size) if penalty is None else penalty
    changes = _optimal_changes((series - series.mean()) / unit, cost, min_segment)
    bounds = [0, *changes, series.size]
    means = tuple(float(series[a:b].mean()) for a, b in pairwise(bounds))
    return Segmentation(change_points=tuple(changes), means=means, penalty=cost)


def difference_scale(values: FloatArray) -> float:
    """Standard deviation from the differences of neighbours, so that a few changes of level do not inflate it.

    The median absolute difference over sqrt(2) x .6745; where more than half of the differences are 0, the root mean
    square difference over sqrt(2).

    Raises:
        NotEstimable: all values are the same.
    """
    differences = np.diff(values)
    robust = float(np.median(np.abs(differences - np.median(differences)))) / (math.sqrt(2) * NORMAL_MAD)
    plain = math.sqrt(float((differences**2).mean()) / 2) if differences.size else 0.0
    scale = robust if robust > 1e-9 * plain else plain
    if scale == 0.0:
        raise NotEstimable("All values are the same.")
    return scale


def pettitt(values: Sequence[float] | FloatArray) -> Pettitt:
    """Rank test for one change of location.

    Args:
        values: shape (n,), in time order, gaps left out.

    Raises:
        NotEstimable: fewer than 3 values, or all the same.

    Source: Pettitt (1979), Applied Statistics 28:126; p-value approximate, cut at 1. Golden: s17, s20.
    """
    series = as_series(values)
    need(series.size, 3, "Pettitt's test")
    need_variation(series, "Pettitt's test")
    n = series.size
    u = np.abs(2 * np.cumsum(stats.rankdata(series)) - np.arange(1, n + 1) * (n + 1.0))
    k = float(u.max())
    p_value = min(1.0, 2 * math.exp(-6 * k * k / (n**3 + n**2)))
    return Pettitt(k=k, index=int(np.argmax(u)) + 1, p_value=p_value)


def _optimal_changes(series: FloatArray, penalty: float, min_segment: int) -> list[int]:
    """Dynamic programme over the last change, dropping starts that can never be best again."""
    n = series.size
    sums = np.concatenate(([0.0], np.cumsum(series)))
    squares = np.concatenate(([0.0], np.cumsum(series**2)))
    best = np.full(n + 1, np.inf)
    best[0] = -penalty
    previous = np.zeros(n + 1, dtype=np.int64)
    doomed = np.full(n + 1, n + 1, dtype=np.int64)
    starts = np.array([0], dtype=np.int64)
    for end in range(min_segment, n + 1):
        within = squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / (end - starts)
        reached = best[starts] + within
        choice = int(np.argmin(reached))
        best[end], previous[end] = reached[choice] + penalty, starts[choice]
        losers = starts[reached > best[end]]
        # A start that lost here can still be best until a segment from here on is long enough to replace it.
        doomed[losers] = np.minimum(doomed[losers], end + min_segment)
        starts = starts[doomed[starts] > end + 1]
        if end + 1 - min_segment >= min_segment:
            starts = np.append(starts, end + 1 - min_segment)
    changes: list[int] = []
    last = int(previous[n])
    while last > 0:
        changes.append(last)
        last = int(previous[last])
    return changes[::-1]
