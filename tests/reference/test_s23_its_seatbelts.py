"""Golden s23: an interrupted time series against R's lm, sandwich, lmtest and nlme."""

import math
from typing import Any

import numpy as np
import pytest

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


def test_without_the_shared_folder_the_regression_is_that_of_any_solver() -> None:
    """The same design by NumPy's solver on a made-up series; the golden's own figures need its 192 months."""
    t = np.arange(1, 61)
    rng = np.random.default_rng(23)
    series = 4 + 0.01 * t + np.where(t > 40, -0.3, 0.0) + 0.2 * np.sin(2 * np.pi * t / 12) + rng.normal(0, 0.1, 60)
    design = segmented_design(t, 40, period=12, harmonics=2)

    wanted = np.linalg.lstsq(design.columns, series, rcond=None)[0]

    assert [term.value for term in fit_ols(series, design).coefficients] == pytest.approx(wanted.tolist(), rel=1e-9)
