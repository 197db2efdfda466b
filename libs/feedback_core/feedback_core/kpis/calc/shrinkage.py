"""Means of many groups, each drawn towards the common mean by as much as its own answers leave it uncertain."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.kpis.calc.heterogeneity import (
    HeterogeneityMethod,
    between_group_variance,
    highest_summit,
    weighted_fit,
)
from feedback_core.kpis.calc.means import Moments, moments
from feedback_core.kpis.calc.nps import NpsCounts
from feedback_core.kpis.calc.quantiles import normal_quantile

WithinVariance = Literal["pooled", "own"]

NO_DIFFERENCE = "No difference between the groups can be told from chance: all are drawn to the common value."


@dataclass(frozen=True, slots=True)
class ShrunkMean:
    """One group's mean after shrinkage (the best linear unbiased prediction of its true mean).

    Attributes:
        raw: the group's own mean.
        shrunk: drawn towards the common mean.
        standard_error: of ``shrunk``, the uncertainty of the common mean included.
        reliability: share of the group's own distance from the common mean that is kept, 0..1.
    """

    raw: float
    shrunk: float
    standard_error: float
    reliability: float

    def interval(self, level: float = 0.95) -> Interval:
        """Normal interval of the group's true mean."""
        half = normal_quantile(level) * self.standard_error
        return Interval(self.shrunk - half, self.shrunk + half, level, "empirical_bayes")

    def probability_above(self, target: float) -> float:
        """Probability that the group's true mean is above ``target``, 0..1."""
        return float(ndtr((self.shrunk - target) / self.standard_error))


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """Means of groups under a random-effects model.

    Attributes:
        mu: the common mean, in units of the answers.
        se_mu: its standard error.
        tau2: variance between the groups' true means.
        q: Cochran's Q of equal means, on groups - 1 degrees of freedom if they are.
        i2: share of the variance of the groups' means that is between them, 0..100.
        groups: in the order given.
        warnings: what a reader must be told, a sentence each.
    """

    mu: float
    se_mu: float
    tau2: float
    q: float
    i2: float
    groups: tuple[ShrunkMean, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingShrinkage:
    """Means of groups under a one-way random-effects model of the single answers.

    Attributes:
        mu: the common mean.
        se_mu: its standard error.
        tau2: variance between the groups' true means.
        sigma2: variance of answers inside a group.
        intraclass_correlation: tau2 / (tau2 + sigma2), 0..1.
        groups: in the order given.
        warnings: what a reader must be told, a sentence each.
    """

    mu: float
    se_mu: float
    tau2: float
    sigma2: float
    intraclass_correlation: float
    groups: tuple[ShrunkMean, ...]
    warnings: tuple[str, ...] = ()


def shrink_means(means: ArrayLike, variances: ArrayLike, *, method: HeterogeneityMethod = "REML") -> Shrinkage:
    """Random-effects means of groups from their means and the squared standard errors of these.

    With B = tau2 / (tau2 + variance) a group keeps B of its distance from the common mean.

    Args:
        means: one per group, shape (k,).
        variances: of each mean, above 0, shape (k,).
        method: of estimating tau2: ``DL``, ``PM`` or ``REML``.

    Raises:
        NotEstimable: fewer than two groups; a mean that is not finite; a variance that is not finite and above 0.

    Source: as `between_group_variance`; Robinson (1991), Statistical Science 6:15, for the standard errors; Higgins &
    Thompson (2002), Statistics in Medicine 21:1539, for I². Golden: s27.
    """
    y, v = _groups(means, variances)
    return shrink_by(y, v, tau2=between_group_variance(y, v, method))


def shrink_by(means: ArrayLike, variances: ArrayLike, *, tau2: float) -> Shrinkage:
    """As `shrink_means`, with the variance between groups given, >= 0: from earlier data, or for comparison.

    Raises:
        NotEstimable: as `shrink_means`.
        ValueError: ``tau2`` is negative or not finite.
    """
    if not 0.0 <= tau2 < math.inf:
        raise ValueError(f"a variance is finite and not below 0: {tau2}")
    y, v = _groups(means, variances)
    fixed = weighted_fit(y, v, 0.0)
    total = float(fixed.weights.sum())
    typical = (y.size - 1) / (total - float(fixed.weights @ fixed.weights) / total)
    mu, se_mu, groups = _predict(y, v, tau2)
    return Shrinkage(
        mu=mu,
        se_mu=se_mu,
        tau2=tau2,
        q=fixed.q,
        i2=100.0 * tau2 / (tau2 + typical),
        groups=groups,
        warnings=() if tau2 > 0.0 else (NO_DIFFERENCE,),
    )


def shrink_group_means(
    groups: Sequence[Moments], *, within: WithinVariance = "pooled", method: HeterogeneityMethod = "REML"
) -> Shrinkage:
    """Random-effects means of groups from n, mean and variance of each.

    Args:
        groups: as `moments` gives them.
        within: ``pooled`` (the default) gives every group the common variance of answers; ``own`` its own one, which
            fails below about five answers and wherever all of a group answered alike.
        method: as `shrink_means`.

    Raises:
        NotEstimable: as `shrink_means` and `pooled_within_variance`; with ``own``, a group without spread.
    """
    if within == "pooled":
        common = pooled_within_variance(groups)
        variances = [common / group.n for group in groups]
    elif all(group.has_spread for group in groups):
        variances = [group.squared_error for group in groups]
    else:
        raise NotEstimable("A group has one answer or all alike, so it has no variance of its own; pool the variances.")
    return shrink_means([group.mean for group in groups], variances, method=method)


def shrink_nps(groups: Sequence[NpsCounts], *, method: HeterogeneityMethod = "REML") -> Shrinkage:
    """Random-effects Net Promoter Scores of groups in points, -100..100, with the pooled variance of +100, 0, -100.

    Raises:
        NotEstimable: as `shrink_group_means`; nobody answered in a group.
    """
    points = [{100: group.promoters, 0: group.passives, -100: group.detractors} for group in groups]
    return shrink_group_means([moments(counts) for counts in points], method=method)


def pooled_within_variance(groups: Sequence[Moments]) -> float:
    """Variance of answers inside groups, each weighted by n - 1.

    Raises:
        NotEstimable: no group has two answers, or inside every group all answers are alike.
    """
    freedom = sum(group.n - 1 for group in groups)
    if freedom == 0:
        raise NotEstimable("No group has two answers, so nothing is known of the spread inside groups.")
    pooled = math.fsum((group.n - 1) * (group.variance or 0.0) for group in groups) / freedom
    if pooled == 0.0:
        raise NotEstimable("Inside every group all answers are alike, so their spread cannot be estimated.")
    return pooled


def shrink_ratings(groups: Sequence[Mapping[int, int]]) -> RatingShrinkage:
    """Random-effects means of groups from their answers, both variances by restricted maximum likelihood.

    Args:
        groups: counts by value, one table per group.

    Raises:
        NotEstimable: fewer than two groups; nobody answered in a group; no group has two answers; no spread inside.

    Source: Laird & Ware (1982), Biometrics 38:963; Bates et al. (2015), J. Statistical Software 67(1), for the profiled
    likelihood. Golden: s27.
    """
    each = [moments(group) for group in groups]
    within = pooled_within_variance(each)
    n = np.array([group.n for group in each], dtype=float)
    y, _ = _groups([group.mean for group in each], within / n)
    inside = within * float((n - 1.0).sum())
    freedom = float(n.sum()) - 1.0

    def residual(ratio: float) -> float:
        return inside + weighted_fit(y, 1.0 / n, ratio).q

    def score(ratio: float) -> float:
        fit = weighted_fit(y, 1.0 / n, ratio)
        squared, total = fit.weights**2, float(fit.weights.sum())
        explained = freedom * float(squared @ (y - fit.mu) ** 2) / (inside + fit.q)
        return explained - total + float(squared.sum()) / total

    def log_likelihood(ratio: float) -> float:
        weights = n / (1.0 + n * ratio)
        return -0.5 * (
            freedom * math.log(residual(ratio)) + float(np.log1p(n * ratio).sum()) + math.log(float(weights.sum()))
        )

    ratio = highest_summit(score, log_likelihood, 1.0)
    sigma2 = residual(ratio) / freedom
    tau2 = ratio * sigma2
    mu, se_mu, shrunk = _predict(y, sigma2 / n, tau2)
    return RatingShrinkage(
        mu=mu,
        se_mu=se_mu,
        tau2=tau2,
        sigma2=sigma2,
        intraclass_correlation=ratio / (1.0 + ratio),
        groups=shrunk,
        warnings=() if tau2 > 0.0 else (NO_DIFFERENCE,),
    )


def _groups(means: ArrayLike, variances: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    y, v = np.asarray(means, dtype=float), np.asarray(variances, dtype=float)
    if y.ndim != 1 or y.shape != v.shape:
        raise ValueError(f"means and variances: shapes {y.shape} and {v.shape}, expected (k,) twice")
    if y.size < 2:
        raise NotEstimable("One group has no others to be drawn towards; shrinkage takes two groups or more.")
    if not np.isfinite(y).all():
        raise NotEstimable("A group's mean is not a finite number; leave the group out.")
    if not (np.isfinite(v).all() and (v > 0.0).all()):
        raise NotEstimable("The variance of a group's mean is not above 0; use the pooled variance of all groups.")
    return y, v


def _predict(
    means: NDArray[np.float64], variances: NDArray[np.float64], tau2: float
) -> tuple[float, float, tuple[ShrunkMean, ...]]:
    fit = weighted_fit(means, variances, tau2)
    variance_of_mu = 1.0 / float(fit.weights.sum())
    kept = tau2 / (tau2 + variances)
    shrunk = kept * means + (1.0 - kept) * fit.mu
    errors = np.sqrt(kept * variances + (1.0 - kept) ** 2 * variance_of_mu)
    rows = zip(means.tolist(), shrunk.tolist(), errors.tolist(), kept.tolist(), strict=True)
    return fit.mu, variance_of_mu**0.5, tuple(ShrunkMean(*row) for row in rows)
