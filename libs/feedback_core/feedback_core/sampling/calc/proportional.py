"""Samples with probability proportional to size: systematic along the random order of the permanent numbers."""

import numpy as np
from numpy.typing import NDArray

from feedback_core.sampling.calc.drawn import Drawn
from feedback_core.sampling.calc.simple import places_after


def inclusion_probabilities(sizes: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Probabilities n x / sum(x), of which none passes 1: whoever would is certain, and the rest share what is left.

    Args:
        sizes: of each unit, above 0, shape (N,).
        n: units wanted, at most N.

    Raises:
        ValueError: a size that is not a number above 0, or more wanted than there are.

    Source: Särndal, Swensson & Wretman (1992), 3.6.2; Tillé (2006), Sampling Algorithms, 2.10.
    """
    if not (np.isfinite(sizes).all() and (sizes > 0).all()):
        raise ValueError("every size is a number above 0")
    if n > sizes.size:
        raise ValueError("more units are wanted than there are")
    certain = np.zeros(sizes.size, dtype=bool)
    while True:
        left = n - np.count_nonzero(certain)
        total = sizes[~certain].sum()
        over = ~certain & (left * sizes >= total)
        if not over.any() or not left:
            break
        certain |= over
    probability = np.where(certain, 1.0, left * sizes / total if total > 0 else 0.0)
    return np.asarray(probability, dtype=np.float64)


def draw_proportional(
    numbers: NDArray[np.int64], sizes: NDArray[np.float64], n: int, start: float, *, begin: int = 0
) -> Drawn:
    """``n`` units, each with exactly the probability that `inclusion_probabilities` says.

    The probabilities of all units are laid end to end, in the random order of the circle; those are drawn into whose
    part one of the points start, start + 1, … falls. Random order makes nearly every set possible, so that variances
    can be estimated as for designs of high entropy.

    Args:
        numbers: permanent random number of each unit, shape (N,).
        sizes: of each unit, above 0, shape (N,).
        n: at least 1, at most N.
        start: from 0 up to 1, uniform.
        begin: where on the circle the order begins.

    Raises:
        ValueError: as `inclusion_probabilities`.

    Source: Madow (1949), Annals of Mathematical Statistics 20:333; Hartley & Rao (1962), ibid. 33:350 (random order).
    """
    probability = inclusion_probabilities(sizes, n)
    order = np.argsort(places_after(numbers, begin), kind="stable")
    certain = probability[order] >= 1
    some = order[~certain]
    left = n - int(np.count_nonzero(certain))
    ends = np.cumsum(probability[some])
    if some.size:
        # What rounding left of the sum, which is whole.
        ends *= left / ends[-1]
        ends[-1] = left
    points = start + np.arange(left)
    chosen = np.concatenate([order[certain], some[np.searchsorted(ends, points, side="right")]])
    return Drawn(chosen, probability[chosen])
