"""What sampling error alone explains: is there any real movement, and the slope with precise periods counting more."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import gammaincc, stdtrit

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.trends.calc.arrays import (
    ABSOLUTE_NOISE,
    RELATIVE_NOISE,
    FloatArray,
    IntArray,
    as_positions,
    as_series,
    need,
)
from feedback_core.trends.types import SamplingNoise


def sampling_noise(
    values: Sequence[float] | FloatArray, standard_errors: Sequence[float] | FloatArray
) -> SamplingNoise:
    """Cochran's Q: do the periods differ by more than their sampling errors?

    Args:
        values: shape (n,), n >= 2.
        standard_errors: shape (n,), all above 0.

    Raises:
        NotEstimable: fewer than 2 values, or a standard error of 0.

    Source: Cochran (1954), Biometrics 10:101.
    """
    series, weights = _weighted(values, standard_errors, 2)
    centre = float((weights * series).sum() / weights.sum())
    q = float((weights * (series - centre) ** 2).sum())
    df = series.size - 1
    return SamplingNoise(q=q, df=df, p_value=float(gammaincc(df / 2, q / 2)))


def weighted_slope(
    values: Sequence[float] | FloatArray,
    standard_errors: Sequence[float] | FloatArray,
    *,
    positions: Sequence[int] | IntArray | None = None,
    n: int,
    level: float = 0.95,
) -> Estimate:
    """Weighted least-squares slope per period, weights ``1 / standard_error**2``.

    The variance is multiplied by the residual chi-square over its degrees of freedom where that is above 1, so that
    real movement around the line widens the interval (Birge 1932); limits by t on n - 2.

    Args:
        values: shape (k,), k >= 3.
        standard_errors: shape (k,), all above 0.
        positions: whole positions on the time grid; 0..k-1 when not given.
        n: answers behind all values, for the estimate.
        level: of the interval.

    Raises:
        NotEstimable: fewer than 3 values, or a standard error of 0.
    """
    series, weights = _weighted(values, standard_errors, 3)
    time = as_positions(positions, series.size).astype(np.float64)
    time -= float((weights * time).sum() / weights.sum())
    spread = float((weights * time**2).sum())
    if not spread > 0.0:
        raise NotEstimable("One period outweighs all the others; a weighted slope would rest on it alone.")
    slope = float((weights * time * series).sum()) / spread
    residuals = series - float((weights * series).sum() / weights.sum()) - slope * time
    df = series.size - 2
    inflation = max(1.0, float((weights * residuals**2).sum()) / df)
    error = math.sqrt(inflation / spread)
    half = float(stdtrit(df, 0.5 + level / 2)) * error
    interval = Interval(slope - half, slope + half, level, "weighted_least_squares")
    return Estimate(slope, interval, error, n, float(n))


def _weighted(
    values: Sequence[float] | FloatArray, standard_errors: Sequence[float] | FloatArray, least: int
) -> tuple[FloatArray, FloatArray]:
    series, errors = as_series(values), as_series(standard_errors)
    need(series.size, least, "A weighting by precision")
    if series.size != errors.size:
        raise ValueError("one standard error per value is needed")
    if float(errors.min()) <= max(RELATIVE_NOISE * float(np.abs(series).max()), ABSOLUTE_NOISE):
        raise NotEstimable("A period whose standard error is 0 cannot be weighed against the others.")
    return series, 1 / errors**2
