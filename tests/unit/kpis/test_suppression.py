"""Suppression: what is hidden cannot be computed from what is shown, by trying every table that would look the same."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kpis.calc import Reason, suppress_groups, suppress_table
from feedback_core.kpis.calc.table_suppression import TableSuppression

PRIMARY, COMPLEMENTARY = Reason.PRIMARY, Reason.COMPLEMENTARY


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([9, 8, 7], {}),
        ([9, 0, 7], {}),
        ([9, 3, 7, 20], {1: PRIMARY, 2: COMPLEMENTARY}),
        ([7, 3, 7, 20], {0: COMPLEMENTARY, 1: PRIMARY}),
        ([4, 3, 7, 20], {0: PRIMARY, 1: PRIMARY}),
        ([1, 3, 7, 20], {0: PRIMARY, 1: PRIMARY, 2: COMPLEMENTARY}),
        ([3, 0, 20], {0: PRIMARY, 2: COMPLEMENTARY}),
    ],
)
def test_small_groups_and_what_protects_them_are_hidden(counts: list[int], hidden: dict[int, Reason]) -> None:
    suppression = suppress_groups(list(enumerate(counts)), minimum=5)
    assert (suppression.hidden, suppression.total_hidden) == (hidden, False)


@pytest.mark.parametrize("counts", [[3], [3, 0], [2, 1]])
def test_where_no_group_can_protect_the_total_is_hidden(counts: list[int]) -> None:
    suppression = suppress_groups(list(enumerate(counts)), minimum=5)
    assert suppression.total_hidden
    assert set(suppression.hidden) == {group for group, n in enumerate(counts) if n}


def test_single_answers_whose_number_is_their_sum_are_not_left_to_each_other() -> None:
    suppression = suppress_groups([("a", 1), ("b", 1), ("c", 9)], minimum=2)
    assert suppression.hidden == {"a": PRIMARY, "b": PRIMARY, "c": COMPLEMENTARY}


def test_an_empty_breakdown_hides_nothing() -> None:
    assert suppress_groups([], minimum=5).hidden == {}


def test_what_is_no_breakdown_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        suppress_groups([("a", 1), ("a", 2)], minimum=5)
    with pytest.raises(ValueError, match="negative"):
        suppress_groups([("a", -1)], minimum=5)
    with pytest.raises(ValueError, match="at least 1"):
        suppress_groups([("a", 1)], minimum=0)
    with pytest.raises(ValueError, match="length"):
        suppress_table([[1, 2], [3]], minimum=5)


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(1, 6))
def test_no_hidden_group_follows_from_the_total_and_the_groups_shown(counts: list[int], minimum: int) -> None:
    suppression = suppress_groups(list(enumerate(counts)), minimum=minimum)
    hidden = [n for group, n in enumerate(counts) if group in suppression.hidden]

    assert all(n >= minimum or n == 0 for group, n in enumerate(counts) if group not in suppression.hidden)
    assert all(n > 0 for n in hidden)
    if hidden and not suppression.total_hidden:
        assert sum(hidden) >= minimum
        look_alikes = [t for t in product(range(1, sum(hidden) + 1), repeat=len(hidden)) if sum(t) == sum(hidden)]
        assert all(len(set(values)) > 1 for values in zip(*look_alikes, strict=True))


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=8), st.integers(1, 10))
def test_no_group_is_hidden_needlessly(counts: list[int], minimum: int) -> None:
    suppression = suppress_groups(list(enumerate(counts)), minimum=minimum)
    complements = [counts[group] for group, why in suppression.hidden.items() if why is COMPLEMENTARY]
    shown = [n for group, n in enumerate(counts) if n and group not in suppression.hidden]

    assert len(complements) <= 2
    if complements and shown:
        assert max(complements) <= min(shown)
    if all(n == 0 or n >= minimum for n in counts):
        assert not suppression.hidden


def test_a_table_without_small_cells_is_shown_whole() -> None:
    assert suppress_table([[5, 0], [7, 9]], minimum=5) == TableSuppression({}, {}, {}, None)


def test_a_small_cell_is_hidden_with_the_cheapest_rectangle() -> None:
    suppression = suppress_table([[40, 25, 3], [31, 12, 22], [15, 18, 17]], minimum=10)
    assert suppression.cells == {
        (0, 1): COMPLEMENTARY,
        (0, 2): PRIMARY,
        (1, 1): COMPLEMENTARY,
        (1, 2): COMPLEMENTARY,
    }


def test_four_single_answers_in_a_rectangle_do_not_protect_each_other() -> None:
    suppression = suppress_table([[1, 1, 9], [1, 1, 9], [9, 9, 9]], minimum=2)
    assert len(suppression.cells) > 4
    assert can_move_each(suppression, [[1, 1, 9], [1, 1, 9], [9, 9, 9]])


def test_a_lone_cell_takes_its_totals_with_it() -> None:
    suppression = suppress_table([[3]], minimum=5)
    assert suppression == TableSuppression({(0, 0): PRIMARY}, {0: PRIMARY}, {0: PRIMARY}, PRIMARY)


TABLES = st.tuples(st.integers(1, 3), st.integers(1, 3)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 9), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


@settings(max_examples=150, deadline=None)
@given(TABLES, st.integers(2, 6))
def test_no_hidden_cell_or_total_follows_from_what_is_shown(counts: list[list[int]], minimum: int) -> None:
    suppression = suppress_table(counts, minimum=minimum)
    shown = [n for cell, n in entries(counts).items() if cell not in hidden_entries(suppression, counts)]
    assert all(n == 0 or n >= minimum for n in shown)
    assert all(entries(counts)[cell] > 0 for cell in hidden_entries(suppression, counts))
    assert can_move_each(suppression, counts)


@settings(max_examples=150, deadline=None)
@given(TABLES, st.integers(2, 6))
def test_no_small_sum_of_hidden_cells_follows_from_the_total_of_a_line(counts: list[list[int]], minimum: int) -> None:
    suppression = suppress_table(counts, minimum=minimum)
    for row, line in enumerate(counts):
        together = sum(n for column, n in enumerate(line) if (row, column) in suppression.cells)
        assert row in suppression.row_totals or together == 0 or together >= minimum
    for column, down in enumerate(zip(*counts, strict=True)):
        together = sum(n for row, n in enumerate(down) if (row, column) in suppression.cells)
        assert column in suppression.column_totals or together == 0 or together >= minimum
    if suppression.grand_total is None:
        for hidden, totals in (
            (suppression.row_totals, [sum(line) for line in counts]),
            (suppression.column_totals, [sum(line) for line in zip(*counts, strict=True)]),
        ):
            together = sum(totals[line] for line in hidden)
            assert together == 0 or together >= minimum


def entries(counts: list[list[int]]) -> dict[tuple[int, int], int]:
    """Cells and totals; a total has the index one past the last."""
    full = [[*row, sum(row)] for row in counts]
    full.append([sum(column) for column in zip(*full, strict=True)])
    return {(row, column): n for row, line in enumerate(full) for column, n in enumerate(line)}


def hidden_entries(suppression: TableSuppression, counts: list[list[int]]) -> set[tuple[int, int]]:
    rows, columns = len(counts), len(counts[0])
    return {
        *suppression.cells,
        *((row, columns) for row in suppression.row_totals),
        *((rows, column) for column in suppression.column_totals),
        *([(rows, columns)] if suppression.grand_total else []),
    }


def can_move_each(suppression: TableSuppression, counts: list[list[int]]) -> bool:
    """Whether every hidden entry differs in some other table that shows the same."""
    truth, hidden = entries(counts), hidden_entries(suppression, counts)
    fixed: set[tuple[int, int]] = set(hidden)
    for other in look_alikes(suppression, counts, hidden):
        fixed -= {cell for cell in fixed if other[cell] != truth[cell]}
        if not fixed:
            return True
    return not fixed


def look_alikes(
    suppression: TableSuppression, counts: list[list[int]], hidden: set[tuple[int, int]]
) -> Iterator[dict[tuple[int, int], int]]:
    """Tables of positive hidden cells, each at most one away from the truth, that agree on all that is shown."""
    truth = entries(counts)
    cells = sorted(suppression.cells)
    for steps in product((0, 1, -1), repeat=len(cells)):
        other = [list(row) for row in counts]
        for (row, column), step in zip(cells, steps, strict=True):
            other[row][column] += step
        if all(other[row][column] > 0 for row, column in cells):
            full = entries(other)
            if all(full[cell] == n for cell, n in truth.items() if cell not in hidden):
                yield full


def test_a_group_without_a_name_protects_others_like_any() -> None:
    suppression = suppress_groups([("north", 3), ("south", 40), (None, 30)], minimum=5)

    assert (suppression.hidden, suppression.total_hidden) == ({"north": PRIMARY, None: COMPLEMENTARY}, False)
