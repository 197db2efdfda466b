"""Are two attributes independent? Pearson's test of a table of counts, its residuals, and the strength of the link."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc

from feedback_core.kit.errors import NotEstimable

# Cochran (1954), Biometrics 10:417: below this the chi-square approximation is doubtful.
SMALLEST_EXPECTED = 5.0


@dataclass(frozen=True, slots=True)
class AssociationTest:
    """A test of independence of rows and columns.

    Attributes:
        name: of the statistic.
        statistic: its value.
        parameter: degrees of freedom of its distribution: of F two, of chi-square one, of the exact forms none.
        p_value: of independence.
        cramers_v: strength of the association, 0..1, from the weighted shares; it does not grow with n.
        warnings: what a reader must be told.
    """

    name: str
    statistic: float
    parameter: tuple[float, ...]
    p_value: float
    cramers_v: float
    warnings: tuple[str, ...] = ()


def pearson_independence(counts: ArrayLike) -> AssociationTest:
    """Pearson's chi-square of unweighted counts, shape (rows, columns), without continuity correction.

    Rows and columns of zeros are left out. Weighted counts must not come here: see `association.association_test`.

    Raises:
        NotEstimable: fewer than two rows or columns with respondents.
        ValueError: not a table, or a count that is negative or not finite.

    Source: Pearson (1900). Golden: s13.
    """
    given = _counts(counts)
    observed = given[np.ix_(*with_respondents(given))]
    statistic = float(observed.sum()) * mean_square_contingency(observed)
    df = (observed.shape[0] - 1) * (observed.shape[1] - 1)
    p_value, strength = float(chdtrc(df, statistic)), cramers_v(observed)
    return AssociationTest("Pearson", statistic, (df,), p_value, strength, _small_expectations(observed))


def pearson_residuals(counts: ArrayLike) -> tuple[tuple[float, ...], ...]:
    """Adjusted residuals of unweighted counts: (count - expected) / its standard error under independence.

    Raises:
        NotEstimable: a row or column of zeros, or fewer than two of either.
        ValueError: as `pearson_independence`.

    Source: Haberman (1973), Biometrics 29:205.
    """
    observed = _counts(counts)
    rows, columns = with_respondents(observed)
    if (rows.size, columns.size) != observed.shape:
        raise NotEstimable("A row or column has no respondent; leave it out of the table.")
    expected, whole = _expected(observed), float(observed.sum())
    left = np.outer(1 - observed.sum(axis=1) / whole, 1 - observed.sum(axis=0) / whole)
    residuals = (observed - expected) / np.sqrt(expected * left)
    return tuple(tuple(row) for row in residuals.tolist())


def with_respondents(
    counts: NDArray[np.int64] | NDArray[np.float64],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of a table that have respondents.

    Raises:
        NotEstimable: fewer than two of either.
    """
    rows, columns = np.flatnonzero(counts.sum(axis=1)), np.flatnonzero(counts.sum(axis=0))
    if min(rows.size, columns.size) < 2:
        raise NotEstimable("Fewer than two rows or columns have respondents, so there is no association to test.")
    return rows, columns


def mean_square_contingency(table: NDArray[np.float64]) -> float:
    """Pearson's statistic over n, from counts or weighted counts; no row or column of zeros."""
    expected = _expected(table)
    return float(((table - expected) ** 2 / expected).sum() / table.sum())


def cramers_v(table: NDArray[np.float64]) -> float:
    """Cramér's V of a table without empty rows and columns. Source: Cramér (1946), Mathematical Methods, 21.9."""
    return float(min(1.0, (mean_square_contingency(table) / (min(table.shape) - 1)) ** 0.5))


def _expected(table: NDArray[np.float64]) -> NDArray[np.float64]:
    expected: NDArray[np.float64] = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return expected


def _counts(given: ArrayLike) -> NDArray[np.float64]:
    counts = np.asarray(given, dtype=float)
    if counts.ndim != 2 or not (np.isfinite(counts) & (counts >= 0)).all():
        raise ValueError("counts: expected a table of finite numbers of at least 0")
    return counts


def _small_expectations(observed: NDArray[np.float64]) -> tuple[str, ...]:
    small = int(np.count_nonzero(_expected(observed) < SMALLEST_EXPECTED))
    if not small:
        return ()
    which = "One cell is" if small == 1 else f"{small} cells are"
    return (f"{which} expected to have fewer than 5 respondents, so the chi-square test is only approximate.",)
