"""Weights cut to bounds, and what is cut shared out among the others."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import Fault, Invalid

_MAX_PASSES = 10_000


class BoundsImpossible(Invalid):
    """No weights with the same sum fit between these bounds."""

    code = "bounds_impossible"


@dataclass(frozen=True, slots=True)
class Trimmed:
    """Weights inside bounds (nearly so when trimmed once), with their sum unchanged.

    Attributes:
        weights: after trimming, same order.
        trimmed: how many were outside the bounds at first.
        passes: rounds of trimming.
    """

    weights: NDArray[np.float64]
    trimmed: int
    passes: int


def trim_weights(weights: ArrayLike, *, lower: float = 0.0, upper: float = np.inf, strict: bool = False) -> Trimmed:
    """Weights set to the bounds where outside them, the difference shared equally among the others.

    Args:
        weights: one per respondent.
        lower: smallest weight wanted.
        upper: largest weight wanted.
        strict: repeat until all are inside; otherwise sharing out may push some over a bound.

    Raises:
        BoundsImpossible: lower is not below upper, every weight is outside, or the mean weight is.

    Source: ``trimWeights`` of R's survey package (Lumley 2010). Golden: s08.
    """
    current = np.array(weights, dtype=float)
    _check_bounds(current, lower, upper)
    trimmed = int(np.count_nonzero((current < lower) | (current > upper)))
    passes = 0
    while passes < _MAX_PASSES:
        outside = (current < lower) | (current > upper)
        if not outside.any() or (passes and not strict):
            break
        if outside.all():
            raise impossible("Every weight is outside the bounds, so there is none to take up the difference.")
        cut = np.clip(current, lower, upper)
        share = float((current - cut).sum()) / int(np.count_nonzero(~outside))
        current = np.where(outside, cut, cut + share)
        passes += 1
    return Trimmed(current, trimmed, passes)


def _check_bounds(weights: NDArray[np.float64], lower: float, upper: float) -> None:
    if weights.size == 0 or not (np.isfinite(weights).all() and (weights > 0).all()):
        raise impossible("Weights must be finite numbers above 0, and there must be at least one.")
    if not lower < upper:
        raise impossible(f"The lower bound {lower} is not below the upper bound {upper}.")
    mean = float(weights.mean())
    if not lower <= mean <= upper:
        raise impossible(f"The mean weight {mean:.6g} is outside the bounds {lower} to {upper}; widen them.")


def impossible(detail: str) -> BoundsImpossible:
    """The error, with its one fault."""
    return BoundsImpossible([Fault("/weighting/bounds", "bounds_impossible", detail)])
