"""How a driver stands: its mean answer in percent of its scale."""

from collections.abc import Mapping, Sequence

import numpy as np

from feedback_core.drivers.calc.patterns import AnswerPatterns, FloatArray, IntArray
from feedback_core.drivers.types import DriverQuestion, Performance
from feedback_core.kit.estimates import Interval
from feedback_core.weighting.calc import WeightedCells, weighted_mean_of_cells


def performance_of(driver: DriverQuestion, mean: float, interval: Interval | None) -> Performance:
    """A mean answer, and its interval, in percent of the driver's scale; limits are cut at its ends."""
    if interval is None:
        return Performance(_percent(driver, mean), None)
    low, high = (min(100.0, max(0.0, _percent(driver, limit))) for limit in (interval.low, interval.high))
    return Performance(_percent(driver, mean), Interval(low, high, interval.level, interval.method))


def weighted_performances(
    patterns: AnswerPatterns, drivers: Sequence[DriverQuestion], codes: IntArray, *, level: float = 0.95
) -> Mapping[str, Performance]:
    """Performance of each driver among weighted respondents, by its name.

    Args:
        patterns: with weights; one numeric driver per question.
        drivers: in the order of the drivers of the patterns.
        codes: category of each pattern in each margin that the weights meet, shape (margins, patterns).
        level: of the intervals.

    Raises:
        NotEstimable: fewer than two respondents.
        ValueError: patterns without weights.

    Source: as `weighted_mean_of_cells`.
    """
    if patterns.weights is None:
        raise ValueError("the patterns have no weights")
    cells, cell = np.unique(codes, axis=1, return_inverse=True)
    cell = cell.ravel()
    first = np.unique(cell, return_index=True)[1]
    found = {}
    for driver, values in zip(drivers, patterns.columns.T, strict=True):
        counted = _by_cell(values, cell, patterns.counts, cells.shape[1])
        scores = np.unique(values)
        weighted = weighted_mean_of_cells(
            WeightedCells(counted, scores, patterns.weights[first], cells, np.ones(cells.shape[1]))
        )
        interval = weighted.interval(level) if weighted.standard_error > 0 else None
        found[driver.name] = performance_of(driver, weighted.value, interval)
    return found


def _by_cell(values: FloatArray, cell: IntArray, counts: FloatArray, cells: int) -> IntArray:
    """Respondents by cell and value, values ascending."""
    scores, score = np.unique(values, return_inverse=True)
    table = np.bincount(cell * scores.size + score.ravel(), weights=counts, minlength=cells * scores.size)
    return np.rint(table).astype(np.int64).reshape(cells, scores.size)


def _percent(driver: DriverQuestion, value: float) -> float:
    return 100 * (value - driver.minimum) / (driver.maximum - driver.minimum)
