"""Effects: differences of differences, the verdict, and when it could be told."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.recommendations.effect.calc import (
    Pace,
    difference_in_differences,
    verdict_of,
    when_it_can_be_told,
)
from feedback_core.recommendations.effect.types import EffectVerdict


def figure(value: float, error: float | None, n: int) -> Estimate:
    return Estimate(value, None, error, n, float(n))


def effect(low: float, high: float) -> Estimate:
    return Estimate((low + high) / 2, Interval(low, high, 0.95, "t"), None, 100, 100.0)


def test_with_a_control_group_that_stands_still_it_is_welchs_difference() -> None:
    """Against statsmodels: a control group without any error leaves the plain difference of two means."""
    before, after = DescrStatsW([3, 4, 2, 5, 3, 3, 4, 1]), DescrStatsW([4, 5, 4, 5, 3, 5])
    still = figure(7.0, 0.0, 1_000_000)

    found = difference_in_differences(
        figure(before.mean, before.std_mean, 8), figure(after.mean, after.std_mean, 6), still, still
    )

    low, high = CompareMeans(after, before).tconfint_diff(usevar="unequal")
    assert found.value == pytest.approx(after.mean - before.mean)
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), rel=1e-6)


def test_figures_without_error_or_spread_say_nothing_of_chance() -> None:
    still = figure(3.0, 0.0, 10)
    with pytest.raises(NotEstimable):
        difference_in_differences(still, still, still, still)
    with pytest.raises(NotEstimable):
        difference_in_differences(figure(3.0, None, 10), still, still, still)


FIGURES = st.builds(figure, st.floats(-100, 100), st.floats(0.01, 10), st.integers(5, 5000))


@given(FIGURES, FIGURES, FIGURES, FIGURES, st.floats(-50, 50))
def test_what_moves_both_groups_alike_is_no_effect(
    before: Estimate, after: Estimate, control_before: Estimate, control_after: Estimate, shift: float
) -> None:
    """The law of it: a shock common to both groups changes nothing, and swapped groups change the sign."""

    def moved(one: Estimate) -> Estimate:
        return figure(one.value + shift, one.standard_error, one.n)

    plain = difference_in_differences(before, after, control_before, control_after)
    shocked = difference_in_differences(before, moved(after), control_before, moved(control_after))
    swapped = difference_in_differences(control_before, control_after, before, after)

    assert shocked.value == pytest.approx(plain.value, abs=1e-6)
    assert swapped.value == pytest.approx(-plain.value, abs=1e-9)
    assert shocked.standard_error == plain.standard_error


@pytest.mark.parametrize(
    ("low", "high", "wanted", "verdict"),
    [
        (1.0, 9.0, "higher", "effective"),
        (1.0, 2.0, "higher", "effective"),
        (-9.0, -1.0, "higher", "not_effective"),
        (-9.0, -1.0, "lower", "effective"),
        (-2.0, 3.0, "higher", "not_effective"),
        (-2.0, 8.0, "higher", "cannot_be_told"),
        (-8.0, 2.0, "lower", "cannot_be_told"),
        (-3.0, 9.0, "lower", "not_effective"),
    ],
)
def test_the_verdict_is_that_of_the_interval(low: float, high: float, wanted: str, verdict: str) -> None:
    assert verdict_of(effect(low, high), wanted=wanted, smallest=5.0) == verdict  # type: ignore[arg-type]


def test_a_test_that_finds_nothing_claims_nothing() -> None:
    assert verdict_of(effect(1, 9), wanted="higher", smallest=5.0, significant=False) == EffectVerdict.CANNOT_BE_TOLD
    assert verdict_of(effect(1, 4), wanted="higher", smallest=5.0, significant=False) == EffectVerdict.NOT_EFFECTIVE


@given(st.floats(-50, 50), st.floats(0.01, 50), st.floats(0.5, 20))
def test_an_effect_is_never_both_and_the_wanted_way_only_changes_sides(
    middle: float, half: float, smallest: float
) -> None:
    higher = verdict_of(effect(middle - half, middle + half), wanted="higher", smallest=smallest)
    mirrored = verdict_of(effect(-middle - half, -middle + half), wanted="lower", smallest=smallest)

    assert higher == mirrored
    if 2 * half < smallest:
        assert higher is not EffectVerdict.CANNOT_BE_TOLD


@given(
    st.floats(0.1, 50),
    st.floats(0, 1),
    st.floats(0.1, 100),
    st.floats(0.5, 20),
    st.floats(0, 200),
)
def test_on_the_day_when_it_could_be_told_the_figure_is_certain_enough(
    sd: float, before: float, per_day: float, smallest: float, so_far: float
) -> None:
    days = when_it_can_be_told([Pace(sd, before, per_day)], smallest=smallest, days_so_far=so_far)
    assume(days is not None and days < 1e7)
    assert days is not None

    assert days > so_far
    half = 1.959964 * math.sqrt(before + sd**2 / (per_day * days))
    # With a power of 0.8, the half width is 1.96 / 2.80 of the change that matters.
    assert half <= smallest * 1.959964 / (1.959964 + 0.841621) * (1 + 1e-6)


def test_too_few_before_the_change_cannot_be_mended_by_waiting() -> None:
    assert when_it_can_be_told([Pace(80, 80**2 / 10, 100)], smallest=5.0) is None
    assert when_it_can_be_told([Pace(80, 0.1, 0)], smallest=5.0) is None
