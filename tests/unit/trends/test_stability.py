"""Tests of a stable mean: published critical values, statsmodels, brute force, and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.diagnostic import breaks_cusumolsresid, recursive_olsresiduals

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc import ols_cusum, recursive_cusum, sup_f
from feedback_core.trends.calc.hansen import sup_f_p_value
from feedback_core.trends.calc.stability import _crossing_probability
from tests.unit.trends.builders import all_finite, noise

values = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
STEP = noise(40, seed=1) + np.where(np.arange(40) >= 25, 2.0, 0.0)


def test_ols_cusum_is_that_of_statsmodels() -> None:
    found = ols_cusum(STEP)

    statistic, p_value, _ = breaks_cusumolsresid(STEP - STEP.mean(), ddof=1)
    assert (found.statistic, found.p_value) == pytest.approx((statistic, p_value), rel=1e-9)
    assert found.index is None


def test_recursive_residuals_are_those_of_statsmodels() -> None:
    found = recursive_cusum(STEP)

    standardised = recursive_olsresiduals(OLS(STEP, np.ones(40)).fit(), skip=1)[3][1:]
    n = standardised.size
    process = np.cumsum(standardised) / standardised.std(ddof=1) / np.sqrt(n)
    assert found.statistic == pytest.approx(np.max(np.abs(process) / (1 + 2 * np.arange(1, n + 1) / n)), rel=1e-9)


@pytest.mark.parametrize(("x", "p"), [(0.850, 0.10), (0.948, 0.05), (1.143, 0.01)])
def test_the_bounds_of_brown_durbin_and_evans_have_their_level(x: float, p: float) -> None:
    assert _crossing_probability(x) == pytest.approx(p, abs=0.001)


@pytest.mark.parametrize(("trimming", "at_five_per_cent"), [(0.05, 9.71), (0.15, 8.68), (0.25, 7.87), (0.49, 4.46)])
def test_andrews_critical_values_have_their_level(trimming: float, at_five_per_cent: float) -> None:
    assert sup_f_p_value(at_five_per_cent, trimming) == pytest.approx(0.05, abs=0.006)


@given(st.floats(0, 60), st.floats(0.0, 0.5))
def test_less_trimming_never_makes_a_largest_f_rarer(f: float, trimming: float) -> None:
    assert -1e-9 <= sup_f_p_value(f, trimming) <= 1 + 1e-9
    # Hansen's rows are simulated; they wobble by a little.
    assert sup_f_p_value(f, trimming) >= sup_f_p_value(f, 0.5) - 0.01


@given(st.lists(values, min_size=8, max_size=25).filter(lambda v: len(set(v)) > 2), st.floats(0.05, 0.45))
def test_the_largest_f_is_that_of_trying_every_place(series: list[float], trim: float) -> None:
    data = np.array(series)
    try:
        found = sup_f(series, trim_from=trim)
    except NotEstimable:
        return
    first = max(int(np.floor(trim * data.size)), 2)
    tried = {}
    for k in range(first, min(data.size - first, data.size - 2) + 1):
        left = ((data[:k] - data[:k].mean()) ** 2).sum() + ((data[k:] - data[k:].mean()) ** 2).sum()
        total = ((data - data.mean()) ** 2).sum()
        tried[k] = (total - left) / (left / (data.size - 2))
    assert found.statistic == pytest.approx(max(tried.values()), rel=1e-6)
    assert found.index is not None
    assert tried[found.index] == pytest.approx(found.statistic, rel=1e-6)
    assert 0.0 <= found.p_value <= 1.0


def test_a_single_place_is_a_chow_test() -> None:
    found = sup_f(STEP, trim_from=25, trim_to=25)

    restricted, whole = OLS(STEP, np.ones(40)).fit(), OLS(STEP, np.eye(2)[(np.arange(40) >= 25).astype(int)]).fit()
    f, p, _ = whole.compare_f_test(restricted)
    assert found.statistic == pytest.approx(f)
    assert found.p_value == pytest.approx(p, abs=1e-15)
    assert found.index == 25


def test_trimming_may_be_counted_or_a_share() -> None:
    assert sup_f(STEP, trim_from=6) == sup_f(STEP, trim_from=0.15)
    assert sup_f(STEP, trim_from=30, trim_to=38).index == 30


@pytest.mark.parametrize("test", [ols_cusum, recursive_cusum, sup_f])
@pytest.mark.parametrize("series", [[], [1.0], [1.0, 2.0, 3.0], [4.0] * 20, [0.1 + 0.2, 0.3] * 6])
def test_too_few_or_equal_values_are_refused(test: object, series: list[float]) -> None:
    assert callable(test)
    with pytest.raises(NotEstimable):
        test(series)


def test_no_place_and_no_error_are_refused_in_words() -> None:
    with pytest.raises(NotEstimable, match="trim less"):
        sup_f(STEP, trim_from=30, trim_to=20)
    with pytest.raises(NotEstimable, match="without any error"):
        sup_f([1.0] * 10 + [2.0] * 10)


@given(st.lists(st.floats(-1e9, 1e9), min_size=4, max_size=40))
def test_every_figure_is_finite(series: list[float]) -> None:
    for test in (ols_cusum, recursive_cusum, sup_f):
        try:
            found = test(series)
        except NotEstimable:
            continue
        assert all_finite(found)
        assert 0.0 <= found.p_value <= 1.0
