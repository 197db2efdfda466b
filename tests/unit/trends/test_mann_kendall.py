"""Mann-Kendall: figures of R's trend 1.1.6 (series of golden s17), exact p-values, autocorrelation, laws."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc import (
    corrected_mann_kendall,
    cox_stuart,
    hamed_rao_factor,
    lag_one,
    mann_kendall,
    pettitt,
    yue_wang_factor,
)
from feedback_core.trends.types import TrendMethod
from tests.unit.trends.builders import all_finite, noise

SHORT = [3.1, 3.3, 3.0, 3.6, 3.5, 3.9, 3.4, 4.1, 4.0, 4.4]
values = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
series = st.lists(values, min_size=3, max_size=30).filter(lambda found: len(set(found)) > 1)


def test_ten_values_have_the_figures_of_r() -> None:
    found = mann_kendall(SHORT)

    assert (found.s, found.variance, found.method) == (31, 125.0, TrendMethod.NORMAL)
    assert found.z == pytest.approx(2.68328157299975, rel=1e-12)
    assert found.p_value == pytest.approx(0.00729035809153564, rel=1e-12)
    assert found.tau_a == found.tau_b == pytest.approx(31 / 45)


def test_cox_stuart_and_pettitt_have_the_figures_of_r() -> None:
    assert cox_stuart(SHORT).p_value == pytest.approx(0.0446097180249397, rel=1e-12)
    change = pettitt(SHORT)
    assert (change.k, change.index) == (21, 3)
    assert change.p_value == pytest.approx(0.180448950325176, rel=1e-12)


def test_ties_shrink_the_variance_and_part_tau_a_from_tau_b() -> None:
    found = mann_kendall([1, 1, 2, 2, 3, 3, 4, 4, 5, 5])

    assert found.variance == pytest.approx((10 * 9 * 25 - 5 * 2 * 1 * 9) / 18)
    assert found.tau_a == pytest.approx(40 / 45)
    assert found.tau_b == pytest.approx(40 / np.sqrt(45 * 40))


def test_few_values_get_the_p_value_of_all_their_orders() -> None:
    found = mann_kendall([2.0, 1.0, 3.0, 5.0, 4.0, 6.0])

    scores = [mann_kendall(order, p_value="normal").s for order in permutations(range(6))]
    share = sum(abs(score) >= found.s for score in scores) / len(scores)
    assert found.method is TrendMethod.EXACT
    assert found.p_value == pytest.approx(share)


def test_an_exact_p_value_is_refused_with_ties() -> None:
    with pytest.raises(NotEstimable):
        mann_kendall([1.0, 1.0, 2.0, 3.0], p_value="exact")


@pytest.mark.parametrize(
    "test", [mann_kendall, cox_stuart, pettitt, hamed_rao_factor, yue_wang_factor, corrected_mann_kendall]
)
@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0], [4.0] * 12, [0.1 + 0.2, 0.3] * 6])
def test_too_few_or_equal_values_are_refused(test: object, values: list[float]) -> None:
    assert callable(test)
    with pytest.raises(NotEstimable):
        test(values)


def test_the_correction_equals_the_published_formula() -> None:
    values = noise(40, seed=5, rho=0.6)
    slope = np.median([(values[j] - values[i]) / (j - i) for i in range(40) for j in range(i + 1, 40)])
    ranks = (values - slope * np.arange(40)).argsort().argsort() + 1.0
    centred = ranks - ranks.mean()
    r = np.correlate(centred, centred, "full")[39:] / (centred**2).sum()
    total = sum(
        (40 - k) * (39 - k) * (38 - k) * r[k] for k in range(1, 40) if abs(r[k]) > 1.959963984540054 / np.sqrt(40)
    )

    assert hamed_rao_factor(values) == pytest.approx(1 + 2 * total / (40 * 39 * 38))
    assert hamed_rao_factor(values) > 1.5


def test_the_effective_number_of_values_equals_the_published_formula() -> None:
    values = noise(40, seed=5, rho=0.6)
    slope = np.median([(values[j] - values[i]) / (j - i) for i in range(40) for j in range(i + 1, 40)])
    detrended = values - slope * np.arange(40)
    centred = detrended - detrended.mean()
    r = np.correlate(centred, centred, "full")[39:] / (centred**2).sum()

    assert yue_wang_factor(values, max_lag=1) == pytest.approx(1 + 2 * (39 / 40) * r[1])
    every = 1 + 2 * sum((1 - k / 40) * r[k] for k in range(1, 40))
    assert yue_wang_factor(values, floor=1e-9) == pytest.approx(max(every, 1e-9))
    assert yue_wang_factor(values) == pytest.approx(max(every, 1.0))


def test_a_correction_multiplies_the_variance_and_names_itself() -> None:
    values = noise(40, seed=5, rho=0.6)
    plain = mann_kendall(values)

    hamed_rao = corrected_mann_kendall(values, correction="hamed_rao")
    yue_wang = corrected_mann_kendall(values, correction="yue_wang", max_lag=1)

    assert (hamed_rao.method, yue_wang.method) == (TrendMethod.HAMED_RAO, TrendMethod.YUE_WANG)
    assert hamed_rao.variance == pytest.approx(plain.variance * hamed_rao_factor(values))
    assert yue_wang.variance == pytest.approx(plain.variance * yue_wang_factor(values, max_lag=1))
    assert hamed_rao.p_value > plain.p_value
    with pytest.raises(NotEstimable, match="floor above 0"):
        corrected_mann_kendall([1.0, -1.0] * 10 + [1.1], correction="yue_wang", max_lag=1, floor=-9)


def test_a_correction_is_chosen_where_neighbours_move_together_and_nowhere_else() -> None:
    assert corrected_mann_kendall(noise(40, seed=5, rho=0.7)).method is TrendMethod.HAMED_RAO
    assert corrected_mann_kendall(noise(40, seed=2)) == mann_kendall(noise(40, seed=2))
    assert corrected_mann_kendall(SHORT[:6]).method is TrendMethod.EXACT


def test_a_seesaw_does_not_shrink_the_variance() -> None:
    values = [1.0 * (-1) ** i + 0.01 * i**1.5 for i in range(30)]

    assert hamed_rao_factor(values) == 1.0
    assert hamed_rao_factor(values, floor=1e-9) < 1.0
    r, positive = lag_one(np.array(values), np.arange(30), level=0.95)
    assert r < -0.4
    assert not positive


def test_neighbours_across_a_gap_are_not_neighbours() -> None:
    values = noise(24, seed=5, rho=0.8)
    together, apart = np.arange(24), np.arange(24) * 2

    assert lag_one(values, together, level=0.95)[1]
    assert lag_one(values, apart, level=0.95) == (0.0, False)


@given(series)
def test_reversed_in_time_the_score_changes_its_sign(values: list[float]) -> None:
    forward, backward = mann_kendall(values), mann_kendall(values[::-1])
    assert (forward.s, forward.variance, forward.p_value) == (-backward.s, backward.variance, backward.p_value)


@given(series, st.floats(0.01, 100), st.floats(-1000, 1000))
def test_no_rising_map_of_the_values_changes_the_test(values: list[float], factor: float, shift: float) -> None:
    ranks = sorted(set(values))
    mapped = [factor * ranks.index(value) + shift for value in values]
    assert mann_kendall(mapped) == mann_kendall(values)


@given(series)
def test_every_figure_is_finite_and_every_p_value_a_probability(values: list[float]) -> None:
    found = mann_kendall(values)
    assert all_finite(found)
    assert 0.0 <= found.p_value <= 1.0
    assert -1.0 <= found.tau_a <= found.tau_b <= 1.0 or -1.0 <= found.tau_b <= found.tau_a <= 1.0
