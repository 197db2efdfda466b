"""Linearised standard errors: textbook cases, cells against rows, and refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import (
    Calibration,
    Design,
    Linearised,
    WeightedCells,
    rake,
    weighted_mean,
    weighted_mean_of_cells,
    weighted_proportion,
    weighted_ratio,
    weighted_total,
)
from tests.unit.weighting.tables import Table, tables

SCORES = np.array([-100.0, 0.0, 100.0])


def test_with_equal_weights_it_is_the_standard_error_of_the_mean() -> None:
    scores = np.array([1.0, 4.0, 4.0, 7.0, 9.0])

    mean = weighted_mean(scores, Design(np.full(5, 3.0)))

    assert mean.value == pytest.approx(5.0)
    assert mean.standard_error == pytest.approx(scores.std(ddof=1) / 5**0.5)
    assert (mean.degrees_of_freedom, mean.n) == (4, 5)
    assert mean.n_effective == pytest.approx(5)


def test_strata_and_their_population_as_in_the_textbook() -> None:
    # Cochran (1977), section 5.4: V = sum over strata of N_h² (1 - f_h) s_h² / n_h.
    scores = np.array([2.0, 4.0, 6.0, 10.0, 20.0])
    strata = np.array([7, 7, 7, 3, 3])
    population = np.array([30.0, 30.0, 30.0, 4.0, 4.0])
    weights = np.array([10.0, 10.0, 10.0, 2.0, 2.0])

    total = weighted_total(scores, Design(weights, strata=strata, population=population))

    assert total.value == pytest.approx(180)
    assert total.standard_error == pytest.approx((30**2 * 0.9 * 4 / 3 + 4**2 * 0.5 * 50 / 2) ** 0.5)
    assert total.degrees_of_freedom == 3


def test_clusters_count_as_one_draw_each_and_are_their_strata_s_own() -> None:
    scores = np.array([1.0, 3.0, 5.0, 5.0, 2.0, 2.0, 8.0, 6.0])
    clusters = np.array([1, 1, 2, 2, 1, 1, 2, 2])
    strata = np.array([0, 0, 0, 0, 1, 1, 1, 1])

    total = weighted_total(scores, Design(np.ones(8), strata=strata, clusters=clusters))

    # Cluster totals 4, 10 | 4, 14: each stratum adds 2/1 times the squared deviations from its mean.
    assert total.standard_error == pytest.approx((2 * (9 + 9) + 2 * (25 + 25)) ** 0.5)
    assert total.degrees_of_freedom == 2


def test_a_ratio_and_a_share() -> None:
    design = Design(np.array([1.0, 2.0, 1.0, 4.0]))

    share = weighted_proportion(np.array([True, False, True, True]), design)
    domain = weighted_ratio([3.0, 0.0, 5.0, 0.0], [1.0, 0.0, 1.0, 0.0], design)

    assert share.value == pytest.approx(6 / 8)
    assert domain.value == pytest.approx(4)
    assert domain.standard_error == pytest.approx((4 / 3 * 2 * 0.5**2) ** 0.5)


def test_the_interval_uses_the_design_s_degrees_of_freedom() -> None:
    interval = Linearised(10.0, 2.0, 14, 183, 174.0).interval(0.95)

    assert (interval.low, interval.high) == pytest.approx((10 - 2 * 2.1447866879, 10 + 2 * 2.1447866879))
    assert interval.method == "linearised_t"


@settings(deadline=None)
@given(tables(), st.data())
def test_cells_give_exactly_what_the_rows_give(table: Table, data: st.DataObject) -> None:
    shape = (table.codes.shape[1], SCORES.size)
    counts = data.draw(arrays(np.int64, shape, elements=st.integers(0, 4))) + np.eye(*shape, dtype=np.int64)
    counts[:, 1] += 1
    in_cell = counts.sum(axis=1)
    raking = rake(table.codes, table.margins, counts=in_cell, base=table.base)

    of_cells = weighted_mean_of_cells(WeightedCells(counts, SCORES, raking.weights, table.codes, table.base))

    cell = np.repeat(np.arange(in_cell.size), in_cell)
    scores = np.repeat(np.tile(SCORES, in_cell.size), counts.ravel())
    calibration = Calibration(table.codes[:, cell], table.base[cell])
    of_rows = weighted_mean(scores, Design(raking.weights[cell], calibration=calibration))
    assert of_cells.value == pytest.approx(of_rows.value, rel=1e-12, abs=1e-10)
    assert of_cells.standard_error == pytest.approx(of_rows.standard_error, rel=1e-10, abs=1e-9)
    assert of_cells.n_effective == pytest.approx(of_rows.n_effective, rel=1e-12)
    assert (of_cells.n, of_cells.degrees_of_freedom) == (of_rows.n, of_rows.degrees_of_freedom)


@settings(deadline=None)
@given(tables(most_margins=2), st.data())
def test_residuals_are_those_of_a_regression_on_dummies(table: Table, data: st.DataObject) -> None:
    scores = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=table.base.size, max_size=table.base.size)))
    dummies = np.hstack([np.eye(len(m.categories))[row] for m, row in zip(table.margins, table.codes, strict=True)])
    root = np.sqrt(table.base)
    slopes = np.linalg.lstsq(dummies * root[:, None], scores * root, rcond=None)[0]

    residuals = Calibration(table.codes, table.base).residuals(scores[:, None].astype(float))

    assert residuals[:, 0] == pytest.approx(scores - dummies @ slopes, abs=1e-9)


def test_what_the_margins_explain_leaves_no_standard_error() -> None:
    codes = np.array([[0, 0, 1, 1, 1]])
    design = Design(np.ones(5), calibration=Calibration(codes, np.ones(5)))

    mean = weighted_mean([2.0, 2.0, 7.0, 7.0, 7.0], design)

    assert mean.standard_error == 0
    with pytest.raises(NotEstimable, match="no spread"):
        mean.interval()


@pytest.mark.parametrize(
    ("scores", "design", "words"),
    [
        ([], Design(np.array([])), "Nobody"),
        ([1.0, float("nan")], Design(np.ones(2)), "finite"),
        ([1.0, 2.0], Design(np.array([1.0, 0.0])), "weight"),
        ([1.0], Design(np.ones(1)), "single cluster"),
        ([1.0, 2.0, 3.0], Design(np.ones(3), strata=np.array([0, 0, 1])), "single cluster"),
        ([1.0, 2.0, 3.0], Design(np.ones(3), clusters=np.array([5, 5, 5])), "single cluster"),
        ([1.0, 2.0], Design(np.ones(2), population=np.array([1.0, 1.0])), "fewer"),
        ([1.0, 2.0], Design(np.ones(2), population=np.array([9.0, 8.0])), "two population"),
    ],
)
def test_it_refuses_in_words(scores: list[float], design: Design, words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        weighted_mean(scores, design)


def test_a_ratio_without_a_denominator_is_refused() -> None:
    with pytest.raises(NotEstimable, match="denominator"):
        weighted_ratio([1.0, 2.0], [0.0, 0.0], Design(np.ones(2)))


def test_one_answer_in_cells_is_refused() -> None:
    nothing_raked = np.zeros((0, 1), dtype=np.int64)
    with pytest.raises(NotEstimable, match="Fewer than two"):
        weighted_mean_of_cells(WeightedCells(np.array([[0, 1, 0]]), SCORES, np.ones(1), nothing_raked, np.ones(1)))
