"""Interviewer effects and typing errors: against statsmodels and SciPy, and in their laws."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from feedback_core.kit.errors import NotEstimable
from feedback_core.responses.entries.calc import interviewer_effects, typing_errors
from feedback_core.responses.entries.comparing import compared, differences, fields_of, put_together
from feedback_core.responses.entries.effect_types import Sums

GROUPS = st.lists(st.lists(st.integers(0, 10), min_size=2, max_size=15), min_size=2, max_size=8)


def sums(groups: list[list[float]]) -> list[Sums]:
    return [
        Sums(f"I-{place}", len(group), float(sum(group)), float(sum(value * value for value in group)))
        for place, group in enumerate(groups)
    ]


def drawn(seed: int, *, between: float, interviewers: int = 12, each: int = 40) -> list[list[float]]:
    chance = np.random.default_rng(seed)
    means = chance.normal(0, between, interviewers)
    return [list(chance.normal(mean, 1, each)) for mean in means]


def test_the_correlation_is_that_of_the_analysis_of_variance() -> None:
    groups = drawn(1, between=0.4)
    f = scipy.stats.f_oneway(*groups).statistic

    found = interviewer_effects(sums(groups), least=2)

    assert found.correlation == pytest.approx((f - 1) / (f - 1 + 40), rel=1e-9)
    assert found.workload == 40
    assert found.design_effect == pytest.approx(1 + 39 * found.correlation)
    assert found.n_effective == pytest.approx(480 / found.design_effect)


def test_differences_are_welchs_at_a_level_that_holds_for_all() -> None:
    groups = drawn(2, between=0.5, interviewers=4)
    rest = [value for group in groups[1:] for value in group]
    test = scipy.stats.ttest_ind(groups[0], rest, equal_var=False)
    expected = test.confidence_interval(1 - 0.05 / 4)

    (first, *_) = interviewer_effects(sums(groups), least=2).interviewers

    assert (first.interval.low, first.interval.high) == pytest.approx((expected.low, expected.high), rel=1e-6)
    assert first.difference == pytest.approx(np.mean(groups[0]) - np.mean(rest))


def test_the_interval_covers_the_true_correlation_as_often_as_it_says() -> None:
    truth = 0.3**2 / (0.3**2 + 1)
    covered = 0
    for seed in range(400):
        interval = interviewer_effects(sums(drawn(seed, between=0.3, each=20)), least=2).correlation_interval
        covered += interval.low <= truth <= interval.high

    assert 0.92 <= covered / 400 <= 0.98


@given(GROUPS)
def test_an_effect_never_makes_answers_worth_more_than_they_are(groups: list[list[float]]) -> None:
    try:
        found = interviewer_effects(sums(groups), least=2)
    except NotEstimable:
        return
    assert found.design_effect >= 1
    assert found.n_effective <= found.n
    assert found.correlation_interval.low <= found.correlation + 1e-9
    assert found.correlation - 1e-9 <= found.correlation_interval.high <= 1
    assert sum(each.n for each in found.interviewers) == found.n


@pytest.mark.parametrize("groups", [[], [[1.0, 2.0, 3.0]], [[5.0] * 5, [5.0] * 5], [[1.0] * 5, [2.0] * 5]])
def test_what_cannot_be_told_apart_is_not_told(groups: list[list[float]]) -> None:
    with pytest.raises(NotEstimable):
        interviewer_effects(sums(groups), least=2)


def test_interviewers_with_few_answers_are_left_out_and_counted() -> None:
    found = interviewer_effects(sums([*drawn(3, between=0.2, interviewers=3), [9.0] * 4]), least=10)

    assert found.left_out == (1, 4)
    assert [each.interviewer for each in found.interviewers] == ["I-0", "I-1", "I-2"]


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_rates_have_exact_intervals(counts: tuple[int, int]) -> None:
    n, x = counts
    found = typing_errors(
        forms=n, waiting=0, settled=1, compared=n, differing=x, compared_settled=n, first_wrong=x, second_wrong=0
    )

    expected = binomtest(x, n).proportion_ci(0.95, method="exact")
    assert found.difference_interval.low == pytest.approx(expected.low, abs=1e-9)
    assert found.difference_interval.high == pytest.approx(expected.high, abs=1e-9)


ANSWERS = st.dictionaries(
    st.sampled_from(["nps", "why", "used", "staff"]),
    st.one_of(
        st.integers(0, 10),
        st.booleans(),
        st.sampled_from(["", "a", "n\u0308"]),
        st.lists(st.sampled_from("ab"), max_size=2),
    ),
)


@given(ANSWERS, ANSWERS, st.dictionaries(st.sampled_from(["desk", "phone"]), st.integers(1, 5), min_size=1))
def test_fields_are_put_together_as_they_were_taken_apart(
    first: dict[str, object], second: dict[str, object], grid: dict[str, int]
) -> None:
    said = {**first, "staff": grid}
    fields = fields_of(said, {"region": "north"})
    other = fields_of(second, {})

    assert put_together(fields) == (said, {"region": "north"})
    assert differences(fields, fields) == []
    found = {each.field for each in differences(fields, other)}
    assert found == {each.field for each in differences(other, fields)}
    assert len(found) <= compared(fields, other)
    agreed = {**fields, **{name: other.get(name) for name in found}}
    assert differences({key: value for key, value in agreed.items() if value is not None}, other) == []
