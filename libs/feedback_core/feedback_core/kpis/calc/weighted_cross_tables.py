"""The figures of a weighted two-way table: their errors know the weights. Slow to import."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.association import AssociationStatistic, association_test
from feedback_core.kpis.calc.contingency import AssociationTest
from feedback_core.kpis.calc.cross_tables import Cells, Indices, TableFigures
from feedback_core.kpis.calc.cross_tabs import WeightedTable, cross_tab, weighted_table
from feedback_core.kpis.types.cross_tabs import JointCount, ShareOf
from feedback_core.weighting.calc.calibration import Calibration
from feedback_core.weighting.calc.design import Design
from feedback_core.weighting.calc.design_effect import kish_design_effect
from feedback_core.weighting.calc.fitting import fit_scheme
from feedback_core.weighting.calc.linearisation import Linearised
from feedback_core.weighting.calc.proportion_intervals import design_proportion_interval
from feedback_core.weighting.schemes import WeightingScheme

MOST_FLOATS = 4_000_000
"""Of the matrix of rows by cells from which covariances are made."""

Inside = Callable[[Mapping[str, str]], bool]


def weighted_figures(
    joint: Sequence[JointCount],
    names: tuple[Sequence[str], Sequence[str]],
    *,
    scheme: WeightingScheme | None,
    inside: Inside | None,
    statistic: AssociationStatistic = "F",
    level: float = 0.95,
) -> tuple[TableFigures, int]:
    """The figures, and how many respondents are left out as an attribute of the scheme is not known of them.

    Args:
        joint: everybody of the period, as the weights speak for all.
        names: categories of rows and columns.
        scheme: by which they are weighted; all the same if ``None``.
        inside: whether the table is about respondents with these attributes; about all if ``None``.
        statistic: of the test.
        level: of the intervals.

    Raises:
        MarginsUnusable: the respondents do not fit the frame.
        BoundsImpossible: no weights meet the margins between the bounds of the scheme.
        NotEstimable: nobody of whom all attributes of the scheme are known, nobody inside, or too large a table.

    Source: see `weighted_table`, `association_test`. Golden: s13 by parts.
    """
    rows, columns = ({name: code for code, name in enumerate(side)} for side in names)
    by = scheme.attributes if scheme else ()
    counted: Counter[tuple[tuple[str, ...], bool, int, int]] = Counter()
    left_out = 0
    for one in joint:
        among = inside is None or inside(one.attributes)
        if all(attribute in one.attributes for attribute in by):
            known = tuple(one.attributes[attribute] for attribute in by)
            counted[known, among, rows[one.row], columns[one.column]] += one.n
        elif among:
            left_out += one.n
    if not counted:
        raise NotEstimable("Nobody answered both of whom all attributes of the scheme are known.")
    shape = (len(rows), len(columns))
    if len(counted) * shape[0] * shape[1] > MOST_FLOATS:
        raise NotEstimable("The table has too many cells for weights by so many attributes: cross fewer categories.")
    keys = sorted(counted)
    counts = np.array([counted[key] for key in keys], dtype=np.int64)
    design, warnings = _design(scheme, [key[0] for key in keys], counts)
    domain = np.array([key[1] for key in keys], dtype=bool)
    codes = np.array([key[2:] for key in keys], dtype=np.int64)
    table = weighted_table(codes[:, 0], codes[:, 1], design if domain.all() else design.within(domain), shape=shape)
    return _figures(table, statistic, level, warnings, is_weighted=scheme is not None), left_out


def _design(
    scheme: WeightingScheme | None, known: Sequence[tuple[str, ...]], counts: NDArray[np.int64]
) -> tuple[Design, tuple[str, ...]]:
    if scheme is None:
        return Design(np.ones(counts.size), counts=counts), ()
    units = sorted(set(known))
    number_of = {unit: index for index, unit in enumerate(units)}
    of_row = np.array([number_of[unit] for unit in known], dtype=np.int64)
    number = np.bincount(of_row, weights=counts).astype(np.int64)
    weighting, weights = fit_scheme(scheme, [dict(zip(scheme.attributes, unit, strict=True)) for unit in units], number)
    fitted = weighting.calibration
    calibration = None if fitted is None else Calibration(fitted.codes[:, of_row], counts.astype(float))
    effect = kish_design_effect(weights, number).design_effect
    told = (*weighting.warnings, f"Weights cost precision by a design effect of {effect:.2f} (Kish).")
    return Design(weights[of_row], calibration=calibration, counts=counts), told


def _figures(
    table: WeightedTable, statistic: AssociationStatistic, level: float, warnings: tuple[str, ...], *, is_weighted: bool
) -> TableFigures:
    shown = cross_tab(table)

    def test(rows: Indices, columns: Indices) -> AssociationTest:
        return association_test(_part(table, rows, columns), statistic=statistic)

    transposed = _turned(table)
    by_column = _shares(transposed, shown.column_bases, shown.column_n_effective, level)
    return TableFigures(
        respondents=table.respondents,
        totals=table.totals,
        row_shares=_shares(table, shown.row_bases, shown.row_n_effective, level),
        column_shares=tuple(zip(*by_column, strict=True)),
        residuals=shown.standardised_residuals,
        row_n_effective=shown.row_n_effective,
        column_n_effective=shown.column_n_effective,
        n_effective=shown.n_effective,
        statistic=statistic,
        test=test,
        is_weighted=is_weighted,
        warnings=warnings,
    )


def _shares(table: WeightedTable, bases: Sequence[int], effective: Sequence[float], level: float) -> Cells:
    """Share of each cell in its row with an interval; the error of a ratio of totals by the delta method."""
    rows, columns = table.totals.shape
    found = []
    for i in range(rows):
        whole = float(table.totals[i].sum())
        if whole <= 0:
            found.append((None,) * columns)
            continue
        shares = table.totals[i] / whole
        block = table.covariance[i * columns : (i + 1) * columns, i * columns : (i + 1) * columns]
        gradient = (np.eye(columns) - shares[:, None]) / whole
        errors = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", gradient, block, gradient), 0.0))
        found.append(
            tuple(
                _share(Linearised(float(p), _rounded(float(e)), bases[i] - 1, bases[i], effective[i]), level)
                for p, e in zip(shares, errors, strict=True)
            )
        )
    return tuple(found)


def _share(share: Linearised, level: float) -> ShareOf:
    try:
        return ShareOf(share.value, design_proportion_interval(share, level=level))
    except NotEstimable:
        return ShareOf(share.value, None)


def _rounded(error: float) -> float:
    return error if error > 1e-12 else 0.0


def _turned(table: WeightedTable) -> WeightedTable:
    order = np.arange(table.totals.size).reshape(table.totals.shape).T.ravel()
    return WeightedTable(
        table.totals.T,
        table.respondents.T,
        table.squared_weights.T,
        table.covariance[np.ix_(order, order)],
        table.degrees_of_freedom,
    )


def _part(table: WeightedTable, rows: Indices, columns: Indices) -> WeightedTable:
    """Some rows and columns, as a table of its own."""
    inside = np.ix_(rows, columns)
    cells = np.arange(table.totals.size).reshape(table.totals.shape)[inside].ravel()
    return WeightedTable(
        table.totals[inside],
        table.respondents[inside],
        table.squared_weights[inside],
        table.covariance[np.ix_(cells, cells)],
        table.degrees_of_freedom,
    )
