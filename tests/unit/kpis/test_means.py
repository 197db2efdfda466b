"""Means and their differences from counts by value."""

import statistics
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc import cohens_d, compare_means, hedges_g, mean_estimate, moments

COUNTS = st.dictionaries(st.integers(1, 7), st.integers(0, 30), min_size=1).filter(
    lambda counts: sum(counts.values()) > 0
)
SPREAD = COUNTS.filter(lambda counts: sum(1 for n in counts.values() if n) > 1)
# Student's sleep data, in R as datasets::sleep: extra hours of sleep under two drugs.
SLEEP_ONE = dict(Counter([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]))
SLEEP_TWO = dict(Counter([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]))


def answers(counts: dict[int, int]) -> list[int]:
    return list(Counter(counts).elements())


def test_worked_mean() -> None:
    # R 4.2: t.test(c(1, 2, 3, 4, 5)): 95 percent confidence interval 1.036757 4.963243.
    estimate = mean_estimate(dict.fromkeys(range(1, 6), 1))
    assert estimate.interval is not None
    assert (estimate.value, estimate.n) == (3.0, 5)
    assert (estimate.interval.low, estimate.interval.high) == pytest.approx((1.036757, 4.963243), abs=5e-7)
    assert estimate.warnings == ("Only 5 answers: read the interval before the figure.",)


def test_worked_difference() -> None:
    # R: t.test(extra ~ group, data = sleep): t = -1.8608, df = 17.776, p-value = 0.07939, -3.3654832 0.2054832.
    comparison = compare_means(SLEEP_ONE, SLEEP_TWO)
    assert comparison.interval is not None
    assert comparison.statistic == pytest.approx(-1.8608, abs=5e-5)
    assert comparison.df == pytest.approx(17.776, abs=5e-4)
    assert comparison.p_value == pytest.approx(0.07939, abs=5e-6)
    assert (comparison.interval.low, comparison.interval.high) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)
    assert comparison.effect_size == pytest.approx(-0.8321811, abs=5e-8)
    assert comparison.effect_size_name == "cohens_d"
    assert comparison.beyond_sampling_error is False


def test_one_answer_has_a_value_and_no_interval() -> None:
    estimate = mean_estimate({4: 1})
    assert (estimate.value, estimate.interval, estimate.standard_error) == (4.0, None, None)
    assert estimate.warnings == ("One answer has no spread to estimate: there is no interval.",)


def test_equal_answers_never_claim_certainty() -> None:
    estimate = mean_estimate({5: 40, 3: 0})
    assert (estimate.value, estimate.interval, estimate.standard_error) == (5.0, None, None)
    assert estimate.warnings == (
        "All 40 answers are the same, so the spread cannot be estimated: there is no interval.",
    )


def test_nobody_answered_is_refused() -> None:
    with pytest.raises(NotEstimable):
        mean_estimate({3: 0})


@pytest.mark.parametrize("counts", [{float("nan"): 1}, {float("inf"): 1}, {1.0: -1}])
def test_what_is_no_table_of_counts_is_refused(counts: dict[float, int]) -> None:
    with pytest.raises(ValueError, match=r"scale|negative"):
        mean_estimate(counts)


@pytest.mark.parametrize(("first", "second"), [({5: 9}, {4: 9}), ({5: 1}, {3: 4, 4: 2}), ({3: 4, 4: 2}, {5: 1})])
def test_without_spread_to_judge_by_the_difference_stands_alone(first: dict[int, int], second: dict[int, int]) -> None:
    comparison = compare_means(first, second)
    assert comparison.difference == pytest.approx(moments(first).mean - moments(second).mean)
    assert (comparison.interval, comparison.p_value, comparison.statistic, comparison.df) == (None, None, None, None)
    assert (comparison.effect_size, comparison.beyond_sampling_error) == (None, None)
    assert comparison.warnings
    assert comparison.verdict.startswith("Whether the difference is more than sampling error cannot be told at n = ")


def test_one_group_without_spread_leaves_the_test_to_the_other_and_says_so() -> None:
    comparison = compare_means({5: 20}, {3: 10, 4: 10})
    assert comparison.df == pytest.approx(19)
    assert comparison.p_value is not None
    assert comparison.warnings == (
        "First group: All 20 answers are the same, so the spread cannot be estimated: there is no interval.",
    )


@settings(deadline=None)
@given(SPREAD, st.floats(0.5, 0.999))
def test_an_estimate_equals_that_of_the_answers_written_out(counts: dict[int, int], level: float) -> None:
    written_out = answers(counts)
    estimate = mean_estimate(counts, level=level)
    error = statistics.stdev(written_out) / len(written_out) ** 0.5
    assert estimate.interval is not None
    assert estimate.value == pytest.approx(statistics.fmean(written_out), rel=1e-14)
    assert estimate.standard_error == pytest.approx(error, rel=1e-12)
    assert (estimate.interval.low, estimate.interval.high) == pytest.approx(
        stats.t.interval(level, len(written_out) - 1, estimate.value, error), rel=1e-9, abs=1e-9
    )


@settings(deadline=None)
@given(SPREAD, SPREAD)
def test_a_difference_equals_welchs_test_of_the_answers_written_out(a: dict[int, int], b: dict[int, int]) -> None:
    comparison = compare_means(a, b)
    expected = stats.ttest_ind(answers(a), answers(b), equal_var=False)
    interval = expected.confidence_interval(0.95)
    assert comparison.interval is not None
    assert comparison.statistic == pytest.approx(expected.statistic, rel=1e-9, abs=1e-12)
    assert comparison.df == pytest.approx(expected.df, rel=1e-9)
    assert comparison.p_value == pytest.approx(expected.pvalue, rel=1e-8)
    assert (comparison.interval.low, comparison.interval.high) == pytest.approx(interval, rel=1e-8, abs=1e-9)


@settings(deadline=None)
@given(SPREAD, SPREAD)
def test_hedges_g_is_cohens_d_shrunk_as_his_approximation_says(a: dict[int, int], b: dict[int, int]) -> None:
    one, other = moments(a), moments(b)
    d, g = cohens_d(one, other), hedges_g(one, other)
    df = one.n + other.n - 2
    assume(df > 5)
    assert d is not None
    assert g == pytest.approx(d * (1 - 3 / (4 * df - 1)), rel=2e-3)


@settings(deadline=None)
@given(SPREAD, st.integers(-1000, 1000))
def test_moving_the_scale_moves_the_mean_and_nothing_else(counts: dict[int, int], shift: int) -> None:
    moved = {value + shift: n for value, n in counts.items()}
    one, other = mean_estimate(counts), mean_estimate(moved)
    assert other.value == pytest.approx(one.value + shift)
    assert other.standard_error == pytest.approx(one.standard_error, rel=1e-9)
