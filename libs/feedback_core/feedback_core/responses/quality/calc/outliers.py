"""Improbable answer patterns: Mahalanobis distance of each respondent from the others."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri

from feedback_core.kit.errors import NotEstimable
from feedback_core.responses.quality.calc.answers import as_grid, optional

MissingAnswers = Literal["complete_rows", "pairwise"]

# A correlation matrix of a higher condition number is not inverted: its inverse would be rounding.
_WORST_CONDITION = 1e12


@dataclass(frozen=True, slots=True)
class MahalanobisDistances:
    """Distances of respondents.

    Attributes:
        squared: D² of each respondent; ``None`` where it cannot be computed.
        flagged: whether D² is above ``cut``; ``False`` where there is none.
        cut: quantile of the chi-square distribution with as many degrees of freedom as items.
        rows: respondents (from 0) with a distance.
    """

    squared: tuple[float | None, ...]
    flagged: NDArray[np.bool_]
    cut: float
    rows: tuple[int, ...]


def mahalanobis_distances(
    answers: ArrayLike, *, confidence: float = 0.99, missing: MissingAnswers = "complete_rows"
) -> MahalanobisDistances:
    """Squared Mahalanobis distance of each respondent from the mean of all.

    Args:
        answers: shape (respondents, items), NaN where missing.
        confidence: of the chi-square quantile above which a respondent is flagged; 0.999 is the stricter custom.
        missing: ``complete_rows`` leaves respondents with a missing answer out of everything; ``pairwise`` takes means
            and covariances from the answers there are, and leaves out the terms of a missing answer, as
            ``psych::outlier`` does under R's careless.

    Raises:
        NotEstimable: no more respondents than items, an item that all answered alike, or an item that follows from
            the others.
        ValueError: ``confidence`` is not strictly between 0 and 1.

    Source: Mahalanobis (1936), Proc. National Institute of Sciences of India 2:49; Meade & Craig (2012), Psychological
    Methods 17:437. Golden: s30.
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly between 0 and 1, not {confidence}")
    grid = as_grid(answers)
    given = ~np.isnan(grid)
    used = given.all(axis=1) if missing == "complete_rows" else given.any(axis=1)
    _require_spread(grid[used], given[used])
    inverse = _inverse(_covariance(grid[used], given[used]))
    centred = np.where(given, grid - _means(grid[used], given[used]), 0.0)
    squared = np.where(used, (centred @ inverse * centred).sum(axis=1), np.nan)
    cut = float(chdtri(grid.shape[1], 1.0 - confidence))
    flagged = np.zeros(squared.size, dtype=bool)
    flagged[used] = squared[used] > cut
    return MahalanobisDistances(optional(squared), flagged, cut, tuple(np.flatnonzero(used).tolist()))


@dataclass(frozen=True, slots=True)
class AnswerDistribution:
    """Means and covariances of complete answers, that other answers can be held against.

    Attributes:
        means: shape (items,).
        inverse: of the covariances, shape (items, items).
        cut: quantile of the chi-square distribution with as many degrees of freedom as items.
        n: respondents it was computed from.
    """

    means: NDArray[np.float64]
    inverse: NDArray[np.float64]
    cut: float
    n: int

    def squared_distances(self, answers: ArrayLike) -> NDArray[np.float64]:
        """Squared Mahalanobis distance of each respondent, NaN where an answer is missing."""
        centred = as_grid(answers) - self.means
        return np.asarray((centred @ self.inverse * centred).sum(axis=1))


def answer_distribution(answers: ArrayLike, *, confidence: float = 0.999) -> AnswerDistribution:
    """The distribution of the answers of respondents who answered all items.

    ``squared_distances`` of the same answers are those of ``mahalanobis_distances``.

    Args:
        answers: shape (respondents, items), NaN where missing.
        confidence: of the quantile that is ``cut``.

    Raises:
        NotEstimable: no more complete respondents than items, an item that all answered alike, or one that follows from
            the others.
        ValueError: ``confidence`` is not strictly between 0 and 1.
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence must lie strictly between 0 and 1, not {confidence}")
    grid = as_grid(answers)
    complete = grid[~np.isnan(grid).any(axis=1)]
    given = np.ones(complete.shape, dtype=bool)
    if complete.shape[0] <= max(2, grid.shape[1]):
        raise NotEstimable("There must be more respondents with all answers than there are items.")
    _require_spread(complete, given)
    return AnswerDistribution(
        means=_means(complete, given),
        inverse=_inverse(_covariance(complete, given)),
        cut=float(chdtri(grid.shape[1], 1.0 - confidence)),
        n=complete.shape[0],
    )


def _means(grid: NDArray[np.float64], given: NDArray[np.bool_]) -> NDArray[np.float64]:
    means: NDArray[np.float64] = np.where(given, grid, 0.0).sum(axis=0) / given.sum(axis=0)
    return means


def _require_spread(grid: NDArray[np.float64], given: NDArray[np.bool_]) -> None:
    both = given.T.astype(float) @ given
    if not (both > max(2, grid.shape[1])).all():
        raise NotEstimable("There must be more respondents with all answers than there are items.")
    if (np.nanmax(grid, axis=0) == np.nanmin(grid, axis=0)).any():
        raise NotEstimable("All respondents gave one item the same answer; leave that item out.")


def _covariance(grid: NDArray[np.float64], given: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Covariances by n - 1, each pair of items over the respondents who answered both."""
    both = given.T.astype(float) @ given
    # Centring first keeps the sums of products from cancelling.
    kept = np.where(given, grid - _means(grid, given), 0.0)
    sums = kept.T @ given
    return np.asarray((kept.T @ kept - sums * sums.T / both) / (both - 1.0))


def _inverse(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    deviations = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(deviations, deviations)
    if np.linalg.cond(correlation) > _WORST_CONDITION:
        raise NotEstimable("One item follows from the others, so distances have no meaning; leave that item out.")
    return np.asarray(np.linalg.inv(correlation) / np.outer(deviations, deviations))
