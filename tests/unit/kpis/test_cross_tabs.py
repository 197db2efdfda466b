"""Two-way tables: shares and bases, residuals, Pearson's test, and its versions under a design."""

from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from statsmodels.stats.contingency_tables import Table

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc import pearson_independence, pearson_residuals
from feedback_core.kpis.calc.association import AssociationStatistic, association_test
from feedback_core.kpis.calc.cross_tabs import WeightedTable, cross_tab, weighted_table
from feedback_core.weighting.calc import Design, covariance_of_totals
from tests.unit.weighting.schools import stratified_column, stratified_design

STATISTICS: tuple[AssociationStatistic, ...] = get_args(AssociationStatistic)
COUNTS = arrays(np.int64, st.tuples(st.integers(2, 4), st.integers(2, 5)), elements=st.integers(1, 40))


def counted(counts: NDArray[np.int64], *, weight: float = 1.0, columns: Any = None) -> WeightedTable:
    """The table of respondents of one weight, drawn one by one."""
    rows, of_columns = (codes.ravel() for codes in np.indices(counts.shape))
    some = counts.ravel() > 0
    design = Design(np.full(int(some.sum()), weight), counts=counts.ravel()[some], **(columns or {}))
    return weighted_table(rows[some], of_columns[some], design, shape=(counts.shape[0], counts.shape[1]))


@pytest.mark.parametrize(
    ("statistic", "value", "parameter", "p_value"),
    [
        # R 4.2.2, survey 4.1-1: svychisq(~sch.wide + awards, dstrat, statistic = ...) (golden s13).
        ("F", 77.2768990382021, (1, 197), 7.36397285850777e-16),
        ("Chisq", 73.54614520966, (1,), 1.48593903983372e-18),
        ("Wald", 67.8211282100198, (1, 197), 2.44294361263984e-14),
        ("adjWald", 67.8211282100198, (1, 197), 2.44294361263984e-14),
        ("lincom", 73.54614520966, (), 8.26742882567284e-16),
        ("saddlepoint", 73.54614520966, (), 8.26742882567284e-16),
    ],
)
def test_schools_that_met_their_target_get_awards(
    statistic: AssociationStatistic, value: float, parameter: tuple[float, ...], p_value: float
) -> None:
    met, award = (stratified_column(index).astype(np.int64) for index in (1, 2))
    test = association_test(weighted_table(met, award, stratified_design(), shape=(2, 2)), statistic=statistic)

    assert test.statistic == pytest.approx(value, rel=1e-8)
    assert test.parameter == pytest.approx(parameter)
    assert test.p_value == pytest.approx(p_value, rel=1e-8, abs=0)
    assert (test.name, test.warnings) == (statistic, ())


def test_pearson_of_schools_by_type() -> None:
    # R 4.2.2: chisq.test(table(sch.wide, stype), correct = FALSE) of apiclus1 (golden s13).
    test = pearson_independence([[12, 3, 8], [132, 11, 17]])

    assert test.statistic == pytest.approx(11.9408920807453, rel=1e-10)
    assert list(test.parameter) == [2]
    assert test.p_value == pytest.approx(0.00255310237824655, rel=1e-8)
    assert "2 cells are" in test.warnings[0]


@settings(deadline=None)
@given(COUNTS)
def test_pearson_and_its_residuals_equal_statsmodels(counts: NDArray[np.int64]) -> None:
    test, table = pearson_independence(counts), Table(counts, shift_zeros=False)
    expected = table.test_nominal_association()

    assert test.statistic == pytest.approx(expected.statistic, abs=1e-9)
    assert test.p_value == pytest.approx(expected.pvalue, abs=1e-9)
    assert np.array(pearson_residuals(counts)) == pytest.approx(table.standardized_resids, abs=1e-9)
    assert 0 <= test.cramers_v <= 1


@settings(deadline=None)
@given(COUNTS, st.floats(0.1, 50))
def test_drawn_one_by_one_with_one_weight_it_is_pearson_s_test(counts: NDArray[np.int64], weight: float) -> None:
    table, plain = counted(counts, weight=weight), pearson_independence(counts)
    n, cells = int(counts.sum()), int(plain.parameter[0])
    # The variance of such a sample is n/(n - 1) times the multinomial one: every generalised design effect is that.
    f, chisq = association_test(table), association_test(table, statistic="Chisq")

    assert f.statistic == pytest.approx(plain.statistic * (n - 1) / n / cells, abs=1e-9)
    assert f.parameter == pytest.approx((cells, cells * (n - 1)))
    assert chisq.statistic == pytest.approx(plain.statistic, abs=1e-9)
    assert chisq.parameter == plain.parameter
    assert f.cramers_v == pytest.approx(plain.cramers_v, abs=1e-9)


@settings(deadline=None)
@given(COUNTS, st.sampled_from(STATISTICS))
def test_turning_the_table_changes_nothing(counts: NDArray[np.int64], statistic: AssociationStatistic) -> None:
    one = association_test(counted(counts), statistic=statistic)
    turned = association_test(counted(counts.T.copy()), statistic=statistic)

    assert one.statistic == pytest.approx(turned.statistic, rel=1e-6, abs=1e-9)
    assert one.p_value == pytest.approx(turned.p_value, rel=1e-6, abs=1e-9)


@settings(deadline=None)
@given(COUNTS)
def test_answering_twice_proves_no_more_than_answering_once(counts: NDArray[np.int64]) -> None:
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    rows, columns = np.divmod(np.repeat(cell, 2), counts.shape[1])
    people = Design(np.ones(2 * cell.size), clusters=np.repeat(np.arange(cell.size), 2))
    shape = (counts.shape[0], counts.shape[1])
    once = association_test(counted(counts))
    twice = association_test(weighted_table(rows, columns, people, shape=shape))

    assert twice.statistic == pytest.approx(once.statistic, abs=1e-9)
    assert twice.parameter == pytest.approx(once.parameter)


@settings(deadline=None)
@given(arrays(np.int64, (2, 2), elements=st.integers(1, 40)))
def test_in_a_table_of_four_every_residual_squared_is_the_wald_statistic(counts: NDArray[np.int64]) -> None:
    table = counted(counts)
    residuals = np.array(cross_tab(table).standardised_residuals, dtype=float)
    wald = association_test(table, statistic="Wald").statistic

    assert residuals**2 == pytest.approx(np.full((2, 2), wald), rel=1e-6, abs=1e-9)
    assert residuals[0, 0] == pytest.approx(-residuals[0, 1])


def test_shares_and_bases_of_a_weighted_table() -> None:
    rows, columns = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 2])
    table = cross_tab(weighted_table(rows, columns, Design(np.array([2.0, 1.0, 1.0, 3.0, 1.0])), shape=(3, 3)))

    assert table.proportions[0] == pytest.approx((3 / 8, 1 / 8, 0))
    assert table.row_shares[0] == pytest.approx((3 / 4, 1 / 4, 0))
    assert table.row_shares[1] == pytest.approx((0, 3 / 4, 1 / 4))
    assert [row[1] for row in table.column_shares] == pytest.approx([1 / 4, 3 / 4, 0])
    assert table.row_shares[2] == (None, None, None)
    assert (table.respondents, table.n) == (((2, 1, 0), (0, 1, 1), (0, 0, 0)), 5)
    assert (table.row_bases, table.column_bases) == ((3, 2, 0), (2, 2, 1))
    assert table.row_n_effective == pytest.approx((16 / 6, 16 / 10, 0))
    assert table.column_n_effective == pytest.approx((9 / 5, 16 / 10, 1))
    assert table.n_effective == pytest.approx(64 / 16)
    assert table.standardised_residuals[2] == (None, None, None)


def test_empty_rows_and_columns_are_left_out_of_the_test() -> None:
    counts = np.array([[12, 0, 3, 8], [0, 0, 0, 0], [30, 0, 11, 17]])
    full = association_test(counted(counts))
    assert full == association_test(counted(counts[[0, 2]][:, [0, 2, 3]]))
    assert pearson_independence(counts).parameter == (2,)


def test_those_outside_the_domain_are_not_in_the_table() -> None:
    rows, columns = np.array([0, 0, 1, 1, -1, 1]), np.array([0, 1, 0, 1, 7, 1])
    inside = np.array([True, True, True, True, False, True])
    table = weighted_table(rows, columns, Design(np.ones(6)).within(inside), shape=(2, 2))

    assert (table.n, table.totals.tolist()) == (5, [[1, 1], [1, 2]])
    assert table.degrees_of_freedom == 4


def test_attributes_that_do_not_depend_on_each_other() -> None:
    table = counted(np.array([[10, 20, 30], [20, 40, 60]]))
    for statistic in STATISTICS:
        test = association_test(table, statistic=statistic)
        assert test.statistic == pytest.approx(0, abs=1e-12)
        assert test.p_value == pytest.approx(1)


def test_the_wald_statistic_is_that_of_totals_of_cells_and_margins_estimated_together() -> None:
    rng = np.random.default_rng(11)
    rows, columns = rng.integers(0, 3, 300), rng.integers(0, 4, 300)
    design = Design(rng.uniform(0.5, 4, 300), strata=rng.integers(0, 3, 300), clusters=rng.integers(0, 8, 300))
    cell, row, column = (
        codes[:, None] == np.arange(size) for codes, size in ((rows * 4 + columns, 12), (rows, 3), (columns, 4))
    )
    scores = np.hstack([cell, row, column, np.ones((300, 1))]).astype(float)
    totals = design.weights @ scores
    by_row, by_column, whole = totals[12:15], totals[15:19], totals[19]
    gradient, free = np.zeros((6, 20)), [(i, j) for i in (1, 2) for j in (1, 2, 3)]
    for line, (i, j) in zip(gradient, free, strict=True):
        line[[i * 4 + j, 12 + i, 15 + j, 19]] = (
            1,
            -by_column[j] / whole,
            -by_row[i] / whole,
            by_row[i] * by_column[j] / whole**2,
        )
    gaps = np.array([totals[i * 4 + j] - by_row[i] * by_column[j] / whole for i, j in free])
    expected = gaps @ np.linalg.solve(gradient @ covariance_of_totals(scores, design) @ gradient.T, gaps) / 6

    test = association_test(weighted_table(rows, columns, design, shape=(3, 4)), statistic="Wald")

    assert test.statistic == pytest.approx(expected, rel=1e-9)


def test_few_clusters_are_warned_of() -> None:
    rows, columns = np.array([0, 0, 1, 1, 0, 1]), np.array([0, 1, 0, 1, 1, 1])
    design = Design(np.ones(6), clusters=np.array([0, 0, 1, 1, 2, 2]))
    assert "2 degrees of freedom" in association_test(weighted_table(rows, columns, design, shape=(2, 2))).warnings[0]


def test_a_wald_test_of_more_cells_than_clusters_bear_is_refused() -> None:
    rng = np.random.default_rng(5)
    rows, columns = rng.integers(0, 4, 200), rng.integers(0, 4, 200)
    table = weighted_table(rows, columns, Design(np.ones(200), clusters=np.arange(200) % 5), shape=(4, 4))

    assert 0 < association_test(table).p_value < 1
    with pytest.raises(NotEstimable, match="too few clusters"):
        association_test(table, statistic="Wald")


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (np.array([[5, 3], [0, 0]]), "Fewer than two rows"),
        (np.diag([4, 4, 4, 4]), "empty"),
    ],
)
def test_a_table_that_cannot_be_tested_is_refused(counts: NDArray[np.int64], words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        association_test(counted(counts))


def test_a_table_that_the_strata_fix_is_refused() -> None:
    rows, columns = np.array([0, 0, 1, 1, 0, 0]), np.array([0, 0, 0, 0, 1, 1])
    design = Design(np.ones(6), strata=2 * rows + columns)
    with pytest.raises(NotEstimable, match="no spread"):
        association_test(weighted_table(rows, columns, design, shape=(2, 2)))


def test_wrong_input_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="code"):
        weighted_table(np.array([0, 2]), np.array([0, 1]), Design(np.ones(2)), shape=(2, 2))
    with pytest.raises(ValueError, match="counts"):
        pearson_independence([[1, -1], [2, 3]])
    with pytest.raises(NotEstimable, match="leave it out"):
        pearson_residuals([[1, 0, 2], [2, 0, 3]])


def test_a_table_of_nobody_is_refused() -> None:
    nobody = Design(np.ones(2)).within(np.array([False, False]))
    with pytest.raises(NotEstimable, match="Nobody"):
        weighted_table(np.array([0, 1]), np.array([0, 1]), nobody, shape=(2, 2))
