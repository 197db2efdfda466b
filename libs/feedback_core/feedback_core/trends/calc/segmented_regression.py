"""Segmented regression of an interrupted series: its design, and least squares with three ways to its errors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.special import stdtr, stdtrit

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.trends.calc.arrays import FloatArray, IntArray, as_positions, as_series, need_variation
from feedback_core.trends.calc.step_models import PERFECT
from feedback_core.trends.types import Coefficient, ErrorModel, SegmentedFit

LEAST_SIDE: Final = 8  # values on each side (Bernal, Cummins & Gasparrini 2017; Turner 2021)
LEAST_CYCLES: Final = 2
LEVEL_CHANGE: Final = "level_change"
SLOPE_CHANGE: Final = "slope_change"


@dataclass(frozen=True, slots=True)
class SegmentedDesign:
    """Regressors of an interrupted series.

    Attributes:
        names: of the columns: ``intercept``, ``slope``, ``level_change``, ``slope_change``, ``sin1``, ``cos1``, ...
        columns: shape (n, k).
        positions: of the values on the time grid, rising, shape (n,).
        first_after: values before the event.
    """

    names: tuple[str, ...]
    columns: FloatArray
    positions: IntArray
    first_after: int

    def without_event(self) -> FloatArray:
        """The columns had the event not happened, shape (n, k)."""
        columns = self.columns.copy()
        for name in (LEVEL_CHANGE, SLOPE_CHANGE):
            columns[:, self.names.index(name)] = 0.0
        return columns


def segmented_design(
    positions: Sequence[int] | IntArray,
    first_after: int,
    *,
    period: float | None = None,
    harmonics: int = 0,
    least: int = LEAST_SIDE,
) -> SegmentedDesign:
    """Level, slope, their changes at the event, and sines and cosines of the season.

    The change of slope counts 1, 2, ... steps from the first value after the event, so that ``level_change`` is the
    jump just before it. A season's phase is the position: give months as 1, 2, ... from a January.

    Args:
        positions: whole positions on the time grid, rising; waves are numbered, whatever the months between them.
        first_after: values before the event.
        period: steps in a cycle, where there is a season.
        harmonics: pairs of sine and cosine, at most half a period.
        least: values on each side without which nothing is said.

    Raises:
        NotEstimable: fewer than ``least`` values on a side, less than two cycles for a season, more terms than the
            values bear, or terms that cannot be told apart.
        ValueError: positions that do not rise, or harmonics without a period or beyond half of it.
    """
    grid = as_positions(positions, len(positions))
    n = grid.size
    _check_harmonics(period, harmonics)
    for count, side in ((first_after, "before"), (n - first_after, "after")):
        if count < least:
            raise NotEstimable(
                f"There are {max(count, 0)} values {side} the event; an interrupted series needs at least {least} on "
                "each side. Compare two periods as two samples instead."
            )
    if harmonics and period is not None and grid[-1] - grid[0] + 1 < LEAST_CYCLES * period:
        raise NotEstimable(
            f"A season needs {LEAST_CYCLES} whole cycles, {LEAST_CYCLES * period:g} periods; leave it out."
        )
    time = grid.astype(np.float64)
    after = np.arange(n) >= first_after
    since = np.where(after, time - time[first_after] + 1, 0.0)
    columns = {"intercept": np.ones(n), "slope": time, LEVEL_CHANGE: after.astype(np.float64), SLOPE_CHANGE: since}
    for harmonic in range(1, harmonics + 1):
        angle = 2 * math.pi * harmonic * time / (period or 1.0)
        if 2 * harmonic != period:  # the sine of the shortest wave is 0 everywhere
            columns[f"sin{harmonic}"] = np.sin(angle)
        columns[f"cos{harmonic}"] = np.cos(angle)
    matrix = np.column_stack(list(columns.values()))
    if n <= matrix.shape[1] + 1:
        raise NotEstimable(f"{matrix.shape[1]} terms need more than {n} values.")
    scaled = matrix / np.linalg.norm(matrix, axis=0)
    if np.linalg.matrix_rank(scaled) < matrix.shape[1]:
        raise NotEstimable("The terms cannot be told apart at these positions; use fewer harmonics.")
    return SegmentedDesign(tuple(columns), matrix, grid, first_after)


def fit_ols(values: Sequence[float] | FloatArray, design: SegmentedDesign, *, level: float = 0.95) -> SegmentedFit:
    """Least squares; its errors assume neighbouring periods independent, so they are too small where these are not.

    Raises:
        NotEstimable: values that are all the same, or lie on the lines without any error.
        ValueError: another number of values than positions.

    Golden: s23.
    """
    least = _solve(values, design)
    return _fit("ols", design, least, least.sigma**2 * least.inverse, level)


def fit_newey_west(
    values: Sequence[float] | FloatArray,
    design: SegmentedDesign,
    *,
    lags: int | None = None,
    small_sample: bool = True,
    level: float = 0.95,
) -> SegmentedFit:
    """Least squares with errors that hold under autocorrelation up to ``lags``.

    With few values after the event they are far too small all the same.

    Args:
        values: shape (n,).
        design: from ``segmented_design``; a gap counts as no distance.
        lags: of the Bartlett window; ``4 (n/100)^(2/9)`` when not given.
        small_sample: multiply the covariance by n/(n - k).
        level: of the intervals.

    Raises:
        NotEstimable: values that are all the same, or lie on the lines without any error.
        ValueError: another number of values than positions, or lags outside 0..n-1.

    Source: Newey & West (1987), Econometrica 55:703; lags of Newey & West (1994). Golden: s23.
    """
    least = _solve(values, design)
    n, k = design.columns.shape
    window = math.floor(4 * (n / 100) ** (2 / 9)) if lags is None else lags
    if not 0 <= window < n:
        raise ValueError("lags must lie between 0 and n - 1")
    scores = design.columns * least.residuals[:, np.newaxis]
    meat = scores.T @ scores
    for lag in range(1, window + 1):
        cross = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (window + 1)) * (cross + cross.T)
    covariance = least.inverse @ meat @ least.inverse * (n / (n - k) if small_sample else 1.0)
    return _fit("newey_west", design, least, covariance, level, lags=window)


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """Coefficients, their covariance over sigma squared, residuals and the rest of a least-squares solution."""

    coefficients: FloatArray
    inverse: FloatArray
    residuals: FloatArray
    sigma: float
    r_squared: float


def least_squares(columns: FloatArray, values: FloatArray) -> LeastSquares:
    """Least squares by QR of scaled columns, so that a long time axis costs no digits."""
    scale = np.linalg.norm(columns, axis=0)
    q, r = np.linalg.qr(columns / scale)
    coefficients = np.linalg.solve(r, q.T @ values) / scale
    root = np.linalg.inv(r) / scale[:, np.newaxis]
    residuals = values - columns @ coefficients
    left = float((residuals**2).sum())
    total = float(((values - values.mean()) ** 2).sum())
    return LeastSquares(
        coefficients=coefficients,
        inverse=root @ root.T,
        residuals=residuals,
        sigma=math.sqrt(left / (values.size - columns.shape[1])),
        r_squared=1 - left / total if total > 0 else 0.0,
    )


def coefficients_of(
    names: tuple[str, ...], values: FloatArray, covariance: FloatArray, df: int, level: float
) -> tuple[Coefficient, ...]:
    """Each coefficient with its interval and p-value by t.

    Raises:
        NotEstimable: a coefficient without any error.
    """
    if not (np.diag(covariance) > 0.0).all():
        raise NotEstimable("A term fits without any error; there are too few values for it.")
    quantile = float(stdtrit(df, 0.5 + level / 2))
    return tuple(
        Coefficient(
            name=name,
            value=float(value),
            standard_error=error,
            interval=Interval(float(value) - quantile * error, float(value) + quantile * error, level, "t"),
            p_value=2 * float(stdtr(df, -abs(float(value)) / error)),
        )
        for name, value, error in zip(names, values, np.sqrt(np.diag(covariance)).tolist(), strict=True)
    )


def usable_values(values: Sequence[float] | FloatArray, design: SegmentedDesign) -> FloatArray:
    """The values as an array, one per row of the design, which they must not fit without error.

    Raises:
        NotEstimable: values that are all the same, or lie on the lines without any error.
        ValueError: another number of values than positions.
    """
    series = as_series(values)
    if series.size != design.positions.size:
        raise ValueError("one value per position is needed")
    need_variation(series, "An interrupted series")
    fit = least_squares(design.columns, series)
    if 1 - fit.r_squared <= PERFECT:
        raise NotEstimable("The values lie on the fitted lines without any error, so there are no standard errors.")
    return series


def _solve(values: Sequence[float] | FloatArray, design: SegmentedDesign) -> LeastSquares:
    return least_squares(design.columns, usable_values(values, design))


def _fit(
    model: Literal["ols", "newey_west"],
    design: SegmentedDesign,
    least: LeastSquares,
    covariance: FloatArray,
    level: float,
    *,
    lags: int | None = None,
) -> SegmentedFit:
    n, k = design.columns.shape
    named: ErrorModel = model
    return SegmentedFit(
        error_model=named,
        coefficients=coefficients_of(design.names, least.coefficients, covariance, n - k, level),
        covariance=tuple(tuple(row) for row in covariance.tolist()),
        residuals=tuple(least.residuals.tolist()),
        n=n,
        degrees_of_freedom=n - k,
        sigma=least.sigma,
        phi=None,
        r_squared=least.r_squared,
        lags=lags,
        log_likelihood=None,
        aic=None,
    )


def _check_harmonics(period: float | None, harmonics: int) -> None:
    if harmonics < 0 or (harmonics and (period is None or 2 * harmonics > period)):
        raise ValueError("harmonics need a period of at least twice their number")
