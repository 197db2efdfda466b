"""Golden s20: PELT, the largest F and Pettitt against R's changepoint, strucchange and trend.

Not held here, because the service does not compute them: MBIC variants, changes of mean and variance, Bai-Perron with
several breaks, CUSUM tests, and the asymptotic p-value of the largest F (ours comes from resampling).
"""

import statistics
from typing import Any

import numpy as np
import pytest

from feedback_core.trends.calc import most_likely_change, pelt, pettitt
from tests.reference.goldens import golden_rows, load_golden

CASE = "s20_changepoint_nile"
SERIES = ["Nile", "nps_weekly_2shifts", "no_change"]
REL = 1e-8
TRIM = 0.15


@pytest.fixture(params=SERIES)
def series(request: pytest.FixtureRequest) -> tuple[list[float], dict[str, Any]]:
    values = [float(row["y"]) for row in golden_rows(CASE) if row["series"] == request.param]
    return values, load_golden(CASE)["expected"][request.param]


def _listed(value: float | list[float]) -> list[float]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("penalty", ["pelt_mean_2logn", "pelt_mean_3logn"])
def test_pelt_finds_the_changes_of_r(series: tuple[list[float], dict[str, Any]], penalty: str) -> None:
    values, expected = series
    mean, sd = statistics.fmean(values), statistics.stdev(values)
    standardised = [(value - mean) / sd for value in values]

    found = pelt(standardised, penalty=expected[penalty]["penalty"], min_segment=2, scale=1.0)

    assert list(found.change_points) == _listed(expected[penalty]["changepoints"])
    means = _listed(expected[penalty]["segment_means_standardised"])
    assert list(found.means) == pytest.approx(means, rel=REL, abs=1e-13)


def test_the_default_penalty_and_scale_of_the_series_find_the_same_changes(
    series: tuple[list[float], dict[str, Any]],
) -> None:
    values, expected = series

    found = pelt(values)

    assert found.penalty == pytest.approx(expected["pelt_mean_3logn"]["penalty"], rel=REL)
    assert list(found.change_points) == _listed(expected["pelt_mean_3logn"]["changepoints"])


def test_the_largest_f_and_its_place_are_those_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    found = most_likely_change(values, rng=np.random.default_rng(20), min_segment=int(TRIM * len(values)))

    assert found.index == expected["supF"]["argmax"]
    assert found.sup_f == pytest.approx(expected["supF"]["statistic"], rel=REL)


def test_the_resampled_p_value_judges_as_the_asymptotic_one(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    found = most_likely_change(values, rng=np.random.default_rng(20), min_segment=int(TRIM * len(values)))

    assert (found.p_value < 0.01) == (expected["supF"]["p"] < 0.01)
    assert found.p_value == pytest.approx(expected["supF"]["p"], abs=0.1)


def test_pettitt_is_that_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    found = pettitt(values)

    assert (found.k, found.index) == (expected["pettitt"]["K"], expected["pettitt"]["index"])
    assert found.p_value == pytest.approx(expected["pettitt"]["p"], rel=REL)
