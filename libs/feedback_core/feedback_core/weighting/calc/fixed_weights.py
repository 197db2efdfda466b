"""The weighted mean with its weights taken as fixed numbers: conservative after weighting to margins, and simple."""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.weighting.calc.design_effect import kish_design_effect


def mean_under_fixed_weights(
    scores: ArrayLike, weights: ArrayLike, *, counts: ArrayLike | None = None, level: float = 0.95
) -> Estimate:
    """Weighted mean with variance Σ w² (y - mean)² / (Σ w)² and a normal interval.

    It knows nothing of margins, strata or clusters: `weighted_mean` is the better error where they are known.

    Args:
        scores: of each unit, shape (units,).
        weights: of a respondent of each unit, above 0.
        counts: respondents in each unit; one each when absent.
        level: of the interval.

    Raises:
        NotEstimable: fewer than two respondents, or a score or weight that is not a finite number.

    Source: Särndal, Swensson & Wretman (1992), 5.7 (Hájek's mean); Python balance 0.23. Golden: s11.
    """
    each, weight = np.asarray(scores, dtype=float), np.asarray(weights, dtype=float)
    number = np.ones(each.size) if counts is None else np.asarray(counts, dtype=float)
    if number.sum() < 2:
        raise NotEstimable("Fewer than two people answered, so there is no spread to judge the figure by.")
    if not np.isfinite(each).all():
        raise NotEstimable("An answer is not a finite number; leave missing answers out before estimating.")
    effect = kish_design_effect(weight, number)
    mass = number * weight
    value = float(mass @ each) / float(mass.sum())
    error = float((number * weight**2) @ (each - value) ** 2) ** 0.5 / float(mass.sum())
    if error == 0:
        told = ("The answers leave no spread, so there is no interval to give.",)
        return Estimate(value, None, 0.0, effect.n, effect.effective_n, told)
    half = NormalDist().inv_cdf((1 + level) / 2) * error
    interval = Interval(value - half, value + half, level, "weights_as_fixed")
    return Estimate(value, interval, error, effect.n, effect.effective_n)
