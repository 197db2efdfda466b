"""The same linearised mean from counts of each score per cell: exact, whatever the number of respondents."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc.calibration import Calibration
from feedback_core.weighting.calc.design_effect import kish_design_effect
from feedback_core.weighting.calc.linearisation import Linearised

_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class WeightedCells:
    """Answers of respondents drawn one by one (no clusters, one stratum), counted by cell and score.

    Attributes:
        counts: shape (cells, scores): respondents of the cell who gave the score; every cell has some.
        scores: value of each column, shape (scores,).
        weights: final weight of a respondent of each cell, shape (cells,).
        codes: shape (margins, cells): the category of each cell in each raked margin; no rows when nothing was raked.
        base: weight of a respondent before raking, shape (cells,).
    """

    counts: NDArray[np.int64]
    scores: NDArray[np.float64]
    weights: NDArray[np.float64]
    codes: NDArray[np.int64]
    base: NDArray[np.float64]


def weighted_mean_of_cells(cells: WeightedCells) -> Linearised:
    """Weighted mean score with its calibration-aware standard error.

    Equal to `linearisation.weighted_mean` over the respondents: those of a cell share weight and margins, so the count
    of each score is all that the sums need.

    Raises:
        NotEstimable: fewer than two respondents, or a score or weight that is not a finite number.

    Source: as `linearisation.weighted_mean`.
    """
    in_cell = cells.counts.sum(axis=1)
    n = int(in_cell.sum())
    if n < 2:
        raise NotEstimable("Fewer than two people answered, so there is no spread to judge the figure by.")
    if not np.isfinite(cells.scores).all():
        raise NotEstimable("A score is not a finite number.")
    effect = kish_design_effect(cells.weights, in_cell)
    mass = cells.weights[:, None] * cells.counts
    whole = float(mass.sum())
    value = float(mass.sum(axis=0) @ cells.scores) / whole
    influence = (cells.scores - value) / whole
    scattered = cells.weights[:, None] * (influence[None, :] - _explained(cells, in_cell, influence))
    centre = float((cells.counts * scattered).sum()) / n
    variance = n / (n - 1) * float((cells.counts * (scattered - centre) ** 2).sum())
    size = float((mass * (np.abs(cells.scores) + abs(value))).sum()) / whole
    error = variance**0.5
    return Linearised(value, error if error > _ROUNDING * size else 0.0, n - 1, n, effect.effective_n)


def _explained(cells: WeightedCells, in_cell: NDArray[np.int64], influence: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the margins explain of a respondent's influence, per cell, shape (cells, 1)."""
    if cells.codes.shape[0] == 0:
        return np.zeros((in_cell.size, 1))
    calibration = Calibration(cells.codes, cells.base * in_cell)
    return calibration.explained((cells.base * (cells.counts @ influence))[:, None])
