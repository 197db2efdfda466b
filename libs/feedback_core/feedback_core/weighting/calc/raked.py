"""Raking with what every scheme tells: cost, balance before and after, what a cap cut."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.weighting.calc.balance import margin_balance
from feedback_core.weighting.calc.calibration import Calibration
from feedback_core.weighting.calc.capping import rake_capped
from feedback_core.weighting.calc.raking import positive, rake
from feedback_core.weighting.calc.weighting import Weighting, described
from feedback_core.weighting.types import Margin

# Points by which capped weights may miss a share before it is told.
_TOLD_GAP = 0.1


def weight_by_raking(
    codes: NDArray[np.int64],
    margins: Sequence[Margin],
    *,
    counts: ArrayLike | None = None,
    base: ArrayLike | None = None,
    total: float | None = None,
    cap: float | None = None,
) -> Weighting:
    """Raked weights as a `Weighting`: `rake`, or with a ``cap`` (times the mean) `rake_capped`.

    Args:
        codes: as for `rake`.
        margins: as for `rake`.
        counts: as for `rake`.
        base: as for `rake`.
        total: what the weights sum to; the frame's size when the first margin has counts, otherwise that of the base
            weights.
        cap: largest weight over the mean; none when absent.

    Raises:
        MarginsUnusable: as `rake`.
        WeightsUnusable: as `rake`.
        RakingDidNotConverge: as `rake`.
        BoundsImpossible: the cap is not above 1.

    Source: as `rake`. Golden: s11, s35.
    """
    units = codes.shape[1]
    number, start = positive(counts, units, "counts"), positive(base, units, "base weights")
    wanted = margins[0].total if total is None else total
    told: list[str] = []
    trimmed = 0
    if cap is None:
        raking = rake(codes, margins, counts=number, base=start, total=wanted)
        weights, convergence = raking.weights, raking.convergence
    else:
        capped = rake_capped(codes, margins, counts=number, base=start, cap=cap)
        scale = 1.0 if wanted is None else wanted / float(number @ capped.weights)
        weights, convergence = scale * capped.weights, capped.convergence
        trimmed = round(capped.share_capped * float(number.sum()))
        if capped.largest_gap > _TOLD_GAP:
            told.append(f"Held to {cap:g} times the mean, weights miss the frame by {capped.largest_gap:.1f} points.")
    return described(
        "raking",
        weights,
        base=start,
        counts=number,
        balance=(margin_balance(codes, margins, number * start), margin_balance(codes, margins, number * weights)),
        calibration=Calibration(codes, number * start),
        convergence=convergence,
        trimmed=trimmed,
        warnings=told,
    )
