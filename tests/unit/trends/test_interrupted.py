"""Interrupted series: statsmodels, dense likelihoods, planted effects, gaps and refusals."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.linear_model import GLS, OLS
from statsmodels.stats.diagnostic import acorr_breusch_godfrey
from statsmodels.stats.stattools import durbin_watson

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate
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
from feedback_core.trends.calc.segmented_regression import coefficients_of
from tests.unit.trends.builders import all_finite, noise

N, BEFORE = 60, 36
TIME = np.arange(1, N + 1)


def _series(*, rho: float = 0.0, seed: int = 1, sd: float = 0.3) -> np.ndarray:
    """A level of 5 rising by 0.02, a fall of 1 at the event and a slope 0.05 steeper, with a season of 12."""
    after = np.arange(N) >= BEFORE
    effect = np.where(after, -1 + 0.05 * (np.arange(N) - BEFORE + 1), 0.0)
    season = 0.5 * np.sin(2 * np.pi * TIME / 12)
    return np.asarray(5 + 0.02 * TIME + effect + season + noise(N, seed=seed, sd=sd, rho=rho))


@pytest.fixture
def design() -> SegmentedDesign:
    return segmented_design(TIME, BEFORE, period=12, harmonics=1)


def test_the_design_counts_the_steps_since_the_event(design: SegmentedDesign) -> None:
    assert design.names == ("intercept", "slope", "level_change", "slope_change", "sin1", "cos1")
    assert design.columns[BEFORE - 1 : BEFORE + 2, 2].tolist() == [0, 1, 1]
    assert design.columns[BEFORE - 1 : BEFORE + 2, 3].tolist() == [0, 1, 2]
    assert design.columns[:, 4].tolist() == pytest.approx(np.sin(2 * np.pi * TIME / 12).tolist())


def test_gaps_count_in_the_steps_since_the_event() -> None:
    design = segmented_design([*range(10), *range(12, 22)], 10)
    assert design.columns[9:12, 3].tolist() == [0, 1, 2]
    assert segmented_design([*range(10), 12, *range(15, 24)], 10).columns[9:12, 3].tolist() == [0, 1, 4]


def test_the_shortest_wave_has_no_sine() -> None:
    assert segmented_design(range(24), 12, period=4, harmonics=2).names[-3:] == ("sin1", "cos1", "cos2")


def test_errors_are_those_of_statsmodels(design: SegmentedDesign) -> None:
    values = _series(rho=0.4)
    reference = OLS(values, design.columns)

    robust = reference.fit(cov_type="HAC", cov_kwds={"maxlags": 5, "use_correction": True}).bse
    assert [t.standard_error for t in fit_newey_west(values, design, lags=5).coefficients] == pytest.approx(
        robust.tolist(), rel=1e-8
    )
    plain = fit_ols(values, design)
    fitted = reference.fit()
    assert [term.p_value for term in plain.coefficients] == pytest.approx(fitted.pvalues.tolist(), rel=1e-6)
    interval = plain.coefficient("level_change").interval
    assert (interval.low, interval.high) == pytest.approx(tuple(fitted.conf_int()[2]))
    assert fit_newey_west(values, design).lags == 3


def test_serial_correlation_is_that_of_statsmodels(design: SegmentedDesign) -> None:
    values = _series(rho=0.5)
    fitted = OLS(values, design.columns).fit()

    found = serial_correlation(values, design, order=4)

    statistic, p_value, *_ = acorr_breusch_godfrey(fitted, nlags=4, result_object=False)
    assert (found.breusch_godfrey, found.p_value) == pytest.approx((statistic, p_value), rel=1e-7)
    assert found.durbin_watson == pytest.approx(durbin_watson(fitted.resid))


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_the_autocorrelation_is_where_the_dense_likelihood_is_largest(method: str) -> None:
    positions = np.delete(TIME, [5, 17, 18, 40])
    values = np.delete(_series(rho=0.5), [5, 17, 18, 40])
    design = segmented_design(positions, int((positions <= BEFORE).sum()), period=12, harmonics=1)
    x, (n, k) = design.columns, design.columns.shape

    def likelihood(phi: float) -> float:
        correlation = phi ** np.abs(positions[:, None] - positions[None, :]).astype(float)
        inverse = np.linalg.inv(correlation)
        beta = np.linalg.solve(x.T @ inverse @ x, x.T @ inverse @ values)
        left = (values - x @ beta) @ inverse @ (values - x @ beta)
        logdet = np.linalg.slogdet(correlation)[1]
        if method == "ml":
            return float(-(n * math.log(left) + logdet) / 2)
        return float(-((n - k) * math.log(left) + logdet + np.linalg.slogdet(x.T @ inverse @ x)[1]) / 2)

    fit = fit_gls(values, design, method=method)  # type: ignore[arg-type]

    assert fit.phi is not None
    grid = np.linspace(-0.95, 0.95, 381)
    assert likelihood(fit.phi) >= max(likelihood(float(phi)) for phi in grid) - 1e-9
    correlation = fit.phi ** np.abs(positions[:, None] - positions[None, :]).astype(float)
    reference = GLS(values, x, sigma=correlation).fit()
    assert [term.value for term in fit.coefficients] == pytest.approx(reference.params.tolist(), rel=1e-7)
    assert [term.standard_error for term in fit.coefficients] == pytest.approx(reference.bse.tolist(), rel=1e-7)


def test_the_log_likelihood_is_that_of_the_dense_normal(design: SegmentedDesign) -> None:
    fit = fit_gls(_series(rho=0.5), design, method="ml")

    assert fit.phi is not None
    covariance = fit.sigma**2 * fit.phi ** np.abs(TIME[:, None] - TIME[None, :]).astype(float)
    residuals = np.array(fit.residuals)
    quadratic = residuals @ np.linalg.solve(covariance, residuals)
    dense = -0.5 * (N * math.log(2 * math.pi) + np.linalg.slogdet(covariance)[1] + quadratic)
    assert fit.log_likelihood == pytest.approx(dense)
    assert fit.aic == pytest.approx(2 * (6 + 2) - 2 * dense)


def test_a_planted_effect_is_found_with_its_size(design: SegmentedDesign) -> None:
    found = interrupted_series(_series(), design)

    effect = found.effect
    for estimate, truth in ((effect.immediate, -1.0), (effect.at_end, -1 + 0.05 * 24), (effect.mean, -1 + 0.05 * 12.5)):
        assert estimate.interval is not None
        assert estimate.interval.low < truth < estimate.interval.high
    assert effect.immediate.interval is not None
    assert effect.immediate.interval.high < 0


def test_effects_are_differences_from_the_counterfactual(design: SegmentedDesign) -> None:
    fit = fit_ols(_series(), design)
    effect = intervention_effect(fit, design)

    differences = np.array(effect.fitted) - np.array(effect.counterfactual)
    assert differences[:BEFORE].tolist() == pytest.approx([0.0] * BEFORE)
    assert effect.at_end.value == pytest.approx(differences[-1])
    assert effect.mean.value == pytest.approx(differences[BEFORE:].mean())
    widths = np.array(effect.counterfactual_high) - np.array(effect.counterfactual_low)
    assert widths[-1] > widths[BEFORE] > 0
    slope, jump = fit.coefficient("slope_change"), fit.coefficient("level_change")
    covariance = np.array(fit.covariance)[2:4, 2:4]
    weights = np.array([1.0, 24.0])
    assert effect.at_end.value == pytest.approx(jump.value + 24 * slope.value)
    assert effect.at_end.standard_error == pytest.approx(math.sqrt(float(weights @ covariance @ weights)))


def test_autocorrelated_errors_widen_the_default_and_warn_the_others(design: SegmentedDesign) -> None:
    values = _series(rho=0.8, seed=4)

    default, plain = interrupted_series(values, design), interrupted_series(values, design, errors="ols")

    assert default.effect.immediate.standard_error is not None
    assert plain.effect.immediate.standard_error is not None
    assert default.effect.immediate.standard_error > 1.2 * plain.effect.immediate.standard_error
    assert any("use gls_reml" in warning for warning in plain.warnings)
    short = segmented_design(TIME, N - 10)
    assert any("too small" in w for w in interrupted_series(values, short, errors="newey_west").warnings)


def test_no_effect_is_claimed_about_as_rarely_as_the_level_says() -> None:
    """AR(1) errors of 0.4 over 48 values: of 150 series without an effect, few may have one."""
    design = segmented_design(range(48), 30)
    claims = {"gls_reml": 0, "ols": 0}
    for seed in range(150):
        values = noise(48, seed=seed, rho=0.4)
        claims["gls_reml"] += fit_gls(values, design).coefficient("level_change").p_value < 0.05
        claims["ols"] += fit_ols(values, design).coefficient("level_change").p_value < 0.05
    assert claims["gls_reml"] <= 20
    assert claims["ols"] > claims["gls_reml"]


def test_logs_become_per_cent() -> None:
    effect = percent_change(Estimate(math.log(0.8), None, 0.1, 30, 30.0))
    assert effect.value == pytest.approx(-20.0)
    assert effect.standard_error is None
    with pytest.raises(NotEstimable, match="logs"):
        percent_change(Estimate(800.0, None, 0.1, 30, 30.0))


@pytest.mark.parametrize(
    ("n", "before", "options", "words"),
    [
        (20, 5, {}, "5 values before the event"),
        (20, 16, {}, "4 values after the event"),
        (0, 0, {}, "0 values before"),
        (20, 10, {"period": 12, "harmonics": 1}, "two|2 whole cycles"),
        (8, 4, {"least": 4, "period": 4, "harmonics": 2}, "7 terms need more than 8 values"),
    ],
)
def test_too_little_on_a_side_is_refused_in_words(n: int, before: int, options: dict[str, int], words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        segmented_design(range(n), before, **options)


def test_terms_that_positions_cannot_tell_apart_are_refused() -> None:
    with pytest.raises(NotEstimable, match="cannot be told apart"):
        segmented_design(range(0, 120, 4), 15, period=4, harmonics=1)


@pytest.mark.parametrize("fit", [fit_ols, fit_newey_west, fit_gls])
def test_values_without_error_are_refused(fit: object, design: SegmentedDesign) -> None:
    assert callable(fit)
    with pytest.raises(NotEstimable, match="differ"):
        fit([3.0] * N, design)
    with pytest.raises(NotEstimable, match="without any error"):
        fit((2 + 0.1 * TIME).tolist(), design)
    with pytest.raises(ValueError, match="one value per position"):
        fit([1.0, 2.0], design)


def test_options_without_sense_are_errors(design: SegmentedDesign) -> None:
    with pytest.raises(ValueError, match="harmonics"):
        segmented_design(TIME, BEFORE, harmonics=1)
    with pytest.raises(ValueError, match="lags"):
        fit_newey_west(_series(), design, lags=N)
    with pytest.raises(ValueError, match="level"):
        interrupted_series(_series(), design, level=1.0)
    with pytest.raises(NotEstimable, match="order 58"):
        serial_correlation(_series(), design, order=58)
    with pytest.raises(KeyError):
        fit_ols(_series(), design).coefficient("petrol")


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.floats(-1e9, 1e9), min_size=20, max_size=30),
    st.sampled_from(["ols", "newey_west", "gls_reml", "gls_ml"]),
)
def test_every_figure_is_finite(values: list[float], errors: str) -> None:
    design = segmented_design(range(len(values)), 10)
    try:
        found = interrupted_series(values, design, errors=errors)  # type: ignore[arg-type]
    except NotEstimable:
        return
    assert all_finite(found)


def test_a_term_without_error_is_refused() -> None:
    with pytest.raises(NotEstimable, match="without any error"):
        coefficients_of(("intercept",), np.array([1.0]), np.array([[0.0]]), 5, 0.95)
