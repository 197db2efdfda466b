"""Theil-Sen: figures of R's trend 1.1.6 and scipy, gaps, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import theilslopes

from feedback_core.kit.errors import NotEstimable
from feedback_core.trends.calc import seasonal_sen, theil_sen
from tests.unit.trends.builders import noise

SHORT = [3.1, 3.3, 3.0, 3.6, 3.5, 3.9, 3.4, 4.1, 4.0, 4.4]
values = st.floats(-1e4, 1e4).map(lambda value: round(value, 2))
series = st.lists(values, min_size=6, max_size=25)


def test_ten_values_have_the_slope_and_interval_of_r() -> None:
    found = theil_sen(SHORT)

    assert found.slope == pytest.approx(0.1375, rel=1e-12)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((0.08, 0.2), rel=1e-12)


@given(series)
def test_slope_interval_and_intercept_are_those_of_scipy(values: list[float]) -> None:
    theirs = theilslopes(values, alpha=0.9)

    found = theil_sen(values, level=0.9)

    assert (found.slope, found.intercept) == pytest.approx((theirs.slope, theirs.intercept))
    if found.interval is not None:
        assert (found.interval.low, found.interval.high) == pytest.approx((theirs.low_slope, theirs.high_slope))


def test_too_few_values_for_the_level_have_no_interval() -> None:
    assert theil_sen([1.0, 2.0, 4.0, 3.0]).interval is None


def test_a_correction_of_the_variance_widens_the_interval() -> None:
    plain, corrected = theil_sen(SHORT).interval, theil_sen(SHORT, variance_factor=1.5).interval
    assert plain is not None
    assert corrected is not None
    assert corrected.low < plain.low < plain.high < corrected.high


def test_a_gap_stretches_time() -> None:
    assert theil_sen([0.0, 1.0, 4.0, 5.0], positions=[0, 1, 4, 5]).slope == 1.0


@given(series, st.floats(-50, 50), st.floats(0.1, 50))
def test_the_slope_follows_affine_maps(values: list[float], shift: float, factor: float) -> None:
    plain = theil_sen(values)
    mapped = theil_sen([factor * value + shift for value in values])
    tilted = theil_sen([value + 3.0 * i for i, value in enumerate(values)])

    assert mapped.slope == pytest.approx(factor * plain.slope, abs=1e-6)
    assert tilted.slope == pytest.approx(plain.slope + 3.0, abs=1e-6)


def test_the_seasonal_slope_ignores_the_season_and_spans_a_cycle() -> None:
    seasons = [5.0, -2.0, 9.0, 0.0]
    values: list[float | None] = [seasons[i % 4] + 0.25 * i for i in range(20)]
    values[6] = None

    found = seasonal_sen(values, 4)

    assert found.slope == pytest.approx(1.0)
    assert found.n_pairs == 3 * 10 + 6


def test_the_seasonal_interval_covers_the_slope_and_widens_with_the_variance() -> None:
    values = (noise(48, seed=2) + [0.05 * i for i in range(48)]).tolist()

    plain, wide = seasonal_sen(values, 12).interval, seasonal_sen(values, 12, variance=300.0).interval

    assert plain is not None
    assert wide is not None
    assert wide.low < plain.low < seasonal_sen(values, 12).slope < plain.high < wide.high


def test_a_slope_of_one_value_is_refused() -> None:
    with pytest.raises(NotEstimable):
        theil_sen([1.0])
    with pytest.raises(NotEstimable):
        seasonal_sen([1.0, 2.0, 3.0], 4)
