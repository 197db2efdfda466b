"""Families of p-values and all pairs of shares: worked figures, laws, definitions by brute force, refusals."""

from itertools import combinations
from math import isclose
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc import (
    AdjustmentMethod,
    Share,
    adjust_p_values,
    compare_all_shares,
    equal_shares_test,
    pearson_test,
)

METHODS: tuple[AdjustmentMethod, ...] = get_args(AdjustmentMethod)
FAMILIES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        # R 4.2.2 p.adjust of the 15 p-values of Benjamini & Hochberg (1995), golden s26: the first four and the eighth.
        ("BH", [0.0015, 0.003, 0.0095, 0.035625, 0.0645]),
        ("holm", [0.0015, 0.0056, 0.0247, 0.114, 0.278]),
        ("hochberg", [0.0015, 0.0056, 0.0247, 0.114, 0.2752]),
        ("hommel", [0.0015, 0.0056, 0.0247, 0.095, 0.2408]),
        ("bonferroni", [0.0015, 0.006, 0.0285, 0.1425, 0.516]),
    ],
)
def test_worked_figures(method: AdjustmentMethod, expected: list[float]) -> None:
    family = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262]
    family += [0.5719, 0.6528, 0.7590, 1.0]
    adjusted = adjust_p_values(family, method=method)
    assert [adjusted[index] for index in (0, 1, 2, 3, 7)] == pytest.approx(expected, rel=1e-12)


@settings(deadline=None)
@given(FAMILIES, st.sampled_from(METHODS))
def test_adjusting_never_helps_a_claim_and_does_not_mind_the_order(
    family: list[float], method: AdjustmentMethod
) -> None:
    adjusted = adjust_p_values(family, method=method)
    assert all(p <= q <= 1 for p, q in zip(family, adjusted, strict=True))
    turned = adjust_p_values(family[::-1], method=method)
    assert turned[::-1] == pytest.approx(adjusted, rel=1e-12, abs=1e-300)
    in_order = [q for _, q in sorted(zip(family, adjusted, strict=True))]
    assert in_order == sorted(in_order)


@settings(deadline=None, max_examples=60)
@given(FAMILIES)
def test_hommel_is_the_closed_test_of_simes(family: list[float]) -> None:
    def simes(members: tuple[int, ...]) -> float:
        ranked = sorted(family[index] for index in members)
        return min(1.0, *(len(ranked) * p / rank for rank, p in enumerate(ranked, start=1)))

    everything = range(len(family))
    closed = [
        max(
            simes(members)
            for size in range(1, len(family) + 1)
            for members in combinations(everything, size)
            if i in members
        )
        for i in everything
    ]
    assert adjust_p_values(family, method="hommel") == pytest.approx(closed, rel=1e-9, abs=1e-300)


@settings(deadline=None)
@given(FAMILIES)
def test_stricter_methods_adjust_more(family: list[float]) -> None:
    by = {method: adjust_p_values(family, method=method) for method in METHODS}
    for milder, stricter in (
        ("BH", "hommel"),
        ("hommel", "hochberg"),
        ("hochberg", "holm"),
        ("holm", "bonferroni"),
        ("BH", "BY"),
    ):
        assert all(
            p <= q or isclose(p, q, rel_tol=1e-9)
            for p, q in zip(by[milder], by[stricter], strict=True)  # type: ignore[index]
        )


@pytest.mark.parametrize("bad", [[-0.1], [1.1], [float("nan")]])
def test_what_is_no_p_value_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust_p_values(bad)


def test_an_empty_family_is_refused() -> None:
    with pytest.raises(NotEstimable, match="no test"):
        adjust_p_values([])


def test_two_groups_without_correction_are_pearsons_test() -> None:
    first, second = Share(56, 70), Share(48, 80)
    known = pearson_test(first, second)
    assert known is not None
    assert equal_shares_test([first, second]).chi_square == pytest.approx(known.chi_square, rel=1e-12)


def test_the_correction_is_yates_and_never_beyond_the_gap() -> None:
    # By hand: 15 of 20 against 5 of 20 expects 10 and 10, so (5 - 1/2)² x 4 / 10.
    assert equal_shares_test([Share(15, 20), Share(5, 20)], correct=True).chi_square == pytest.approx(8.1, rel=1e-12)
    assert equal_shares_test([Share(10, 20), Share(10, 20)], correct=True).chi_square == 0.0
    three = [Share(15, 20), Share(5, 20), Share(9, 20)]
    assert equal_shares_test(three, correct=True) == equal_shares_test(three)
    pair = compare_all_shares([Share(15, 20), Share(5, 20)], correct=True)[0]
    assert pair.test is not None
    assert pair.test.chi_square == pytest.approx(8.1, rel=1e-12)


def test_pairs_that_cannot_differ_are_no_part_of_the_family() -> None:
    pairs = compare_all_shares([Share(0, 10), Share(0, 20), Share(9, 30)], method="bonferroni")
    assert [(pair.first, pair.second, pair.test is None) for pair in pairs] == [
        (0, 1, True),
        (0, 2, False),
        (1, 2, False),
    ]
    assert pairs[0].adjusted_p_value is None
    assert pairs[1].test is not None
    assert pairs[1].adjusted_p_value == pytest.approx(2 * pairs[1].test.p_value)
    assert pairs[1].difference == pytest.approx(-0.3)


def test_small_expectations_are_told() -> None:
    assert equal_shares_test([Share(1, 6), Share(30, 60)]).warnings
    assert not equal_shares_test([Share(30, 60), Share(20, 60)]).warnings


@pytest.mark.parametrize("shares", [[Share(3, 9)], [], [Share(0, 9), Share(0, 5)], [Share(9, 9), Share(5, 5)]])
def test_nothing_to_compare_is_refused(shares: list[Share]) -> None:
    with pytest.raises(NotEstimable, match=r"One group|None or all"):
        equal_shares_test(shares)
    with pytest.raises(NotEstimable, match=r"One group|None or all"):
        compare_all_shares(shares)
