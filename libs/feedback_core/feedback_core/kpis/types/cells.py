"""Counts by respondent cell, as they come from the database: packed, since they are many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from feedback_core.kpis.types.standing import Standing


@dataclass(frozen=True, slots=True)
class PackedCounts:
    """How many gave one kind of answer, respondent cell after respondent cell.

    Attributes:
        group: first day of the period, if they are counted by periods.
        item: ``WHOLE``, or the row or choice counted.
        cells: ids of the cells, 16 bytes each; the same one may come more than once.
        counts: how many in each of them, 8 bytes each, the highest first; they add up, and some may be below 0.
    """

    group: date | None
    standing: Standing
    item: str
    value: str
    cells: bytes
    counts: bytes


@dataclass(frozen=True, slots=True)
class PackedCells:
    """Counts by respondent cell, and what is known of the respondents of each.

    Attributes:
        columns: counts of each kind of answer in each period.
        described: by id of the cell, its attributes and ``method``.
    """

    columns: Sequence[PackedCounts]
    described: Mapping[bytes, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class CellAnswers:
    """The answers of one respondent cell that count in a figure.

    Attributes:
        attributes: those that are known of its respondents, and ``method``.
        counts: answers by value.
    """

    attributes: Mapping[str, str]
    counts: Mapping[str, int]
