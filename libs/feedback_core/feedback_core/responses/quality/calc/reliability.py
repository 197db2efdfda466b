"""Reliability of a scale of items: Cronbach's alpha and its relatives."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtri

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.responses.quality.calc.answers import as_grid

# A correlation matrix of a higher condition number is not inverted: its inverse would be rounding.
_WORST_CONDITION = 1e12
# A variance this far below the items' is rounding.
_ROUNDING = 1e-12
_ENOUGH = 30
_LEAST_RESPONDENTS = 3


@dataclass(frozen=True, slots=True)
class ScaleReliability:
    """How far the items of a scale measure one thing.

    Attributes:
        n: respondents who answered all items.
        k: items.
        alpha: Cronbach's alpha of the raw items; negative when items contradict each other.
        interval: of ``alpha``; ``None`` when the items agree entirely.
        standardised_alpha: of the items scaled to equal variance.
        average_correlation: mean correlation of two items.
        lambda6: Guttman's lambda 6; ``None`` when one item follows from the others.
        alpha_if_dropped: alpha without each item; ``None`` with two items.
        item_rest_correlations: of each item with the sum of the others; ``None`` when that sum has no spread.
        item_means: of each item.
        warnings: what a reader must be told, a sentence each.
    """

    n: int
    k: int
    alpha: float
    interval: Interval | None
    standardised_alpha: float
    average_correlation: float
    lambda6: float | None
    alpha_if_dropped: tuple[float | None, ...]
    item_rest_correlations: tuple[float | None, ...]
    item_means: tuple[float, ...]
    warnings: tuple[str, ...] = ()


def scale_reliability(answers: ArrayLike, *, level: float = 0.95) -> ScaleReliability:
    """Reliability of the items of one scale, from respondents who answered all of them.

    alpha = k / (k - 1) x (1 - sum of variances / variance of the sum), with Feldt's interval. With two items,
    ``standardised_alpha`` is the Spearman-Brown coefficient.

    Args:
        answers: shape (respondents, items), reversed items turned round, NaN where missing.
        level: of the interval.

    Raises:
        NotEstimable: fewer than two items; fewer than three complete respondents; an item without spread, or a sum
            without.
        ValueError: ``level`` is not strictly between 0 and 1.

    Source: Cronbach (1951), Psychometrika 16:297; Feldt, Woodruff & Salih (1987), Applied Psychological Measurement
    11:93; Guttman (1945), Psychometrika 10:255. Golden: s31.
    """
    grid = complete_answers(answers, items=2)
    moments = AnswerMoments(grid.shape[0], grid.mean(axis=0), np.cov(grid, rowvar=False))
    return reliability_of_moments(moments, incomplete=as_grid(answers).shape[0] - grid.shape[0], level=level)


@dataclass(frozen=True, slots=True)
class AnswerMoments:
    """All that reliability needs to know of the answers of respondents who answered every item.

    Attributes:
        n: respondents.
        means: shape (items,).
        covariance: by n - 1, shape (items, items).
    """

    n: int
    means: NDArray[np.float64]
    covariance: NDArray[np.float64]


def reliability_of_moments(moments: AnswerMoments, *, incomplete: int = 0, level: float = 0.95) -> ScaleReliability:
    """``scale_reliability`` of answers of which only the moments are known.

    Args:
        moments: reversed items turned round.
        incomplete: respondents who left an item without an answer, for the warnings.
        level: of the interval.

    Raises:
        NotEstimable: as ``scale_reliability``.
        ValueError: ``level`` is not strictly between 0 and 1.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie strictly between 0 and 1, not {level}")
    require_scale(moments, items=2)
    n, covariance = moments.n, moments.covariance
    k = covariance.shape[0]
    correlation = correlations(covariance)
    alpha = _alpha(covariance)
    average = float((correlation.sum() - k) / (k * (k - 1)))
    rest = _item_rest(covariance)
    return ScaleReliability(
        n=n,
        k=k,
        alpha=alpha,
        interval=_feldt(alpha, n, k, level) if alpha < 1.0 - _ROUNDING else None,
        standardised_alpha=_alpha(correlation),
        average_correlation=average,
        lambda6=_lambda6(correlation),
        alpha_if_dropped=tuple(_alpha_without(covariance, item) for item in range(k)),
        item_rest_correlations=rest,
        item_means=tuple(moments.means.tolist()),
        warnings=_warnings(n, incomplete, rest),
    )


def complete_answers(answers: ArrayLike, *, items: int) -> NDArray[np.float64]:
    """The respondents without a missing answer, shape (n, items).

    Raises:
        NotEstimable: fewer than ``items`` items, fewer than three such respondents, or an item without spread.
    """
    grid = as_grid(answers, items=items)
    complete = grid[~np.isnan(grid).any(axis=1)]
    if complete.shape[0] < _LEAST_RESPONDENTS:
        raise NotEstimable("Fewer than three respondents answered every item of the scale.")
    flat = np.flatnonzero(complete.max(axis=0) == complete.min(axis=0))
    if flat.size:
        raise NotEstimable(f"All respondents gave item {flat[0] + 1} the same answer; leave it out of the scale.")
    return complete


def require_scale(moments: AnswerMoments, *, items: int) -> None:
    """Refuse moments that are not those of a scale.

    Raises:
        NotEstimable: fewer than ``items`` items, fewer than three respondents, or an item without spread.
    """
    if moments.covariance.shape[0] < items:
        raise NotEstimable(f"This takes at least {items} items, and there are {moments.covariance.shape[0]}.")
    if moments.n < _LEAST_RESPONDENTS:
        raise NotEstimable("Fewer than three respondents answered every item of the scale.")
    flat = np.flatnonzero(np.diag(moments.covariance) <= 0.0)
    if flat.size:
        raise NotEstimable(f"All respondents gave item {flat[0] + 1} the same answer; leave it out of the scale.")


def correlations(covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """The correlation matrix of a covariance matrix, its diagonal exactly 1."""
    deviations = np.sqrt(np.diag(covariance))
    correlation: NDArray[np.float64] = covariance / np.outer(deviations, deviations)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def _alpha(covariance: NDArray[np.float64]) -> float:
    k = covariance.shape[0]
    whole, parts = float(covariance.sum()), float(np.trace(covariance))
    if whole <= _ROUNDING * parts:
        raise NotEstimable("The sum of the items has no spread: reversed items cancel out; turn them round first.")
    return float(k / (k - 1) * (1.0 - parts / whole))


def _alpha_without(covariance: NDArray[np.float64], item: int) -> float | None:
    rest = np.delete(np.delete(covariance, item, axis=0), item, axis=1)
    if rest.size == 1:
        return None
    try:
        return _alpha(rest)
    except NotEstimable:
        return None


def _feldt(alpha: float, n: int, k: int, level: float) -> Interval:
    df = (n - 1, (n - 1) * (k - 1))
    tail = (1.0 - level) / 2.0
    low, high = (1.0 - (1.0 - alpha) * float(fdtri(*df, at)) for at in (1.0 - tail, tail))
    return Interval(low, high, level, "feldt")


def _lambda6(correlation: NDArray[np.float64]) -> float | None:
    if np.linalg.cond(correlation) > _WORST_CONDITION:
        return None
    unexplained = 1.0 / np.diag(np.linalg.inv(correlation))
    return float(1.0 - unexplained.sum() / correlation.sum())


def _item_rest(covariance: NDArray[np.float64]) -> tuple[float | None, ...]:
    variances, with_all = np.diag(covariance), covariance.sum(axis=1)
    with_rest = with_all - variances
    of_rest = covariance.sum() - 2.0 * with_all + variances
    return tuple(
        None if rest <= _ROUNDING * np.trace(covariance) else float(shared / (own * rest) ** 0.5)
        for own, shared, rest in zip(variances, with_rest, of_rest, strict=True)
    )


def _warnings(n: int, incomplete: int, rest: tuple[float | None, ...]) -> tuple[str, ...]:
    said = []
    if incomplete:
        said.append(f"{incomplete} respondents left an item without an answer and are not counted.")
    against = [str(item) for item, r in enumerate(rest, start=1) if r is not None and r < 0.0]
    if against:
        said.append(f"Against the others runs item {', '.join(against)}: turn it round, or leave it out.")
    if n < _ENOUGH:
        said.append(f"Only {n} respondents: read the interval before the figure.")
    return tuple(said)
