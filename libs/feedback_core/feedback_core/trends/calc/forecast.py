"""A band for the next periods: the level of the series carried on, with its season where there is one."""

import math
import warnings
from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.special import stdtrit

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc.arrays import FloatArray, as_grid, need, need_variation
from feedback_core.trends.types import Forecast, ForecastMethod, ForecastPoint

FORECAST_FROM: Final = 12  # values without which the movement of the level is a guess
LONGEST_SHARE: Final = 0.5  # of the series; a band further ahead says nothing


def forecast_band(
    values: Sequence[float | None] | FloatArray,
    *,
    horizon: int,
    period: int | None = None,
    level: float = 0.95,
    bounds: tuple[float | None, float | None] = (None, None),
) -> Forecast:
    """The next ``horizon`` periods of a local-level model, with prediction intervals.

    The level is a random walk seen with noise (simple exponential smoothing with its variance), so the band widens with
    each step and the expected value stays where the level is: no slope is carried on, since a KPI on a scale cannot
    follow one for long. With ``period``, fixed season effects are added. Limits are by t on the values less what was
    fitted; that the two variances are estimates is not in them.

    Args:
        values: the time grid, ``None`` or NaN where a period has no value: the model passes over gaps.
        horizon: periods ahead, at most half as many as there are values.
        period: periods in a cycle, where a season is known to be there; needs two whole cycles and each season twice.
        level: of the band.
        bounds: of the scale, to which limits are cut.

    Raises:
        NotEstimable: fewer than 12 values, all the same, too few cycles, or a horizon beyond half of the values.
        ValueError: a horizon below 1, a period below 2, or a level outside 0..1.

    Source: Harvey (1989), Forecasting, Structural Time Series Models and the Kalman Filter, by statsmodels.
    """
    if horizon < 1 or (period is not None and period < 2) or not 0.0 < level < 1.0:
        raise ValueError("horizon must be at least 1, period at least 2, and level lie between 0 and 1")
    grid = _trimmed(as_grid(values))
    known = grid[np.isfinite(grid)]
    need(known.size, FORECAST_FROM, "A forecast")
    need_variation(known, "A forecast")
    if horizon > LONGEST_SHARE * known.size:
        raise NotEstimable(f"{known.size} values bear a forecast of at most {int(LONGEST_SHARE * known.size)} periods.")
    if period is not None:
        _check_season(grid, period)
    centre, scale = float(np.median(known)), float(np.abs(known - np.median(known)).max())
    means, errors = _predicted((grid - centre) / scale, horizon, period)
    df = known.size - (3 if period is None else period + 2)
    half = float(stdtrit(df, 0.5 + level / 2)) * errors * scale
    expected = centre + means * scale
    low, high = _cut(expected - half, bounds), _cut(expected + half, bounds)
    expected = _cut(expected, bounds)
    clipped = bool((low > centre + means * scale - half).any() or (high < centre + means * scale + half).any())
    return Forecast(
        method=ForecastMethod.LOCAL_LEVEL if period is None else ForecastMethod.LOCAL_LEVEL_SEASONAL,
        level=level,
        n=int(known.size),
        points=tuple(
            ForecastPoint(step, float(mean), float(below), float(above))
            for step, (mean, below, above) in enumerate(zip(expected, low, high, strict=True), start=1)
        ),
        clipped=clipped,
        warnings=("It carries the present level on; a change of the process is not in it.",),
    )


def _predicted(grid: FloatArray, horizon: int, period: int | None) -> tuple[FloatArray, FloatArray]:
    """Expected values and their standard errors, shape (horizon,) each."""
    # Few runs forecast; the import takes over a second, so only those pay that need it.
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    with warnings.catch_warnings():
        # Variances at their bound of 0 are an answer here; the checks below say what is not.
        warnings.simplefilter("ignore")
        model = UnobservedComponents(grid, level="llevel", seasonal=period, stochastic_seasonal=False)
        fit = model.fit(disp=0, maxiter=500)
        ahead = fit.get_forecast(horizon)
    means = np.asarray(ahead.predicted_mean, dtype=np.float64)
    errors = np.asarray(ahead.se_mean, dtype=np.float64)
    if not (np.isfinite(means).all() and np.isfinite(errors).all() and (errors > 0).all()):
        raise NotEstimable("The model of the level could not be fitted to this series.")
    return means, errors


def _trimmed(grid: FloatArray) -> FloatArray:
    """The grid from the first value to the last."""
    present = np.flatnonzero(np.isfinite(grid))
    return grid[present[0] : present[-1] + 1] if present.size else grid[:0]


def _check_season(grid: FloatArray, period: int) -> None:
    seasons = np.bincount(np.flatnonzero(np.isfinite(grid)) % period, minlength=period)
    if grid.size < 2 * period or int(seasons.min()) < 2:
        raise NotEstimable(f"A forecast with a season needs two values in each of its {period} periods.")


def _cut(values: FloatArray, bounds: tuple[float | None, float | None]) -> FloatArray:
    low, high = bounds
    return np.clip(values, -math.inf if low is None else low, math.inf if high is None else high)
