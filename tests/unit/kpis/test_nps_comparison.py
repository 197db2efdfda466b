"""Difference of two Net Promoter Scores."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc import NpsCounts, compare_nps

COUNTS = st.builds(NpsCounts, *[st.integers(0, 60)] * 3).filter(lambda counts: counts.n > 0)


def test_worked_figures() -> None:
    # R package NPS 1.1: nps.test(x, y) of 120 and 127 raw scores with these counts.
    comparison = compare_nps(NpsCounts(56, 45, 19), NpsCounts(55, 43, 29))
    assert comparison.interval is not None
    assert comparison.difference == pytest.approx(10.3608923884514, rel=1e-12)
    assert (comparison.interval.low, comparison.interval.high) == pytest.approx(
        (-8.53430095997526, 29.2560857368781), rel=1e-10
    )
    assert comparison.p_value == pytest.approx(0.282501677340092, rel=1e-10)
    assert comparison.verdict == "The difference is within sampling error at n = 120 and 127."


def test_opposite_unanimous_groups_differ_but_not_with_certainty() -> None:
    comparison = compare_nps(NpsCounts(6, 0, 0), NpsCounts(0, 0, 8))
    assert comparison.interval is not None
    assert comparison.p_value is not None
    assert comparison.difference == 200.0
    assert 50 < comparison.interval.low < 150
    # Fisher's exact test of the same table, R fisher.test(matrix(c(6, 0, 0, 8), 2)): 0.000333.
    assert 1e-5 < comparison.p_value < 1e-3
    assert comparison.effect_size is None
    assert comparison.verdict == "The difference is larger than sampling error explains at n = 6 and 8."


def test_two_unanimous_groups_that_agree_do_not_differ() -> None:
    comparison = compare_nps(NpsCounts(0, 5, 0), NpsCounts(0, 9, 0))
    assert (comparison.difference, comparison.p_value, comparison.beyond_sampling_error) == (0.0, 1.0, False)
    assert comparison.interval is not None
    assert comparison.interval.low < -20
    assert comparison.interval.high > 20


def test_wald_limits_are_cut_at_the_ends_of_the_scale() -> None:
    interval = compare_nps(NpsCounts(58, 1, 1), NpsCounts(1, 1, 58)).interval
    assert interval is not None
    assert (interval.method, interval.high) == ("wald", 200.0)


def test_the_z_test_is_refused_without_spread() -> None:
    with pytest.raises(ValueError, match="hybrid_score"):
        compare_nps(NpsCounts(6, 0, 0), NpsCounts(0, 0, 8), method="wald")


def test_an_empty_group_is_refused() -> None:
    with pytest.raises(NotEstimable):
        compare_nps(NpsCounts(6, 1, 2), NpsCounts(0, 0, 0))


@settings(max_examples=40, deadline=None)
@given(COUNTS, COUNTS)
def test_the_interval_holds_the_difference_and_exchanging_the_groups_mirrors_it(a: NpsCounts, b: NpsCounts) -> None:
    one, other = compare_nps(a, b), compare_nps(b, a)
    assert one.interval is not None
    assert other.interval is not None
    assert -200 <= one.interval.low <= one.difference <= one.interval.high <= 200
    assert other.difference == -one.difference
    assert (other.interval.low, other.interval.high) == pytest.approx((-one.interval.high, -one.interval.low))
    assert other.p_value == one.p_value
    assert other.beyond_sampling_error == one.beyond_sampling_error


@settings(max_examples=40, deadline=None)
@given(COUNTS, COUNTS)
def test_the_hybrid_interval_at_the_level_of_its_p_value_ends_at_zero(a: NpsCounts, b: NpsCounts) -> None:
    p_value = compare_nps(a, b, method="hybrid_score").p_value
    assert p_value is not None
    assume(1e-9 < p_value < 0.999)
    interval = compare_nps(a, b, level=1 - p_value, method="hybrid_score").interval
    assert interval is not None
    assert min(abs(interval.low), abs(interval.high)) < 1e-3


def test_both_methods_agree_on_many_answers() -> None:
    a, b = NpsCounts(4000, 3500, 2500), NpsCounts(3900, 3500, 2600)
    wald, hybrid = compare_nps(a, b, method="wald"), compare_nps(a, b, method="hybrid_score")
    assert hybrid.p_value == pytest.approx(wald.p_value, rel=1e-2)
    assert wald.effect_size == hybrid.effect_size == pytest.approx(0.0252, abs=2e-4)


def test_a_p_value_that_underflows_is_zero() -> None:
    comparison = compare_nps(NpsCounts(10**6, 0, 0), NpsCounts(0, 0, 10**6))
    assert comparison.p_value == 0.0
    assert comparison.beyond_sampling_error
