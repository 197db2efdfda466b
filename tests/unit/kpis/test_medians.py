"""Medians and their differences from counts by value."""

import statistics
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.medians import compare_medians, median_estimate

COUNTS = st.dictionaries(st.integers(-50, 50).map(float), st.integers(1, 20), min_size=1, max_size=12)


def answers(counts: dict[float, int]) -> list[float]:
    return sorted(Counter(counts).elements())


@given(COUNTS)
def test_the_median_and_its_interval_are_ordered_answers(counts: dict[float, int]) -> None:
    ordered, estimate = answers(counts), median_estimate(counts)

    assert estimate.value == statistics.median(ordered)
    n = len(ordered)
    ranks = [rank for rank in range(1, n + 1) if stats.binom.cdf(rank - 1, n, 0.5) <= 0.025]
    if not ranks:
        assert estimate.interval is None
        return
    assert estimate.interval is not None
    assert (estimate.interval.low, estimate.interval.high) == (ordered[max(ranks) - 1], ordered[n - max(ranks)])


@pytest.mark.parametrize("n", [100, 10_001, 3_000_000])
def test_the_rank_is_exact_at_any_size(n: int) -> None:
    estimate = median_estimate({float(value): n // 100 for value in range(100)})

    size = n // 100 * 100
    rank = int(stats.binom.ppf(0.025, size, 0.5))
    rank = rank if stats.binom.cdf(rank - 1, size, 0.5) <= 0.025 else rank - 1
    assert estimate.interval is not None
    assert estimate.interval.low == (rank - 1) // (n // 100)


def test_too_few_answers_have_no_interval() -> None:
    estimate = median_estimate({1.0: 3, 2.0: 2})

    assert (estimate.value, estimate.interval) == (1.0, None)
    assert "it takes 6" in estimate.warnings[0]


def test_nobody_has_no_median() -> None:
    with pytest.raises(NotEstimable):
        median_estimate({})


@given(COUNTS, COUNTS)
def test_superiority_is_that_of_all_pairs(first: dict[float, int], second: dict[float, int]) -> None:
    a, b = answers(first), answers(second)
    wins = sum((x > y) + (x == y) / 2 for x in a for y in b)

    found = compare_medians(first, second)

    assert found.effect_size == pytest.approx(wins / len(a) / len(b))
    assert found.difference == statistics.median(a) - statistics.median(b)


def test_a_shift_of_many_is_found_and_no_shift_is_not() -> None:
    counts = {float(value): 10 for value in range(40)}
    moved = {value + 8: n for value, n in counts.items()}

    assert compare_medians(moved, counts).beyond_sampling_error
    assert compare_medians(counts, counts).beyond_sampling_error is False
    assert compare_medians({1.0: 9}, {1.0: 9}).p_value is None
