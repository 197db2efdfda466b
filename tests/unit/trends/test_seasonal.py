"""Seasonal Mann-Kendall and decompositions: independent sums, gaps, guards and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc import classical_decomposition, mann_kendall, mstl, seasonal_mann_kendall, stl
from feedback_core.trends.calc.season_effects import season_effects
from feedback_core.trends.types import TrendMethod
from tests.unit.trends.builders import all_finite, noise

# Nottingham temperatures 1920-1922 (R datasets; golden s18).
NOTTEM = [40.6, 40.8, 44.4, 46.7, 54.1, 58.5, 57.7, 56.4, 54.3, 50.5, 42.9, 39.8]
NOTTEM += [44.2, 39.8, 45.1, 47.0, 54.1, 58.7, 66.3, 59.9, 57.0, 54.2, 39.7, 42.8]
NOTTEM += [37.5, 38.7, 39.5, 42.1, 55.7, 57.8, 56.8, 54.3, 54.3, 47.1, 41.8, 41.7]


def test_the_seasonal_score_is_the_sum_over_the_seasons() -> None:
    seasons = [mann_kendall(NOTTEM[i::12], p_value="normal") for i in range(12)]

    found = seasonal_mann_kendall(NOTTEM, 12)

    assert found.s == sum(season.s for season in seasons) == -8
    assert found.variance == pytest.approx(sum(season.variance for season in seasons))
    assert found.method is TrendMethod.SEASONAL


def test_a_season_alone_feigns_no_trend() -> None:
    rising_year = [float(i % 12) for i in range(36)]
    wobble = noise(36, seed=3, sd=0.1)

    assert seasonal_mann_kendall((rising_year + wobble).tolist(), 12).p_value > 0.2


def test_dependent_seasons_widen_the_variance_of_a_series_that_moves_as_one() -> None:
    yearly = np.repeat(noise(12, seed=5), 4)
    values = yearly + noise(48, seed=6, sd=0.1)

    found = seasonal_mann_kendall(values, 4, dependent=True)

    assert found.method is TrendMethod.SEASONAL_DEPENDENT
    assert found.variance_factor > 2.0
    assert found.p_value > seasonal_mann_kendall(values, 4).p_value


def test_a_gap_leaves_its_pairs_out_in_both_forms() -> None:
    values: list[float | None] = list(NOTTEM)
    values[13] = None

    independent, dependent = (seasonal_mann_kendall(values, 12, dependent=form) for form in (False, True))

    assert independent.n == dependent.n == 35
    assert independent.s == dependent.s == -8 - (-3 + 1)
    assert all_finite((independent, dependent))


@pytest.mark.parametrize("values", [[], [1.0, 2.0, 3.0], [1.0, 2.0] * 8, [None] * 20])
def test_no_season_that_varies_is_refused(values: list[float | None]) -> None:
    with pytest.raises(NotEstimable):
        seasonal_mann_kendall(values, 2 if len(values) > 3 else 4)


@given(st.lists(st.floats(-100, 100).map(lambda v: round(v, 2)), min_size=16, max_size=30))
def test_reversed_in_time_the_seasonal_score_changes_its_sign(values: list[float]) -> None:
    whole = values[: len(values) // 4 * 4]
    try:
        forward = seasonal_mann_kendall(whole, 4)
    except NotEstimable:
        return
    assert seasonal_mann_kendall(whole[::-1], 4).s == -forward.s
    assert all_finite(forward)


@settings(deadline=None)  # the first call imports statsmodels
@given(st.lists(st.floats(-1e6, 1e6), min_size=24, max_size=40))
def test_the_parts_of_a_decomposition_add_up_to_the_series(values: list[float]) -> None:
    try:
        found = stl(values, 12, robust=True, outer_iterations=3)
    except NotEstimable:
        return
    together = [sum(parts) for parts in zip(found.trend, found.seasonal, found.remainder, strict=True)]
    assert together == pytest.approx(values, abs=1e-6)
    assert all_finite(found)
    assert 0.0 <= found.strength_seasonal <= 1.0
    assert 0.0 <= found.strength_trend <= 1.0


@pytest.mark.parametrize("decompose", [stl, classical_decomposition])
def test_fewer_than_two_cycles_are_refused(decompose: object) -> None:
    assert callable(decompose)
    with pytest.raises(NotEstimable, match="two whole cycles"):
        decompose(NOTTEM[:23], 12)


def test_odd_and_even_cycles_give_back_their_season() -> None:
    for period in (4, 7):
        season = np.arange(period) - (period - 1) / 2
        found = classical_decomposition((np.tile(season, 3) + 0.5 * np.arange(3 * period)).tolist(), period)
        assert list(found.figure) == pytest.approx(season.tolist())
        assert found.trend[0] is None
        assert found.trend[period // 2] == pytest.approx(0.5 * (period // 2))


def test_season_effects_are_told_from_a_step_and_from_noise() -> None:
    pattern = np.tile([0.0, 2.0, -3.0, 1.0], 8)
    step = np.where(np.arange(32) >= 18, 5.0, 0.0)
    wobble, positions = noise(32, seed=8, sd=0.3), np.arange(32)

    seasonal = season_effects(pattern + step + wobble, positions, 4)
    plain = season_effects(step + wobble, positions, 4)

    assert seasonal.effects == pytest.approx([0.0, 2.0, -3.0, 1.0], abs=0.3)
    assert seasonal.p_value < 1e-6
    assert plain.p_value > 0.05


def test_a_week_and_a_longer_cycle_are_told_apart() -> None:
    days = np.arange(140)
    week = np.tile([0.0, 1.0, 2.0, 1.0, 0.0, -2.0, -2.0], 20)
    month = 3 * np.sin(2 * np.pi * days / 28)
    series = 10 + 0.02 * days + week + month + noise(140, seed=1, sd=0.1)

    found = mstl(series, [28, 7])

    assert found.periods == (7, 28)
    assert np.abs(np.array(found.seasonal[0]) - week).max() < 0.6
    assert np.abs(np.array(found.seasonal[1]) - month).max() < 0.8
    parts = np.array([found.trend, *found.seasonal, found.remainder])
    assert parts.sum(axis=0).tolist() == pytest.approx(series.tolist())
    assert min(found.strength_seasonal) > 0.9
    assert mstl(series, [7, 28], windows=[11, 15]) == found


def test_several_seasons_need_two_cycles_of_the_longest_and_different_periods() -> None:
    with pytest.raises(NotEstimable, match="two whole cycles, 56 periods"):
        mstl(noise(55), [7, 28])
    with pytest.raises(NotEstimable, match="at least 57"):
        mstl(noise(56), [7, 28])
    with pytest.raises(NotEstimable, match="differ"):
        mstl([1.0] * 60, [7, 28])
    for periods, windows in (([7], None), ([7, 7], None), ([7, 28], [11]), ([1, 7], None)):
        with pytest.raises(ValueError, match="period"):
            mstl(noise(60), periods, windows=windows)
    assert all_finite(mstl(noise(57), [7, 28]))
