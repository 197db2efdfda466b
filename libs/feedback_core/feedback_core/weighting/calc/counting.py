"""Respondents counted by what they share, so that a million of them are a few hundred cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.grouping import grouped

# More cells times scores than this is no counting any more.
_MOST_COUNTS = 50_000_000


@dataclass(frozen=True, slots=True)
class CountedCells:
    """Respondents by cell (categories and base weight) and score.

    Attributes:
        codes: shape (attributes, cells).
        base: base weight of a respondent of each cell, shape (cells,).
        scores: the distinct scores in order, shape (scores,).
        counts: shape (cells, scores).
        cell_of: cell of each respondent, shape (respondents,).
    """

    codes: NDArray[np.int64]
    base: NDArray[np.float64]
    scores: NDArray[np.float64]
    counts: NDArray[np.int64]
    cell_of: NDArray[np.int64]


def count_cells(
    codes: NDArray[np.int64], sizes: Sequence[int], scores: ArrayLike, *, base: ArrayLike | None = None
) -> CountedCells:
    """Respondents counted by cell and score; figures of the cells are those of the respondents.

    Args:
        codes: category of each respondent in each attribute, shape (attributes, respondents).
        sizes: categories of each attribute.
        scores: of each respondent, of few distinct values, shape (respondents,).
        base: base weight of each respondent, of few distinct values; 1 when absent.

    Raises:
        NotEstimable: nobody, a score that is not finite, or so many distinct scores that counting saves nothing.
    """
    given = np.asarray(scores, dtype=float)
    if given.size == 0:
        raise NotEstimable("Nobody answered, so there is nothing to count.")
    if not np.isfinite(given).all():
        raise NotEstimable("An answer is not a finite number; leave missing answers out before counting.")
    values, score_of = _distinct(given)
    weights, weight_of = (np.ones(1), None) if base is None else _distinct(np.asarray(base, dtype=float))
    rows = codes if weight_of is None else np.vstack([codes, weight_of])
    cells, cell_of = grouped(rows, [*sizes, *([] if weight_of is None else [weights.size])])
    if cells.shape[1] * values.size > _MOST_COUNTS:
        raise NotEstimable("There are too many different scores to count; take the respondents one by one.")
    counts = np.bincount(cell_of * values.size + score_of, minlength=cells.shape[1] * values.size)
    attributes = codes.shape[0]
    cell_base = np.ones(cells.shape[1]) if weight_of is None else weights[cells[attributes]]
    return CountedCells(cells[:attributes], cell_base, values, counts.reshape(-1, values.size), cell_of)


def _distinct(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Distinct values in order and which each is; small whole numbers, as scores mostly are, without sorting."""
    whole = values.astype(np.int64)
    if (whole == values).all() and whole.max() - whole.min() < 1 << 16:
        from_zero = whole - whole.min()
        present = np.flatnonzero(np.bincount(from_zero))
        position = np.zeros(int(present[-1]) + 1, dtype=np.int64)
        position[present] = np.arange(present.size)
        return (present + whole.min()).astype(float), position[from_zero]
    found, index = np.unique(values, return_inverse=True)
    return found, index
