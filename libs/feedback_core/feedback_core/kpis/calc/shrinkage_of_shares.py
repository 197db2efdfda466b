"""Shares of many groups drawn towards the common share: the beta-binomial model."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincc, betaincinv, betaln, psi

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.kpis.calc.proportion_differences import Share
from feedback_core.kpis.calc.quantiles import upper_tail
from feedback_core.kpis.calc.roots import crossing
from feedback_core.kpis.calc.shrinkage import NO_DIFFERENCE

# Strengths of the prior (in answers) at which the likelihood is looked at: from shares of 0 and 1 to no difference.
_WEAKEST, _STRONGEST, _GRID = 1e-3, 1e7, 90
# A likelihood no more than this above the one of equal shares is rounding, not difference.
_ROUNDING = 1e-7


@dataclass(frozen=True, slots=True)
class ShrunkShare:
    """One group's share after shrinkage: a beta distribution of its true share.

    Attributes:
        raw: the group's own share, 0..1.
        shrunk: mean of the distribution.
        reliability: share of the group's own distance from the common share that is kept, 0..1.
        alpha: of the beta distribution.
        beta: of the beta distribution.
    """

    raw: float
    shrunk: float
    reliability: float
    alpha: float
    beta: float

    def interval(self, level: float = 0.95) -> Interval:
        """Central interval of the beta distribution."""
        tail = upper_tail(level)
        low, high = (float(betaincinv(self.alpha, self.beta, at)) for at in (tail, 1.0 - tail))
        return Interval(low, high, level, "beta_binomial")

    def probability_above(self, target: float) -> float:
        """Probability that the group's true share is above ``target`` (0..1)."""
        return float(betaincc(self.alpha, self.beta, target))


@dataclass(frozen=True, slots=True)
class ShareShrinkage:
    """Shares of groups under a beta-binomial model.

    Attributes:
        mean: the common share, alpha / (alpha + beta).
        strength: alpha + beta, the answers that the common share is worth; ``None`` where nothing sets groups apart.
        overdispersion: 1 / (alpha + beta + 1), the intraclass correlation, 0..1.
        groups: in the order given.
        warnings: what a reader must be told, a sentence each.
    """

    mean: float
    strength: float | None
    overdispersion: float
    groups: tuple[ShrunkShare, ...]
    warnings: tuple[str, ...] = ()


def shrink_shares(groups: Sequence[Share]) -> ShareShrinkage:
    """Shares of groups as (alpha + successes) / (alpha + beta + n), alpha and beta by maximum likelihood.

    Where the likelihood is highest at no difference at all, every group gets the distribution of the common share
    (Jeffreys' prior), and a warning.

    Raises:
        NotEstimable: fewer than two groups; no group has two answers; none or all count in every group, or in each
            group either none or all.

    Source: Skellam (1948), JRSS B 10:257; Morris (1983), JASA 78:47. Golden: none; SciPy's betabinom.
    """
    if len(groups) < 2:
        raise NotEstimable("One group has no others to be drawn towards; shrinkage takes two groups or more.")
    x = np.array([group.successes for group in groups], dtype=float)
    n = np.array([group.n for group in groups], dtype=float)
    if n.max() < 2:
        raise NotEstimable("No group has two answers, so the groups cannot be told apart from single answers.")
    if x.sum() in {0.0, n.sum()}:
        raise NotEstimable("None or all of the answers count in every group, so there is no difference to estimate.")
    if ((x == 0.0) | (x == n)).all():
        raise NotEstimable("In each group either none or all of the answers count; a common spread cannot be fitted.")
    common = float(x.sum() / n.sum())
    fitted = _most_likely(x, n)
    if fitted is None:
        alpha, beta = float(x.sum()) + 0.5, float((n - x).sum()) + 0.5
        alike = tuple(ShrunkShare(group.value, common, 0.0, alpha, beta) for group in groups)
        return ShareShrinkage(common, None, 0.0, alike, (NO_DIFFERENCE,))
    mean, strength = fitted
    return ShareShrinkage(
        mean=mean,
        strength=strength,
        overdispersion=1.0 / (strength + 1.0),
        groups=tuple(_posterior(group, mean, strength) for group in groups),
    )


def _posterior(group: Share, mean: float, strength: float) -> ShrunkShare:
    alpha = mean * strength + group.successes
    beta = (1.0 - mean) * strength + group.failures
    return ShrunkShare(group.value, alpha / (alpha + beta), group.n / (group.n + strength), alpha, beta)


def _most_likely(x: NDArray[np.float64], n: NDArray[np.float64]) -> tuple[float, float] | None:
    """Mean and strength of the prior of highest likelihood; ``None`` where that is at infinite strength."""

    def slope(log_strength: float) -> float:
        """Of the likelihood in the strength, the mean being the likeliest one there."""
        strength = math.exp(log_strength)
        mean = _likeliest_mean(x, n, strength)
        gained = mean * _digamma_gain(mean * strength, x) + (1.0 - mean) * _digamma_gain((1.0 - mean) * strength, n - x)
        return float((gained - _digamma_gain(strength, n)).sum())

    def log_likelihood(log_strength: float) -> float:
        strength = math.exp(log_strength)
        return _log_likelihood(x, n, _likeliest_mean(x, n, strength), strength)

    grid = np.linspace(math.log(_WEAKEST), math.log(_STRONGEST), _GRID).tolist()
    slopes = [slope(at) for at in grid]
    summits = [
        crossing(slope, positive_at=left, beyond=right)
        for left, right, rising, falling in zip(grid, grid[1:], slopes, slopes[1:], strict=False)
        if rising > 0.0 >= falling
    ]
    equal = float(x.sum() / n.sum())
    none = float(x.sum()) * math.log(equal) + float((n - x).sum()) * math.log(1.0 - equal)
    best = max(summits, key=log_likelihood, default=None)
    if best is None or log_likelihood(best) <= none + _ROUNDING:
        return None
    strength = math.exp(best)
    return _likeliest_mean(x, n, strength), strength


def _likeliest_mean(x: NDArray[np.float64], n: NDArray[np.float64], strength: float) -> float:
    """The mean for which a prior of this strength is likeliest; the likelihood is concave in it."""

    def slope(mean: float) -> float:
        above = _digamma_gain(mean * strength, x)
        below = _digamma_gain((1.0 - mean) * strength, n - x)
        return float((above - below).sum())

    edge = 1e-12
    return crossing(slope, positive_at=edge, beyond=1.0 - edge)


def _digamma_gain(start: float, steps: NDArray[np.float64]) -> NDArray[np.float64]:
    gain: NDArray[np.float64] = psi(start + steps) - psi(start)
    return gain


def _log_likelihood(x: NDArray[np.float64], n: NDArray[np.float64], mean: float, strength: float) -> float:
    alpha, beta = mean * strength, (1.0 - mean) * strength
    return float((betaln(alpha + x, beta + n - x) - betaln(alpha, beta)).sum())
