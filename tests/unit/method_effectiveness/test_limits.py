"""Figures of a method and their limits: shares by respondents, prices, and differences from the limits of both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kpis.calc.proportion_differences import Share, proportion_difference_interval
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.method_effectiveness.calc import difference, item_nonresponse, price
from feedback_core.method_effectiveness.calc.limits import excludes_zero, simultaneous
from feedback_core.method_effectiveness.types import ItemSums
from tests.unit.method_effectiveness.builders import sums

shares = st.integers(2, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares, shares)
def test_of_shares_the_difference_is_newcombes(first: tuple[int, int], second: tuple[int, int]) -> None:
    found = difference(proportion_estimate(*first), proportion_estimate(*second))

    wanted = proportion_difference_interval(Share(*first), Share(*second))
    assert found is not None
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


@given(shares, shares)
def test_held_the_other_way_round_a_difference_turns_its_sign(first: tuple[int, int], second: tuple[int, int]) -> None:
    one, other = proportion_estimate(*first), proportion_estimate(*second)
    there, back = difference(one, other), difference(other, one)

    assert there is not None
    assert back is not None
    assert there.interval is not None
    assert back.interval is not None
    assert there.value == -back.value
    assert (there.interval.low, there.interval.high) == pytest.approx((-back.interval.high, -back.interval.low))


def test_questions_of_one_respondent_are_not_independent() -> None:
    spread = item_nonresponse(sums({1: 50, 0: 50}), level=0.95)
    heaped = item_nonresponse(sums({5: 10, 0: 90}), level=0.95)

    assert spread is not None
    assert heaped is not None
    assert spread.value == heaped.value == pytest.approx(0.1)
    assert heaped.n_effective == pytest.approx(99.0), "who leaves out everything says as much as one question"
    assert heaped.n_effective < spread.n_effective <= 500
    assert spread.interval is not None
    assert heaped.interval is not None
    assert heaped.interval.low < spread.interval.low < 0.1 < spread.interval.high < heaped.interval.high


def test_where_nothing_is_left_out_each_respondent_counts_as_one_question() -> None:
    found = item_nonresponse(sums({0: 40}), level=0.95)

    assert found is not None
    assert found.interval is not None
    assert (found.value, found.interval.low) == (0.0, 0.0)
    assert found.interval.high == pytest.approx(proportion_estimate(0, 40).interval.high)  # type: ignore[union-attr]


def test_nobody_was_asked_anything() -> None:
    assert item_nonresponse(ItemSums(), level=0.95) is None


@given(st.integers(1, 300), st.integers(0, 300), st.integers(0, 10**9))
def test_what_a_response_costs_times_the_responses_is_what_was_spent(responded: int, silent: int, spent: int) -> None:
    rate = proportion_estimate(responded, responded + silent)
    found = price(spent, rate, responded + silent)

    assert found is not None
    assert found.interval is not None
    assert found.value * responded == pytest.approx(spent)
    assert found.interval.low <= found.value * (1 + 1e-9)
    assert found.value <= found.interval.high * (1 + 1e-9)


def test_where_nobody_responded_a_response_has_no_price() -> None:
    assert price(100, proportion_estimate(0, 50), 50) is None


def test_a_single_comparison_keeps_its_level_and_three_share_it() -> None:
    assert simultaneous(0.95, 1) == pytest.approx(0.95)
    assert simultaneous(0.95, 3) == pytest.approx(1 - 0.05 / 3)
    assert not excludes_zero(None)
