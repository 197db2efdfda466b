"""Why calibration failed: bounds too narrow, and which would do, or totals that no weights meet."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from feedback_core.kit.errors import Fault, Invalid
from feedback_core.weighting.calc.model_matrix import ModelMatrix
from feedback_core.weighting.calc.trimming import impossible
from feedback_core.weighting.margins import pointer
from feedback_core.weighting.types import MarginsUnusable

# Between the nearest bounds there may be a single choice, on the bounds themselves; a little more leaves room.
_ROOM = 1.02
# A linear programme over more kinds of respondents would keep the caller waiting.
_MOST_PATTERNS = 100_000


def refusal(
    matrix: ModelMatrix,
    mass: NDArray[np.float64],
    targets: NDArray[np.float64],
    bounds: tuple[float, float] | None,
) -> Invalid:
    """The error to raise when no factors between ``bounds``, if there are any, meet the ``targets``.

    Args:
        matrix: auxiliaries of each kind of respondent.
        mass: base weight of each kind, shape (units,).
        targets: totals of the frame, shape (columns,).
        bounds: around 1, one of them finite at least.
    """
    if bounds is None:
        return _contradiction()
    if mass.size > _MOST_PATTERNS:
        return impossible("No weights meet the totals between the bounds; widen them.")
    needed = _nearest_bounds(matrix, mass / mass.sum(), targets / mass.sum(), bounds)
    if needed is None:
        return _contradiction()
    lower, upper = (_told(1 + _ROOM * (bound - 1)) for bound in needed)
    return impossible(
        f"No weights meet the totals with g-weights between {bounds[0]:g} and {bounds[1]:g}; bounds of {lower:g} and "
        f"{upper:g} would do."
    )


def _told(bound: float) -> float:
    """The bound to three decimals, away from 1."""
    if not math.isfinite(bound):
        return bound
    return (math.ceil(1000 * bound) if bound > 1 else math.floor(1000 * bound)) / 1000


def _nearest_bounds(
    matrix: ModelMatrix, mass: NDArray[np.float64], targets: NDArray[np.float64], bounds: tuple[float, float]
) -> tuple[float, float] | None:
    """Bounds between which the targets can be met, moved as little as possible in sum; ``None`` when none do."""
    units, finite = mass.size, [math.isfinite(bound) for bound in bounds]
    met = hstack([csr_array((matrix.written_out() * mass[:, None]).T), csr_array((targets.size, 2))])
    # Factors g between lower - a and upper + b, with a, b >= 0 as small as can be.
    sides = [
        (hstack([sign * eye_array(units, format="csr"), csr_array(moved)]), np.full(units, sign * bound))
        for sign, bound, moved, known in zip(
            (-1.0, 1.0), bounds, np.eye(2)[:, None, :] * -np.ones((1, units, 1)), finite, strict=True
        )
        if known
    ]
    solved = linprog(  # type: ignore[call-overload]  # the stubs do not know sparse matrices, which it takes
        np.append(np.zeros(units), [1.0, 1.0]),
        A_ub=vstack([rows for rows, _ in sides]),
        b_ub=np.concatenate([limits for _, limits in sides]),
        A_eq=met,
        b_eq=targets,
        bounds=[(None, None)] * units + [(0, None)] * 2,
        method="highs",
    )
    return None if solved.x is None else (bounds[0] - float(solved.x[-2]), bounds[1] + float(solved.x[-1]))


def _contradiction() -> MarginsUnusable:
    return MarginsUnusable(
        [
            Fault(
                pointer(),
                "margins_cannot_be_met_together",
                "No weights of these respondents meet all totals together: some contradict each other, or some weights "
                "would have to go to 0; check the totals, merge small categories or leave one out.",
            )
        ]
    )
