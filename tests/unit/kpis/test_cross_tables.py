"""Cross-tabs as they may be shown: what hides with a hidden cell, errors of weighted shares, words."""

import numpy as np
import pytest
from numpy.typing import NDArray

from feedback_core.kpis.calc.cross_table_wording import strength_of
from feedback_core.kpis.calc.cross_tables import TableFigures, cross_table, unweighted_figures
from feedback_core.kpis.calc.weighted_cross_tables import weighted_figures
from feedback_core.kpis.types.cross_tabs import Axis, CrossTable, JointCount
from feedback_core.weighting.calc import Calibration, Design, weighted_proportion
from feedback_core.weighting.schemes import SchemeKind, WeightingScheme

ROWS, COLUMNS = Axis("age", None, None, {}), Axis("nps", "nps", None, {})
SCHEME = WeightingScheme("ages", SchemeKind.RAKING, "Ages", margins={"age": {"r0": 0.5, "r1": 0.3, "r2": 0.2}})
COUNTS = np.array([[40, 20, 30], [12, 2, 15], [18, 25, 9]])


def named(shape: tuple[int, ...]) -> tuple[list[str], list[str]]:
    return [f"r{i}" for i in range(shape[0])], [f"c{j}" for j in range(shape[1])]


def joint_of(counts: NDArray[np.int64]) -> list[JointCount]:
    return [
        JointCount({"age": f"r{i}", "sex": "f" if (i + j) % 2 else "m"}, f"r{i}", f"c{j}", int(n))
        for (i, j), n in np.ndenumerate(counts)
    ]


def weighted(counts: NDArray[np.int64]) -> TableFigures:
    figures, left_out = weighted_figures(joint_of(counts), named(counts.shape), scheme=SCHEME, inside=None)
    assert left_out == 0
    return figures


def shown(figures: TableFigures, minimum: int = 5) -> CrossTable:
    return cross_table(figures, ROWS, COLUMNS, named(figures.respondents.shape), minimum=minimum, left_out=3)


def test_a_weighted_share_has_the_error_of_the_weighted_proportion_of_its_row() -> None:
    figures = weighted(COUNTS)
    counts = COUNTS.ravel()
    row, column = np.repeat(np.arange(3), 3), np.tile(np.arange(3), 3)
    weights = (np.array([0.5, 0.3, 0.2]) / COUNTS.sum(axis=1))[row]
    design = Design(weights, calibration=Calibration(row[None, :], counts.astype(float)), counts=counts)
    for i, j in np.ndindex(3, 3):
        in_row = weighted_proportion(column == j, design.within(row == i)).value
        in_column = weighted_proportion(row == i, design.within(column == j))
        assert figures.row_shares[i][j].value == pytest.approx(in_row)  # type: ignore[union-attr]
        found = figures.column_shares[i][j]
        assert found is not None
        assert found.interval is not None
        assert found.value == pytest.approx(in_column.value)
        # logit interval: its half-width on the logit scale is t times the error over p (1 - p).
        p = in_column.value
        half = in_column.t_quantile(0.95) * in_column.standard_error / (p * (1 - p))
        assert np.log(found.interval.high / (1 - found.interval.high)) - np.log(p / (1 - p)) == pytest.approx(half)


def test_a_hidden_cell_takes_with_it_what_it_would_follow_from() -> None:
    plain = shown(unweighted_figures(COUNTS))
    hidden = {(cell.row, cell.column) for cell in plain.cells if cell.withheld}
    assert ("r1", "c1") in hidden
    assert len(hidden) == 4
    # What is shown has its shares, as count and base are shown, too.
    whole = next(cell for cell in plain.cells if not cell.withheld)
    assert whole.row_share is not None
    # The test is of the row (or column) without gaps: here of fewer than two, so there is none.
    assert plain.association is None


def test_of_a_weighted_line_with_a_gap_no_weighted_figure_is_told() -> None:
    table = shown(weighted(COUNTS))
    gaps = {cell.row for cell in table.cells if cell.withheld}, {cell.column for cell in table.cells if cell.withheld}
    assert table.n_effective is None
    for cell in table.cells:
        assert cell.share is None
        assert cell.residual is None
        assert cell.row in gaps[0] or cell.withheld or cell.row_share is not None
        assert cell.row not in gaps[0] or cell.row_share is None
        assert cell.column not in gaps[1] or cell.column_share is None
    for line in (*table.rows, *table.columns):
        assert line.share is None
        assert (line.n_effective is None) == (line.category in gaps[0] | gaps[1])
        assert line.n is not None


def test_the_test_is_of_the_lines_in_which_nothing_is_withheld() -> None:
    counts = np.vstack([COUNTS, [[30, 40, 50], [60, 20, 10]]])
    table = shown(unweighted_figures(counts))
    gaps = {cell.row for cell in table.cells if cell.withheld}
    rows = [i for i in range(5) if f"r{i}" not in gaps]
    assert table.association is not None
    assert table.association.n == counts[rows].sum() < counts.sum()
    assert "nothing is withheld" in table.association.warnings[0]
    assert f"among {table.association.n} of {counts.sum()}" in table.sentence


def test_with_one_answer_nothing_can_be_told() -> None:
    table = shown(unweighted_figures(np.array([[20, 0], [30, 0]])))
    assert table.association is None
    assert table.not_testable is not None
    assert "Fewer than two rows or columns" in table.not_testable
    empty = next(cell for cell in table.cells if cell.column == "c1")
    assert (empty.n, empty.column_share, empty.residual) == (0, None, None)
    assert table.cells[0].row_share is not None
    assert table.cells[0].row_share.value == 1.0


@pytest.mark.parametrize(
    ("v", "smaller", "word"),
    [(0.05, 2, "negligible"), (0.2, 2, "weak"), (0.2, 5, "moderate"), (0.4, 2, "moderate"), (0.6, 2, "strong")],
)
def test_strength_has_the_marks_of_the_size_of_table(v: float, smaller: int, word: str) -> None:
    assert strength_of(v, smaller) == word
