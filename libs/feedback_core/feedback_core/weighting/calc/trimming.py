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


def trim_to_mean_ratio(
    weights: ArrayLike, weight_trimming_mean_ratio: float, *, counts: ArrayLike | None = None
) -> Trimmed:
    """Weights cut at a multiple of their mean, then all scaled to the sum before; the largest ends above the multiple.

    Args:
        weights: of a respondent of each unit.
        weight_trimming_mean_ratio: largest weight over the mean, above 1.
        counts: respondents in each unit; one each when absent.

    Raises:
        BoundsImpossible: a ratio that is not above 1, or weights that are not finite and above 0.

    Source: ``trim_weights`` of Python's balance 0.23. Golden: s12.
    """
    each, number = _usable(weights, counts)
    if not weight_trimming_mean_ratio > 1:
        raise impossible("The ratio to the mean must be above 1: no set of weights is all below its mean.")
    limit = weight_trimming_mean_ratio * float(number @ each) / float(number.sum())
    return _scaled_back(each, number, np.minimum(each, limit))


def trim_to_percentiles(
    weights: ArrayLike,
    weight_trimming_percentile: float | tuple[float, float],
    *,
    counts: ArrayLike | None = None,
) -> Trimmed:
    """Weights below the lower and above the upper percentile set to it (winsorised), then scaled to the sum before.

    Args:
        weights: of a respondent of each unit.
        weight_trimming_percentile: share of respondents cut at either end, or (lower, upper); 0 leaves an end alone.
            Each share is raised by min(2 / n, a tenth of it), as balance does.
        counts: respondents in each unit; one each when absent.

    Raises:
        BoundsImpossible: shares below 0 or so large that the two meet, or weights that are not finite and above 0.

    Source: ``trim_weights`` of Python's balance 0.23. Golden: s12.
    """
    each, number = _usable(weights, counts)
    given = weight_trimming_percentile
    ends = given if isinstance(given, tuple) else (given, given)
    if not all(0 <= end < 1 for end in ends):
        raise impossible("Each share of weights to cut must be at least 0 and below 1.")
    n = float(number.sum())
    lower, upper = (end + min(2 / n, end / 10) for end in ends)
    if lower + upper >= 1:
        raise impossible("The two ends to cut leave no weight between them; cut less.")
    order = np.argsort(each, kind="stable")
    upto = np.cumsum(number[order])

    def at(position: float) -> float:
        return float(each[order][np.searchsorted(upto, position, side="right")])

    low = at(np.ceil(lower * (n - 1))) if lower else 0.0
    high = at(np.floor((1 - upper) * (n - 1))) if upper else np.inf
    return _scaled_back(each, number, np.clip(each, low, max(low, high)))


def _scaled_back(before: NDArray[np.float64], number: NDArray[np.float64], cut: NDArray[np.float64]) -> Trimmed:
    scale = float(number @ before) / float(number @ cut)
    return Trimmed(scale * cut, round(float(number[cut != before].sum())), 1)


def _usable(weights: ArrayLike, counts: ArrayLike | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    each = np.array(weights, dtype=float)
    _refuse_unusable(each)
    return each, np.ones(each.size) if counts is None else np.asarray(counts, dtype=float)


def _refuse_unusable(weights: NDArray[np.float64]) -> None:
    if weights.size == 0 or not (np.isfinite(weights).all() and (weights > 0).all()):
        raise impossible("Weights must be finite numbers above 0, and there must be at least one.")


def _check_bounds(weights: NDArray[np.float64], lower: float, upper: float) -> None:
    _refuse_unusable(weights)
    if not lower < upper:
        raise impossible(f"The lower bound {lower} is not below the upper bound {upper}.")
    mean = float(weights.mean())
    if not lower <= mean <= upper:
        raise impossible(f"The mean weight {mean:.6g} is outside the bounds {lower} to {upper}; widen them.")


def impossible(detail: str) -> BoundsImpossible:
    """The error, with its one fault."""
    return BoundsImpossible([Fault("/weighting/bounds", "bounds_impossible", detail)])
