"""Counts by respondent cell as arrays: what weighting works on, without an object for each of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.grouping import grouped
from feedback_core.kpis.calc.scores import scores_of
from feedback_core.kpis.calc.tally import labels_of
from feedback_core.kpis.types import CellAnswers, CountRow, PackedCells, PackedCounts, Target

Belongs = Callable[[Mapping[str, str]], bool]
"""Whether the respondents of a cell are looked at, by what is known of them."""


@dataclass(frozen=True, slots=True)
class CellCounts:
    """Entries that add up: so many answers of a kind in a cell.

    Attributes:
        attributes: of each cell; cells in the order of their ids.
        kinds: kinds of answers; their ``n`` is that of all cells.
        cell: index of each entry's cell, shape (entries,).
        kind: index of each entry's kind, shape (entries,).
        n: how many, shape (entries,).
    """

    attributes: tuple[Mapping[str, str], ...]
    kinds: tuple[CountRow, ...]
    cell: NDArray[np.int64]
    kind: NDArray[np.int64]
    n: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ScoredCells:
    """Respondents who count in a figure: a row is a cell and a score, and how many there gave it.

    Attributes:
        attributes: of each cell; every cell has a row.
        cell: index of each row's cell, ascending, shape (rows,).
        scores: shape (rows,).
        n: at least 1, shape (rows,).
    """

    attributes: tuple[Mapping[str, str], ...]
    cell: NDArray[np.int64]
    scores: NDArray[np.float64]
    n: NDArray[np.int64]


def unpack(packed: PackedCells, columns: Sequence[PackedCounts], *, belongs: Belongs | None = None) -> CellCounts:
    """The counts of some of the columns, of the cells that belong."""
    ids = np.frombuffer(b"".join(column.cells for column in columns), dtype=">u8").reshape(-1, 2)
    n = np.frombuffer(b"".join(column.counts for column in columns), dtype=">i8").astype(np.int64)
    kind = np.repeat(np.arange(len(columns)), [len(column.counts) // n.itemsize for column in columns])
    first, cell = _distinct(ids)
    attributes = [packed.described[ids[entry].tobytes()] for entry in first]
    if belongs is not None:
        chosen = np.array([belongs(known) for known in attributes], dtype=bool)
        kept = chosen[cell]
        cell, kind, n = (np.cumsum(chosen) - 1)[cell[kept]], kind[kept], n[kept]
        attributes = [known for known, is_chosen in zip(attributes, chosen, strict=True) if is_chosen]
    totals = np.bincount(kind, weights=n, minlength=len(columns))
    kinds = tuple(
        CountRow(None, column.standing, column.item, column.value, round(total))
        for column, total in zip(columns, totals.tolist(), strict=True)
    )
    return CellCounts(tuple(attributes), kinds, cell, kind, n)


def answers_by_cell(target: Target, counts: CellCounts) -> list[CellAnswers]:
    """The answers that count in a figure, by respondent cell."""
    labels = labels_of(target, counts.kinds)
    known = scores_of(target, {label for of_kind in labels for label, _ in of_kind})
    cell, label, n = _added(counts, labels, {name: i for i, name in enumerate(known)})
    names = list(known)
    answers: dict[int, dict[str, int]] = {}
    for i, name, times in zip(cell.tolist(), label.tolist(), n.tolist(), strict=True):
        answers.setdefault(i, {})[names[name]] = times
    return [CellAnswers(counts.attributes[i], given) for i, given in answers.items()]


def scored_cells(target: Target, counts: CellCounts) -> ScoredCells:
    """The respondents who count in a figure, by respondent cell and score."""
    labels = labels_of(target, counts.kinds)
    known = scores_of(target, {label for of_kind in labels for label, _ in of_kind})
    scores = sorted(set(known.values()))
    place = {score: i for i, score in enumerate(scores)}
    cell, score, n = _added(counts, labels, {label: place[score] for label, score in known.items()})
    return _compacted(counts.attributes, cell, np.array(scores, dtype=float)[score], n)


def scored_answers(target: Target, answers: Sequence[CellAnswers]) -> ScoredCells:
    """The same of answers that were counted already."""
    known = scores_of(target, {value for each in answers for value in each.counts})
    rows = sorted(
        (i, known[value], n) for i, each in enumerate(answers) for value, n in each.counts.items() if value in known
    )
    cell = np.array([row[0] for row in rows], dtype=np.int64)
    n = np.array([row[2] for row in rows], dtype=np.int64)
    return _compacted(
        tuple(each.attributes for each in answers), cell, np.array([row[1] for row in rows], dtype=float), n
    )


def _distinct(ids: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """An entry of each distinct id, in their order, and the id of each entry."""
    # Halves of ids that are hashes meet by no chance that will ever come; if they do, the whole ids are compared.
    _, first, index = np.unique(ids[:, 0].astype(np.uint64), return_index=True, return_inverse=True)
    if not np.array_equal(ids[first, 1][index], ids[:, 1]):
        _, first, index = np.unique(ids.astype(np.uint64), axis=0, return_index=True, return_inverse=True)
    return first, index.reshape(-1)


def _added(
    counts: CellCounts, labels: Sequence[Sequence[tuple[str, int]]], place: Mapping[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Cell, place of the label and how many, ordered by both, of the labels that have a place; none of nobody."""
    cells, places, numbers = [], [], []
    for turn in range(max((len(of_kind) for of_kind in labels), default=0)):
        of_kind = [(place.get(each[turn][0], -1), each[turn][1]) if turn < len(each) else (-1, 0) for each in labels]
        to, sign = np.array(of_kind, dtype=np.int64).T
        counting = to[counts.kind] >= 0
        kind = counts.kind[counting]
        cells.append(counts.cell[counting])
        places.append(to[kind])
        numbers.append(sign[kind] * counts.n[counting])
    if not cells:
        return (np.zeros(0, dtype=np.int64),) * 3
    codes = np.array([np.concatenate(cells), np.concatenate(places)])
    (cell, label), row = grouped(codes, [len(counts.attributes), len(place)])
    n = np.rint(np.bincount(row, weights=np.concatenate(numbers), minlength=cell.size)).astype(np.int64)
    there = n > 0
    return cell[there], label[there], n[there]


def _compacted(
    attributes: Sequence[Mapping[str, str]],
    cell: NDArray[np.int64],
    scores: NDArray[np.float64],
    n: NDArray[np.int64],
) -> ScoredCells:
    """Without the cells of which nobody counts."""
    there, index = np.unique(cell, return_inverse=True)
    return ScoredCells(tuple(attributes[i] for i in there.tolist()), index, scores, n)
