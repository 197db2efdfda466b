"""Kendall's S and what ties do to its variance."""

import math

import numpy as np

from feedback_core.trends.calc.arrays import FloatArray


def kendall_score(values: FloatArray) -> int:
    """S: pairs that rise minus pairs that fall, in time order."""
    return sum(int(np.sign(values[i + 1 :] - values[i]).sum()) for i in range(values.size - 1))


def score_variance(values: FloatArray) -> float:
    """Variance of S for exchangeable values, corrected for ties (Kendall 1975)."""
    n = values.size
    _, ties = np.unique(values, return_counts=True)
    t = ties.astype(np.float64)
    return float(n * (n - 1) * (2 * n + 5) - (t * (t - 1) * (2 * t + 5)).sum()) / 18


def tied_pairs(values: FloatArray) -> int:
    """Pairs of equal values."""
    _, ties = np.unique(values, return_counts=True)
    return int((ties * (ties - 1) // 2).sum())


def standardise(s: int, variance: float, *, continuity: bool) -> tuple[float, float]:
    """Z and its two-sided p-value; the continuity correction takes 1 off the size of S."""
    correction = math.copysign(min(1, abs(s)), s) if continuity else 0.0
    z = (s - correction) / math.sqrt(variance)
    return z, math.erfc(abs(z) / math.sqrt(2))
