"""Respondents gathered into the cells of their categories."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Up to here a table of all possible combinations is cheaper than sorting the rows.
_DENSE = 1 << 20


def grouped(codes: NDArray[np.int64], sizes: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct columns of ``codes`` and, for each column, which of them it is.

    Args:
        codes: shape (attributes, units), each row in 0 … size - 1.
        sizes: number of categories per attribute.

    Returns:
        Codes of the distinct cells, shape (attributes, cells), and the cell of each unit, shape (units,).

    Raises:
        ValueError: a code outside its attribute's categories.
    """
    cell_of = np.zeros(codes.shape[1], dtype=np.int64)
    cells = np.zeros((0, 1), dtype=np.int64)
    for row, size in zip(codes, sizes, strict=True):
        if row.size and (row.min() < 0 or row.max() >= size):
            raise ValueError("a code lies outside the categories of its attribute")
        joint, cell_of = _compact(cell_of * size + row, cells.shape[1] * size)
        cells = np.vstack([cells[:, joint // size], joint % size])
    return cells, cell_of


def compacted(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Position of each code among the distinct ones in order: 0, 1, … without gaps; ``codes`` must not be empty."""
    lowest, highest = int(codes.min()), int(codes.max())
    return _compact(codes - lowest, highest - lowest + 1)[1]


def _compact(keys: NDArray[np.int64], possible: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct keys in order, and the index of each key among them."""
    if possible > _DENSE:
        distinct, index = np.unique(keys, return_inverse=True)
        return distinct, index
    present = np.flatnonzero(np.bincount(keys, minlength=possible))
    position = np.zeros(possible, dtype=np.int64)
    position[present] = np.arange(present.size)
    return present, position[keys]
