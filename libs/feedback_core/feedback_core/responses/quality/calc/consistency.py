"""Even-odd consistency: does a respondent answer one half of each scale as the other?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.responses.quality.calc.answers import as_grid, optional

# Spread this far below the size of the answers is rounding of their means.
_ROUNDING = 1e-14


def even_odd_inconsistency(answers: ArrayLike, scales: Sequence[int]) -> tuple[float | None, ...]:
    """Minus the correlation, over scales, of each respondent's means of even and odd items, by Spearman and Brown.

    -1 is consistent, 1 the opposite: a high figure speaks for careless answers, as in R's careless from 1.2.0. ``None``
    where a respondent has fewer than two scales with answers in both halves, or the same mean in all halves. With
    fewer than about ten scales it says little.

    Args:
        answers: shape (respondents, items), reversed items turned round, NaN where missing.
        scales: number of items of each scale, in the order of the columns; they sum to the number of items.

    Raises:
        NotEstimable: nobody answered; fewer than two scales; a scale of a single item.
        ValueError: ``scales`` does not sum to the number of items.

    Source: Johnson (2005), J. Research in Personality 39:103; as ``evenodd`` of R's careless. Golden: none.
    """
    grid = as_grid(answers)
    if len(scales) < 2:
        raise NotEstimable("Even-odd consistency compares scales with each other; it takes at least two.")
    if min(scales) < 2:
        raise NotEstimable("A scale of one item has no halves to compare; leave it out.")
    if sum(scales) != grid.shape[1]:
        raise ValueError(f"scales of {sum(scales)} items in all, but {grid.shape[1]} columns")
    starts = np.cumsum([0, *scales[:-1]])
    spans = [slice(start, start + size) for start, size in zip(starts.tolist(), scales, strict=True)]
    odd = np.column_stack([_means(grid[:, span][:, 0::2]) for span in spans])
    even = np.column_stack([_means(grid[:, span][:, 1::2]) for span in spans])
    correlation = _correlations(even, odd)
    with np.errstate(divide="ignore"):
        stepped = np.maximum(2.0 * correlation / (1.0 + correlation), -1.0)
    return optional(-stepped)


def _means(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    given = ~np.isnan(answers)
    n = given.sum(axis=1)
    sums = np.where(given, answers, 0.0).sum(axis=1)
    return np.where(n > 0, sums / np.maximum(n, 1), np.nan)


def _correlations(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlation of each row of ``first`` with that of ``second`` over the pairs without NaN; NaN where undefined."""
    paired = ~(np.isnan(first) | np.isnan(second))
    n = np.maximum(paired.sum(axis=1), 1)[:, None]
    a, b = (np.where(paired, side, 0.0) for side in (first, second))
    a, b = (np.where(paired, side - side.sum(axis=1, keepdims=True) / n, 0.0) for side in (a, b))
    whole = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    scale = np.where(paired, np.abs(first) + np.abs(second), 0.0).max(axis=1)
    defined = (paired.sum(axis=1) > 1) & (whole > _ROUNDING * scale**2)
    return np.where(defined, np.clip((a * b).sum(axis=1) / np.where(defined, whole, 1.0), -1.0, 1.0), np.nan)
