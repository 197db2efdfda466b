"""Difference between two groups of the same weighted sample, whose errors are not independent of each other."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.design import Design
from feedback_core.weighting.calc.linearisation import Linearised, weighted_ratio, weighted_total


def difference_of_means(
    scores: ArrayLike, first: NDArray[np.bool_], second: NDArray[np.bool_], design: Design
) -> Linearised:
    """Weighted mean of ``second`` minus that of ``first``, linearised over the whole sample.

    Clusters, strata and calibration that both groups share are taken into account; with one group the complement of the
    other it is the slope of a survey-weighted regression on the group.

    Args:
        scores: of every respondent, shape (n,).
        first: who belongs to the first group, shape (n,).
        second: who belongs to the second; nobody to both.
        design: of all respondents.

    Raises:
        NotEstimable: a group without anybody, or as `weighted_mean`.

    Source: Binder (1983), Int. Statistical Review 51:279; ``svyglm`` of R's survey. Golden: s35.
    """
    if (first & second).any():
        raise ValueError("nobody can be in both groups")
    each = np.asarray(scores, dtype=float)
    influence = np.zeros(each.size)
    value = 0.0
    for inside, sign in ((first, -1.0), (second, 1.0)):
        if not inside.any():
            raise NotEstimable("One of the two groups is empty, so there is nothing to compare.")
        mean = weighted_ratio(np.where(inside, each, 0.0), inside.astype(float), design)
        value += sign * mean.value
        influence += sign * inside * (each - mean.value) / weighted_total(inside.astype(float), design).value
    return replace(weighted_total(influence, design), value=value)
