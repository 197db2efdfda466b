"""Difference of two shares: worked figures, laws, exact tests by counting tables, score limits by brute likelihood."""

from fractions import Fraction
from math import comb, pi
from typing import get_args

import mpmath  # type: ignore[import-untyped]
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc import (
    DifferenceMethod,
    Share,
    cohens_h,
    compare_proportions,
    fisher_exact_p,
    pearson_test,
    proportion_difference_interval,
)

METHODS: tuple[DifferenceMethod, ...] = get_args(DifferenceMethod)
SHARES = st.integers(1, 80).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


def limits(a: Share, b: Share, method: DifferenceMethod = "newcombe", level: float = 0.95) -> tuple[float, float]:
    interval = proportion_difference_interval(a, b, level=level, method=method)
    return interval.low, interval.high


@pytest.mark.parametrize(
    ("method", "expected", "tolerance"),
    [
        # R packages Epi 2.47 ci.pd(method = "Nc") and PropCIs 0.3.0 wald2ci, diffscoreci: 56 of 70 and 48 of 80.
        ("newcombe", (0.0524314724023647, 0.333872654036906), 1e-9),
        ("agresti_caffo", (0.0524529266380537, 0.335758455475767), 1e-9),
        ("wald", (0.0575048991490372, 0.342495100850963), 1e-9),
        ("score", (0.0528296947479248, 0.338173007965088), 2e-6),
    ],
)
def test_worked_limits(method: DifferenceMethod, expected: tuple[float, float], tolerance: float) -> None:
    assert limits(Share(56, 70), Share(48, 80), method) == pytest.approx(expected, abs=tolerance)


def test_worked_tests() -> None:
    # R 4.2.2: prop.test(c(56, 48), c(70, 80), correct = FALSE) and fisher.test.
    test = pearson_test(Share(56, 70), Share(48, 80))
    assert test is not None
    assert test.chi_square == pytest.approx(7.02341137123746, rel=1e-12)
    assert test.p_value == pytest.approx(0.00804508136819656, rel=1e-12)
    assert fisher_exact_p(Share(56, 70), Share(48, 80)) == pytest.approx(0.0125211297492092, rel=1e-12)


def test_a_comparison_of_well_filled_groups() -> None:
    comparison = compare_proportions(Share(56, 70), Share(48, 80))
    assert comparison.interval is not None
    assert comparison.interval.method == "newcombe"
    assert comparison.test == "pearson"
    assert comparison.statistic == pytest.approx(7.02341137123746**0.5, rel=1e-12)
    assert comparison.effect_size == pytest.approx(0.44213, abs=1e-4)
    assert comparison.effect_size_name == "cohens_h"
    assert comparison.verdict == "The difference is larger than sampling error explains at n = 70 and 80."


def test_nothing_counts_in_either_group_is_no_difference_and_no_certainty() -> None:
    comparison = compare_proportions(Share(0, 10), Share(0, 20))
    assert (comparison.test, comparison.statistic, comparison.p_value) == ("fisher_exact", None, 1.0)
    assert comparison.interval is not None
    assert comparison.interval.low < -0.1
    assert comparison.interval.high > 0.2
    with pytest.raises(ValueError, match="fisher_exact"):
        compare_proportions(Share(0, 10), Share(0, 20), test="pearson")


def test_an_interval_that_leaves_the_scale_is_cut_in_a_comparison() -> None:
    comparison = compare_proportions(Share(10, 10), Share(0, 20), method="agresti_caffo")
    assert comparison.interval is not None
    assert comparison.interval.high == 1.0
    assert comparison.effect_size == pytest.approx(pi)


def test_where_test_and_interval_disagree_no_difference_is_claimed() -> None:

    disputed = [
        compare_proportions(Share(a, 40), Share(b, 40))
        for a in range(41)
        for b in range(41)
        if (p := compare_proportions(Share(a, 40), Share(b, 40)).p_value) is not None and 0.03 < p < 0.07
    ]
    verdicts = {
        ((c.p_value or 1) < 0.05, c.interval is not None and c.interval.low * c.interval.high > 0): (
            c.beyond_sampling_error
        )
        for c in disputed
    }
    assert verdicts[True, True] is True
    assert len(verdicts) > 2
    assert not any(verdict for agreed, verdict in verdicts.items() if agreed != (True, True))


@pytest.mark.parametrize("share", [(1, 0), (0, 0)])
def test_an_empty_group_is_refused(share: tuple[int, int]) -> None:
    with pytest.raises(NotEstimable):
        Share(*share)


@given(SHARES, SHARES, st.sampled_from(METHODS))
@settings(max_examples=60, deadline=None)
def test_exchanging_the_groups_mirrors_the_limits_and_keeps_the_tests(
    a: Share, b: Share, method: DifferenceMethod
) -> None:
    low, high = limits(a, b, method)
    assert limits(b, a, method) == pytest.approx((-high, -low), abs=1e-12)
    assert fisher_exact_p(a, b) == pytest.approx(fisher_exact_p(b, a), rel=1e-9)
    assert cohens_h(a, b) == -cohens_h(b, a)


@given(SHARES, SHARES, st.sampled_from(["newcombe", "score"]))
@settings(max_examples=60, deadline=None)
def test_limits_hold_the_difference_with_width_and_stay_on_the_scale(
    a: Share, b: Share, method: DifferenceMethod
) -> None:
    low, high = limits(a, b, method)
    assert -1 <= low <= a.value - b.value <= high <= 1
    assert high - low > 1e-3


@given(SHARES, SHARES, st.floats(0.8, 0.999), st.floats(0.8, 0.999), st.sampled_from(METHODS))
@settings(max_examples=60, deadline=None)
def test_more_confidence_never_narrows(a: Share, b: Share, one: float, other: float, method: DifferenceMethod) -> None:
    inner, outer = (limits(a, b, method, level) for level in sorted((one, other)))
    assert outer[0] <= inner[0] + 1e-12
    assert inner[1] <= outer[1] + 1e-12


@settings(deadline=None)
@given(SHARES, SHARES)
def test_fisher_counts_the_tables_no_likelier_than_the_observed(a: Share, b: Share) -> None:
    successes = a.successes + b.successes
    tables = {
        k: comb(a.n, k) * comb(b.n, successes - k) for k in range(min(a.n, successes) + 1) if successes - k <= b.n
    }
    exact = Fraction(sum(ways for ways in tables.values() if ways <= tables[a.successes]), comb(a.n + b.n, successes))
    assert fisher_exact_p(a, b) == pytest.approx(float(exact), rel=1e-10)


def test_fisher_bears_a_million_answers() -> None:
    # scipy.stats.fisher_exact([[50000, 950000], [50300, 949700]]), SciPy 1.17.1.
    assert fisher_exact_p(Share(50_000, 10**6), Share(50_300, 10**6)) == pytest.approx(0.33269056395595314, rel=1e-7)
    assert fisher_exact_p(Share(0, 10**6), Share(10**6, 10**6)) == 0.0


@settings(deadline=None)
@given(SHARES, SHARES)
def test_pearson_is_the_sum_over_cells_of_squared_surprise(a: Share, b: Share) -> None:
    test = pearson_test(a, b)
    successes, n = a.successes + b.successes, a.n + b.n
    if successes in {0, n}:
        assert test is None
        return
    assert test is not None
    cells = [
        (observed, Fraction(size * margin, n))
        for share, size in ((a, a.n), (b, b.n))
        for observed, margin in ((share.successes, successes), (share.failures, n - successes))
    ]
    assert test.chi_square == pytest.approx(float(sum((o - e) ** 2 / e for o, e in cells)), rel=1e-12, abs=1e-15)
    assert test.smallest_expected == pytest.approx(float(min(e for _, e in cells)))


@given(SHARES, SHARES)
@settings(max_examples=25, deadline=None)
def test_score_limits_solve_the_score_equation_by_brute_likelihood(a: Share, b: Share) -> None:
    low, _ = limits(a, b, "score")
    assume(low > -1)
    with mpmath.workdps(40):
        difference = mpmath.mpf(low)
        p = likeliest_second_share(a, b, difference)
        q = p + difference
        variance = (q * (1 - q) / a.n + p * (1 - p) / b.n) * (a.n + b.n) / (a.n + b.n - 1)
        z = (mpmath.mpf(a.successes) / a.n - mpmath.mpf(b.successes) / b.n - difference) / mpmath.sqrt(variance)
    assert float(z) == pytest.approx(1.959963984540054, rel=1e-7)


def likeliest_second_share(a: Share, b: Share, difference: mpmath.mpf) -> mpmath.mpf:
    """The p that makes ``a`` at p + difference and ``b`` at p likeliest, by halving the range of its slope."""
    low, high = max(mpmath.mpf(0), -difference), min(mpmath.mpf(1), 1 - difference)
    for _ in range(100):
        p = (low + high) / 2
        q = p + difference
        slope = a.successes / q - a.failures / (1 - q) + b.successes / p - b.failures / (1 - p)
        low, high = (p, high) if slope > 0 else (low, p)
    return (low + high) / 2
