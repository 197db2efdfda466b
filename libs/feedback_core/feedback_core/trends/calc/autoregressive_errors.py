"""Segmented regression whose errors are an AR(1): generalised least squares, its phi by REML or ML."""

import math
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from scipy.optimize import minimize_scalar

from feedback_core.trends.calc.arrays import FloatArray, IntArray
from feedback_core.trends.calc.segmented_regression import (
    SegmentedDesign,
    coefficients_of,
    least_squares,
    usable_values,
)
from feedback_core.trends.types import SegmentedFit

LARGEST_PHI: Final = 0.999
STARTS: Final = 41  # values of phi compared before the search narrows
SMALLEST: Final = 1e-300  # keeps the log of a sum of squares finite


def fit_gls(
    values: Sequence[float] | FloatArray,
    design: SegmentedDesign,
    *,
    method: Literal["reml", "ml"] = "reml",
    level: float = 0.95,
) -> SegmentedFit:
    """Generalised least squares with autocorrelation ``phi ** distance`` between errors.

    ``reml`` allows for the coefficients that were fitted: its phi is less biased towards 0, and its errors are larger.
    Coefficients and sigma are profiled out, and phi is searched on -0.999..0.999; standard errors rest on n - k in both
    and take phi as known.

    Args:
        values: shape (n,).
        design: from ``segmented_design``; gaps count with their distance.
        method: which likelihood.
        level: of the intervals.

    Raises:
        NotEstimable: values that are all the same, or lie on the lines without any error.
        ValueError: another number of values than positions.

    Source: Pinheiro & Bates (2000), Mixed-Effects Models in S and S-PLUS, ch. 5, as R's nlme ``gls`` with ``corAR1``.
    Golden: s23.
    """
    series = usable_values(values, design)
    restricted = method == "reml"
    scale = np.linalg.norm(design.columns, axis=0)
    columns = design.columns / scale
    distances = np.diff(design.positions)
    phi = _best_phi(columns, series, distances, restricted=restricted)
    whitened, spreads = _whitened(columns, series, distances, phi)
    least = least_squares(whitened[:, 1:], whitened[:, 0])
    n, k = columns.shape
    covariance = least.sigma**2 * least.inverse / np.outer(scale, scale)
    coefficients = least.coefficients / scale
    likely = None if restricted else _log_likelihood(least.sigma**2 * (n - k) / n, n, spreads)
    return SegmentedFit(
        error_model="gls_reml" if restricted else "gls_ml",
        coefficients=coefficients_of(design.names, coefficients, covariance, n - k, level),
        covariance=tuple(tuple(row) for row in covariance.tolist()),
        residuals=tuple((series - design.columns @ coefficients).tolist()),
        n=n,
        degrees_of_freedom=n - k,
        sigma=least.sigma if restricted else least.sigma * math.sqrt((n - k) / n),
        phi=phi,
        r_squared=None,
        lags=None,
        log_likelihood=likely,
        aic=None if likely is None else 2 * (k + 2) - 2 * likely,
    )


def _best_phi(columns: FloatArray, series: FloatArray, distances: IntArray, *, restricted: bool) -> float:
    """The phi of the largest profile likelihood: the best of a grid, then refined between its neighbours."""

    def loss(angle: float) -> float:
        return _deviance(columns, series, distances, math.tanh(angle), restricted=restricted)

    bound = math.atanh(LARGEST_PHI)
    grid = np.linspace(-bound, bound, STARTS)
    best = int(np.argmin([loss(float(angle)) for angle in grid]))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, STARTS - 1)])
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-10})
    return math.tanh(float(found.x))


def _deviance(columns: FloatArray, series: FloatArray, distances: IntArray, phi: float, *, restricted: bool) -> float:
    """Minus twice the profile log likelihood, less a constant."""
    whitened, spreads = _whitened(columns, series, distances, phi)
    x, y = whitened[:, 1:], whitened[:, 0]
    q, r = np.linalg.qr(x)
    left = max(float(((y - q @ (q.T @ y)) ** 2).sum()), SMALLEST)
    n, k = x.shape
    jacobian = float(np.log(spreads).sum())
    if not restricted:
        return float(n * math.log(left) + jacobian)
    return float((n - k) * math.log(left) + jacobian + 2 * np.log(np.abs(np.diag(r))).sum())


def _whitened(
    columns: FloatArray, series: FloatArray, distances: IntArray, phi: float
) -> tuple[FloatArray, FloatArray]:
    """Series and columns with independent errors of equal variance, and the variances of what was new in each error."""
    both = np.column_stack([series, columns])
    carried = phi**distances
    spreads = np.concatenate(([1.0], 1 - carried**2))
    fresh = both.copy()
    fresh[1:] -= carried[:, np.newaxis] * both[:-1]
    return fresh / np.sqrt(spreads)[:, np.newaxis], spreads


def _log_likelihood(variance: float, n: int, spreads: FloatArray) -> float:
    return -0.5 * (n * (math.log(2 * math.pi * variance) + 1) + float(np.log(spreads).sum()))
