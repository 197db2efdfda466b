"""What repeats every cycle: STL and classical decomposition, strength of trend and season."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, as_series, need, need_variation
from feedback_core.trends.types import ClassicalDecomposition, Decomposition, MultipleDecomposition

PINNED: Final = {"inner_iter": 2, "outer_iter": 0}  # of each STL within MSTL, so that versions agree


def stl(
    values: Sequence[float] | FloatArray,
    period: int,
    *,
    seasonal: int = 7,
    trend: int | None = None,
    low_pass: int | None = None,
    seasonal_degree: int = 1,
    trend_degree: int = 1,
    low_pass_degree: int = 1,
    robust: bool = False,
    inner_iterations: int = 2,
    outer_iterations: int = 0,
) -> Decomposition:
    """Seasonal-trend decomposition by loess.

    Args:
        values: shape (n,), without gaps, at least two whole cycles.
        period: periods in a cycle, at least 2.
        seasonal: span of the seasonal smoother in cycles, odd, at least 7.
        trend: span of the trend smoother in periods, odd; the smallest odd above 1.5 period / (1 - 1.5/seasonal).
        low_pass: span of the low-pass filter, odd; the smallest odd above ``period``.
        seasonal_degree: 0 or 1, of the loess.
        trend_degree: 0 or 1.
        low_pass_degree: 0 or 1.
        robust: give outliers less weight; needs ``outer_iterations``. Beyond 3 of them programs drift apart.
        inner_iterations: pinned rather than left to the library, so that figures stay the same between versions.
        outer_iterations: as ``inner_iterations``; each gives outliers new weights.

    Raises:
        NotEstimable: fewer than two cycles, or all values the same.

    Source: Cleveland et al. (1990), J. Official Statistics 6:3. Golden: s19 (all jumps 1, not robust).
    """
    series = _need_two_cycles(values, period)
    need_variation(series, "A decomposition")
    # Most runs have fewer than two cycles; the import takes 50 MB and over a second, so only those pay that need it.
    from statsmodels.tsa.seasonal import STL

    fit = STL(
        series,
        period=period,
        seasonal=seasonal,
        trend=trend,
        low_pass=low_pass,
        seasonal_deg=seasonal_degree,
        trend_deg=trend_degree,
        low_pass_deg=low_pass_degree,
        robust=robust,
    ).fit(inner_iter=inner_iterations, outer_iter=outer_iterations)
    trend_part = np.asarray(fit.trend, dtype=np.float64)
    seasonal_part = np.asarray(fit.seasonal, dtype=np.float64)
    remainder = np.asarray(fit.resid, dtype=np.float64)
    return Decomposition(
        trend=tuple(trend_part.tolist()),
        seasonal=tuple(seasonal_part.tolist()),
        remainder=tuple(remainder.tolist()),
        strength_trend=strength(trend_part, remainder),
        strength_seasonal=strength(seasonal_part, remainder),
    )


def mstl(
    values: Sequence[float] | FloatArray,
    periods: Sequence[int],
    *,
    windows: Sequence[int] | None = None,
    iterate: int = 2,
) -> MultipleDecomposition:
    """Seasonal-trend decomposition with several seasons at once: the week and the year of a daily series.

    Args:
        values: shape (n,), without gaps, more than two whole cycles of the longest period.
        periods: two or more different periods, each at least 2, in any order.
        windows: span of each seasonal smoother in cycles, odd, in the order of ``periods``; 11, 15, 19, ... from the
            shortest when not given.
        iterate: passes over all seasons.

    Raises:
        NotEstimable: no more than two cycles of the longest period, or all values the same.
        ValueError: fewer than two periods, equal ones, or another number of windows.

    Source: Bandara, Hyndman & Bergmeir (2021), arXiv 2107.13462, by statsmodels.
    """
    if len(periods) < 2 or len(set(periods)) != len(periods) or (windows is not None and len(windows) != len(periods)):
        raise ValueError("two or more different periods are needed, and a window for each or none")
    if min(periods) < 2:
        raise ValueError(f"a season needs a period of at least 2: {min(periods)}")
    series = _need_two_cycles(values, max(periods))
    need(series.size, 2 * max(periods) + 1, "A decomposition with several seasons")
    need_variation(series, "A decomposition")
    from statsmodels.tsa.seasonal import MSTL  # late, as above

    order = sorted(range(len(periods)), key=lambda i: periods[i])
    spans = [11 + 4 * i for i in range(len(periods))] if windows is None else [windows[i] for i in order]
    ordered = [periods[i] for i in order]
    fit = MSTL(series, periods=ordered, windows=spans, iterate=iterate, stl_kwargs=dict(PINNED)).fit()
    seasonal = np.asarray(fit.seasonal, dtype=np.float64).reshape(series.size, len(periods))
    trend_part, remainder = (np.asarray(part, dtype=np.float64) for part in (fit.trend, fit.resid))
    return MultipleDecomposition(
        periods=tuple(ordered),
        trend=tuple(trend_part.tolist()),
        seasonal=tuple(tuple(column) for column in seasonal.T.tolist()),
        remainder=tuple(remainder.tolist()),
        strength_trend=strength(trend_part, remainder),
        strength_seasonal=tuple(strength(column, remainder) for column in seasonal.T),
    )


def strength(component: FloatArray, remainder: FloatArray) -> float:
    """Share of the variation of component + remainder that the remainder does not make, 0..1.

    Source: Wang, Smith & Hyndman (2006), Data Mining and Knowledge Discovery 13:335.
    """
    together = float(np.var(component + remainder))
    return max(0.0, 1.0 - float(np.var(remainder)) / together) if together > 0.0 else 0.0


def classical_decomposition(values: Sequence[float] | FloatArray, period: int) -> ClassicalDecomposition:
    """Centred moving average over a cycle, then mean deviation per season.

    Args:
        values: shape (n,), without gaps, at least two whole cycles.
        period: periods in a cycle, at least 2.

    Raises:
        NotEstimable: fewer than two cycles.

    Source: Kendall & Stuart (1983), as R's ``decompose(type = "additive")``. Golden: s19.
    """
    series = _need_two_cycles(values, period)
    half = period // 2
    weights = (
        np.full(period, 1 / period) if period % 2 else np.concatenate(([0.5], np.ones(period - 1), [0.5])) / period
    )
    trend = np.convolve(series, weights, mode="valid")
    deviations = np.full(series.size, np.nan)
    deviations[half : series.size - half] = series[half : series.size - half] - trend
    figure = np.array([np.nanmean(deviations[season::period]) for season in range(period)])
    figure -= figure.mean()
    ends: list[float | None] = [None] * half
    return ClassicalDecomposition(figure=tuple(figure.tolist()), trend=(*ends, *trend.tolist(), *ends))


def _need_two_cycles(values: Sequence[float] | FloatArray, period: int) -> FloatArray:
    if period < 2:
        raise ValueError(f"a season needs a period of at least 2: {period}")
    series = as_series(values)
    if series.size < 2 * period:
        raise NotEstimable(
            f"A seasonal pattern needs two whole cycles, {2 * period} periods without a gap; there are {series.size}."
        )
    return series
