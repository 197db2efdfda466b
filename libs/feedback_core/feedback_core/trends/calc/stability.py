"""Did the mean ever change? Two CUSUM tests and the largest F, with their asymptotic p-values."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import fdtr, kolmogorov, ndtr

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, as_series, need, need_variation
from feedback_core.trends.calc.hansen import sup_f_p_value
from feedback_core.trends.calc.step_models import PERFECT
from feedback_core.trends.types import StabilityMethod, StabilityTest

LEAST = 4


def ols_cusum(values: Sequence[float] | FloatArray) -> StabilityTest:
    """Largest cumulated residual of a constant mean, against a Brownian bridge.

    It sees a lasting change near the middle best and a passing one hardly.

    Args:
        values: shape (n,), in time order, gaps left out.

    Raises:
        NotEstimable: fewer than 4 values, or all the same.

    Source: Ploberger & Krämer (1992), Econometrica 60:271. Golden: s20.
    """
    series = _usable(values, "An OLS-CUSUM test")
    residuals = series - series.mean()
    sigma = math.sqrt(float((residuals**2).sum()) / (series.size - 1))
    statistic = float(np.abs(np.cumsum(residuals)).max()) / (sigma * math.sqrt(series.size))
    # The complement twice, as strucchange has it: beyond 1e-16 there is nothing to tell apart.
    p_value = 1.0 if statistic < 0.1 else 1.0 - (1.0 - float(kolmogorov(statistic)))
    return StabilityTest(StabilityMethod.OLS_CUSUM, statistic, p_value)


def recursive_cusum(values: Sequence[float] | FloatArray) -> StabilityTest:
    """Largest cumulated one-step forecast error against the bounds of Brown, Durbin and Evans.

    Each value is forecast by the mean of those before it; it sees early changes best.

    Args:
        values: shape (n,), in time order, gaps left out.

    Raises:
        NotEstimable: fewer than 4 values, all the same, or forecast errors that are.

    Source: Brown, Durbin & Evans (1975), JRSS-B 37:149; p-value of Zeileis (2000), Chemometrics. Golden: s20.
    """
    series = _usable(values, "A recursive CUSUM test")
    before = np.arange(1, series.size, dtype=np.float64)
    centred = series - series[0]
    errors = (centred[1:] - np.cumsum(centred)[:-1] / before) * np.sqrt(before / (before + 1))
    need_variation(errors, "A recursive CUSUM test, in its forecast errors,")
    n = errors.size
    process = np.cumsum(errors) / (float(errors.std(ddof=1)) * math.sqrt(n))
    statistic = float((np.abs(process) / (1 + 2 * np.arange(1, n + 1) / n)).max())
    return StabilityTest(StabilityMethod.REC_CUSUM, statistic, _crossing_probability(statistic))


def sup_f(
    values: Sequence[float] | FloatArray, *, trim_from: float = 0.15, trim_to: float | None = None
) -> StabilityTest:
    """Largest F statistic of one change of level over all places between two bounds.

    Args:
        values: shape (n,), in time order, gaps left out.
        trim_from: first place, in values before the change; below 1, as a share of n.
        trim_to: last place, likewise; as far from the end as ``trim_from`` from the beginning when not given.

    Raises:
        NotEstimable: fewer than 4 values, all the same, no place between the bounds, or two levels without error.

    Source: Andrews (1993), Econometrica 61:821; p-value of Hansen (1997), J. Business & Economic Statistics 15:60;
    with a single place, the F distribution (Chow 1960). Golden: s20.
    """
    series = _usable(values, "A test for a change of level")
    n = series.size
    first = math.floor(trim_from * n) if trim_from < 1 else int(trim_from)
    last = n - first if trim_to is None else (math.floor(trim_to * n) if trim_to < 1 else int(trim_to))
    first, last = max(first, 2), min(last, n - 2)
    if first > last:
        raise NotEstimable(f"No place for a change is left between {first} and {last} of {n} values; trim less.")
    places = np.arange(first, last + 1)
    centred = series - series.mean()
    total = float((centred**2).sum())
    gains = np.cumsum(centred)[places - 1] ** 2 * n / (places * (n - places))
    if float(gains.max()) >= total * (1 - PERFECT):
        raise NotEstimable("Two levels fit the series without any error, so there is no F statistic to give.")
    statistics = gains / ((total - gains) / (n - 2))
    best = int(np.argmax(statistics))
    largest = float(statistics[best])
    if first == last:
        p_value = 1.0 - float(fdtr(1, n - 2, largest))
    else:
        spread = ((n - first) * last) / (first * (n - last))
        p_value = sup_f_p_value(largest, spread if spread < 1 else 1 / (1 + math.sqrt(spread)))
    return StabilityTest(StabilityMethod.SUP_F, largest, min(1.0, max(0.0, p_value)), int(places[best]))


def _usable(values: Sequence[float] | FloatArray, what: str) -> FloatArray:
    series = as_series(values)
    need(series.size, LEAST, what)
    need_variation(series, what)
    return series


def _crossing_probability(x: float) -> float:
    """That a Brownian motion leaves the bounds +-x(1 + 2t) in 0..1; linear below 0.3, where the formula fails."""
    if x < 0.3:
        return 1 - 0.1465 * x
    upper = float(ndtr(-x))
    inner = math.exp(-4 * x * x) * (float(ndtr(5 * x)) - upper)
    return max(0.0, 2 * (float(ndtr(-3 * x)) + inner - math.exp(-16 * x * x) * upper))
