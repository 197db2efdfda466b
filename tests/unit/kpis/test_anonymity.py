"""k, l and t of classes of respondents, and small cells: worked figures, laws, refusals."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc import assess_anonymity, small_cells

PEOPLE = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3)), min_size=1, max_size=40)


def test_worked_figures() -> None:
    result = assess_anonymity({"a": {"x": 3, "y": 1}, "b": {"x": 2, "y": 2}, "c": {"x": 0, "y": 0}})
    assert (result.n, result.classes, result.k, result.l_diversity) == (8, 2, 4, 2)
    assert result.entropy_l == 1
    # All answer x with 5/8; class a with 6/8.
    assert result.t_closeness == pytest.approx(1 / 8)


def test_whole_diversity_is_not_lost_to_rounding() -> None:
    for size in range(1, 12):
        assert assess_anonymity({"a": {str(answer): 7 for answer in range(size)}}).entropy_l == size


def test_ordered_answers_are_as_far_apart_as_their_ranks() -> None:
    # Published example of Li et al. (2007): salaries 3, 4, 5 against nine equally frequent ones.
    classes = {"low": {3: 1, 4: 1, 5: 1}, "rest": {6: 1, 7: 1, 8: 1, 9: 1, 10: 1, 11: 1}}
    assert assess_anonymity(classes, distance="ordered").t_closeness == pytest.approx(0.375)
    assert assess_anonymity(classes).t_closeness == pytest.approx(2 / 3)
    assert assess_anonymity({"a": {1: 3}}, distance="ordered").t_closeness == 0


@given(PEOPLE)
def test_one_class_of_all_is_the_most_anonymous(people: list[tuple[str, int]]) -> None:
    classes: dict[str, Counter[int]] = defaultdict(Counter)
    for name, answer in people:
        classes[name][answer] += 1
    together = assess_anonymity({"all": Counter(answer for _, answer in people)})
    apart = assess_anonymity(classes)
    assert together.t_closeness == pytest.approx(0, abs=1e-12)
    assert apart.k <= together.k == len(people)
    assert apart.entropy_l <= apart.l_diversity <= together.l_diversity
    assert 0 <= apart.t_closeness <= 1


def test_small_cells_hold_somebody() -> None:
    small = small_cells({"a": 0, "b": 4, "c": 5, "d": 1}, below=5)
    assert (dict(small.cells), small.respondents, small.below) == ({"b": 4, "d": 1}, 5, 5)


@pytest.mark.parametrize("classes", [{}, {"a": {}}, {"a": {"x": 0}}])
def test_nobody_to_hide_is_refused(classes: dict[str, dict[str, int]]) -> None:
    with pytest.raises(NotEstimable, match="no respondents"):
        assess_anonymity(classes)


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        assess_anonymity({"a": {"x": -1, "y": 3}})
    with pytest.raises(ValueError, match="negative"):
        small_cells({"a": -1}, below=5)
