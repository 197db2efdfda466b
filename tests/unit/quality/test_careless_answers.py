"""Signs of careless answers: worked figures, laws, slow solutions by row, refusals."""

from itertools import groupby
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.responses.quality.calc import (
    answer_strings,
    combine_flags,
    completion_speed,
    even_odd_inconsistency,
    item_nonresponse_rates,
    mahalanobis_distances,
    repeated_senders,
    repeated_texts,
    response_variability,
)

NAN = float("nan")
GRIDS = st.integers(2, 7).flatmap(
    lambda items: st.lists(
        st.lists(st.sampled_from([1.0, 2.0, 3.3, NAN]), min_size=items, max_size=items), min_size=1, max_size=8
    )
)


def some_answers(n: int = 60, items: int = 5) -> NDArray[np.float64]:
    rng = np.random.default_rng(7)
    return np.round(3 + rng.normal(size=(n, 1)) + rng.normal(size=(n, items)))


def test_worked_strings_and_spread() -> None:
    # R package careless 1.2.2: longstring(avg = TRUE) and irv of rows 11 and 14 of golden s30, and its missing answer.
    rows: list[list[float]] = [[1, 5] * 6, [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, NAN]]
    strings = answer_strings(rows)
    assert strings.longest.tolist() == [1, 11]
    assert strings.average.tolist() == [1, 6]
    assert response_variability(rows) == pytest.approx((2.08893187146837, 0.0), rel=1e-12)
    assert response_variability(rows, skip_missing=False)[1] is None


@given(GRIDS)
def test_strings_are_those_of_a_walk_along_the_row(grid: list[list[float]]) -> None:
    strings = answer_strings(grid)
    for row, longest, average in zip(grid, strings.longest, strings.average, strict=True):
        runs = [
            len(list(run)) for _, run in groupby(enumerate(row), key=lambda cell: cell if isnan(cell[1]) else cell[1])
        ]
        assert longest == max(runs)
        assert average == pytest.approx(len(row) / len(runs))


@settings(deadline=None)
@given(GRIDS)
def test_spread_is_that_of_the_answers_given(grid: list[list[float]]) -> None:
    for row, spread in zip(grid, response_variability(grid), strict=True):
        kept = [answer for answer in row if not isnan(answer)]
        if len(kept) < 2:
            assert spread is None
        else:
            assert spread == pytest.approx(float(np.std(kept, ddof=1)), abs=1e-12)
            assert (spread == 0) == (len(set(kept)) == 1)


def test_distances_are_those_of_the_inverse_covariance() -> None:
    answers = some_answers()
    centred = answers - answers.mean(axis=0)
    slow = np.diag(centred @ np.linalg.inv(np.cov(answers, rowvar=False)) @ centred.T)
    result = mahalanobis_distances(answers)
    assert result.squared == pytest.approx(slow.tolist(), rel=1e-9)
    assert sum(value or 0 for value in result.squared) == pytest.approx(answers.shape[1] * (answers.shape[0] - 1))
    assert result.flagged.tolist() == [value > result.cut for value in slow]


def test_scale_and_order_of_items_do_not_matter() -> None:
    answers = some_answers()
    turned = 3.0 - 7.0 * answers[:, ::-1]
    assert mahalanobis_distances(turned).squared == pytest.approx(mahalanobis_distances(answers).squared, rel=1e-9)


def test_a_missing_answer_leaves_the_row_out_or_its_term() -> None:
    answers = some_answers()
    answers[3, 2] = NAN
    answers[5] = NAN
    complete = mahalanobis_distances(answers)
    assert [row for row, value in enumerate(complete.squared) if value is None] == [3, 5]
    assert len(complete.rows) == 58

    pairwise = mahalanobis_distances(answers, missing="pairwise")
    assert [row for row, value in enumerate(pairwise.squared) if value is None] == [5]
    # As psych::outlier: pairwise covariances, terms of the missing answer left out.
    covariance = np.empty((5, 5))
    for a in range(5):
        for b in range(5):
            both = ~(np.isnan(answers[:, a]) | np.isnan(answers[:, b]))
            covariance[a, b] = np.cov(answers[both, a], answers[both, b])[0, 1]
    left = (answers[3] - np.nanmean(answers, axis=0))[[0, 1, 3, 4]]
    inverse = np.linalg.inv(covariance)[np.ix_([0, 1, 3, 4], [0, 1, 3, 4])]
    assert pairwise.squared[3] == pytest.approx(float(left @ inverse @ left), rel=1e-9)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (some_answers(5, 5), "more respondents"),
        (np.column_stack([some_answers(), np.full(60, 0.1)]), "same answer"),
        (np.column_stack([some_answers(), some_answers().sum(axis=1)]), "follows from the others"),
        (np.full((60, 3), NAN), "more respondents"),
        (np.empty((0, 3)), "Nobody"),
        (np.ones((5, 1)), "at least 2 items"),
        (np.full((5, 2), np.inf), "infinite"),
    ],
)
def test_distances_are_refused_in_words(answers: NDArray[np.float64], why: str) -> None:
    with pytest.raises(NotEstimable, match=why):
        mahalanobis_distances(answers)


def test_even_and_odd_halves_by_hand() -> None:
    # Scale means: odd (1, 3, 5), even (1, 3, 5); then opposed; then without spread; then with one scale left.
    scales = [2, 2, 2]
    rows: list[list[float]] = [
        [1, 1, 3, 3, 5, 5],
        [1, 5, 3, 3, 5, 1],
        [4, 4, 4, 4, 4, 4],
        [1, 2, NAN, 3, NAN, NAN],
        [1, 2, 3, 2, 5, 5],
    ]
    consistent, opposed, flat, one, mixed = even_odd_inconsistency(rows, scales)
    assert (consistent, opposed, flat, one) == (-1, 1, None, None)
    r = float(np.corrcoef([1, 3, 5], [2, 2, 5])[0, 1])
    assert mixed == pytest.approx(-2 * r / (1 + r))


def test_even_odd_refuses_what_has_no_halves() -> None:
    with pytest.raises(NotEstimable, match="at least two"):
        even_odd_inconsistency(some_answers(), [5])
    with pytest.raises(NotEstimable, match="no halves"):
        even_odd_inconsistency(some_answers(), [4, 1])
    with pytest.raises(ValueError, match="columns"):
        even_odd_inconsistency(some_answers(), [2, 2])


def test_speeders_are_beside_the_median_and_unknown_times_are_not() -> None:
    speed = completion_speed([10, 30, 90, 100, 300, NAN, 0])
    assert speed.median_seconds == 60
    assert speed.relative_speed_index[:3] == pytest.approx((6, 2, 2 / 3))
    assert speed.relative_speed_index[5:] == (None, None)
    assert speed.below_share_of_median(0.5).tolist() == [True, False, False, False, False, False, True]
    assert speed.at_least_times_as_fast(2).tolist() == [True, True, False, False, False, False, True]


@pytest.mark.parametrize("seconds", [[], [NAN], [-1, 3], [float("inf"), 3], [0, 0, 0, 5]])
def test_times_that_were_not_measured_are_refused(seconds: list[float]) -> None:
    with pytest.raises(NotEstimable, match="time"):
        completion_speed(seconds)


def test_missing_answers_count_where_the_item_was_shown() -> None:
    grid = [[1, NAN, NAN], [2, 2, NAN]]
    everywhere = item_nonresponse_rates(grid)
    assert [(item.asked, item.missing, item.rate) for item in everywhere] == [(2, 0, 0), (2, 1, 0.5), (2, 2, 1)]
    routed = item_nonresponse_rates(grid, np.array([[True, False, False], [True, True, False]]))
    assert [(item.asked, item.missing, item.rate) for item in routed] == [(2, 0, 0), (1, 0, 0), (0, 0, None)]
    with pytest.raises(ValueError, match="shape"):
        item_nonresponse_rates(grid, np.ones((1, 3), dtype=bool))


def test_a_chain_of_responses_of_one_sender() -> None:
    senders = ["a", "b", "a", None, "a", None, "a"]
    flagged = repeated_senders(senders, [0, 1, 50, 50, 130, 51, 500], window=90)
    assert flagged.tolist() == [False, False, True, False, True, False, False]
    assert repeated_senders(["a", "a"], [90, 0], window=90).tolist() == [False, False]
    with pytest.raises(ValueError, match="window"):
        repeated_senders(["a"], [0], window=0)


def test_the_same_words_again() -> None:
    texts = ["The  queue was far too long.", None, "the queue was\nfar too long. ", "Fine", "Fine", ""]
    assert repeated_texts(texts).tolist() == [False, False, True, False, False, False]
    assert repeated_texts(texts, shortest=4).tolist() == [False, False, True, False, True, False]


def test_one_sign_alone_advises_nothing() -> None:
    signs = {
        "straight": np.array([True, True, False, False]),
        "fast": np.array([True, False, True, False]),
        "far": np.array([True, False, False, False]),
    }
    combined = combine_flags(signs)
    assert combined.count.tolist() == [3, 1, 1, 0]
    assert combined.exclusion_advised.tolist() == [True, False, False, False]
    assert dict(combined.by_sign) == {"straight": 2, "fast": 2, "far": 1}
    assert combine_flags(signs, required=3).exclusion_advised.tolist() == [True, False, False, False]
    assert combine_flags(signs, required=1).exclusion_advised.tolist() == [True, True, True, False]
    with pytest.raises(ValueError, match="at least one sign"):
        combine_flags({})
    with pytest.raises(ValueError, match="same respondents"):
        combine_flags({"a": np.array([True]), "b": np.array([True, False])})
    with pytest.raises(ValueError, match="required"):
        combine_flags(signs, required=0)
