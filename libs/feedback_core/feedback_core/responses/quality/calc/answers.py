"""The grid of answers that the quality indices read."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable


def as_grid(answers: ArrayLike, *, items: int = 2) -> NDArray[np.float64]:
    """Answers as an array (respondents, items), NaN where missing.

    Raises:
        NotEstimable: no respondent, fewer than ``items`` items, or an answer that is infinite.
        ValueError: not two-dimensional.
    """
    grid = np.asarray(answers, dtype=float)
    if grid.ndim != 2:
        raise ValueError(f"answers: shape {grid.shape}, expected (respondents, items)")
    if grid.shape[0] == 0:
        raise NotEstimable("Nobody answered, so there is nothing to check.")
    if grid.shape[1] < items:
        raise NotEstimable(f"This takes at least {items} items, and there are {grid.shape[1]}.")
    if np.isinf(grid).any():
        raise NotEstimable("An answer is infinite; mark it as missing.")
    return grid


def optional(values: NDArray[np.float64]) -> tuple[float | None, ...]:
    """The ``values`` with ``None`` for NaN."""
    return tuple(None if math.isnan(value) else value for value in values.tolist())
