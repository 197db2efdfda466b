"""Standard errors of weighted figures by Taylor linearisation: strata, clusters, finite population, raked weights."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.weighting.calc.design import Design, check_rows
from feedback_core.weighting.calc.design_effect import kish_design_effect
from feedback_core.weighting.calc.sampling_variance import covariance_of_totals

# A standard error this far below the spread of the scores is rounding, not information.
ROUNDING = 1e-13

# Below this a Student interval hangs on the spread of a handful of clusters.
FEW_DEGREES_OF_FREEDOM = 10


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

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the interval must be told."""
        if self.degrees_of_freedom >= FEW_DEGREES_OF_FREEDOM:
            return ()
        return (
            f"The standard error rests on only {self.degrees_of_freedom} degrees of freedom (clusters minus strata).",
        )

    def interval(self, level: float = 0.95, *, quantile: Literal["t", "z"] = "t") -> Interval:
        """Interval by Student's t on the design's degrees of freedom, or by the normal quantile.

        Raises:
            NotEstimable: the standard error is zero, so an interval would pretend certainty; or no degree of freedom.
        """
        if self.standard_error == 0:
            raise NotEstimable("The answers show no spread, so there is no interval to give.")
        width = self.t_quantile(level) if quantile == "t" else float(ndtri((1 + level) / 2))
        half = width * self.standard_error
        return Interval(self.value - half, self.value + half, level, f"linearised_{quantile}")

    def t_quantile(self, level: float) -> float:
        """Half-width of the central ``level`` of Student's t on the design's degrees of freedom.

        Raises:
            NotEstimable: the design has no degree of freedom.
            ValueError: ``level`` is not strictly between 0 and 1.
        """
        if not 0 < level < 1:
            raise ValueError(f"level must lie strictly between 0 and 1, not {level}")
        if self.degrees_of_freedom < 1:
            raise NotEstimable("There are no more clusters than strata, so the precision cannot be judged.")
        return float(stdtrit(self.degrees_of_freedom, (1 + level) / 2))


def weighted_mean(scores: ArrayLike, design: Design) -> Linearised:
    """Weighted mean of ``scores``, shape (n,), over the design's domain; of 0/1 scores, the weighted share.

    Scores outside the domain are not looked at: a missing answer is left out by ``design.within(answered)``.

    Raises:
        NotEstimable: no respondent, a score or weight that is not a finite number, or a stratum with a single cluster.

    Source: Binder (1983), Int. Statistical Review 51:279; with calibration, Deville & Särndal (1992), JASA 87:376.
    Golden: s04, s05, s08.
    """
    each = finite_scores(scores, design)
    return _ratio(each, np.ones(each.size), design)


def weighted_total(scores: ArrayLike, design: Design) -> Linearised:
    """Weighted total of ``scores`` over the design's domain. Raises and source: as `weighted_mean`."""
    each = finite_scores(scores, design)
    mass = design.mass()
    return linearised(float(mass @ each), each, design, scale=float(np.abs(mass * each).sum()))


def weighted_proportion(holds: ArrayLike, design: Design) -> Linearised:
    """Weighted share of respondents for whom ``holds`` (bool) is true. Raises and source: as `weighted_mean`."""
    return weighted_mean(np.asarray(holds, dtype=bool).astype(float), design)


def weighted_ratio(numerator: ArrayLike, denominator: ArrayLike, design: Design) -> Linearised:
    """Weighted total of ``numerator`` over that of ``denominator``, both over the design's domain.

    The mean of a domain is also the ratio of (score where inside, 0 outside) to (1 inside, 0 outside): respondents
    outside stay in, so that no cluster is lost.

    Raises:
        NotEstimable: as `weighted_mean`; or the denominator's total is zero.

    Source: as `weighted_mean`.
    """
    return _ratio(finite_scores(numerator, design), finite_scores(denominator, design), design)


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64], design: Design) -> Linearised:
    mass = design.mass()
    whole = float(mass @ below)
    if whole == 0:
        raise NotEstimable("The denominator's weighted total is zero, so the ratio does not exist.")
    value = float(mass @ above) / whole
    influence = (above - value * below) / whole
    size = float((mass * (np.abs(above) + np.abs(value * below))).sum()) / abs(whole)
    return linearised(value, influence, design, scale=size)


def linearised(value: float, influence: NDArray[np.float64], design: Design, *, scale: float) -> Linearised:
    """The figure whose standard error is that of the weighted total of ``influence``, shape (n,).

    Args:
        value: the figure.
        influence: derivative of the figure by the weight of each row.
        design: of the respondents.
        scale: size of the terms that the figure sums; a standard error of its rounding is given as 0.
    """
    error = float(covariance_of_totals(influence[:, None], design)[0, 0]) ** 0.5
    return summarised(value, error if error > ROUNDING * scale else 0.0, design)


def summarised(value: float, standard_error: float, design: Design) -> Linearised:
    """A figure with the degrees of freedom, n and effective n of the design's domain."""
    inside = design.respondents() > 0
    counts = None if design.counts is None else design.counts[inside]
    effect = kish_design_effect(design.weights[inside], counts)
    return Linearised(value, standard_error, design.degrees_of_freedom(), effect.n, effect.effective_n)


def finite_scores(scores: ArrayLike, design: Design) -> NDArray[np.float64]:
    """Scores of the domain as floats, 0 outside it.

    Raises:
        NotEstimable: no respondent, or a score or weight that is not a finite number.
        ValueError: not one score per row.
    """
    each = np.asarray(scores, dtype=float)
    if each.shape != design.weights.shape:
        raise ValueError(f"scores: shape {each.shape}, expected {design.weights.shape}")
    check_rows(design)
    if design.domain is not None:
        each = np.where(design.domain, each, 0.0)
    if not np.isfinite(each).all():
        raise NotEstimable("An answer is not a finite number; leave missing answers out before estimating.")
    return each
