"""Golden s23: an interrupted time series against R's lm, sandwich, lmtest and nlme."""

import math
from typing import Any

import pytest

from feedback_core.recommendations.effect.calc import verdict_of
from feedback_core.recommendations.effect.types import EffectVerdict
from feedback_core.trends.calc import (
    SegmentedDesign,
    fit_gls,
    fit_newey_west,
    fit_ols,
    interrupted_series,
    intervention_effect,
    percent_change,
    segmented_design,
    serial_correlation,
)
from feedback_core.trends.types import SegmentedFit
from tests.reference.goldens import golden_rows, load_golden

CASE = "s23_its_seatbelts"
TERMS = {"intercept": "(Intercept)", "slope": "t", "level_change": "law", "slope_change": "post_t"}
TERMS |= {"sin1": "s1", "cos1": "c1", "sin2": "s2", "cos2": "c2"}
GLS = 1e-4

# Drivers killed or seriously injured a month from January 1969 (UKDriverDeaths in R's datasets), for a clone without
# the shared folder; figures of R 4.2.2 and nlme 3.1-162 from the golden.
DRIVERS = [
    1687,
    1508,
    1507,
    1385,
    1632,
    1511,
    1559,
    1630,
    1579,
    1653,
    2152,
    2148,
    1752,
    1765,
    1717,
    1558,
    1575,
    1520,
    1805,
    1800,
]
DRIVERS += [
    1719,
    2008,
    2242,
    2478,
    2030,
    1655,
    1693,
    1623,
    1805,
    1746,
    1795,
    1926,
    1619,
    1992,
    2233,
    2192,
    2080,
    1768,
    1835,
    1569,
]
DRIVERS += [
    1976,
    1853,
    1965,
    1689,
    1778,
    1976,
    2397,
    2654,
    2097,
    1963,
    1677,
    1941,
    2003,
    1813,
    2012,
    1912,
    2084,
    2080,
    2118,
    2150,
]
DRIVERS += [
    1608,
    1503,
    1548,
    1382,
    1731,
    1798,
    1779,
    1887,
    2004,
    2077,
    2092,
    2051,
    1577,
    1356,
    1652,
    1382,
    1519,
    1421,
    1442,
    1543,
]
DRIVERS += [
    1656,
    1561,
    1905,
    2199,
    1473,
    1655,
    1407,
    1395,
    1530,
    1309,
    1526,
    1327,
    1627,
    1748,
    1958,
    2274,
    1648,
    1401,
    1411,
    1403,
]
DRIVERS += [
    1394,
    1520,
    1528,
    1643,
    1515,
    1685,
    2000,
    2215,
    1956,
    1462,
    1563,
    1459,
    1446,
    1622,
    1657,
    1638,
    1643,
    1683,
    2050,
    2262,
]
DRIVERS += [
    1813,
    1445,
    1762,
    1461,
    1556,
    1431,
    1427,
    1554,
    1645,
    1653,
    2016,
    2207,
    1665,
    1361,
    1506,
    1360,
    1453,
    1522,
    1460,
    1552,
]
DRIVERS += [
    1548,
    1827,
    1737,
    1941,
    1474,
    1458,
    1542,
    1404,
    1522,
    1385,
    1641,
    1510,
    1681,
    1938,
    1868,
    1726,
    1456,
    1445,
    1456,
    1365,
]
DRIVERS += [
    1487,
    1558,
    1488,
    1684,
    1594,
    1850,
    1998,
    2079,
    1494,
    1057,
    1218,
    1168,
    1236,
    1076,
    1174,
    1139,
    1427,
    1487,
    1483,
    1513,
]
DRIVERS += [1357, 1165, 1282, 1110, 1297, 1185, 1222, 1284, 1444, 1575, 1737, 1763]


@pytest.fixture
def expected() -> dict[str, Any]:
    figures: dict[str, Any] = load_golden(CASE)["expected"]
    return figures


@pytest.fixture
def values() -> list[float]:
    return [math.log(float(row["drivers"])) for row in golden_rows(CASE)]


@pytest.fixture
def design() -> SegmentedDesign:
    rows = golden_rows(CASE)
    before = sum(row["law"] == "0" for row in rows)
    return segmented_design([int(row["t"]) for row in rows], before, period=12, harmonics=2)


def _values(fit: SegmentedFit) -> dict[str, float]:
    return {TERMS[term.name]: term.value for term in fit.coefficients}


def _errors(fit: SegmentedFit) -> dict[str, float]:
    return {TERMS[term.name]: term.standard_error for term in fit.coefficients}


def test_least_squares_is_that_of_lm(values: list[float], design: SegmentedDesign, expected: dict[str, Any]) -> None:
    fit = fit_ols(values, design)

    assert design.positions[design.first_after] == expected["t0_first_post_index"]
    assert _values(fit) == pytest.approx(expected["ols_coef"], rel=1e-9)
    assert _errors(fit) == pytest.approx(expected["ols_se"], rel=1e-9)
    p_values = {TERMS[term.name]: term.p_value for term in fit.coefficients}
    for name, wanted in expected["ols_p"].items():
        assert p_values[name] == pytest.approx(wanted, rel=1e-8, abs=0.0)
    assert fit.r_squared == pytest.approx(expected["r_squared"], rel=1e-9)


@pytest.mark.parametrize(
    ("lags", "small_sample", "name"),
    [
        (12, False, "newey_west_se_lag12"),
        (12, True, "newey_west_se_lag12_small_sample"),
        (3, False, "newey_west_se_lag3"),
    ],
)
def test_newey_west_errors_are_those_of_sandwich(
    values: list[float],
    design: SegmentedDesign,
    expected: dict[str, Any],
    lags: int,
    small_sample: bool,
    name: str,
) -> None:
    fit = fit_newey_west(values, design, lags=lags, small_sample=small_sample)

    assert _errors(fit) == pytest.approx(expected[name], rel=1e-8)
    assert _values(fit) == pytest.approx(expected["ols_coef"], rel=1e-9)


def test_serial_correlation_is_that_of_lmtest(
    values: list[float], design: SegmentedDesign, expected: dict[str, Any]
) -> None:
    found = serial_correlation(values, design, order=12)

    assert found.durbin_watson == pytest.approx(expected["durbin_watson"], rel=1e-9)
    assert found.breusch_godfrey == pytest.approx(expected["bg_lm12"], rel=1e-9)
    assert found.p_value == pytest.approx(expected["bg_lm12_p"], rel=1e-8)
    assert found.lag_one == pytest.approx(expected["acf1_residual"], rel=1e-9)


def test_restricted_likelihood_is_that_of_nlme(
    values: list[float], design: SegmentedDesign, expected: dict[str, Any]
) -> None:
    fit = fit_gls(values, design)

    wanted = expected["gls_reml"]
    assert _values(fit) == pytest.approx(wanted["coef"], rel=GLS)
    assert _errors(fit) == pytest.approx(wanted["se"], rel=GLS)
    assert fit.phi == pytest.approx(wanted["phi"], rel=GLS)
    assert fit.sigma == pytest.approx(wanted["sigma"], rel=GLS)


def test_likelihood_is_that_of_nlme(values: list[float], design: SegmentedDesign, expected: dict[str, Any]) -> None:
    fit = fit_gls(values, design, method="ml")

    wanted = expected["gls_ml"]
    assert _values(fit) == pytest.approx(wanted["coef"], rel=GLS)
    assert fit.phi == pytest.approx(wanted["phi"], rel=GLS)
    assert fit.log_likelihood == pytest.approx(wanted["loglik"], rel=1e-8)
    assert fit.aic == pytest.approx(wanted["aic"], rel=1e-8)


def test_the_effect_of_the_law_is_that_of_r(
    values: list[float], design: SegmentedDesign, expected: dict[str, Any]
) -> None:
    effect = intervention_effect(fit_ols(values, design), design)

    assert percent_change(effect.immediate).value == pytest.approx(expected["immediate_effect_percent"], rel=1e-9)
    assert effect.at_end.value == pytest.approx(expected["effect_log_at_end"], rel=1e-8)
    assert percent_change(effect.mean).value == pytest.approx(expected["mean_post_effect_percent"], rel=1e-9)
    assert effect.immediate.standard_error == pytest.approx(expected["ols_se"]["law"], rel=1e-9)


def test_by_default_errors_are_autoregressive(
    values: list[float], design: SegmentedDesign, expected: dict[str, Any]
) -> None:
    found = interrupted_series(values, design)

    assert found.fit.error_model == "gls_reml"
    assert found.effect.immediate.value == pytest.approx(expected["gls_reml"]["coef"]["law"], rel=GLS)
    assert found.effect.immediate.standard_error == pytest.approx(expected["gls_reml"]["se"]["law"], rel=GLS)


def test_the_seat_belt_law_saved_lives_without_the_shared_folder() -> None:
    design = segmented_design(range(1, 193), 169, period=12, harmonics=2)
    deaths = [math.log(drivers) for drivers in DRIVERS]

    least, generalised = fit_ols(deaths, design), fit_gls(deaths, design)

    assert least.coefficient("level_change").value == pytest.approx(-0.247379191092582, rel=1e-9)
    assert least.coefficient("level_change").standard_error == pytest.approx(0.043627036228989, rel=1e-9)
    assert fit_newey_west(deaths, design, lags=12, small_sample=False).coefficient(
        "level_change"
    ).standard_error == pytest.approx(0.0224980836296714, rel=1e-8)
    assert generalised.phi == pytest.approx(0.385212523109715, rel=GLS)
    assert generalised.coefficient("level_change").standard_error == pytest.approx(0.0602288954408788, rel=GLS)
    assert intervention_effect(least, design).at_end.value == pytest.approx(-0.0820436846085348, rel=1e-8)


def test_the_law_is_found_effective_and_a_day_without_one_is_not() -> None:
    deaths = [math.log(drivers) for drivers in DRIVERS]
    law = interrupted_series(deaths, segmented_design(range(1, 193), 169, period=12, harmonics=2))
    nothing = interrupted_series(deaths[:169], segmented_design(range(1, 170), 85, period=12, harmonics=2))

    assert verdict_of(law.effect.mean, wanted="lower", smallest=0.05) is EffectVerdict.EFFECTIVE
    assert verdict_of(law.effect.mean, wanted="higher", smallest=0.05) is EffectVerdict.NOT_EFFECTIVE
    assert verdict_of(nothing.effect.mean, wanted="lower", smallest=0.05) is not EffectVerdict.EFFECTIVE
