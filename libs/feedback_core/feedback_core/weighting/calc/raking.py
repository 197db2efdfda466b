"""Raking (iterative proportional fitting): weights under which the respondents have the frame's margins."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kit.grouping import grouped
from feedback_core.weighting.calc.feasibility import unreachable
from feedback_core.weighting.calc.margins import without_respondents
from feedback_core.weighting.margins import pointer
from feedback_core.weighting.types import Convergence, Margin, MarginsUnusable

TOLERANCE = 1e-10
MAX_ITERATIONS = 1000
# Raking that can succeed mostly has by now; time to ask whether it can.
_SLOW = 50


class RakingDidNotConverge(MarginsUnusable):
    """No weights were found that meet all margins at once; half-converged weights are never returned."""

    code = "raking_did_not_converge"


class WeightsUnusable(Invalid):
    """Weights or counts to start from that are not finite numbers above 0."""

    code = "weights_unusable"


@dataclass(frozen=True, slots=True)
class Raking:
    """Raked weights.

    Attributes:
        weights: per respondent; for cells, the weight of each respondent in the cell.
        factors: weights over base weights.
        convergence: how the loop ended.
    """

    weights: NDArray[np.float64]
    factors: NDArray[np.float64]
    convergence: Convergence


def rake(
    codes: NDArray[np.int64],
    margins: Sequence[Margin],
    *,
    counts: ArrayLike | None = None,
    base: ArrayLike | None = None,
    total: float | None = None,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> Raking:
    """Weights under which every margin is met, closest to the base weights in relative entropy.

    A unit is a respondent, or a cell of respondents who share their categories and base weight: the weights are the
    same either way, because the factor of a unit depends on its categories alone.

    Args:
        codes: shape (margins, units): index of each unit's category in ``Margin.categories``, as `encode` makes them.
        margins: targets; the order does not matter.
        counts: respondents in each unit; one each when absent.
        base: base (design) weight of a respondent in each unit; 1 when absent.
        total: what the weights sum to over respondents; the sum of the base weights when absent.
        tolerance: of `Convergence.largest_error`.
        max_iterations: passes before giving up.

    Raises:
        MarginsUnusable: a category without respondents.
        WeightsUnusable: counts, base weights or total that are not finite and above 0.
        RakingDidNotConverge: the margins cannot be met together by these respondents; the faults name the categories.

    Source: Deming & Stephan (1940); Deville, Särndal & Sautory (1993), JASA 88:1013. Golden: s08, s11.
    """
    units = codes.shape[1]
    number = positive(counts, units, "counts")
    start = positive(base, units, "base weights")
    if total is not None:
        positive([total], 1, "total")
    refuse_empty_categories(codes, margins)
    cells, cell_of = grouped(codes, [len(margin.categories) for margin in margins])
    mass = np.bincount(cell_of, weights=number * start / start.max(), minlength=cells.shape[1])
    fitted, convergence = _fit(cells, mass / mass.sum(), margins, tolerance, max_iterations)
    wanted = float(number @ start) if total is None else total
    weights = start * (fitted / mass)[cell_of]
    weights *= wanted / float(number @ weights)
    return Raking(weights, weights / start, convergence)


def refuse_empty_categories(codes: NDArray[np.int64], margins: Sequence[Margin]) -> None:
    """Check before looping that every category of every margin has respondents.

    Raises:
        MarginsUnusable: one has none; each is named.
    """
    faults = [
        without_respondents(margin.attribute, category)
        for row, margin in zip(codes, margins, strict=True)
        for category, n in zip(margin.categories, np.bincount(row, minlength=len(margin.categories)), strict=True)
        if n == 0
    ]
    if faults:
        raise MarginsUnusable(faults)


def weighted_shares(
    codes: NDArray[np.int64], margins: Sequence[Margin], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], ...]:
    """Share of each category of each margin under ``weights`` (summed over the respondents of a unit)."""
    whole = weights.sum()
    return tuple(
        np.bincount(row, weights=weights, minlength=len(margin.categories)) / whole
        for row, margin in zip(codes, margins, strict=True)
    )


def _fit(
    cells: NDArray[np.int64],
    mass: NDArray[np.float64],
    margins: Sequence[Margin],
    tolerance: float,
    max_iterations: int,
) -> tuple[NDArray[np.float64], Convergence]:
    targets = [np.asarray(margin.shares) for margin in margins]
    fitted = mass
    error = np.inf
    for iteration in range(1, max_iterations + 1):
        for row, target in zip(cells, targets, strict=True):
            current = np.bincount(row, weights=fitted, minlength=target.size)
            fitted = fitted * (target / current)[row]
        reached = weighted_shares(cells, margins, fitted)
        error = max(float(np.abs(now / target - 1).max()) for now, target in zip(reached, targets, strict=True))
        if error < tolerance:
            return fitted, Convergence(iteration, error, tolerance)
        if iteration == _SLOW:
            _refuse_contradictions(cells, margins)
        if fitted.min() <= np.finfo(float).tiny:
            break
    _refuse_contradictions(cells, margins)
    raise RakingDidNotConverge(
        [
            Fault(
                pointer(),
                "too_slow_to_converge",
                f"The margins were not met after {max_iterations} passes: some weights would have to go to zero; "
                "merge small categories or drop a margin.",
            )
        ]
    )


def _refuse_contradictions(cells: NDArray[np.int64], margins: Sequence[Margin]) -> None:
    blocked = unreachable(cells, margins)
    if blocked:
        raise RakingDidNotConverge(
            [
                Fault(
                    pointer(margin.attribute, category),
                    "margins_cannot_be_met_together",
                    f"No weights of these respondents reach the share of {margin.attribute} {category!r} together with "
                    "the other margins: some combinations have no respondent; merge categories or drop a margin.",
                )
                for margin, category in blocked
            ]
        )


def positive(given: ArrayLike | None, units: int, what: str) -> NDArray[np.float64]:
    """``given`` as an array of shape (units,), ones when absent.

    Raises:
        WeightsUnusable: one is not finite and above 0; the fault names the first by its place in ``what``.
    """
    if given is None:
        return np.ones(units)
    values = np.asarray(given, dtype=float)
    if values.shape != (units,):
        raise ValueError(f"{what}: shape {values.shape}, expected ({units},)")
    bad = np.flatnonzero(~(np.isfinite(values) & (values > 0)))
    if bad.size:
        where = int(bad[0])
        raise WeightsUnusable(
            [
                Fault(
                    f"/{what.replace(' ', '_')}/{where}",
                    "not_a_positive_number",
                    f"The {what} must be finite and above 0, but number {where} is {values[where]}; "
                    "leave the unit out.",
                )
            ]
        )
    return values
