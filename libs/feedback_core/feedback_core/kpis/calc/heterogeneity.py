"""How much groups differ beyond what sampling explains: the variance between them, by moments or by REML."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feedback_core.kpis.calc.roots import crossing, uniroot

HeterogeneityMethod = Literal["DL", "PM", "REML"]

# Points at which a likelihood is looked at for its summits, and the smallest of them as a share of the largest.
_GRID = 120
_SMALLEST = 1e-9
# Up to here metafor looks for Paule and Mandel's variance, and stops where uniroot does: within 1.2e-4 of the root.
_WIDEST = 100.0


@dataclass(frozen=True, slots=True)
class WeightedFit:
    """Groups' means weighted by the inverse of their whole variance.

    Attributes:
        weights: 1 / (variance between + variance of the mean), shape (k,).
        mu: the weighted mean.
        q: weighted sum of squares about it: Cochran's Q where the variance between is 0.
    """

    weights: NDArray[np.float64]
    mu: float
    q: float


def between_group_variance(
    means: NDArray[np.float64], variances: NDArray[np.float64], method: HeterogeneityMethod
) -> float:
    """Variance between groups, >= 0, in squared units of the means.

    Args:
        means: of the groups, shape (k,), k >= 2.
        variances: squared standard errors of the means, all above 0, shape (k,).
        method: ``DL`` DerSimonian-Laird, ``PM`` Paule-Mandel, ``REML`` restricted maximum likelihood.

    Source: DerSimonian & Laird (1986), Controlled Clinical Trials 7:177; Paule & Mandel (1982), J. Research of the
    National Bureau of Standards 87:377; Viechtbauer (2005), J. Educational and Behavioral Statistics 30:261. Golden:
    s27.
    """
    if method == "PM":
        return _paule_mandel(means, variances)
    # Means on the scale of their standard errors keep the search independent of the units.
    unit = float(variances.mean())
    return unit * _METHODS[method](means / unit**0.5, variances / unit)


def weighted_fit(means: NDArray[np.float64], variances: NDArray[np.float64], between: float) -> WeightedFit:
    """The ``means`` weighted for a variance ``between`` groups; shapes as in `between_group_variance`."""
    weights = 1.0 / (between + variances)
    mu = float(weights @ means) / float(weights.sum())
    return WeightedFit(weights, mu, float(weights @ (means - mu) ** 2))


def highest_summit(score: Callable[[float], float], log_likelihood: Callable[[float], float], upper: float) -> float:
    """Where ``log_likelihood`` is highest on 0 or above, by the zeros of its derivative ``score``.

    The likelihood of a variance may have more than one summit, so all between 0 and ``upper`` are looked at.
    ``upper`` is doubled until the likelihood falls there.
    """
    while score(upper) > 0.0:
        upper *= 2.0
    grid = [0.0, *np.geomspace(upper * _SMALLEST, upper, _GRID).tolist()]
    slopes = [score(at) for at in grid]
    summits = [0.0] if slopes[0] <= 0.0 else []
    summits += [
        crossing(score, positive_at=left, beyond=right)
        for left, right, rising, falling in zip(grid, grid[1:], slopes, slopes[1:], strict=False)
        if rising > 0.0 >= falling
    ]
    return max(summits, key=log_likelihood)


def _dersimonian_laird(means: NDArray[np.float64], variances: NDArray[np.float64]) -> float:
    fit = weighted_fit(means, variances, 0.0)
    total = float(fit.weights.sum())
    return max(0.0, (fit.q - (means.size - 1)) / (total - float(fit.weights @ fit.weights) / total))


def _paule_mandel(means: NDArray[np.float64], variances: NDArray[np.float64]) -> float:
    def excess(between: float) -> float:
        return weighted_fit(means, variances, between).q - (means.size - 1)

    if excess(0.0) <= 0.0:
        return 0.0
    if excess(_WIDEST) < 0.0:
        return uniroot(excess, 0.0, _WIDEST)
    upper = _WIDEST
    while excess(upper) > 0.0:
        upper *= 2.0
    return crossing(excess, positive_at=0.0, beyond=upper)


def _reml(means: NDArray[np.float64], variances: NDArray[np.float64]) -> float:
    def score(between: float) -> float:
        fit = weighted_fit(means, variances, between)
        squared = fit.weights**2
        total = float(fit.weights.sum())
        return float(squared @ (means - fit.mu) ** 2) - total + float(squared.sum()) / total

    def log_likelihood(between: float) -> float:
        fit = weighted_fit(means, variances, between)
        return -0.5 * (float(-np.log(fit.weights).sum() + np.log(fit.weights.sum())) + fit.q)

    return highest_summit(score, log_likelihood, _generous(means))


def _generous(means: NDArray[np.float64]) -> float:
    return 1.0 + 2.0 * float(means.var(ddof=1))


_METHODS: dict[str, Callable[[NDArray[np.float64], NDArray[np.float64]], float]] = {
    "DL": _dersimonian_laird,
    "REML": _reml,
}
