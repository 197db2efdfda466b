"""Straightlining: how long a respondent repeats an answer through a grid, and how little the answers vary."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.responses.quality.calc.answers import as_grid, optional


@dataclass(frozen=True, slots=True)
class AnswerStrings:
    """Runs of equal answers through the items, in the order they were asked; one figure per respondent.

    Attributes:
        longest: items of the longest run.
        average: mean length of all runs.
    """

    longest: NDArray[np.int64]
    average: NDArray[np.float64]


def answer_strings(answers: ArrayLike) -> AnswerStrings:
    """Longest and average run of equal answers.

    Args:
        answers: shape (respondents, items), NaN where missing; a missing answer ends a run and is one of its own, as in
            R's ``rle``.

    Raises:
        NotEstimable: nobody answered, or fewer than two items.

    Source: Johnson (2005), J. Research in Personality 39:103; as ``longstring`` of R's careless. Golden: s30.
    """
    grid = as_grid(answers)
    n, items = grid.shape
    longest = np.ones(n, dtype=np.int64)
    run = np.ones(n, dtype=np.int64)
    runs = np.ones(n, dtype=np.int64)
    for item in range(1, items):
        goes_on = grid[:, item] == grid[:, item - 1]
        run = np.where(goes_on, run + 1, 1)
        runs += ~goes_on
        np.maximum(longest, run, out=longest)
    return AnswerStrings(longest, items / runs)


def response_variability(answers: ArrayLike, *, skip_missing: bool = True) -> tuple[float | None, ...]:
    """Intra-individual response variability (IRV): standard deviation, by n - 1, of each respondent's answers.

    ``None`` where fewer than two answers are left, or, without ``skip_missing``, where one is missing. 0 is a
    straight line; very high values may be random answers.

    Raises:
        NotEstimable: nobody answered, or fewer than two items.

    Source: Dunn et al. (2018), J. Business and Psychology 33:105; as ``irv`` of R's careless. Golden: s30.
    """
    grid = as_grid(answers)
    given = ~np.isnan(grid)
    n = given.sum(axis=1)
    counts = n > 1 if skip_missing else given.all(axis=1)
    kept = np.where(given, grid, 0.0)
    mean = kept.sum(axis=1) / np.maximum(n, 1)
    squares = np.where(given, (grid - mean[:, None]) ** 2, 0.0).sum(axis=1)
    # A line of equal fractions must give 0, not the rounding of its mean.
    highest = np.where(given, grid, -np.inf).max(axis=1)
    straight = highest == np.where(given, grid, np.inf).min(axis=1)
    spread = np.where(straight, 0.0, np.sqrt(squares / np.maximum(n - 1, 1)))
    return optional(np.where(counts, spread, np.nan))
