"""The segmentation of least cost, found exactly, and what its penalties are called."""

import math
from collections.abc import Callable
from typing import Literal

import numpy as np

from feedback_core.trends.calc.arrays import FloatArray, IntArray

PenaltyName = Literal["mbic", "bic", "sic", "aic", "hannan_quinn"]
SegmentCost = Callable[[IntArray, int], FloatArray]


def penalty_of(name: PenaltyName, n: int, parameters: int) -> float:
    """Cost of one change point among ``n`` values, where a segment has ``parameters`` of its own.

    ``mbic`` belongs with a segment cost that adds the log of the segment's length.

    Source: Schwarz (1978); Akaike (1974); Hannan & Quinn (1979); Zhang & Siegmund (2007), Biometrics 63:22. In the
    form of R's changepoint, where the place of the change counts as one parameter (``mbic``: two).
    """
    if name == "mbic":
        return (parameters + 2) * math.log(n)
    if name in {"bic", "sic"}:
        return (parameters + 1) * math.log(n)
    if name == "aic":
        return 2.0 * (parameters + 1)
    return 2.0 * (parameters + 1) * math.log(math.log(n))


def squared_error_cost(series: FloatArray, *, log_length: bool = False) -> SegmentCost:
    """Squared error of each segment ``series[start:end]`` around its mean; with the log of its length for ``mbic``."""
    sums, squares = _running(series)

    def cost(starts: IntArray, end: int) -> FloatArray:
        lengths = end - starts
        within = squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / lengths
        return np.asarray(within + np.log(lengths) if log_length else within, dtype=np.float64)

    return cost


def normal_cost(series: FloatArray, *, variance_floor: float, log_length: bool = False) -> SegmentCost:
    """Twice the negative log likelihood of each segment under its own mean and variance."""
    sums, squares = _running(series)

    def cost(starts: IntArray, end: int) -> FloatArray:
        lengths = end - starts
        variances = (squares[end] - squares[starts] - (sums[end] - sums[starts]) ** 2 / lengths) / lengths
        fit = lengths * (math.log(2 * math.pi) + np.log(np.maximum(variances, variance_floor)) + 1)
        return np.asarray(fit + np.log(lengths) if log_length else fit, dtype=np.float64)

    return cost


def optimal_changes(n: int, cost: SegmentCost, penalty: float, min_segment: int, *, prune: bool) -> tuple[int, ...]:
    """Change points of the cheapest segmentation: dynamic programme over the last change.

    Args:
        n: values.
        cost: of the segments from each of several starts to one end.
        penalty: of each change point.
        min_segment: least values in a segment.
        prune: drop starts that can never be best again; only where cutting a segment never raises its cost.
    """
    best = np.full(n + 1, np.inf)
    best[0] = -penalty
    previous = np.zeros(n + 1, dtype=np.int64)
    doomed = np.full(n + 1, n + 1, dtype=np.int64)
    starts = np.array([0], dtype=np.int64)
    for end in range(min_segment, n + 1):
        reached = best[starts] + cost(starts, end)
        choice = int(np.argmin(reached))
        best[end], previous[end] = reached[choice] + penalty, starts[choice]
        if prune:
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
    return tuple(changes[::-1])


def _running(series: FloatArray) -> tuple[FloatArray, FloatArray]:
    sums = np.concatenate(([0.0], np.cumsum(series)))
    squares = np.concatenate(([0.0], np.cumsum(series**2)))
    return sums, squares
