"""Answers per group for a comparison, against statsmodels, and refusals."""

import pytest
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

from feedback_core.kit.errors import NotEstimable
from feedback_core.planning.calc import (
    Sides,
    sample_size_for_t_test,
    sample_size_to_compare_means,
    sample_size_to_compare_proportions,
)


@pytest.mark.parametrize(("first", "second", "power", "ratio"), [(0.6, 0.5, 0.8, 1.0), (0.12, 0.2, 0.9, 2.0)])
def test_two_shares(first: float, second: float, power: float, ratio: float) -> None:
    ours = sample_size_to_compare_proportions(first, second, power=power, ratio=ratio)
    theirs = samplesize_proportions_2indep_onetail(
        second - first, first, power, ratio=1 / ratio, alpha=0.05, alternative="two-sided"
    )
    assert ours.second.exact == pytest.approx(theirs, rel=1e-9)
    assert ours.first.exact == pytest.approx(ours.second.exact / ratio)


def test_five_nps_points_take_four_thousand_answers_a_period() -> None:
    assert sample_size_to_compare_means(5, sd_first=80).first.n == 4019


@pytest.mark.parametrize("sides", [1, 2])
def test_two_means(sides: Sides) -> None:
    alternative = "two-sided" if sides == 2 else "larger"
    theirs = NormalIndPower().solve_power(0.4, alpha=0.1, power=0.85, ratio=1.5, alternative=alternative)
    ours = sample_size_to_compare_means(2.0, sd_first=5.0, level=0.9, power=0.85, ratio=1.5, sides=sides)
    # Theirs counts the error on the far side too, which saves it a little.
    assert ours.first.exact == pytest.approx(theirs, rel=1e-4)


def test_unequal_spreads_add_up() -> None:
    both = sample_size_to_compare_means(1.0, sd_first=3.0, sd_second=4.0).first.exact
    assert both == pytest.approx(sample_size_to_compare_means(1.0, sd_first=12.5**0.5).first.exact)


@pytest.mark.parametrize(("effect", "ratio"), [(0.5, 1.0), (1.2, 1.0), (0.8, 2.0)])
def test_the_t_test(effect: float, ratio: float) -> None:
    theirs = TTestIndPower().solve_power(effect, alpha=0.05, power=0.8, ratio=ratio)
    ours = sample_size_for_t_test(10 * effect, sd=10.0, ratio=ratio)
    assert ours.first.exact == pytest.approx(theirs, rel=1e-5)
    assert ours.first.exact > sample_size_to_compare_means(10 * effect, sd_first=10.0, ratio=ratio).first.exact


def test_a_huge_difference_still_takes_two_in_each_group() -> None:
    assert sample_size_for_t_test(1000.0, sd=1.0).first.n == 2


def test_impossible_comparisons_are_refused() -> None:
    with pytest.raises(NotEstimable, match="difference of 0"):
        sample_size_to_compare_proportions(0.5, 0.5)
    with pytest.raises(NotEstimable, match="between 0 and 1"):
        sample_size_to_compare_proportions(0.5, 1.5)
    with pytest.raises(NotEstimable, match="difference of 0"):
        sample_size_to_compare_means(0.0, sd_first=1.0)
    with pytest.raises(NotEstimable, match="standard deviation"):
        sample_size_to_compare_means(1.0, sd_first=0.0)
    with pytest.raises(NotEstimable, match="ratio"):
        sample_size_for_t_test(1.0, sd=1.0, ratio=0.0)
    with pytest.raises(ValueError, match="power"):
        sample_size_to_compare_means(1.0, sd_first=1.0, power=0.03)
    with pytest.raises(ValueError, match="level"):
        sample_size_to_compare_means(1.0, sd_first=1.0, level=0.0)
