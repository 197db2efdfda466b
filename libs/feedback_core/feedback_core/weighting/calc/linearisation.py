"""Standard errors of weighted figures by Taylor linearisation: strata, clusters, finite population, raked weights."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.weighting.calc.calibration import Calibration
from feedback_core.weighting.calc.design_effect import kish_design_effect

# A standard error this far below the spread of the scores is rounding, not information.
_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class Design:
    """How the respondents were drawn and weighted.

    Attributes:
        weights: final weight of each respondent, > 0, shape (n,).
        strata: code of each respondent's stratum; one stratum when absent.
        clusters: code of each respondent's cluster (site, account) inside its stratum; each their own when absent.
        population: clusters (or, without clusters, people) in the respondent's stratum; unlimited when absent.
        calibration: what the weights were raked to, so that only the spread it leaves counts.
    """

    weights: NDArray[np.float64]
    strata: NDArray[np.int64] | None = None
    clusters: NDArray[np.int64] | None = None
    population: NDArray[np.float64] | None = None
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class Linearised:
    """A weighted figure and its design-based precision.

    Attributes:
        value: in the units of the answers.
        standard_error: linearised; 0 only when the design leaves no spread at all.
        degrees_of_freedom: clusters minus strata.
        n: respondents.
        n_effective: Kish effective n of the weights.
    """

    value: float
    standard_error: float
    degrees_of_freedom: int
    n: int
    n_effective: float

    def interval(self, level: float = 0.95) -> Interval:
        """Student t interval on the design's degrees of freedom.

        Raises:
            NotEstimable: the standard error is zero, so an interval would pretend certainty.
        """
        if self.standard_error == 0:
            raise NotEstimable("The answers show no spread, so there is no interval to give.")
        half = float(stdtrit(self.degrees_of_freedom, (1 + level) / 2)) * self.standard_error
        return Interval(self.value - half, self.value + half, level, "linearised_t")


def weighted_mean(scores: ArrayLike, design: Design) -> Linearised:
    """Weighted mean of ``scores``, shape (n,); of 0/1 scores, the weighted share.

    Raises:
        NotEstimable: no respondent, a score or weight that is not a finite number, or a stratum with a single cluster.

    Source: Binder (1983), Int. Statistical Review 51:279; with calibration, Deville & Särndal (1992), JASA 87:376.
    Golden: s08.
    """
    each = _finite(scores, design)
    return weighted_ratio(each, np.ones(each.size), design)


def weighted_total(scores: ArrayLike, design: Design) -> Linearised:
    """Weighted total of ``scores``. Raises and source: as `weighted_mean`."""
    each = _finite(scores, design)
    value = float(design.weights @ each)
    return _linearised(value, each, design, scale=float(np.abs(design.weights * each).sum()))


def weighted_proportion(holds: ArrayLike, design: Design) -> Linearised:
    """Weighted share of respondents for whom ``holds`` (bool) is true. Raises and source: as `weighted_mean`."""
    return weighted_mean(np.asarray(holds, dtype=bool).astype(float), design)


def weighted_ratio(numerator: ArrayLike, denominator: ArrayLike, design: Design) -> Linearised:
    """Weighted total of ``numerator`` over that of ``denominator``.

    The mean of a domain is the ratio of (score where inside, 0 outside) to (1 inside, 0 outside): respondents outside
    stay in, so that no cluster is lost.

    Raises:
        NotEstimable: as `weighted_mean`; or the denominator's total is zero.

    Source: as `weighted_mean`.
    """
    above, below = _finite(numerator, design), _finite(denominator, design)
    whole = float(design.weights @ below)
    if whole == 0:
        raise NotEstimable("The denominator's weighted total is zero, so the ratio does not exist.")
    value = float(design.weights @ above) / whole
    influence = (above - value * below) / whole
    size = float((design.weights * (np.abs(above) + abs(value * below))).sum()) / abs(whole)
    return _linearised(value, influence, design, scale=size)


def covariance_of_totals(scores: NDArray[np.float64], design: Design) -> NDArray[np.float64]:
    """Covariance matrix (p, p) of the weighted totals of ``scores``, shape (n, p).

    Raises:
        NotEstimable: fewer than two clusters in a stratum.
    """
    left = scores if design.calibration is None else design.calibration.residuals(scores)
    stratum, sums, population = _cluster_sums(design.weights[:, None] * left, design)
    sizes = np.bincount(stratum)
    if (sizes < 2).any():
        raise NotEstimable(
            "A stratum has a single cluster or respondent, so its spread is unknown; merge it with a similar stratum."
        )
    covariance = np.zeros((scores.shape[1], scores.shape[1]))
    for code, size in enumerate(sizes):
        inside = stratum == code
        spread = sums[inside] - sums[inside].mean(axis=0)
        drawn = 0.0 if population is None else size / population[inside][0]
        covariance += (1 - drawn) * size / (size - 1) * (spread.T @ spread)
    return covariance


def _linearised(value: float, influence: NDArray[np.float64], design: Design, scale: float) -> Linearised:
    variance = float(covariance_of_totals(influence[:, None], design)[0, 0])
    error = variance**0.5
    effect = kish_design_effect(design.weights)
    shown = error if error > _ROUNDING * scale else 0.0
    return Linearised(value, shown, _degrees_of_freedom(design), effect.n, effect.effective_n)


def _degrees_of_freedom(design: Design) -> int:
    stratum, cluster = _codes(design)
    return int(cluster.max() + 1) - int(stratum.max() + 1)


def _codes(design: Design) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Stratum of each respondent from 0, and cluster from 0, the same code in two strata being two clusters."""
    n = design.weights.size
    stratum = np.zeros(n, dtype=np.int64) if design.strata is None else np.unique(design.strata, return_inverse=True)[1]
    if design.clusters is None:
        return stratum, np.arange(n)
    names, inside = np.unique(design.clusters, return_inverse=True)
    return stratum, np.unique(stratum * names.size + inside, return_inverse=True)[1]


def _cluster_sums(
    scores: NDArray[np.float64], design: Design
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64] | None]:
    """Per cluster: its stratum, the sums of ``scores`` (clusters, p), and the clusters in the stratum's population."""
    stratum, cluster = _codes(design)
    size = int(cluster.max()) + 1
    sums = np.column_stack([np.bincount(cluster, weights=column, minlength=size) for column in scores.T]).astype(float)
    first = np.unique(cluster, return_index=True)[1]
    if design.population is None:
        return stratum[first], sums, None
    return stratum[first], sums, _population(design.population, stratum, first)


def _population(
    given: NDArray[np.float64], stratum: NDArray[np.int64], first: NDArray[np.int64]
) -> NDArray[np.float64]:
    drawn = np.bincount(stratum[first])[stratum]
    if (given != given[first][np.unique(stratum[first], return_index=True)[1]][stratum]).any():
        raise NotEstimable("A stratum is given with two population sizes; give one.")
    if not (given >= drawn).all():
        raise NotEstimable(
            "A stratum is said to hold fewer clusters than were drawn from it; mend its population size."
        )
    return given[first]


def _finite(scores: ArrayLike, design: Design) -> NDArray[np.float64]:
    each = np.asarray(scores, dtype=float)
    if each.shape != design.weights.shape:
        raise ValueError(f"scores: shape {each.shape}, expected {design.weights.shape}")
    if each.size == 0:
        raise NotEstimable("Nobody answered, so there is nothing to estimate.")
    if not np.isfinite(each).all():
        raise NotEstimable("An answer is not a finite number; leave missing answers out before estimating.")
    if not (np.isfinite(design.weights).all() and (design.weights > 0).all()):
        raise NotEstimable("A weight is not a finite number above 0.")
    return each
