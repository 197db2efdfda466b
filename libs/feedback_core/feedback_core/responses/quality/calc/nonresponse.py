"""Item non-response: which items were left without an answer by those who were asked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.responses.quality.calc.answers import as_grid


@dataclass(frozen=True, slots=True)
class ItemNonresponse:
    """One item's missing answers.

    Attributes:
        asked: respondents who were shown the item.
        missing: of these, without an answer. "Don't know" and "does not apply" are answers.
        rate: missing / asked; ``None`` where nobody was asked.
    """

    asked: int
    missing: int
    rate: float | None


def item_nonresponse_rates(answers: ArrayLike, asked: NDArray[np.bool_] | None = None) -> tuple[ItemNonresponse, ...]:
    """Missing answers of each item, in the order of the columns.

    Args:
        answers: shape (respondents, items), NaN where missing.
        asked: whether the item was shown to the respondent, same shape; to everybody when absent.

    Raises:
        NotEstimable: there is no respondent or no item.
        ValueError: the shapes differ.

    Golden: s30.
    """
    grid = as_grid(answers, items=1)
    shown = np.ones(grid.shape, dtype=bool) if asked is None else asked
    if shown.shape != grid.shape:
        raise ValueError(f"asked: shape {shown.shape}, expected {grid.shape}")
    n = shown.sum(axis=0).tolist()
    without = (shown & np.isnan(grid)).sum(axis=0).tolist()
    return tuple(
        ItemNonresponse(asked=of, missing=missing, rate=missing / of if of else None)
        for of, missing in zip(n, without, strict=True)
    )
