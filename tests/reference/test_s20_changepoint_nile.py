"""Golden s20: change points and tests of stability against R's changepoint, strucchange and trend."""

import math
import statistics
from typing import Any

import numpy as np
import pytest

from feedback_core.trends.calc import (
    bai_perron,
    most_likely_change,
    ols_cusum,
    pelt,
    pelt_mean_variance,
    pettitt,
    recursive_cusum,
    sup_f,
)
from tests.reference.goldens import golden_rows, load_golden

CASE = "s20_changepoint_nile"
SERIES = ["Nile", "nps_weekly_2shifts", "no_change"]
REL = 1e-8
P_ABS = 1e-15  # R takes p-values as a difference from 1
TRIM = 0.15

# R's Nile (datasets, part of R) for a clone without the shared folder; figures of R 4.2.2 with changepoint 2.3 and
# strucchange 1.5.3 from the golden, dating intervals as printed in the help page of strucchange's breakpoints.
NILE = [1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140]
NILE += [1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969]
NILE += [831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781]
NILE += [865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749]
NILE += [838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740]


@pytest.fixture(params=SERIES)
def series(request: pytest.FixtureRequest) -> tuple[list[float], dict[str, Any]]:
    values = [float(row["y"]) for row in golden_rows(CASE) if row["series"] == request.param]
    return values, load_golden(CASE)["expected"][request.param]


def _listed(value: float | list[float]) -> list[float]:
    return value if isinstance(value, list) else [value]


def _standardised(values: list[float]) -> list[float]:
    mean, sd = statistics.fmean(values), statistics.stdev(values)
    return [(value - mean) / sd for value in values]


def test_the_series_is_the_one_that_r_had(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    assert len(values) == expected["n"]
    assert statistics.fmean(values) == pytest.approx(expected["mean"], rel=REL)
    assert statistics.stdev(values) == pytest.approx(expected["sd"], rel=REL)


@pytest.mark.parametrize(("penalty", "factor"), [("pelt_mean_2logn", 2), ("pelt_mean_3logn", 3)])
def test_pelt_finds_the_changes_of_r(series: tuple[list[float], dict[str, Any]], penalty: str, factor: int) -> None:
    values, expected = series

    found = pelt(_standardised(values), penalty=factor * math.log(len(values)), min_segment=2, scale=1.0)

    assert found.penalty == pytest.approx(expected[penalty]["penalty"], rel=REL)
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


def test_the_modified_bic_finds_the_changes_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    of_mean = pelt(_standardised(values), penalty="mbic", min_segment=1, scale=1.0)
    of_both = pelt_mean_variance(values, penalty="mbic", min_segment=2)

    assert list(of_mean.change_points) == _listed(expected["pelt_mean_mbic"])
    assert list(of_both.change_points) == _listed(expected["pelt_meanvar_mbic"])


def test_bai_perron_has_the_segments_and_criteria_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series
    wanted = expected["bai_perron"]

    found = bai_perron(values, h=wanted["h"])

    assert len(found.breaks) == wanted["n_breaks_bic"]
    assert [point.index for point in found.breaks] == _listed(wanted["breakpoints"])
    assert list(found.bic_by_m) == pytest.approx(wanted["bic_by_m"], rel=REL)
    assert list(found.rss_by_m) == pytest.approx(wanted["rss_by_m"], rel=REL)


def test_the_cusum_tests_are_those_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    for found, wanted in ((ols_cusum(values), expected["ols_cusum"]), (recursive_cusum(values), expected["rec_cusum"])):
        assert found.statistic == pytest.approx(wanted["statistic"], rel=REL)
        assert found.p_value == pytest.approx(wanted["p"], rel=REL, abs=P_ABS)


def test_the_largest_f_its_place_and_p_value_are_those_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series
    wanted = expected["supF"]

    found = sup_f(values, trim_from=TRIM)

    assert found.statistic == pytest.approx(wanted["statistic"], rel=REL)
    assert found.index == wanted["argmax"]
    assert found.p_value == pytest.approx(wanted["p"], rel=1e-6, abs=P_ABS)


def test_the_resampled_largest_f_is_the_same_and_judges_as_the_asymptotic_one(
    series: tuple[list[float], dict[str, Any]],
) -> None:
    values, expected = series

    found = most_likely_change(values, rng=np.random.default_rng(20), min_segment=int(TRIM * len(values)))

    assert found.index == expected["supF"]["argmax"]
    assert found.sup_f == pytest.approx(expected["supF"]["statistic"], rel=REL)
    assert (found.p_value < 0.01) == (expected["supF"]["p"] < 0.01)
    assert found.p_value == pytest.approx(expected["supF"]["p"], abs=0.1)


def test_pettitt_is_that_of_r(series: tuple[list[float], dict[str, Any]]) -> None:
    values, expected = series

    found = pettitt(values)

    assert (found.k, found.index) == (expected["pettitt"]["K"], expected["pettitt"]["index"])
    assert found.p_value == pytest.approx(expected["pettitt"]["p"], rel=REL)


def test_the_nile_fell_in_1898_without_the_shared_folder() -> None:
    found = bai_perron(NILE)

    assert found.bic_by_m[:2] == pytest.approx((1318.24180687618, 1270.08373573957), rel=REL)
    assert [(point.low, point.index, point.high) for point in found.breaks] == [(25, 28, 32)]
    assert pelt(_standardised([float(flow) for flow in NILE]), penalty="mbic", scale=1.0).change_points == (28,)
    assert pelt_mean_variance(NILE, min_segment=2).change_points == (4, 6, 28)
    assert ols_cusum(NILE).statistic == pytest.approx(2.95176610266337, rel=REL)
    assert recursive_cusum(NILE).p_value == pytest.approx(7.48688376850382e-08, rel=REL)
    assert sup_f(NILE).statistic == pytest.approx(75.9297694274854, rel=REL)
