"""Are the two attributes of a weighted table independent? Rao-Scott and Wald tests; slow to import."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.special import chdtrc, fdtrc

from feedback_core.kit.errors import NotEstimable
from feedback_core.kpis.calc.contingency import (
    AssociationTest,
    cramers_v,
    mean_square_contingency,
    with_respondents,
)
from feedback_core.kpis.calc.cross_tabs import WeightedTable, departures
from feedback_core.kpis.calc.quadratic_forms import upper_tail_of_ratio

AssociationStatistic = Literal["F", "Chisq", "Wald", "adjWald", "lincom", "saddlepoint"]

# Eigenvalues below this share of the largest make a matrix singular in double precision.
_SINGULAR = 1e-12


def association_test(table: WeightedTable, *, statistic: AssociationStatistic = "F") -> AssociationTest:
    """Test of independence that knows the design; rows and columns without respondents are left out.

    ``F`` (the default) and ``Chisq`` are Pearson's statistic with Rao and Scott's second- and first-order correction;
    ``lincom`` and ``saddlepoint`` refer it to its own distribution, a sum of weighted chi-squares over the design's
    precision, by a saddlepoint approximation (both, as in R); ``Wald`` and ``adjWald`` test that all departures from
    independence are zero: they need many more clusters than cells.

    Raises:
        NotEstimable: fewer than two rows or columns with respondents, no degree of freedom, too many empty cells, no
            spread at all, or (Wald) departures that the design cannot tell apart.

    Source: Rao & Scott (1984), Annals of Statistics 12:46; Thomas & Rao (1987), JASA 82:630 (Wald); Kuonen (1999),
    Biometrika 86:929 (saddlepoint). Names and figures as ``svychisq`` of R's survey. Golden: s13.
    """
    present = _present(table)
    if present.degrees_of_freedom < 1:
        raise NotEstimable("There are no more clusters than strata, so the precision cannot be judged.")
    return _TESTS[statistic](present)


def _f(table: WeightedTable) -> AssociationTest:
    deffs = _generalised_design_effects(table)
    statistic = _pearson(table) / float(deffs.sum())
    df = _effective_df(deffs)
    over = df * table.degrees_of_freedom
    return _result("F", table, statistic, (df, over), float(fdtrc(df, over, statistic)))


def _chisq(table: WeightedTable) -> AssociationTest:
    deffs, statistic = _generalised_design_effects(table), _pearson(table)
    p = float(chdtrc(deffs.size, statistic / float(deffs.mean())))
    return _result("Chisq", table, statistic, (deffs.size,), p)


def _saddlepoint(name: AssociationStatistic) -> Callable[[WeightedTable], AssociationTest]:
    def test(table: WeightedTable) -> AssociationTest:
        deffs, statistic = _generalised_design_effects(table), _pearson(table)
        p = upper_tail_of_ratio(statistic, deffs, _effective_df(deffs) * table.degrees_of_freedom)
        return _result(name, table, statistic, (), p)

    return test


def _wald(table: WeightedTable) -> AssociationTest:
    statistic, cells = _wald_per_cell(table)
    nu = table.degrees_of_freedom
    return _result("Wald", table, statistic, (cells, nu), float(fdtrc(cells, nu, statistic)))


def _adjusted_wald(table: WeightedTable) -> AssociationTest:
    statistic, cells = _wald_per_cell(table)
    left = table.degrees_of_freedom - cells + 1
    adjusted = statistic * left / table.degrees_of_freedom
    return _result("adjWald", table, adjusted, (cells, left), float(fdtrc(cells, left, adjusted)))


_TESTS: dict[AssociationStatistic, Callable[[WeightedTable], AssociationTest]] = {
    "F": _f,
    "Chisq": _chisq,
    "Wald": _wald,
    "adjWald": _adjusted_wald,
    "lincom": _saddlepoint("lincom"),
    "saddlepoint": _saddlepoint("saddlepoint"),
}


def _generalised_design_effects(table: WeightedTable) -> NDArray[np.float64]:
    """Eigenvalues of the covariance of the interaction contrasts by that under simple random sampling.

    Raises:
        NotEstimable: so many cells are empty that the contrasts cannot be told apart, or nothing varies.
    """
    shares = table.totals.ravel() / table.totals.sum()
    gradient = (np.eye(shares.size) - shares[:, None]) / table.totals.sum()
    covariance = gradient @ table.covariance @ gradient.T
    inverse = np.divide(1.0, shares, out=np.zeros(shares.size), where=shares > 0)
    rows, columns = table.totals.shape
    contrasts = inverse[:, None] * np.kron(_contrasts(rows), _contrasts(columns))
    simple = contrasts.T @ (shares[:, None] * contrasts) / table.n
    if _singular(simple):
        raise NotEstimable("So many cells are empty that independence cannot be tested; merge categories.")
    deffs: NDArray[np.float64] = np.maximum(eigh(contrasts.T @ covariance @ contrasts, simple, eigvals_only=True), 0.0)
    if not deffs.sum() > _SINGULAR:
        raise NotEstimable("The design leaves these shares no spread, so independence cannot be tested.")
    return deffs


def _wald_per_cell(table: WeightedTable) -> tuple[float, int]:
    """Quadratic form of the departures from independence over the number of free cells, and that number."""
    gaps, covariance = departures(table)
    free = np.arange(table.totals.size).reshape(table.totals.shape)[1:, 1:].ravel()
    left = covariance[np.ix_(free, free)]
    if free.size > table.degrees_of_freedom or _singular(left):
        raise NotEstimable(
            "The design has too few clusters for a Wald test of so many cells; use F, or merge categories."
        )
    return float(gaps[free] @ np.linalg.solve(left, gaps[free])) / free.size, free.size


def _contrasts(categories: int) -> NDArray[np.float64]:
    return np.vstack([np.eye(categories - 1), -np.ones(categories - 1)])


def _effective_df(deffs: NDArray[np.float64]) -> float:
    return float(deffs.sum() ** 2 / (deffs**2).sum())


def _singular(matrix: NDArray[np.float64]) -> bool:
    diagonal = np.diag(matrix)
    if not (diagonal > 0).all():
        return True
    scaled = np.linalg.eigvalsh(matrix / np.sqrt(np.outer(diagonal, diagonal)))
    return bool(scaled[0] <= _SINGULAR * scaled[-1])


def _pearson(table: WeightedTable) -> float:
    return table.n * mean_square_contingency(table.totals)


def _result(
    name: AssociationStatistic, table: WeightedTable, statistic: float, parameter: Sequence[float], p_value: float
) -> AssociationTest:
    few = table.degrees_of_freedom < 10
    told = (f"The test rests on {table.degrees_of_freedom} degrees of freedom (clusters minus strata).",) if few else ()
    return AssociationTest(name, statistic, tuple(parameter), p_value, cramers_v(table.totals), told)


def _present(table: WeightedTable) -> WeightedTable:
    """The table without the rows and columns that have no respondent."""
    rows, columns = with_respondents(table.respondents)
    cells = np.arange(table.totals.size).reshape(table.totals.shape)[np.ix_(rows, columns)].ravel()
    inside = np.ix_(rows, columns)
    return WeightedTable(
        table.totals[inside],
        table.respondents[inside],
        table.squared_weights[inside],
        table.covariance[np.ix_(cells, cells)],
        table.degrees_of_freedom,
    )
