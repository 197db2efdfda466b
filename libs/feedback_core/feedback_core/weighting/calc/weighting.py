"""What every weighting scheme returns: the weights, what errors need of them, and what they cost and mend."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_core.weighting.calc.balance import Balance
from feedback_core.weighting.calc.calibration import Calibration
from feedback_core.weighting.calc.design_effect import kish_design_effect
from feedback_core.weighting.types import Convergence, DesignEffect

# A factor above this lets few people speak for many (Holt & Smith 1979 and practice: 3 to 5).
LARGE_FACTOR = 5.0


@dataclass(frozen=True, slots=True)
class Weighting:
    """Weights of one scheme.

    Attributes:
        scheme: ``poststratification``, ``raking``, ``linear``, ``logit``, ``response_propensity`` or
            ``reference_propensity``.
        weights: of a respondent of each unit, shape (units,).
        g_weights: smallest and largest weight over base weight.
        calibration: what linearised standard errors take residuals against; ``None`` where weights count as fixed.
        convergence: of the iteration, where there is one.
        design_effect: Kish's; ``None`` when a weight is not above 0.
        before: standardised differences from the frame under the base weights; ``None`` where they have no meaning
            because the frame does not vary in an attribute.
        after: under these weights.
        trimmed: respondents whose weight or propensity was cut.
        warnings: what a reader must be told, a sentence each.
    """

    scheme: str
    weights: NDArray[np.float64]
    g_weights: tuple[float, float]
    calibration: Calibration | None
    convergence: Convergence | None
    design_effect: DesignEffect | None
    before: Balance | None
    after: Balance | None
    trimmed: int = 0
    warnings: tuple[str, ...] = ()


def described(
    scheme: str,
    weights: NDArray[np.float64],
    *,
    base: NDArray[np.float64],
    counts: NDArray[np.float64],
    balance: tuple[Balance | None, Balance | None] = (None, None),
    calibration: Calibration | None = None,
    convergence: Convergence | None = None,
    trimmed: int = 0,
    warnings: Sequence[str] = (),
) -> Weighting:
    """`Weighting` of ``weights``, with the warnings that every scheme shares: weights below 0, and large factors."""
    factors = weights / base
    usual = float(counts @ weights) / float(counts @ base)
    told = list(warnings)
    below = round(float(counts[weights <= 0].sum()))
    if below:
        told.append(f"{below} weights are not above 0; use the raking or logit distance, or a lower bound.")
    if factors.max() > LARGE_FACTOR * usual:
        told.append(
            f"The largest factor is {factors.max() / usual:.1f} times the average one: few people speak for many."
        )
    return Weighting(
        scheme=scheme,
        weights=weights,
        g_weights=(float(factors.min()), float(factors.max())),
        calibration=calibration,
        convergence=convergence,
        design_effect=None if below else kish_design_effect(weights, counts),
        before=balance[0],
        after=balance[1],
        trimmed=trimmed,
        warnings=tuple(told),
    )
