"""Least squares for one step, one line or a constant, each beside free season effects."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, IntArray

PERFECT: Final = 1e-12  # share of the squares below which what is left is rounding


@dataclass(frozen=True, slots=True)
class StepScan:
    """Every place a step could be, for series that share their seasons and positions.

    Attributes:
        candidates: values before the step, shape (k,).
        centred: season means removed, shape (series, n).
        gains: squared error that a step saves, shape (series, k).
        heights: of the step, shape (series, k).
    """

    candidates: IntArray
    centred: FloatArray
    gains: FloatArray
    heights: FloatArray


@dataclass(frozen=True, slots=True)
class StepFit:
    """The best single step of one series.

    Attributes:
        index: values before the step.
        height: level after less level before.
        effects: of the seasons, shape (groups,), summing to 0.
        level: before the step.
        residuals: shape (n,).
        rss: residual sum of squares.
        rss_constant: without the step.
        df: residual degrees of freedom.
    """

    index: int
    height: float
    effects: FloatArray
    level: float
    residuals: FloatArray
    rss: float
    rss_constant: float
    df: int


@dataclass(frozen=True, slots=True)
class LineFit:
    """A straight line: season effects, shape (groups,), summing to 0, and residual sum of squares."""

    effects: FloatArray
    rss: float


def scan_steps(series: FloatArray, groups: IntArray, min_segment: int) -> StepScan:
    """Gain of a step at each place, for many series at once.

    Args:
        series: shape (series, n).
        groups: season of each value, 0.., shape (n,); all 0 without seasons.
        min_segment: least values on each side.

    Raises:
        NotEstimable: season effects could stand for a step at every place.
    """
    n = groups.size
    indicators = np.eye(int(groups.max()) + 1)[groups]
    counts = indicators.sum(axis=0)
    centred = series - ((series @ indicators) / counts)[:, groups]
    candidates = np.arange(min_segment, n - min_segment + 1)
    after = np.cumsum(indicators[::-1], axis=0)[::-1][candidates - n]
    norms = after.sum(axis=1) - (after**2 / counts).sum(axis=1)
    usable = norms > PERFECT * n
    if not usable.any():
        raise NotEstimable("No place for a change of level can be told apart from the season.")
    candidates, norms = candidates[usable], norms[usable]
    tails = -np.cumsum(centred, axis=1)[:, candidates - 1]
    return StepScan(candidates, centred, tails**2 / norms, tails / norms)


def fit_step(values: FloatArray, groups: IntArray, min_segment: int) -> StepFit:
    """The step that leaves the least squared error; the first of several."""
    scan = scan_steps(values[np.newaxis, :], groups, min_segment)
    best = int(np.argmax(scan.gains[0]))
    index, height = int(scan.candidates[best]), float(scan.heights[0, best])
    step = np.where(np.arange(values.size) >= index, height, 0.0)
    means = _group_means(values - step, groups)
    residuals = values - step - means[groups]
    level = float(means.mean())
    return StepFit(
        index=index,
        height=height,
        effects=means - level,
        level=level,
        residuals=residuals,
        rss=float((residuals**2).sum()),
        rss_constant=float((scan.centred[0] ** 2).sum()),
        df=values.size - means.size - 1,
    )


def fit_line(values: FloatArray, positions: IntArray, groups: IntArray) -> LineFit:
    """A straight line beside season effects."""
    time = positions.astype(np.float64)
    own = time - _group_means(time, groups)[groups]
    spread = float((own**2).sum())
    centred = values - _group_means(values, groups)[groups]
    slope = float((own * centred).sum()) / spread if spread > 0.0 else 0.0
    means = _group_means(values - slope * time, groups)
    return LineFit(effects=means - means.mean(), rss=float(((centred - slope * own) ** 2).sum()))


def bic(rss: float, n: int, parameters: int, floor: float) -> float:
    """Bayesian information criterion of a Gaussian model; ``floor`` keeps a perfect fit finite."""
    return n * math.log(max(rss, floor) / n) + parameters * math.log(n)


def _group_means(values: FloatArray, groups: IntArray) -> FloatArray:
    return np.bincount(groups, weights=values) / np.bincount(groups)
