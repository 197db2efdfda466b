"""Answers counted by respondent cell: all that the bias calculation reads."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import Fault, Invalid

AnswerValue = float | str


class KpiUnit(StrEnum):
    """What a score is measured in, for words and rounding."""

    POINTS = "points"
    SHARE = "share"
    SCALE = "scale"


@dataclass(frozen=True, slots=True)
class KpiScores:
    """How answers become the KPI: the KPI is the mean of the scores.

    Attributes:
        name: as it reads in a sentence: ``NPS``.
        unit: of the scores.
        by_value: score of every value of the scale: 9 → +100 for NPS, top box → 1 for a share, the value for a mean.
        bounded: whether these are all scores that there can be, so that no interval reaches beyond them.
    """

    name: str
    unit: KpiUnit
    by_value: Mapping[AnswerValue, float]
    bounded: bool = True


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """Number of answers of one value in one cell.

    Attributes:
        categories: of the cell, in the order of the table's attributes; ``None`` where it is not known.
        value: as answered.
        n: answers, 0 or more.
    """

    categories: tuple[str | None, ...]
    value: AnswerValue
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class CellTable:
    """Answers to one question by cell and value.

    Attributes:
        attributes: keys of the respondents' attributes.
        cells: categories of each cell, in that order; ``None`` where unknown; distinct, each with answers.
        values: distinct answer values.
        counts: answers, shape (cells, values).
    """

    attributes: tuple[str, ...]
    cells: tuple[tuple[str | None, ...], ...]
    values: tuple[AnswerValue, ...]
    counts: NDArray[np.int64]

    @property
    def n(self) -> int:
        """Answers in all."""
        return int(self.counts.sum())

    def onto(self, attributes: Sequence[str]) -> "CellTable":
        """The same answers in the coarser cells of some of the attributes, in the order asked for."""
        columns = [self.attributes.index(attribute) for attribute in attributes]
        merged: dict[tuple[str | None, ...], NDArray[np.int64]] = {}
        for cell, row in zip(self.cells, self.counts, strict=True):
            kept = tuple(cell[column] for column in columns)
            merged[kept] = merged[kept] + row if kept in merged else row
        return CellTable(tuple(attributes), tuple(merged), self.values, _stacked(list(merged.values()), self.values))

    def fully_known(self) -> "CellTable":
        """The cells in which no category is unknown."""
        known = [index for index, cell in enumerate(self.cells) if None not in cell]
        return CellTable(self.attributes, tuple(self.cells[i] for i in known), self.values, self.counts[known])


def cell_table(attributes: Sequence[str], answers: Iterable[AnswerCount]) -> CellTable:
    """Table from counts in any order; counts of the same cell and value are added, empty cells are dropped.

    Raises:
        Invalid: a negative count, or a cell with another number of categories than there are attributes.
    """
    cells: defaultdict[tuple[str | None, ...], defaultdict[AnswerValue, int]] = defaultdict(lambda: defaultdict(int))
    for index, answer in enumerate(answers):
        if answer.n < 0 or len(answer.categories) != len(attributes):
            detail = f"Give 0 or more answers and {len(attributes)} categories."
            raise Invalid([Fault(f"/cells/{index}", "malformed_cell", detail)])
        if answer.n:
            cells[answer.categories][answer.value] += answer.n
    values = tuple(sorted({value for row in cells.values() for value in row}, key=_by_type))
    rows = [np.array([row[value] for value in values], dtype=np.int64) for row in cells.values()]
    return CellTable(tuple(attributes), tuple(cells), values, _stacked(rows, values))


def scores_of(table: CellTable, kpi: KpiScores) -> NDArray[np.float64]:
    """Score of each of the table's values.

    Raises:
        Invalid: the KPI gives no score, or none that is finite, to a value that was answered.
    """
    faults = [
        Fault("/kpi", "value_without_score", f"{kpi.name} gives the answer {value!r} no finite score.")
        for value in table.values
        if not np.isfinite(kpi.by_value.get(value, np.nan))
    ]
    if faults:
        raise Invalid(faults)
    return np.array([kpi.by_value[value] for value in table.values], dtype=float)


def _stacked(rows: list[NDArray[np.int64]], values: Sequence[AnswerValue]) -> NDArray[np.int64]:
    return np.vstack(rows) if rows else np.zeros((0, len(values)), dtype=np.int64)


def _by_type(value: AnswerValue) -> tuple[bool, float, str]:
    return (True, 0.0, value) if isinstance(value, str) else (False, value, "")
