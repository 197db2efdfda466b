"""The most likely single change of level: whether there is one, where, and how large, all by resampling."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.trends.calc.arrays import FloatArray, IntArray, as_positions, as_series, need, need_variation
from feedback_core.trends.calc.mann_kendall import autocorrelations
from feedback_core.trends.calc.step_models import PERFECT, StepFit, fit_step, scan_steps
from feedback_core.trends.types import SingleChange

LEAST_DF: Final = 5  # residual degrees of freedom below which resampling residuals says nothing
LEAST_NEIGHBOURS: Final = 5  # pairs of neighbouring periods without which autocorrelation cannot be seen
LARGEST_RHO: Final = 0.95
BATCH: Final = 2_000_000  # floats held at once while resampling


def most_likely_change(
    values: Sequence[float] | FloatArray,
    *,
    rng: np.random.Generator,
    positions: Sequence[int] | IntArray | None = None,
    seasons: Sequence[int] | IntArray | None = None,
    min_segment: int = 5,
    level: float = 0.95,
    resamples: int = 999,
) -> SingleChange:
    """Where one change of level fits best, with intervals for its size and its place.

    Where neighbouring errors are not alike, the p-value permutes the residuals of "no change" (Freedman & Lane 1983)
    and the intervals resample those of the fitted step; where they are, both draw from an AR(1) fitted to these.
    Each resample searches for the place anew, so that both intervals include not knowing it; they are percentiles
    (Huskova & Kirch 2008, J. Time Series Analysis 29:947).

    Args:
        values: shape (n,), in time order, gaps left out.
        rng: source of the resamples.
        positions: whole positions on the time grid; 0..n-1 when not given.
        seasons: season of each value, numbered from 0 without a gap, where season effects are fitted beside the step.
        min_segment: least values on each side of the change.
        level: of the intervals.
        resamples: how many, for the p-value and again for the intervals.

    Raises:
        NotEstimable: too few values for two segments and the season effects, or all the same.

    Source: sup-F of Andrews (1993), Econometrica 61:821. Golden: s20 (statistic and position).
    """
    series = as_series(values)
    need(series.size, 2 * min_segment, "A search for a change of level")
    need_variation(series, "A search for a change of level")
    n = series.size
    grid = as_positions(positions, n)
    groups = np.zeros(n, dtype=np.int64) if seasons is None else np.asarray(seasons, dtype=np.int64)
    need(n - int(groups.max()) - 2, LEAST_DF, "A change of level, beyond what its parameters use,")
    scale = float(np.abs(series - np.median(series)).max())
    fit = fit_step((series - np.median(series)) / scale, groups, min_segment)
    if fit.rss_constant <= PERFECT * n:
        raise NotEstimable("Season effects explain the whole series; no variation is left to find a change in.")
    exact = fit.rss <= PERFECT * fit.rss_constant
    rho = 0.0 if exact else _corrected_rho(fit, grid)
    observed = (fit.rss_constant - fit.rss) / fit.rss_constant
    chance = _chance_gains(fit, groups, grid, rho, min_segment, resamples, rng)
    low, high, interval = fit.index, fit.index, None
    if not exact:
        low, high, interval = _intervals(fit, groups, grid, rho, min_segment, level, resamples, rng)
    origin = float(np.median(series))
    difference = Estimate(
        value=fit.height * scale,
        interval=None
        if interval is None
        else Interval(interval[0] * scale, interval[1] * scale, level, "residual_bootstrap"),
        standard_error=None,
        n=n,
        n_effective=float(n),
        warnings=("Two levels fit without any error, so no interval can be given.",) if exact else (),
    )
    return SingleChange(
        index=fit.index,
        index_low=low,
        index_high=high,
        before=origin + fit.level * scale,
        after=origin + (fit.level + fit.height) * scale,
        difference=difference,
        sup_f=None if exact else (fit.rss_constant - fit.rss) / (fit.rss / fit.df),
        p_value=(1 + int((chance >= observed * (1 - 1e-9)).sum())) / (resamples + 1),
        autocorrelation=rho,
    )


def _corrected_rho(fit: StepFit, positions: IntArray) -> float:
    """Lag-1 autocorrelation of the errors, 0..0.95, from that of the residuals.

    Residuals are less alike than errors by about (1 + 3 rho)/n per fitted location (Kendall 1954); two levels and the
    place of the step are three. A significance test in front of it would miss what matters in short series: there it
    let 28 of 100 series of 24 values with rho = 0.4 and no change pass at the 5% level; so, 9.
    """
    if int((np.diff(positions) == 1).sum()) < LEAST_NEIGHBOURS:
        return 0.0
    rho = float(autocorrelations(fit.residuals, positions, 1)[0])
    return float(np.clip(rho + 3 * (1 + 3 * rho) / fit.residuals.size, 0.0, LARGEST_RHO))


def _chance_gains(
    fit: StepFit,
    groups: IntArray,
    positions: IntArray,
    rho: float,
    min_segment: int,
    resamples: int,
    rng: np.random.Generator,
) -> FloatArray:
    """Largest share of squares that a step saves in series without a change, shape (resamples,)."""
    n = groups.size
    constant = fit.residuals + np.where(np.arange(n) >= fit.index, fit.height, 0.0)
    constant -= (np.bincount(groups, weights=constant) / np.bincount(groups))[groups]
    gains: list[FloatArray] = []
    for batch in _batches(resamples, int(positions[-1] - positions[0]) + 1):
        if rho == 0.0:
            draws = rng.permuted(np.tile(constant, (batch, 1)), axis=1)
        else:
            draws = _autoregressive(_innovations(fit, positions, rho), positions, rho, batch, rng)
        scan = scan_steps(draws, groups, min_segment)
        left = (scan.centred**2).sum(axis=1)
        gains.append(scan.gains.max(axis=1) / np.where(left > 0.0, left, 1.0))
    return np.concatenate(gains)


def _intervals(
    fit: StepFit,
    groups: IntArray,
    positions: IntArray,
    rho: float,
    min_segment: int,
    level: float,
    resamples: int,
    rng: np.random.Generator,
) -> tuple[int, int, tuple[float, float]]:
    """Percentiles of place and height over series drawn around the fitted step."""
    n = groups.size
    fitted = np.where(np.arange(n) >= fit.index, fit.height, 0.0)
    places: list[IntArray] = []
    heights: list[FloatArray] = []
    inflated = _innovations(fit, positions, rho)
    for batch in _batches(resamples, int(positions[-1] - positions[0]) + 1):
        if rho == 0.0:
            noise = rng.choice(inflated, size=(batch, n))
        else:
            noise = _autoregressive(inflated, positions, rho, batch, rng)
        scan = scan_steps(fitted + noise, groups, min_segment)
        best = scan.gains.argmax(axis=1)
        places.append(scan.candidates[best])
        heights.append(scan.heights[np.arange(batch), best])
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(np.concatenate(places), tails, method="inverted_cdf")
    shortest, longest = np.quantile(np.concatenate(heights), tails)
    return min(int(low), fit.index), max(int(high), fit.index), (float(shortest), float(longest))


def _innovations(fit: StepFit, positions: IntArray, rho: float) -> FloatArray:
    """Errors to draw from: residuals, or what an AR(1) leaves of neighbours; centred, scaled up for what was fitted."""
    errors = fit.residuals
    if rho > 0.0:
        neighbours = np.flatnonzero(np.diff(positions) == 1)
        errors = fit.residuals[neighbours + 1] - rho * fit.residuals[neighbours]
    return np.asarray((errors - errors.mean()) * np.sqrt(fit.residuals.size / fit.df), dtype=np.float64)


def _autoregressive(
    innovations: FloatArray, positions: IntArray, rho: float, series: int, rng: np.random.Generator
) -> FloatArray:
    """AR(1) series on the whole grid, then only the positions that have values; shape (series, n)."""
    span = int(positions[-1] - positions[0]) + 1
    noise = rng.choice(innovations, size=(span, series))
    noise[0] /= np.sqrt(1 - rho**2)
    for i in range(1, span):
        noise[i] += rho * noise[i - 1]
    return np.ascontiguousarray(noise[positions - positions[0]].T)


def _batches(resamples: int, span: int) -> list[int]:
    size = max(1, BATCH // span)
    full, rest = divmod(resamples, size)
    return [size] * full + ([rest] if rest else [])
