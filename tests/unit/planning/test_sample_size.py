"""Sample sizes: worked figures, what a sample of that size then gives, refusals."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc import proportion_interval
from feedback_core.planning.calc import (
    SampleSize,
    invitations_needed,
    sample_size_for_mean,
    sample_size_for_nps,
    sample_size_for_proportion,
    sample_size_for_proportion_by_cv,
    wilson_sample_size,
)

SHARES = st.floats(0.02, 0.98)
MARGINS = st.floats(0.005, 0.3)


def test_worked_figures() -> None:
    # R package PracTools 1.7.5, nPropMoe and nWilson (golden s28).
    assert sample_size_for_proportion(0.5, margin=0.05).exact == pytest.approx(384.145882069412, rel=1e-12)
    of_3200 = sample_size_for_proportion(0.5, margin=0.05, population=3200)
    assert of_3200.exact == pytest.approx(343.069152940033, rel=1e-12)
    assert of_3200.n == 344
    of_3200 = sample_size_for_proportion(0.5, margin=0.05, population=3200, correction="simple")
    assert of_3200.n == 343
    assert wilson_sample_size(0.9, margin=0.05).exact == pytest.approx(140.972763304744, rel=1e-12)


def test_five_nps_points_at_worst_and_in_practice() -> None:
    assert sample_size_for_nps(0.5, 0.5, margin=5).n == 1537
    assert sample_size_for_nps(0.5, 0.2, margin=5).n == 938


@given(SHARES, MARGINS)
def test_a_sample_of_that_size_has_that_margin(share: float, margin: float) -> None:
    n = sample_size_for_proportion(share, margin=margin).exact
    wald = proportion_interval(share * n, n, method="wald")
    assert (wald.high - wald.low) / 2 == pytest.approx(margin, rel=1e-9)
    n = wilson_sample_size(share, margin=margin).exact
    wilson = proportion_interval(share * n, n, method="wilson")
    assert (wilson.high - wilson.low) / 2 == pytest.approx(margin, rel=1e-9)


@given(SHARES, MARGINS, st.integers(2, 100_000))
def test_a_finite_population_never_takes_more_than_all(share: float, margin: float, population: int) -> None:
    size = sample_size_for_proportion(share, margin=margin, population=population)
    assert size.exact <= population
    # With that many answered, (1 - n/N) N / (N - 1) of the variance is left.
    left = (1 - size.exact / population) * population / (population - 1)
    half = 1.959963984540054 * math.sqrt(share * (1 - share) / size.exact * left)
    assert half == pytest.approx(margin, rel=1e-6)


def test_a_relative_margin_is_a_part_of_the_share() -> None:
    wald = sample_size_for_proportion(0.2, margin=0.1, relative=True)
    assert wald.exact == pytest.approx(sample_size_for_proportion(0.2, margin=0.02).exact)
    wilson = wilson_sample_size(0.2, margin=0.1, relative=True)
    assert wilson.exact == pytest.approx(wilson_sample_size(0.2, margin=0.02).exact)


def test_by_coefficient_of_variation() -> None:
    n = sample_size_for_proportion_by_cv(0.2, cv=0.1).exact
    assert math.sqrt(0.2 * 0.8 / n) / 0.2 == pytest.approx(0.1)


def test_rounding_does_not_cost_an_answer() -> None:
    assert sample_size_for_mean(1.0, margin=0.1, level=math.erf(math.sqrt(0.5))).n == 100


def test_invitations_are_rounded_once_at_the_end() -> None:
    plan = invitations_needed(SampleSize(100.2, 101), design_effect=1.5, response_rate=0.3, coverage=0.9, usable=0.95)
    assert plan.answers == math.ceil(150.3)
    assert plan.invitations == math.ceil(150.3 / (0.3 * 0.9 * 0.95))
    assert not plan.warnings
    assert "586" in invitations_needed(SampleSize(100.2, 101), response_rate=0.171, population=500).warnings[0]


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_at_the_end_is_refused(share: float) -> None:
    with pytest.raises(NotEstimable, match="between 0 and 1"):
        sample_size_for_proportion(share, margin=0.05)
    with pytest.raises(NotEstimable, match="between 0 and 1"):
        sample_size_for_proportion_by_cv(share, cv=0.05)
    with pytest.raises(NotEstimable, match="between 0 and 1"):
        wilson_sample_size(share, margin=0.05)


@pytest.mark.parametrize("margin", [0.0, -1.0, 1.0, float("nan")])
def test_a_margin_off_the_scale_is_refused(margin: float) -> None:
    with pytest.raises(NotEstimable, match="precision"):
        sample_size_for_proportion(0.5, margin=margin)
    with pytest.raises(NotEstimable, match="precision"):
        sample_size_for_nps(0.5, 0.2, margin=100 * margin)


def test_other_impossible_plans_are_refused() -> None:
    with pytest.raises(NotEstimable, match=r"0\.5 or more"):
        wilson_sample_size(0.5, margin=0.5)
    with pytest.raises(NotEstimable, match="nobody"):
        sample_size_for_proportion(0.5, margin=0.1, population=0)
    with pytest.raises(NotEstimable, match="variance"):
        sample_size_for_mean(0.0, margin=0.1)
    with pytest.raises(NotEstimable, match="alike"):
        sample_size_for_nps(1.0, 0.0, margin=5)
    with pytest.raises(NotEstimable, match="sum"):
        sample_size_for_nps(0.7, 0.4, margin=5)
    with pytest.raises(NotEstimable, match="design effect"):
        invitations_needed(SampleSize(10, 10), design_effect=0)
    with pytest.raises(NotEstimable, match="rates"):
        invitations_needed(SampleSize(10, 10), response_rate=0)
    with pytest.raises(ValueError, match="level"):
        sample_size_for_proportion(0.5, margin=0.1, level=1.0)
