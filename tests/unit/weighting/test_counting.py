"""Respondents counted into cells give the figures of the respondents; groups of one sample are compared."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import (
    Calibration,
    Design,
    WeightedCells,
    count_cells,
    difference_of_means,
    rake,
    weighted_mean,
    weighted_mean_of_cells,
)
from tests.unit.weighting.tables import Table, tables


@settings(deadline=None)
@given(tables(), st.data())
def test_raked_and_estimated_from_cells_as_from_respondents(table: Table, data: st.DataObject) -> None:
    unit = np.repeat(np.arange(table.counts.size), table.counts + 1)
    codes, base = table.codes[:, unit], table.base[unit]
    scores = np.array(
        data.draw(st.lists(st.sampled_from([-100.0, 0.0, 100.0]), min_size=unit.size, max_size=unit.size))
    )
    sizes = [len(margin.categories) for margin in table.margins]

    cells = count_cells(codes, sizes, scores, base=base)

    in_cell = cells.counts.sum(axis=1)
    raking = rake(cells.codes, table.margins, counts=in_cell, base=cells.base)
    of_cells = weighted_mean_of_cells(
        WeightedCells(cells.counts, cells.scores, raking.weights, cells.codes, cells.base)
    )
    each = rake(codes, table.margins, base=base)
    of_each = weighted_mean(scores, Design(each.weights, calibration=Calibration(codes, base)))
    assert raking.weights[cells.cell_of] == pytest.approx(each.weights, rel=1e-9)
    assert of_cells.value == pytest.approx(of_each.value, rel=1e-9, abs=1e-9)
    assert of_cells.standard_error == pytest.approx(of_each.standard_error, rel=1e-8, abs=1e-8)


def test_scores_and_weights_need_not_be_whole_numbers() -> None:
    cells = count_cells(np.array([[0, 1, 0, 0]]), [2], [0.5, 0.25, 0.5, 1e9], base=[0.1, 0.2, 0.1, 0.3])

    assert cells.scores.tolist() == [0.25, 0.5, 1e9]
    assert cells.codes.tolist() == [[0, 0, 1]]
    assert cells.base.tolist() == [0.1, 0.3, 0.2]
    assert cells.counts.tolist() == [[0, 2, 0], [0, 0, 1], [1, 0, 0]]


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(NotEstimable, match="Nobody"):
        count_cells(np.zeros((1, 0), dtype=np.int64), [2], [])
    with pytest.raises(NotEstimable, match="finite"):
        count_cells(np.array([[0]]), [2], [float("nan")])
    with pytest.raises(NotEstimable, match="too many different scores"):
        count_cells(np.arange(8000)[None, :], [8000], np.arange(8000) / 7)


def test_two_groups_are_compared_as_a_regression_would() -> None:
    # svyglm on a dummy: least squares under weights, and White's errors times n / (n - 1).
    scores, weights = np.array([1.0, 3.0, 2.0, 8.0, 6.0, 7.0]), np.array([1.0, 2.0, 1.0, 3.0, 1.0, 2.0])
    later = np.array([False, False, False, True, True, True])
    x = np.column_stack([np.ones(6), later])
    bread = np.linalg.inv(x.T @ (weights[:, None] * x))
    slopes = bread @ x.T @ (weights * scores)
    meat = x * (weights * (scores - x @ slopes))[:, None]
    covariance = 6 / 5 * bread @ meat.T @ meat @ bread

    change = difference_of_means(scores, ~later, later, Design(weights))

    assert change.value == pytest.approx(slopes[1])
    assert change.standard_error == pytest.approx(covariance[1, 1] ** 0.5)
    assert change.degrees_of_freedom == 5


def test_a_comparison_with_nobody_or_with_oneself_is_refused() -> None:
    scores, everyone = np.array([1.0, 2.0]), np.array([True, True])
    with pytest.raises(NotEstimable, match="empty"):
        difference_of_means(scores, everyone, ~everyone, Design(np.ones(2)))
    with pytest.raises(ValueError, match="both groups"):
        difference_of_means(scores, everyone, everyone, Design(np.ones(2)))
