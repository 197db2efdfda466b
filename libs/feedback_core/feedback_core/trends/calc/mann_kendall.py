"""Mann-Kendall test for a monotonic trend, its corrections for autocorrelation, and the Cox-Stuart test."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

import numpy as np
from scipy import stats
from scipy.special import ndtri

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, IntArray, as_positions, as_series, need, need_variation
from feedback_core.trends.calc.theil_sen import pairwise_slopes
from feedback_core.trends.calc.ties import kendall_score, score_variance, standardise, tied_pairs
from feedback_core.trends.types import CoxStuart, TrendMethod, TrendTest

NORMAL_FROM: Final = 10  # values from which the normal form is good enough (Gilbert 1987)


def mann_kendall(
    values: Sequence[float] | FloatArray,
    *,
    continuity: bool = True,
    p_value: Literal["auto", "normal", "exact"] = "auto",
    variance_factor: float = 1.0,
) -> TrendTest:
    """Test for a monotonic trend; ``values`` in time order, gaps left out (only the order counts).

    Args:
        values: shape (n,), n >= 3.
        continuity: take 1 off the size of S before dividing.
        p_value: ``exact`` counts all orders and needs n values without ties; ``auto`` is exact below 10 values without
            ties, else normal.
        variance_factor: from ``hamed_rao_factor``; any other than 1 gives the normal form.

    Raises:
        NotEstimable: fewer than 3 values, all the same, or an exact p-value asked for a series with ties.

    Source: Mann (1945), Kendall (1975), Gilbert (1987). Golden: s17.
    """
    series = as_series(values)
    need(series.size, 3, "The Mann-Kendall test")
    need_variation(series, "The Mann-Kendall test")
    n, s, tied = series.size, kendall_score(series), tied_pairs(series)
    pairs = n * (n - 1) // 2
    corrected = variance_factor != 1.0
    variance = score_variance(series) * variance_factor
    z, p = standardise(s, variance, continuity=continuity)
    method = TrendMethod.HAMED_RAO if corrected else TrendMethod.NORMAL
    if p_value == "exact" and (tied or corrected):
        raise NotEstimable("An exact Mann-Kendall p-value needs values without ties and without correction.")
    if p_value == "exact" or (p_value == "auto" and n < NORMAL_FROM and not tied and not corrected):
        p = float(stats.kendalltau(np.arange(n), series, method="exact").pvalue)
        method = TrendMethod.EXACT
    return TrendTest(
        method=method,
        n=n,
        s=s,
        variance=variance,
        variance_factor=variance_factor,
        z=z,
        p_value=p,
        tau_a=s / pairs,
        tau_b=s / math.sqrt(pairs * (pairs - tied)),
    )


def autocorrelations(values: FloatArray, positions: IntArray, lags: int) -> FloatArray:
    """Autocorrelations at lags 1..lags of values on a grid with gaps, shape (lags,); all 0 for a constant series.

    Products over a gap are left out and the sum is divided by their number plus the lag, which for a series
    without gaps is the usual estimator (Parzen 1963; so does R's ``acf`` with ``na.pass``).
    """
    span = int(positions[-1] - positions[0]) + 1
    deviations, present = np.zeros(span), np.zeros(span)
    deviations[positions - positions[0]] = values - values.mean()
    present[positions - positions[0]] = 1.0
    scale = float((deviations**2).sum()) / values.size
    result = np.zeros(lags)
    if scale == 0.0:
        return result
    for lag in range(1, min(lags, span - 1) + 1):
        pairs = float((present[lag:] * present[:-lag]).sum())
        result[lag - 1] = float((deviations[lag:] * deviations[:-lag]).sum()) / (pairs + lag) / scale
    return result


def lag_one(values: FloatArray, positions: IntArray, *, level: float) -> tuple[float, bool]:
    """Lag-1 autocorrelation of the ranks of the detrended values, and whether it is above z/sqrt(n).

    A negative one does not count: it makes tests cautious, not false.
    """
    ranks = _detrended_ranks(values, positions)
    r = float(autocorrelations(ranks, positions, 1)[0])
    return r, r > _bound(values.size, level)


def hamed_rao_factor(
    values: Sequence[float] | FloatArray,
    *,
    positions: Sequence[int] | IntArray | None = None,
    level: float = 0.95,
    max_lag: int | None = None,
    floor: float = 1.0,
) -> float:
    """What autocorrelation multiplies the variance of S by.

    The autocorrelations are those of the ranks of the series less its Theil-Sen line; only lags outside
    ``+-z(level)/sqrt(n)`` count. Chance negative autocorrelation would shrink the variance and so invent trends: the
    factor is held at ``floor`` (1; pass a small number for the formula as published).

    Args:
        values: shape (n,), n >= 4.
        positions: whole positions on the time grid; 0..n-1 when not given.
        level: of the test of each lag.
        max_lag: largest lag; n - 1 when not given. Hamed and Rao found the first three enough.
        floor: least factor, above 0.

    Raises:
        NotEstimable: fewer than 4 values, or all the same.

    Source: Hamed & Rao (1998), J. Hydrology 204:182.
    """
    series = as_series(values)
    need(series.size, 4, "The Hamed-Rao correction")
    need_variation(series, "The Hamed-Rao correction")
    n = series.size
    grid = as_positions(positions, n)
    lags = n - 1 if max_lag is None else min(max_lag, n - 1)
    r = autocorrelations(_detrended_ranks(series, grid), grid, lags)
    k = np.arange(1, lags + 1)
    weights = (n - k) * (n - k - 1.0) * (n - k - 2.0)
    counted = np.where(np.abs(r) > _bound(n, level), r, 0.0)
    factor = 1 + 2 / (n * (n - 1.0) * (n - 2.0)) * float((weights * counted).sum())
    return max(factor, floor)


def yue_wang_factor(
    values: Sequence[float] | FloatArray,
    *,
    positions: Sequence[int] | IntArray | None = None,
    max_lag: int | None = None,
    floor: float = 1.0,
) -> float:
    """What autocorrelation multiplies the variance of S by, from the effective number of values.

    The autocorrelations are those of the series less its Theil-Sen line, at all lags up to ``max_lag``, significant or
    not. Over all lags they sum to about -1/2 whatever the series, so that the factor is often below 1 by construction:
    it is held at ``floor`` (1; pass a small number for the formula as published).

    Args:
        values: shape (n,), n >= 4.
        positions: whole positions on the time grid; 0..n-1 when not given.
        max_lag: largest lag; n - 1 when not given, as in the published programs; 1 is the AR(1) form.
        floor: least factor, above 0.

    Raises:
        NotEstimable: fewer than 4 values, or all the same.

    Source: Yue & Wang (2004), Water Resources Management 18:201.
    """
    series = as_series(values)
    need(series.size, 4, "The Yue-Wang correction")
    need_variation(series, "The Yue-Wang correction")
    n = series.size
    grid = as_positions(positions, n)
    lags = n - 1 if max_lag is None else min(max_lag, n - 1)
    r = autocorrelations(_detrended(series, grid), grid, lags)
    return max(1 + 2 * float(((1 - np.arange(1, lags + 1) / n) * r).sum()), floor)


def corrected_mann_kendall(
    values: Sequence[float] | FloatArray,
    *,
    correction: Literal["auto", "hamed_rao", "yue_wang"] = "auto",
    positions: Sequence[int] | IntArray | None = None,
    level: float = 0.95,
    max_lag: int | None = None,
    floor: float = 1.0,
    continuity: bool = True,
) -> TrendTest:
    """Mann-Kendall with the variance that autocorrelation leaves it.

    Args:
        values: shape (n,), n >= 4.
        correction: ``auto`` takes Hamed and Rao's where the lag-1 autocorrelation is significantly positive, and none
            elsewhere.
        positions: whole positions on the time grid; 0..n-1 when not given.
        level: of the tests of autocorrelations.
        max_lag: largest lag of the correction; n - 1 when not given.
        floor: least variance factor.
        continuity: take 1 off the size of S before dividing.

    Raises:
        NotEstimable: fewer than 4 values, or all the same.

    Source: Hamed & Rao (1998), J. Hydrology 204:182; Yue & Wang (2004), Water Resources Management 18:201.
    """
    series = as_series(values)
    need(series.size, 4, "A corrected Mann-Kendall test")
    need_variation(series, "A corrected Mann-Kendall test")
    grid = as_positions(positions, series.size)
    if correction == "auto" and not lag_one(series, grid, level=level)[1]:
        return mann_kendall(series, continuity=continuity)
    if correction == "yue_wang":
        factor = yue_wang_factor(series, positions=grid, max_lag=max_lag, floor=floor)
    else:
        factor = hamed_rao_factor(series, positions=grid, level=level, max_lag=max_lag, floor=floor)
    if factor <= 0:
        raise NotEstimable("The autocorrelations leave no variance; pass a floor above 0.")
    test = mann_kendall(series, continuity=continuity, p_value="normal", variance_factor=factor)
    return replace(test, method=TrendMethod.YUE_WANG if correction == "yue_wang" else TrendMethod.HAMED_RAO)


def cox_stuart(values: Sequence[float] | FloatArray) -> CoxStuart:
    """Sign test of the last third against the first third.

    Ties count for neither side. Where they leave fewer signs than expected without a trend, z is 0.

    Raises:
        NotEstimable: fewer than 6 values, or all the same.

    Source: Cox & Stuart (1955), in the form of Sachs (1997) that R's ``trend::cs.test`` uses (continuity correction up
    to 30 values). Golden: s17.
    """
    series = as_series(values)
    need(series.size, 6, "The Cox-Stuart test")
    need_variation(series, "The Cox-Stuart test")
    n = series.size
    third = math.ceil(n / 3)
    differences = series[n - third :] - series[:third]
    most = max(int((differences > 0).sum()), int((differences < 0).sum()))
    excess = most - n / 6 - (0.5 if n <= 30 else 0.0)
    z = max(excess, 0.0) / math.sqrt(n / 12)
    return CoxStuart(z=z, p_value=math.erfc(z / math.sqrt(2)))


def _detrended_ranks(values: FloatArray, positions: IntArray) -> FloatArray:
    return np.asarray(stats.rankdata(_detrended(values, positions)), dtype=np.float64)


def _detrended(values: FloatArray, positions: IntArray) -> FloatArray:
    slope = float(np.median(pairwise_slopes(values, positions)))
    return np.asarray(values - slope * (positions - positions[0]), dtype=np.float64)


def _bound(n: int, level: float) -> float:
    return float(ndtri(0.5 + level / 2)) / math.sqrt(n)
