"""Seasonal Mann-Kendall test: January against January, summed over the seasons."""

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, as_grid, varies
from feedback_core.trends.calc.ties import kendall_score, score_variance, standardise, tied_pairs
from feedback_core.trends.types import TrendMethod, TrendTest


def seasonal_mann_kendall(
    values: Sequence[float | None] | FloatArray,
    period: int,
    *,
    dependent: bool = False,
    continuity: bool | None = None,
) -> TrendTest:
    """Test for a monotonic trend that a repeating pattern cannot feign.

    Args:
        values: the time grid, ``None`` or NaN where a period has no value.
        period: periods in a cycle, at least 2.
        dependent: let seasons of the same cycle move together (Hirsch & Slack 1984); it behaves from about ten cycles.
        continuity: take 1 off the size of S; by default yes, but not in the dependent form, as published.

    Raises:
        NotEstimable: no season has two values that differ.

    Source: Hirsch, Slack & Smith (1982), Water Resources Research 18:107; Hirsch & Slack (1984), same journal 20:727.
    Golden: s18.
    """
    seasons = seasons_of(values, period)
    known = [season[np.isfinite(season)] for season in seasons.T]
    used = [season for season in known if season.size > 1]
    if not any(varies(season) for season in used):
        raise NotEstimable("A seasonal trend test needs a season with at least two values that differ.")
    s = sum(kendall_score(season) for season in used)
    independent = sum(score_variance(season) for season in used)
    variance = _dependent_variance(seasons) if dependent else independent
    if variance <= 0.0:
        raise NotEstimable("The seasons move against each other so closely that S has no variance.")
    corrected = not dependent if continuity is None else continuity
    z, p_value = standardise(s, variance, continuity=corrected)
    pairs = sum(season.size * (season.size - 1) // 2 for season in used)
    return TrendTest(
        method=TrendMethod.SEASONAL_DEPENDENT if dependent else TrendMethod.SEASONAL,
        n=sum(season.size for season in known),
        s=s,
        variance=variance,
        variance_factor=variance / independent,
        z=z,
        p_value=p_value,
        tau_a=s / pairs,
        tau_b=s / sum(_tau_b_scale(season) for season in used),
    )


def seasonal_scores(
    values: Sequence[float | None] | FloatArray, period: int
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """S and its variance of each season, in the order of the first cycle; 0 for a season with fewer than two values."""
    known = [season[np.isfinite(season)] for season in seasons_of(values, period).T]
    return tuple(kendall_score(season) for season in known), tuple(score_variance(season) for season in known)


def seasons_of(values: Sequence[float | None] | FloatArray, period: int) -> FloatArray:
    """The grid as cycles x seasons, NaN where there is no value; the last cycle is filled up with NaN.

    Raises:
        ValueError: a period below 2.
    """
    if period < 2:
        raise ValueError(f"a season needs a period of at least 2: {period}")
    grid = as_grid(values)
    missing = -grid.size % period
    return np.concatenate([grid, np.full(missing, np.nan)]).reshape(-1, period)


def _tau_b_scale(season: FloatArray) -> float:
    pairs = season.size * (season.size - 1) // 2
    return math.sqrt(pairs * (pairs - tied_pairs(season)))


def _dependent_variance(seasons: FloatArray) -> float:
    """Sum of the covariances of S over all pairs of seasons; a missing value has the middle rank and no sign."""
    signs = [_signs(season) for season in seasons.T]
    known = [np.isfinite(season) for season in seasons.T]
    ranks = [
        np.where(there, (there.sum() + 1 + sign.sum(axis=1)) / 2, (there.sum() + 1) / 2)
        for sign, there in zip(signs, known, strict=True)
    ]
    n = len(seasons)
    total = sum(score_variance(season[there]) for season, there in zip(seasons.T, known, strict=True))
    for g, h in combinations(range(len(signs)), 2):
        concordance = float((signs[g] * signs[h]).sum()) / 2
        covariance = concordance + 4 * float((ranks[g] * ranks[h]).sum())
        covariance -= n * (int(known[g].sum()) + 1) * (int(known[h].sum()) + 1)
        total += 2 * covariance / 3
    return total


def _signs(season: FloatArray) -> FloatArray:
    """Sign of each value less each other, shape (cycles, cycles); 0 where either is missing."""
    difference = np.sign(season[:, np.newaxis] - season[np.newaxis, :])
    return np.where(np.isfinite(difference), difference, 0.0)
