"""A two-way table as it may be shown: withheld where it would give people away, tested on what is left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.contingency import AssociationTest, pearson_independence, pearson_residuals
from feedback_core.kpis.calc.cross_table_wording import sentence_of, strength_of
from feedback_core.kpis.calc.multiplicity import AdjustmentMethod, adjust_p_values
from feedback_core.kpis.calc.proportions import proportion_estimate
from feedback_core.kpis.calc.table_suppression import TableSuppression, suppress_table
from feedback_core.kpis.types.cross_tabs import (
    Association,
    Axis,
    CrossCell,
    CrossLine,
    CrossTable,
    CrossTabStatistic,
    ShareOf,
)

Indices = NDArray[np.intp]
Test = Callable[[Indices, Indices], AssociationTest]
Cells = tuple[tuple[ShareOf | None, ...], ...]
Residuals = tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class TableFigures:
    """Every figure of a table, before anything of it is withheld.

    Attributes:
        respondents: unweighted counts, shape (rows, columns).
        totals: weighted counts, or the same.
        row_shares: by row and column.
        column_shares: by row and column.
        residuals: standardised; ``None`` where there is no error.
        row_n_effective: of each row.
        column_n_effective: of each column.
        n_effective: of all.
        statistic: of ``test``.
        test: of the rows and columns with these indices.
        is_weighted: then figures of a line tell of its withheld cells, whose weights a reader may know.
        warnings: of the weights.
    """

    respondents: NDArray[np.int64]
    totals: NDArray[np.float64]
    row_shares: Cells
    column_shares: Cells
    residuals: Residuals
    row_n_effective: tuple[float, ...]
    column_n_effective: tuple[float, ...]
    n_effective: float
    statistic: CrossTabStatistic
    test: Test
    is_weighted: bool = False
    warnings: tuple[str, ...] = ()


def unweighted_figures(counts: NDArray[np.int64], *, level: float = 0.95) -> TableFigures:
    """The figures of counts that all weigh the same: Wilson intervals, Pearson's test, Haberman's residuals.

    Args:
        counts: shape (rows, columns).
        level: of the intervals.

    Source: see `proportion_estimate`, `pearson_independence`, `pearson_residuals`. Golden: s02, s13 by parts.
    """
    by_row, by_column = counts.sum(axis=1), counts.sum(axis=0)
    rows, columns = np.flatnonzero(by_row), np.flatnonzero(by_column)
    residuals = np.full(counts.shape, np.nan)
    if min(rows.size, columns.size) > 1:
        residuals[np.ix_(rows, columns)] = pearson_residuals(counts[np.ix_(rows, columns)])

    def test(some_rows: Indices, some_columns: Indices) -> AssociationTest:
        return pearson_independence(counts[np.ix_(some_rows, some_columns)])

    return TableFigures(
        respondents=counts,
        totals=counts.astype(float),
        row_shares=_shares(counts, np.broadcast_to(by_row[:, None], counts.shape), level),
        column_shares=_shares(counts, np.broadcast_to(by_column, counts.shape), level),
        residuals=tuple(tuple(None if np.isnan(one) else one for one in line) for line in residuals.tolist()),
        row_n_effective=tuple(map(float, by_row)),
        column_n_effective=tuple(map(float, by_column)),
        n_effective=float(counts.sum()),
        statistic="Pearson",
        test=test,
    )


def cross_table(
    figures: TableFigures,
    rows: Axis,
    columns: Axis,
    names: tuple[Sequence[str], Sequence[str]],
    *,
    minimum: int,
    left_out: int,
    adjustment: AdjustmentMethod = "BH",
    level: float = 0.95,
) -> CrossTable:
    """The table as it may be shown, and what it says.

    Small cells are withheld with whatever would give them away (`suppress_table`). A share, a residual or a test that
    rests on something withheld would be an equation for it: where a total is withheld, so is every figure that is
    relative to it; the test is of the rows (or columns, whichever keeps more people) in which nothing is withheld; and
    of weighted lines with something withheld no weighted figure is told, as their parts weigh differently.

    Args:
        figures: of the whole table.
        rows: what the rows are.
        columns: what the columns are.
        names: categories of rows and columns.
        minimum: smallest n that may be shown.
        left_out: responses that are not in the table.
        adjustment: of the p-values of residuals.
        level: of tests.
    """
    hidden = suppress_table(figures.respondents.tolist(), minimum=minimum)
    if hidden.grand_total is not None:
        return withheld_table(names)
    if not figures.respondents.any():
        return _empty_table(names, left_out)
    shown = _Shown(figures, hidden)
    tested = _tested(figures, hidden, level)
    cells = _with_p_values([shown.cell(i, j, names) for i, j in np.ndindex(*figures.respondents.shape)],
                           adjustment, level)  # fmt: skip
    association = tested if isinstance(tested, Association) else None
    warnings = list(figures.warnings)
    if hidden.cells:
        warnings.append("Cells that are withheld have too few answers, or would give such cells away.")
    return CrossTable(
        rows=tuple(shown.row(i, name) for i, name in enumerate(names[0])),
        columns=tuple(shown.column(j, name) for j, name in enumerate(names[1])),
        cells=tuple(cells),
        n=int(figures.respondents.sum()),
        n_effective=figures.n_effective if not (figures.is_weighted and hidden.cells) else None,
        left_out=left_out,
        association=association,
        not_testable=None if isinstance(tested, Association) else tested,
        sentence=sentence_of(rows.name, columns.name, tested, cells, int(figures.respondents.sum())),
        warnings=tuple(warnings),
    )


def withheld_table(names: tuple[Sequence[str], Sequence[str]]) -> CrossTable:
    """The table of which nothing may be shown, neither its n nor why."""
    return _bare_table(names, None, None, "Too few answered both to be shown.")


def _empty_table(names: tuple[Sequence[str], Sequence[str]], left_out: int) -> CrossTable:
    return _bare_table(names, 0, left_out, "Nobody answered both, so there is no table.")


def _bare_table(
    names: tuple[Sequence[str], Sequence[str]], n: int | None, left_out: int | None, why: str
) -> CrossTable:
    withheld = n is None
    return CrossTable(
        rows=tuple(CrossLine(name, withheld, n) for name in names[0]),
        columns=tuple(CrossLine(name, withheld, n) for name in names[1]),
        cells=tuple(CrossCell(row, column, withheld, n) for row in names[0] for column in names[1]),
        n=n,
        n_effective=None if n is None else float(n),
        left_out=left_out,
        association=None,
        not_testable=why,
        sentence=why,
        warnings=(),
    )


class _Shown:
    """What may be told of each part of a table."""

    def __init__(self, figures: TableFigures, hidden: TableSuppression) -> None:
        self.figures, self.hidden = figures, hidden
        self.rows_with_gaps = {row for row, _ in hidden.cells}
        self.columns_with_gaps = {column for _, column in hidden.cells}

    def cell(self, i: int, j: int, names: tuple[Sequence[str], Sequence[str]]) -> CrossCell:
        row, column = names[0][i], names[1][j]
        if (i, j) in self.hidden.cells:
            return CrossCell(row, column, withheld=True)
        figures, hidden = self.figures, self.hidden
        in_row = i not in hidden.row_totals and not (figures.is_weighted and i in self.rows_with_gaps)
        in_column = j not in hidden.column_totals and not (figures.is_weighted and j in self.columns_with_gaps)
        in_all = not (figures.is_weighted and hidden.cells)
        return CrossCell(
            row,
            column,
            withheld=False,
            n=int(figures.respondents[i, j]),
            share=float(figures.totals[i, j] / figures.totals.sum()) if in_all else None,
            row_share=figures.row_shares[i][j] if in_row else None,
            column_share=figures.column_shares[i][j] if in_column else None,
            residual=figures.residuals[i][j] if in_row and in_column and in_all else None,
        )

    def row(self, i: int, name: str) -> CrossLine:
        withheld, gaps = i in self.hidden.row_totals, i in self.rows_with_gaps
        effective = self.figures.row_n_effective[i]
        return self._line(name, self.figures.respondents[i], self.figures.totals[i], effective, (withheld, gaps))

    def column(self, j: int, name: str) -> CrossLine:
        withheld, gaps = j in self.hidden.column_totals, j in self.columns_with_gaps
        effective = self.figures.column_n_effective[j]
        parts = self.figures.respondents[:, j], self.figures.totals[:, j]
        return self._line(name, *parts, effective, (withheld, gaps))

    def _line(
        self, name: str, n: NDArray[np.int64], totals: NDArray[np.float64], effective: float, state: tuple[bool, bool]
    ) -> CrossLine:
        withheld, gaps = state
        if withheld:
            return CrossLine(name, withheld=True)
        told = not (self.figures.is_weighted and gaps)
        share = float(totals.sum() / self.figures.totals.sum())
        in_all = not (self.figures.is_weighted and self.hidden.cells)
        return CrossLine(
            name,
            withheld=False,
            n=int(n.sum()),
            n_effective=effective if told else None,
            share=share if in_all else None,
        )


def _tested(figures: TableFigures, hidden: TableSuppression, level: float) -> Association | str:
    rows, columns = (np.arange(size) for size in figures.respondents.shape)
    warnings: tuple[str, ...] = ()
    if hidden.cells:
        whole_rows = np.setdiff1d(rows, [row for row, _ in hidden.cells])
        whole_columns = np.setdiff1d(columns, [column for _, column in hidden.cells])
        by_rows = figures.respondents[whole_rows].sum() >= figures.respondents[:, whole_columns].sum()
        rows, columns = (whole_rows, columns) if by_rows else (rows, whole_columns)
        kind = "rows" if by_rows else "columns"
        warnings = (f"The test is of the {kind} in which nothing is withheld: {rows.size} × {columns.size} cells.",)
    tested = figures.respondents[np.ix_(rows, columns)]
    try:
        found = figures.test(rows, columns)
    except NotEstimable as refused:
        return "With so much withheld there is nothing left to test." if hidden.cells else refused.detail
    smaller = min(np.count_nonzero(tested.sum(axis=0)), np.count_nonzero(tested.sum(axis=1)))
    return Association(
        statistic=figures.statistic,
        value=found.statistic,
        parameter=found.parameter,
        p_value=found.p_value,
        cramers_v=found.cramers_v,
        strength=strength_of(found.cramers_v, int(smaller)),
        associated=found.p_value < 1.0 - level,
        n=int(tested.sum()),
        warnings=(*warnings, *found.warnings),
    )


def _with_p_values(cells: list[CrossCell], adjustment: AdjustmentMethod, level: float) -> list[CrossCell]:
    """The cells with the p-values of their residuals, all that are shown as one family."""
    family = [index for index, cell in enumerate(cells) if cell.residual is not None]
    if not family:
        return cells
    p_values = [float(2.0 * ndtr(-abs(cells[index].residual or 0.0))) for index in family]
    for index, p, adjusted in zip(family, p_values, adjust_p_values(p_values, method=adjustment), strict=True):
        cells[index] = replace(cells[index], p_value=p, adjusted_p_value=adjusted, stands_out=adjusted < 1.0 - level)
    return cells


def _shares(part: NDArray[np.int64], whole: NDArray[np.int64], level: float) -> Cells:
    return tuple(
        tuple(_share(int(one), int(all_), level) if all_ else None for one, all_ in zip(*lines, strict=True))
        for lines in zip(part, whole, strict=True)
    )


def _share(part: int, whole: int, level: float) -> ShareOf:
    found = proportion_estimate(part, whole, level=level)
    return ShareOf(found.value, found.interval)
