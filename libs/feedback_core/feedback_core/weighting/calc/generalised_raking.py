"""Calibration of weights to totals of the frame: generalised regression, raking and the bounded distances between."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.balance import margin_balance
from feedback_core.weighting.calc.calibration import Calibration
from feedback_core.weighting.calc.distances import Distance, Factor, factor_of
from feedback_core.weighting.calc.model_matrix import ModelMatrix, distinct_patterns, solved, standardised
from feedback_core.weighting.calc.raking import positive, refuse_empty_categories
from feedback_core.weighting.calc.reach import refusal
from feedback_core.weighting.calc.weighting import Weighting, described
from feedback_core.weighting.types import Convergence, Margin

TOLERANCE = 1e-11
MAX_ITERATIONS = 200
# A gap that is left by rounding; more is a failure, and half-converged weights are never returned.
_ROUNDING = 1e-9
_ROUNDING_OF_DUAL = 1e-14
_MOST_HALVINGS = 60
_TRACE = 1e-9


@dataclass(frozen=True, slots=True)
class NumericTotal:
    """A number known of every respondent, and its total over the frame.

    Attributes:
        attribute: its key.
        values: of a respondent of each unit, finite, shape (units,).
        total: over the frame.
    """

    attribute: str
    values: NDArray[np.float64]
    total: float


def calibrate(
    codes: NDArray[np.int64],
    margins: Sequence[Margin],
    numbers: Sequence[NumericTotal] = (),
    *,
    distance: Distance = "linear",
    bounds: tuple[float, float] | None = None,
    counts: ArrayLike | None = None,
    base: ArrayLike | None = None,
    total: float | None = None,
) -> Weighting:
    """Weights that meet every margin and every total, at the least ``distance`` from the base weights.

    Args:
        codes: shape (margins, units), as `encode` makes them.
        margins: shares of the frame; none calibrates to ``total`` and ``numbers`` alone.
        numbers: numbers with totals.
        distance: ``linear`` is the generalised regression estimator, whose weights may fall below 0; ``raking`` keeps
            them above 0; ``logit`` keeps them strictly between bounds.
        bounds: smallest and largest weight over base weight, around 1; required by ``logit``.
        counts: respondents in each unit; one each when absent.
        base: design weight of a respondent of each unit; 1 when absent.
        total: people in the frame; that of the first margin with counts when absent, otherwise the sum of base weights.

    Raises:
        MarginsUnusable: a category without respondents, or totals that no weights meet together.
        BoundsImpossible: no weights meet the totals between the bounds; the fault says between which they would.
        WeightsUnusable: counts, base weights or total that are not finite and above 0.
        NotEstimable: a number that is not finite.

    Source: Deville & Särndal (1992), JASA 87:376; Deville, Särndal & Sautory (1993), JASA 88:1013. Golden: s09, s35.
    """
    units = codes.shape[1]
    number, start = positive(counts, units, "counts"), positive(base, units, "base weights")
    factor = factor_of(distance, bounds)
    refuse_empty_categories(codes, margins)
    values = _values(numbers, units)
    size = _frame_size(margins, total, float(number @ start))
    sizes = [len(margin.categories) for margin in margins] or [1]
    rows = codes if margins else np.zeros((1, units), dtype=np.int64)
    cells, measured, pattern_of = distinct_patterns(rows, sizes, values)
    mass = np.bincount(pattern_of, weights=number * start, minlength=cells.shape[1]).astype(float)
    scaled, centres, scales = standardised(measured, mass, centred=True)
    shares = np.concatenate([margin.shares for margin in margins] or [(1.0,)])
    wanted = np.array([one.total for one in numbers], dtype=float)
    targets = _Targets(
        sums=np.concatenate([size * shares, (wanted - size * centres) / scales]),
        units=np.concatenate([size * shares, np.abs(wanted) / scales + size]),
    )
    matrix = ModelMatrix(cells, tuple(sizes), scaled)
    factors, convergence = _solve(matrix, mass, targets, factor)
    if convergence.largest_error > _ROUNDING:
        raise refusal(matrix, mass, targets.sums, bounds)
    weights = start * factors[pattern_of]
    before = margin_balance(codes, margins, number * start) if margins else None
    return described(
        distance,
        weights,
        base=start,
        counts=number,
        balance=(before, margin_balance(codes, margins, number * weights) if margins else None),
        calibration=Calibration(rows, number * start, values),
        convergence=convergence,
    )


@dataclass(frozen=True, slots=True)
class _Targets:
    """Sums to reach, and what a gap in each is measured in."""

    sums: NDArray[np.float64]
    units: NDArray[np.float64]


def _solve(
    matrix: ModelMatrix, mass: NDArray[np.float64], targets: _Targets, factor: Factor
) -> tuple[NDArray[np.float64], Convergence]:
    """Factors by Newton's method with halved steps on the convex dual; the error says how near they came."""
    whole = mass.sum()
    share, wanted = mass / whole, targets.sums / whole
    spread = matrix.crossed(share)
    slopes, score = np.zeros(wanted.size), np.zeros(mass.size)
    iteration = 0
    while True:
        factors = factor.value(score)
        gap = wanted - matrix.sums((share * factors)[:, None])[:, 0]
        error = float(np.max(np.abs(gap) * whole / targets.units))
        if error < TOLERANCE or iteration == MAX_ITERATIONS:
            return factors, Convergence(iteration, error, TOLERANCE)
        # Where every unit of a kind sits on a bound the slope vanishes; a trace of the full spread keeps a direction.
        curvature = matrix.crossed(share * factor.slope(score)) + _TRACE * spread
        step = solved(curvature, gap[:, None])[:, 0]
        along = matrix.fitted(step[:, None])[:, 0]
        length = _step_length(share, wanted, factor, (slopes, score), (step, along))
        if length == 0:
            return factors, Convergence(iteration, error, TOLERANCE)
        slopes, score = slopes + length * step, score + length * along
        iteration += 1


def _step_length(
    share: NDArray[np.float64],
    wanted: NDArray[np.float64],
    factor: Factor,
    at: tuple[NDArray[np.float64], NDArray[np.float64]],
    towards: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> float:
    """The longest of 1, 1/2, 1/4, … that makes the dual smaller, 0 when none does."""
    (slopes, score), (step, along) = at, towards
    with np.errstate(over="ignore", invalid="ignore"):
        here = float(share @ factor.integral(score) - slopes @ wanted)
        length = 1.0
        for _ in range(_MOST_HALVINGS):
            there = float(share @ factor.integral(score + length * along) - (slopes + length * step) @ wanted)
            if there <= here + _ROUNDING_OF_DUAL * (1 + abs(here)):
                return length
            length /= 2
    return 0.0


def _values(numbers: Sequence[NumericTotal], units: int) -> NDArray[np.float64]:
    for one in numbers:
        if one.values.shape != (units,):
            raise ValueError(f"{one.attribute}: shape {one.values.shape}, expected ({units},)")
        if not (np.isfinite(one.values).all() and np.isfinite(one.total)):
            raise NotEstimable(f"The {one.attribute} of a respondent, or its total, is not a finite number.")
    return np.array([one.values for one in numbers], dtype=float).reshape(len(numbers), units)


def _frame_size(margins: Sequence[Margin], total: float | None, base: float) -> float:
    counted = [margin.total for margin in margins if margin.total is not None]
    if total is not None:
        return float(positive([total], 1, "total")[0])
    return counted[0] if counted else base
