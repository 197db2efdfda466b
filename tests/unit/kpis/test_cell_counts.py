"""Counts by cell as arrays: the same answers as the counts one by one, whatever came packed."""

from collections import Counter
from uuid import UUID, uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kpis.built_in import BUILT_IN
from feedback_core.kpis.calc.cell_counts import answers_by_cell, scored_answers, scored_cells, unpack
from feedback_core.kpis.calc.tally import tally
from feedback_core.kpis.types import CountRow, PackedCells, PackedCounts, Standing, Target
from feedback_core.surveys.types import QuestionType

KPIS = {definition.key: definition for definition in BUILT_IN}
TARGETS = {
    "nps": Target(KPIS["nps"], uuid4(), "nps", QuestionType.NPS, scale=(0, 10)),
    "row": Target(KPIS["mean"], uuid4(), "parts", QuestionType.MATRIX, item="staff", scale=(1, 5)),
    "chosen": Target(KPIS["share"], uuid4(), "used", QuestionType.MULTIPLE_CHOICE, choice="web"),
}
CELLS = [UUID(int=number << 64 | 1) for number in (5, 3, 9)]
# Two cells whose ids begin alike.
TWINS = [UUID(int=7 << 64 | 1), UUID(int=7 << 64 | 2)]
# (standing, item, value) that the database may hold for each; answers to an item come with the question as a whole.
KINDS = {
    "nps": [(standing, "", value) for standing in Standing for value in ("10", "7", "0", "(unanswered)")],
    "row": [(Standing.COMPLETE, item, value) for item, value in (("", ""), ("staff", "1"), ("staff", "5"))],
    "chosen": [(Standing.COMPLETE, "", ""), (Standing.COMPLETE, "", "(unanswered)"), (Standing.COMPLETE, "web", "1")],
}
ENTRIES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 4), st.integers(1, 9)), max_size=40)


def packed(counts: Counter[tuple[tuple[Standing, str, str], UUID]]) -> PackedCells:
    """As the database packs counts by kind and cell: some of them twice, and some taken off again."""
    columns = []
    for kind in dict.fromkeys(kind for kind, _ in counts):
        ids, numbers = b"", b""
        for (of_kind, cell), n in counts.items():
            if of_kind == kind:
                ids += cell.bytes * 2
                numbers += (n + 5).to_bytes(8, "big") + (-5).to_bytes(8, "big", signed=True)
        columns.append(PackedCounts(None, *kind, ids, numbers))
    return PackedCells(columns, {cell.bytes: {"cell": str(cell)} for cell in [*CELLS, *TWINS]})


@pytest.mark.parametrize("name", TARGETS)
@given(entries=ENTRIES)
def test_answers_by_cell_are_the_tally_of_each_cell(name: str, entries: list[tuple[int, int, int]]) -> None:
    target, kinds = TARGETS[name], KINDS[name]
    counts: Counter[tuple[tuple[Standing, str, str], UUID]] = Counter()
    for kind, cell, n in entries:
        counts[kinds[kind % len(kinds)], [*CELLS, *TWINS][cell]] += n
        if kinds[kind % len(kinds)][1] and name == "chosen":
            counts[kinds[0], [*CELLS, *TWINS][cell]] += n  # who chose it answered
    read = packed(counts)

    found = {cell.attributes["cell"]: dict(cell.counts) for cell in answers_by_cell(target, unpack(read, read.columns))}

    expected = {}
    for one in {cell for _, cell in counts}:
        rows = [CountRow(None, *kind, n) for (kind, of), n in counts.items() if of == one]
        counting = tally(target, rows).counting(target.definition.standings)
        if given_answers := {value: n for value, n in counting.items() if n}:
            expected[str(one)] = given_answers
    assert found == expected


def test_cells_that_do_not_belong_are_left_out_of_all_counts() -> None:
    kind = (Standing.COMPLETE, "", "10")
    read = packed(Counter({(kind, CELLS[0]): 4, (kind, CELLS[1]): 2}))

    counts = unpack(read, read.columns, belongs=lambda known: known["cell"] == str(CELLS[1]))

    assert [row.n for row in counts.kinds] == [2]
    assert [dict(cell.counts) for cell in answers_by_cell(TARGETS["nps"], counts)] == [{"10": 2}]


def test_respondents_of_one_score_are_one_row() -> None:
    nine, ten = (Standing.COMPLETE, "", "9"), (Standing.COMPLETE, "", "10")
    read = packed(Counter({(nine, CELLS[0]): 4, (ten, CELLS[0]): 2, (ten, CELLS[1]): 1}))
    counts = unpack(read, read.columns)

    scored = scored_cells(TARGETS["nps"], counts)
    again = scored_answers(TARGETS["nps"], answers_by_cell(TARGETS["nps"], counts))

    assert sorted(zip(scored.scores.tolist(), scored.n.tolist(), strict=True)) == [(100.0, 1), (100.0, 6)]
    assert Counter(dict(zip(scored.cell.tolist(), scored.n.tolist(), strict=True))) == Counter(
        {int(cell): int(again.n[again.cell == cell].sum()) for cell in np.unique(again.cell)}
    )


def test_nobody_is_no_row() -> None:
    read = PackedCells([], {})
    assert answers_by_cell(TARGETS["nps"], unpack(read, [])) == []
    assert scored_cells(TARGETS["nps"], unpack(read, [])).n.size == 0
