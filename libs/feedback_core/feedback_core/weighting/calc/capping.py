"""Raking under a cap: no weight above a multiple of the mean, and the margins met where that allows it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.grouping import grouped
from feedback_core.weighting.calc.raking import MAX_ITERATIONS, TOLERANCE, Raking, rake, weighted_shares
from feedback_core.weighting.calc.trimming import impossible
from feedback_core.weighting.types import Convergence, Margin

# Practice is 3 to 8 times the mean; 5 is the default of the ANES procedure (DeBell & Krosnick 2009).
CAP = 5.0
_ROUNDING = 1e-9
# An uncapped weight this far above the cap can only keep growing: the cap and the margins exclude each other.
_HOPELESS = 1e9


@dataclass(frozen=True, slots=True)
class CappedRaking:
    """Raked weights of which none exceeds the cap.

    Attributes:
        weights: per respondent of each unit.
        convergence: of the raking under the cap; its error is above the tolerance where both cannot hold.
        share_capped: share of respondents whose weight was above the cap before, 0..1.
        largest_before: largest weight over the mean weight before capping.
        largest_gap: largest gap between a weighted share and the frame's, in points; 0 up to rounding when the cap and
            the margins can both be held.
    """

    weights: NDArray[np.float64]
    convergence: Convergence
    share_capped: float
    largest_before: float
    largest_gap: float


def rake_capped(
    codes: NDArray[np.int64],
    margins: Sequence[Margin],
    *,
    counts: ArrayLike | None = None,
    base: ArrayLike | None = None,
    cap: float = CAP,
) -> CappedRaking:
    """Raked weights of which none exceeds ``cap`` times the mean: of those that meet the margins, the closest to base.

    Where the cap and the margins cannot both hold, the cap does, and ``largest_gap`` says by how much the margins are
    missed.

    Args:
        codes: as for `rake`.
        margins: as for `rake`.
        counts: as for `rake`.
        base: as for `rake`.
        cap: largest weight over the mean weight, above 1.

    Raises:
        MarginsUnusable: as `rake`, without a cap.
        WeightsUnusable: as `rake`.
        BoundsImpossible: the cap is not above 1.

    Source: Deville & Särndal (1992), JASA 87:376, the multiplicative distance truncated above; for the cap, DeBell &
    Krosnick (2009), ANES Technical Report nes012427.
    """
    if not cap > 1:
        raise impossible("The cap must be above 1: no set of weights is all below its mean.")
    free = rake(codes, margins, counts=counts, base=base)
    number = np.ones(codes.shape[1]) if counts is None else np.asarray(counts, dtype=float)
    limit = cap * float(number @ free.weights) / float(number.sum())
    above = free.weights > limit * (1 + _ROUNDING)
    weights, convergence = (
        (free.weights, free.convergence) if not above.any() else _capped(codes, margins, number, free, limit)
    )
    reached = weighted_shares(codes, margins, number * weights)
    gap = max(
        float(np.abs(now - np.asarray(margin.shares)).max()) for now, margin in zip(reached, margins, strict=True)
    )
    share = float(number[above].sum() / number.sum())
    return CappedRaking(weights, convergence, share, cap * float(free.weights.max()) / limit, 100 * gap)


def _capped(
    codes: NDArray[np.int64], margins: Sequence[Margin], number: NDArray[np.float64], free: Raking, limit: float
) -> tuple[NDArray[np.float64], Convergence]:
    """Weights min(limit, base times a factor per category), the factors found one margin after the other."""
    kinds, kind = np.unique(free.weights, return_inverse=True)
    sizes = [*(len(margin.categories) for margin in margins), kinds.size]
    cells, cell_of = grouped(np.vstack([codes, kind]), sizes)
    size = np.bincount(cell_of, weights=number).astype(float)
    uncapped = kinds[cells[-1]]
    total = float(size @ uncapped)
    error, iteration = np.inf, 0
    while iteration < MAX_ITERATIONS and error >= TOLERANCE and uncapped.max() < _HOPELESS * limit:
        for row, margin in zip(cells[:-1], margins, strict=True):
            uncapped = uncapped * _factors(row, size, uncapped, total * np.asarray(margin.shares), limit)[row]
        reached = weighted_shares(cells[:-1], margins, size * np.minimum(uncapped, limit))
        error = max(
            float(np.abs(now / np.asarray(margin.shares) - 1).max())
            for now, margin in zip(reached, margins, strict=True)
        )
        iteration += 1
    held = _held_below(np.minimum(uncapped, limit), size, limit, total)
    return held[cell_of], Convergence(iteration, error, TOLERANCE)


def _factors(
    row: NDArray[np.int64],
    size: NDArray[np.float64],
    uncapped: NDArray[np.float64],
    targets: NDArray[np.float64],
    limit: float,
) -> NDArray[np.float64]:
    """Factor per category under which its capped weights sum to the target, or as near as the cap allows."""
    full = np.zeros(row.size, dtype=bool)
    factors = np.ones(targets.size)
    while True:
        room = targets - limit * np.bincount(row, weights=size * full, minlength=targets.size)
        rest = np.bincount(row, weights=size * uncapped * ~full, minlength=targets.size)
        factors = np.where((rest > 0) & (room > 0), room / np.where(rest > 0, rest, 1), factors)
        now = full | (factors[row] * uncapped >= limit)
        if (now == full).all():
            return factors
        full = now


def _held_below(
    weights: NDArray[np.float64], size: NDArray[np.float64], limit: float, total: float
) -> NDArray[np.float64]:
    """Weights of the sum ``total``, none above ``limit``; those below it are scaled to make up the sum."""
    full = weights >= limit
    while not full.all():
        factor = (total - limit * float(size[full].sum())) / float((size * weights)[~full].sum())
        more = full | (factor * weights > limit)
        if (more == full).all():
            return np.where(full, limit, factor * weights)
        full = more
    return np.full_like(weights, limit)
