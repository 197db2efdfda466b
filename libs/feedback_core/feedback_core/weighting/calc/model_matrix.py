"""Dummies of every category of every attribute and numbers beside them, as a matrix that is never written out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.grouping import grouped

# Directions with less than this of the largest spread are what one dummy repeats of the others.
_REPEATED = 1e-11


@dataclass(frozen=True, slots=True)
class ModelMatrix:
    """A row per unit; a column per category of each attribute, and one per number.

    The dummies of an attribute sum to one, so the constant is among what they span whenever there is an attribute.

    Attributes:
        codes: shape (attributes, units): category of each unit, 0 … size - 1.
        sizes: number of categories per attribute.
        numbers: shape (numbers, units).
    """

    codes: NDArray[np.int64]
    sizes: tuple[int, ...]
    numbers: NDArray[np.float64]

    def fitted(self, slopes: NDArray[np.float64]) -> NDArray[np.float64]:
        """The matrix times ``slopes``, shape (columns, q): shape (units, q)."""
        dummies = sum(self.sizes)
        product: NDArray[np.float64] = self.numbers.T @ slopes[dummies:]
        start = 0
        for row, size in zip(self.codes, self.sizes, strict=True):
            product = product + slopes[start : start + size][row]
            start += size
        return product

    def sums(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """The transposed matrix times ``columns``, shape (units, q): shape (columns, q)."""
        blocks = [_summed(row, columns, size) for row, size in zip(self.codes, self.sizes, strict=True)]
        return np.vstack([*blocks, self.numbers @ columns])

    def crossed(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The matrix times itself, each unit weighted: shape (columns, columns)."""
        starts = np.concatenate([[0], np.cumsum(self.sizes, dtype=np.int64)])
        dummies, columns = int(starts[-1]), int(starts[-1]) + self.numbers.shape[0]
        product = np.zeros((columns, columns))
        for i, (row, size) in enumerate(zip(self.codes, self.sizes, strict=True)):
            for j in range(i, len(self.sizes)):
                joint = np.bincount(row * self.sizes[j] + self.codes[j], weights, size * self.sizes[j])
                block = joint.reshape(size, self.sizes[j])
                product[starts[i] : starts[i + 1], starts[j] : starts[j + 1]] = block
                product[starts[j] : starts[j + 1], starts[i] : starts[i + 1]] = block.T
        if self.numbers.shape[0]:
            with_numbers = self.sums((self.numbers * weights).T)
            product[:, dummies:] = with_numbers
            product[dummies:, :] = with_numbers.T
        return product

    def written_out(self) -> NDArray[np.float64]:
        """Shape (units, columns)."""
        return np.hstack([*(np.eye(s)[row] for row, s in zip(self.codes, self.sizes, strict=True)), self.numbers.T])


def standardised(
    numbers: NDArray[np.float64], weights: NDArray[np.float64], *, centred: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """``numbers``, shape (numbers, units), as deviations (if ``centred``) in standard deviations; centres and scales.

    What they span together with the constant stays the same, and products with them do not lose digits.
    """
    whole = weights.sum()
    centres = numbers @ weights / whole if centred else np.zeros(numbers.shape[0])
    deviations = numbers - centres[:, None]
    scales = np.sqrt(deviations**2 @ weights / whole)
    # A constant repeats the intercept: what is left of it is rounding, which must not be blown up to a column.
    constant = scales <= 1e-12 * np.abs(numbers).max(axis=1, initial=0.0)
    scales = np.where(constant, 1.0, scales)
    return np.where(constant[:, None], 0.0 * deviations, deviations / scales[:, None]), centres, scales


def solved(products: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """A solution of normal equations that may be singular because columns repeat each other.

    Args:
        products: shape (columns, columns), symmetric, no negative eigenvalue.
        right: shape (columns, q).
    """
    diagonal = np.diag(products)
    scale = np.where(diagonal > 0, diagonal, 1.0) ** -0.5
    scaled = scale[:, None] * products * scale
    solution = np.linalg.lstsq(scaled, scale[:, None] * right, rcond=_REPEATED)[0]
    answer: NDArray[np.float64] = scale[:, None] * solution
    return answer


def distinct_patterns(
    codes: NDArray[np.int64], sizes: Sequence[int], numbers: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Units alike in every attribute and number, gathered.

    Returns:
        Codes of the patterns, shape (attributes, patterns), their numbers, shape (numbers, patterns), and the pattern
        of each unit, shape (units,).
    """
    values = [np.unique(row, return_inverse=True) for row in numbers]
    indexes = np.array([index for _, index in values], dtype=np.int64).reshape(len(values), codes.shape[1])
    cells, pattern_of = grouped(np.vstack([codes, indexes]), [*sizes, *(known.size for known, _ in values)])
    found = [known[row] for (known, _), row in zip(values, cells[codes.shape[0] :], strict=True)]
    return cells[: codes.shape[0]], np.array(found, dtype=float).reshape(len(found), cells.shape[1]), pattern_of


def _summed(codes: NDArray[np.int64], columns: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    return np.column_stack([np.bincount(codes, weights=column, minlength=size) for column in columns.T])
