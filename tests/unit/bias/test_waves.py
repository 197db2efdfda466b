"""Extrapolation from waves, and early against late answers."""

import math
from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.bias.calc import Wave, counted_early_against_late, early_against_late, extrapolate_waves
from feedback_core.bias.types import EarlyLate
from feedback_core.kit.errors import NotEstimable

THREE = [Wave(780, 7.62, 2.1), Wave(410, 7.31, 2.3), Wave(260, 7.05, 2.4)]


def test_three_waves_of_five_thousand_invited() -> None:
    # Golden s33.
    found = extrapolate_waves(THREE, 5000)

    assert found.nonrespondent_midpoint == pytest.approx(0.645)
    assert found.last_wave.population == pytest.approx(7.16024, rel=1e-9)
    assert found.linear_all_waves.nonrespondent == pytest.approx(5.92549299477895, rel=1e-9)
    assert found.linear_weighted.population == pytest.approx(6.39214250898507, rel=1e-9)
    assert found.linear_last_two_waves.population == pytest.approx(6.11049970149254, rel=1e-9)
    assert found.range == pytest.approx((6.11049970149254, 7.43013793103448))
    assert "29%" in found.warnings[1]


def test_the_error_of_a_scenario_is_that_of_the_wave_means() -> None:
    found = extrapolate_waves(THREE, 5000)

    # The last wave stands for itself and for the 71 % who did not answer.
    parts = [0.156 * 2.1 / 780**0.5, 0.082 * 2.3 / 410**0.5, (0.052 + 0.71) * 2.4 / 260**0.5]
    assert found.last_wave.standard_error == pytest.approx(math.hypot(*parts))
    assert extrapolate_waves([Wave(5, 7.0), Wave(4, 6.0, 1.0)], 20).last_wave.standard_error is None


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 400), min_size=2, max_size=6), st.floats(-5, 5), st.floats(-10, 10), st.integers(1, 3000)
)
def test_waves_on_a_line_give_it_back_in_every_scenario_that_draws_one(
    completed: list[int], intercept: float, slope: float, missing: int
) -> None:
    invited = sum(completed) + missing
    middles = (np.cumsum(completed) - np.array(completed) / 2) / invited
    waves = [Wave(n, intercept + slope * middle) for n, middle in zip(completed, middles, strict=True)]

    found = extrapolate_waves(waves, invited)

    beyond = intercept + slope * found.nonrespondent_midpoint
    for scenario in (found.linear_all_waves, found.linear_weighted, found.linear_last_two_waves):
        assert scenario.nonrespondent == pytest.approx(beyond, abs=1e-6)
        assert scenario.population == pytest.approx(found.respondent_mean - scenario.bias, abs=1e-9)
    # Those who answered and those who did not, at their middles, are the whole line.
    assert found.linear_all_waves.population == pytest.approx(intercept + slope / 2, abs=1e-6)


def test_a_scenario_beyond_the_scale_is_kept_and_told() -> None:
    steep = [Wave(100, 9.0), Wave(100, 3.0)]

    found = extrapolate_waves(steep, 1000, scale=(0, 10))

    assert found.linear_all_waves.nonrespondent < 0
    assert "Beyond the scale of 0 to 10: linear all waves" in found.warnings[-1]
    assert found.first_vs_last_wave_t is None


@pytest.mark.parametrize(
    ("waves", "invited", "words"),
    [
        ([Wave(10, 7.0)], 20, "at least two"),
        ([], 20, "at least two"),
        ([Wave(10, 7.0), Wave(0, 6.0)], 20, "no answers"),
        ([Wave(10, 7.0), Wave(10, 6.0)], 20, "nobody to extrapolate"),
        ([Wave(10, 7.0), Wave(10, 6.0)], 15, "only 15 were invited"),
        ([Wave(10, math.nan), Wave(5, 6.0)], 20, "not a finite number"),
        ([Wave(10, 7.0, -1.0), Wave(5, 6.0, 1.0)], 20, "below 0"),
    ],
)
def test_waves_that_bear_no_extrapolation_are_refused(waves: list[Wave], invited: int, words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        extrapolate_waves(waves, invited)


def test_late_answers_that_are_lower() -> None:
    found = early_against_late(range(12), [9, 8, 9, 7, 8, 6, 7, 7, 6, 5, 4, 6])

    assert (found.n, found.n_early, found.n_late) == (12, 3, 3)
    assert (found.mean_early, found.mean_late) == pytest.approx((26 / 3, 5.0))
    assert found.difference == pytest.approx(11 / 3)
    # Variances 1/3 and 1: t = d / sqrt(4/9), df by Satterthwaite.
    assert found.welch_t == pytest.approx(5.5)
    assert found.welch_df == pytest.approx((4 / 9) ** 2 / ((1 / 9) ** 2 / 2 + (1 / 3) ** 2 / 2))
    assert found.cohen_d == pytest.approx((11 / 3) / (2 / 3) ** 0.5)
    assert found.wilcoxon_w == 9
    assert found.spearman_rho < 0
    assert found.kendall_tau_b < 0


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), min_size=8, max_size=60, unique=True))
def test_turning_time_round_turns_the_signs_round(answers: list[tuple[int, int]]) -> None:
    days = np.arange(len(answers), dtype=float)
    scores = np.array([score for _, score in answers], dtype=float)
    try:
        forwards = early_against_late(days, scores)
    except NotEstimable:
        return
    backwards = early_against_late(-days, scores)

    assert backwards.difference == pytest.approx(-forwards.difference)
    assert backwards.welch_p == pytest.approx(forwards.welch_p)
    assert backwards.wilcoxon_p == pytest.approx(forwards.wilcoxon_p)
    assert backwards.kendall_tau_b == pytest.approx(-forwards.kendall_tau_b)
    assert backwards.wilcoxon_w == pytest.approx(forwards.n_early * forwards.n_late - forwards.wilcoxon_w)


def test_without_the_correction_the_wilcoxon_p_is_smaller() -> None:
    scores = [9, 8, 9, 7, 8, 6, 7, 7, 6, 5, 4, 6]

    corrected = early_against_late(range(12), scores, share=0.5)
    plain = early_against_late(range(12), scores, share=0.5, correct=False)

    assert plain.wilcoxon_p < corrected.wilcoxon_p
    assert (plain.n_early, plain.n_late) == (6, 6)


def test_exact_p_values_where_nothing_is_tied() -> None:
    scores = [9.1, 8.2, 9.3, 7.4, 8.5, 6.6, 7.7, 7.8]

    found = early_against_late(range(8), scores, share=0.5, exact=True)

    # Early ranks 8, 6, 7, 2 and 7.7, 7.8 of the late ones between them: W = 12; P(W >= 12) = 12/70.
    assert found.wilcoxon_w == 12
    assert found.wilcoxon_p == pytest.approx(2 * 12 / 70)
    assert found.warnings == ()
    tied = early_against_late(range(8), [9, 9, 8, 7, 6, 5, 4, 3], share=0.5, exact=True)
    assert "ties" in tied.warnings[0]


def test_whole_days_go_to_one_side() -> None:
    days = [1] * 4 + [2] * 10 + [3] * 6
    scores = [9, 9, 8, 9, 5, 6, 7, 8, 9, 4, 5, 6, 7, 8, 3, 4, 5, 3, 4, 5]

    whole = early_against_late(days, scores, share=0.2, whole_times=True)
    split = early_against_late(days, scores, share=0.25)

    assert (whole.n_early, whole.n_late) == (4, 6)
    assert whole.warnings == ()
    assert (split.n_early, split.n_late) == (5, 5)
    assert "both sides of a cut" in split.warnings[0]
    with pytest.raises(NotEstimable, match="both early and late"):
        early_against_late([1] + [2] * 18 + [3], scores, whole_times=True)


def found_or_refused(compare: Callable[[], EarlyLate]) -> EarlyLate | str:
    try:
        return compare()
    except NotEstimable as refusal:
        return refusal.detail


@settings(deadline=None)
@given(
    st.dictionaries(st.tuples(st.integers(-3, 9), st.integers(0, 6)), st.integers(0, 7), min_size=2),
    st.sampled_from([0.1, 0.25, 0.4, 0.5]),
    st.booleans(),
)
def test_counted_answers_give_what_the_answers_give(
    counted: dict[tuple[int, int], int], share: float, correct: bool
) -> None:
    days, scores = (np.array(column) for column in zip(*counted, strict=True))
    n = np.array(list(counted.values()))
    one_by_one = found_or_refused(
        lambda: early_against_late(
            np.repeat(days, n), np.repeat(scores, n), share=share, correct=correct, whole_times=True
        )
    )
    found = found_or_refused(lambda: counted_early_against_late(days, scores, n, share=share, correct=correct))

    if isinstance(one_by_one, str) or isinstance(found, str):
        assert found == one_by_one
        return
    for field in fields(EarlyLate):
        wanted = getattr(one_by_one, field.name)
        if field.name in {"interval", "warnings"}:
            assert getattr(found, field.name) == wanted
        else:
            assert getattr(found, field.name) == pytest.approx(wanted, rel=1e-9, abs=1e-12), field.name


@pytest.mark.parametrize(
    ("days", "scores", "words"),
    [
        ([1, 2, 3, 4], [1, 2, 3, 4], "not two early"),
        ([], [], "not two early"),
        ([5] * 8, list(range(8)), "same time"),
        (list(range(8)), [7] * 8, "All answers are the same"),
        (list(range(8)), [7, 7, 1, 2, 3, 4, 5, 5], "no test"),
        (list(range(12)), [0.1] * 3 + [0.2] * 6 + [0.3] * 3, "no test"),
        ([math.nan, *range(7)], list(range(8)), "not a finite"),
    ],
)
def test_answers_that_bear_no_comparison_are_refused(days: list[float], scores: list[float], words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        early_against_late(days, scores)
