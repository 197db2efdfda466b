"""The parts of a trend analysis, each with the method that the series can bear, or a reason why there is none."""

from typing import Final

import numpy as np

from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.trends.calc.arrays import FloatArray, IntArray, varies
from feedback_core.trends.calc.change_points import PENALTY_FACTOR, pelt
from feedback_core.trends.calc.mann_kendall import NORMAL_FROM, hamed_rao_factor, mann_kendall
from feedback_core.trends.calc.precision import sampling_noise, weighted_slope
from feedback_core.trends.calc.run import Run
from feedback_core.trends.calc.season_effects import season_effects
from feedback_core.trends.calc.seasonal_mann_kendall import seasonal_mann_kendall
from feedback_core.trends.calc.seasonality import stl
from feedback_core.trends.calc.single_change import most_likely_change
from feedback_core.trends.calc.theil_sen import seasonal_sen, theil_sen
from feedback_core.trends.calc.ties import tied_pairs
from feedback_core.trends.calc.xmr import xmr_chart
from feedback_core.trends.types import (
    ChangePoint,
    Component,
    Decomposition,
    Direction,
    LevelChange,
    ReasonCode,
    SamplingNoise,
    Seasonality,
    SenSlope,
    TrendMethod,
    TrendSlope,
    TrendTest,
    XmrChart,
)

EXACT_FROM: Final = 5  # values from which an exact Mann-Kendall test can reach 5%
XMR_FROM: Final = 12  # points for provisional limits
MIN_SEGMENT: Final = 5
STRICT_SEGMENT: Final = 7  # with autocorrelation
STRICT_PENALTY_FACTOR: Final = 5.0
DEPENDENT_FROM: Final = 10  # cycles from which the test for dependent seasons behaves
HAMED_RAO_LAGS: Final = 3  # more add chance; the authors found three enough


def season(run: Run) -> Seasonality | None:
    """Season effects, their test, and STL where no period is missing."""
    period, grid = run.period, run.grid
    if period is None:
        return None
    if grid.size < 2 * period:
        detail = f"A seasonal pattern needs two whole cycles, {2 * period} periods; there are {grid.size}."
        run.lack(Component.SEASONALITY, ReasonCode.TOO_FEW_PERIODS, detail)
        return None
    if not run.bears(Component.SEASONALITY, 2 * MIN_SEGMENT, "A seasonal pattern"):
        return None
    found = run.attempt(Component.SEASONALITY, lambda: season_effects(grid.values, grid.positions, period, MIN_SEGMENT))
    if found is None:
        return None
    return Seasonality(
        period=period,
        p_value=found.p_value,
        effects=tuple(found.effects.tolist()),
        decomposition=_decomposition(run, period),
    )


def trend_test(run: Run) -> TrendTest | None:
    """Mann-Kendall: seasonal with two cycles, corrected where neighbouring periods move together."""
    if not run.bears(Component.TEST, EXACT_FROM, "A trend test"):
        return None
    if run.grid.n < NORMAL_FROM and tied_pairs(run.values):
        detail = f"With equal values, a trend test needs at least {NORMAL_FROM} periods; there are {run.grid.n}."
        run.lack(Component.TEST, ReasonCode.TOO_FEW_PERIODS, detail)
        return None
    if run.season is None:
        return run.attempt(Component.TEST, lambda: _plain_test(run.values, run.grid.positions, run.autocorrelated))
    period = run.season.period
    dependent = run.grid.size // period >= DEPENDENT_FROM
    if run.autocorrelated and not dependent:
        return run.attempt(Component.TEST, lambda: _deseasonalised_test(run))
    raw = run.grid.spread_out(run.grid.values)
    return run.attempt(
        Component.TEST, lambda: seasonal_mann_kendall(raw, period, dependent=run.autocorrelated and dependent)
    )


def slope(run: Run, test: TrendTest | None) -> TrendSlope | None:
    """Theil-Sen in units per period and per year; its interval rests on the variance of the test."""
    if not run.bears(Component.SLOPE, EXACT_FROM, "A slope"):
        return None
    if test is not None and run.season is not None and test.method in _SEASONAL:
        raw, period, variance = run.grid.spread_out(run.grid.values), run.season.period, test.variance
        found = run.attempt(Component.SLOPE, lambda: seasonal_sen(raw, period, level=run.level, variance=variance))
        return None if found is None else _slope_of(found, 1 / period, run.grid.step.per_year)
    factor = 1.0 if test is None else test.variance_factor
    plain = theil_sen(run.values, positions=run.grid.positions, level=run.level, variance_factor=factor)
    return _slope_of(plain, 1.0, run.grid.step.per_year)


def precision(run: Run) -> tuple[Estimate | None, SamplingNoise | None]:
    """Weighted slope and test against sampling error, where every period's standard error is known."""
    grid, errors = run.grid, run.grid.errors
    if errors is None:
        detail = "The standard error of at least one period is not known."
        run.lack(Component.WEIGHTED_SLOPE, ReasonCode.UNKNOWN_STANDARD_ERRORS, detail)
        run.lack(Component.SAMPLING_NOISE, ReasonCode.UNKNOWN_STANDARD_ERRORS, detail)
        return None, None
    weighted = run.attempt(
        Component.WEIGHTED_SLOPE,
        lambda: weighted_slope(run.values, errors, positions=grid.positions, n=grid.answers, level=run.level),
    )
    return weighted, run.attempt(Component.SAMPLING_NOISE, lambda: sampling_noise(grid.values, errors))


def chart(run: Run, direction: Direction, target: float | None) -> XmrChart | None:
    """Control chart, of season-adjusted values where there is a season."""
    if not run.bears(Component.XMR, XMR_FROM, "A control chart"):
        return None
    return run.attempt(
        Component.XMR, lambda: xmr_chart(run.grid.spread_out(run.values), direction=direction, target=target)
    )


def level_change(run: Run, rng: np.random.Generator) -> LevelChange | None:
    """The most likely single change of level, season effects fitted beside it, and the trend before it."""
    if not run.bears(Component.CHANGE, 2 * MIN_SEGMENT, "A change of level"):
        return None
    grid = run.grid
    fit = run.attempt(
        Component.CHANGE,
        lambda: most_likely_change(
            grid.values,
            rng=rng,
            positions=grid.positions,
            seasons=None if run.groups is None else np.unique(run.groups, return_inverse=True)[1],
            min_segment=MIN_SEGMENT,
            level=run.level,
        ),
    )
    if fit is None:
        return None
    return LevelChange(
        first_period=grid.date_of(fit.index),
        earliest=grid.date_of(fit.index_low),
        latest=grid.date_of(fit.index_high),
        fit=fit,
        before=_test_of_part(run, fit.index),
    )


def change_points(run: Run) -> tuple[ChangePoint, ...]:
    """Several changes of level by PELT; stricter where neighbouring periods move together."""
    least = STRICT_SEGMENT if run.autocorrelated else MIN_SEGMENT
    if not run.bears(Component.CHANGE_POINTS, 2 * least, "A search for several changes"):
        return ()
    factor = STRICT_PENALTY_FACTOR if run.autocorrelated else PENALTY_FACTOR
    penalty = factor * float(np.log(run.grid.n))
    found = run.attempt(Component.CHANGE_POINTS, lambda: pelt(run.values, penalty=penalty, min_segment=least))
    if found is None:
        return ()
    return tuple(
        ChangePoint(run.grid.date_of(index), before, after)
        for index, before, after in zip(found.change_points, found.means, found.means[1:], strict=False)
    )


_SEASONAL: Final = frozenset({TrendMethod.SEASONAL, TrendMethod.SEASONAL_DEPENDENT})


def _decomposition(run: Run, period: int) -> Decomposition | None:
    missing = run.grid.size - run.grid.n
    if missing:
        detail = f"{missing} of {run.grid.size} periods have no value; STL needs every period."
        run.lack(Component.DECOMPOSITION, ReasonCode.GAPS, detail)
        return None
    return run.attempt(
        Component.DECOMPOSITION,
        lambda: stl(run.grid.values, period, robust=True, inner_iterations=2, outer_iterations=3),
    )


def _plain_test(values: FloatArray, positions: IntArray, autocorrelated: bool) -> TrendTest:
    factor = 1.0
    if autocorrelated:
        factor = hamed_rao_factor(values, positions=positions, max_lag=HAMED_RAO_LAGS)
    return mann_kendall(values, variance_factor=factor)


def _deseasonalised_test(run: Run) -> TrendTest:
    test = _plain_test(run.values, run.grid.positions, autocorrelated=True)
    if not run.adjusted:
        return test
    return TrendTest(
        method=TrendMethod.HAMED_RAO_DESEASONALISED,
        n=test.n,
        s=test.s,
        variance=test.variance,
        variance_factor=test.variance_factor,
        z=test.z,
        p_value=test.p_value,
        tau_a=test.tau_a,
        tau_b=test.tau_b,
    )


def _test_of_part(run: Run, end: int) -> TrendTest | None:
    values, positions = run.values[:end], run.grid.positions[:end]
    if values.size < EXACT_FROM or not varies(values) or (values.size < NORMAL_FROM and tied_pairs(values)):
        return None
    return _plain_test(values, positions, run.autocorrelated)


def _slope_of(found: SenSlope, periods: float, per_year: float) -> TrendSlope:
    return TrendSlope(
        per_period=found.slope * periods,
        per_period_interval=_scaled(found.interval, periods),
        per_year=found.slope * periods * per_year,
        per_year_interval=_scaled(found.interval, periods * per_year),
        start_level=found.intercept,
    )


def _scaled(interval: Interval | None, factor: float) -> Interval | None:
    if interval is None:
        return None
    return Interval(interval.low * factor, interval.high * factor, interval.level, interval.method)
