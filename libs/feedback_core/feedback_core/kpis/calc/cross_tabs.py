"""Two-way tables of weighted respondents: shares, bases, and which cells stand out; slow to import."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.weighting.calc import Design, covariance_of_totals

# A deviation whose standard error is this small beside the table is fixed by the design.
_ROUNDING = 1e-12

Shares = tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True, slots=True)
class WeightedTable:
    """Weighted counts of a two-way table and how they vary under the design.

    Attributes:
        totals: weighted count of each cell, shape (rows, columns).
        respondents: unweighted count of each cell, shape (rows, columns).
        squared_weights: sum of the squared weights of each cell, shape (rows, columns).
        covariance: of the totals, rows one after the other, shape (rows * columns, rows * columns).
        degrees_of_freedom: of the design: clusters minus strata.
    """

    totals: NDArray[np.float64]
    respondents: NDArray[np.int64]
    squared_weights: NDArray[np.float64]
    covariance: NDArray[np.float64]
    degrees_of_freedom: int

    @property
    def n(self) -> int:
        """Respondents in the table."""
        return int(self.respondents.sum())


@dataclass(frozen=True, slots=True)
class CrossTab:
    """What is shown of a two-way table; a share of nobody is ``None``.

    Attributes:
        proportions: share of each cell in the whole.
        row_shares: share of each cell in its row.
        column_shares: share of each cell in its column.
        respondents: unweighted count of each cell.
        row_bases: respondents of each row.
        column_bases: respondents of each column.
        n: respondents in the table.
        row_n_effective: Kish effective n of each row.
        column_n_effective: Kish effective n of each column.
        n_effective: of the whole table.
        standardised_residuals: weighted count less the one expected of independence, over its linearised standard
            error: beyond ±2 a cell stands out; ``None`` where the design leaves no error.
    """

    proportions: Shares
    row_shares: Shares
    column_shares: Shares
    respondents: tuple[tuple[int, ...], ...]
    row_bases: tuple[int, ...]
    column_bases: tuple[int, ...]
    n: int
    row_n_effective: tuple[float, ...]
    column_n_effective: tuple[float, ...]
    n_effective: float
    standardised_residuals: Shares


def weighted_table(
    rows: NDArray[np.int64], columns: NDArray[np.int64], design: Design, *, shape: tuple[int, int]
) -> WeightedTable:
    """Cross respondents by two attributes.

    Memory is that of a float per respondent and cell; large samples come as counted rows (``design.counts``).

    Args:
        rows: code of each respondent's row, 0 … shape[0] - 1, shape (n,); not looked at outside the design's domain.
        columns: the same for columns.
        design: of the respondents; an answer missing is left out by ``design.within(answered)``.
        shape: numbers of rows and columns, empty ones included.

    Raises:
        NotEstimable: nobody answered, or what `covariance_of_totals` refuses.
        ValueError: a code outside ``shape``.

    Golden: s13.
    """
    number = design.respondents()
    inside = number > 0
    for codes, size in zip((rows, columns), shape, strict=True):
        if ((codes[inside] < 0) | (codes[inside] >= size)).any():
            raise ValueError(f"a code lies outside 0 … {size - 1}")
    if not inside.any():
        raise NotEstimable("Nobody answered both questions, so there is no table.")
    cells = shape[0] * shape[1]
    cell = np.where(inside, rows * shape[1] + columns, 0)
    each = (cell[:, None] == np.arange(cells)).astype(float)
    mass = design.mass()
    return WeightedTable(
        totals=np.bincount(cell, weights=mass, minlength=cells).astype(float).reshape(shape),
        respondents=np.bincount(cell, weights=number, minlength=cells).astype(np.int64).reshape(shape),
        squared_weights=np.bincount(cell, weights=mass * design.weights, minlength=cells).astype(float).reshape(shape),
        covariance=covariance_of_totals(each, design),
        degrees_of_freedom=design.degrees_of_freedom(),
    )


def cross_tab(table: WeightedTable) -> CrossTab:
    """Shares, bases and standardised residuals of a table.

    Raises:
        NotEstimable: nobody is in it.
    """
    if table.n == 0:
        raise NotEstimable("Nobody answered both questions, so there is no table.")
    totals, squares = table.totals, table.squared_weights
    by_row, by_column = totals.sum(axis=1), totals.sum(axis=0)
    return CrossTab(
        proportions=_shares(totals, np.full(totals.shape, totals.sum())),
        row_shares=_shares(totals, np.broadcast_to(by_row[:, None], totals.shape)),
        column_shares=_shares(totals, np.broadcast_to(by_column, totals.shape)),
        respondents=tuple(tuple(row) for row in table.respondents.tolist()),
        row_bases=tuple(table.respondents.sum(axis=1).tolist()),
        column_bases=tuple(table.respondents.sum(axis=0).tolist()),
        n=table.n,
        row_n_effective=_effective(by_row, squares.sum(axis=1)),
        column_n_effective=_effective(by_column, squares.sum(axis=0)),
        n_effective=float(totals.sum() ** 2 / squares.sum()),
        standardised_residuals=_standardised_residuals(table),
    )


def departures(table: WeightedTable) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weighted counts less those expected of independence, shape (rows * columns,), and their covariance.

    Margins and size of the population are estimated as well, so the covariance follows by the delta method.
    """
    totals = table.totals
    whole = float(totals.sum())
    row_shares, column_shares = totals.sum(axis=1) / whole, totals.sum(axis=0) / whole
    expected = whole * np.outer(row_shares, column_shares)
    same_row = np.kron(np.eye(row_shares.size), np.outer(column_shares, np.ones(column_shares.size)))
    same_column = np.kron(np.outer(row_shares, np.ones(row_shares.size)), np.eye(column_shares.size))
    gradient = np.eye(totals.size) - same_row - same_column + (expected / whole).reshape(-1, 1)
    covariance: NDArray[np.float64] = gradient @ table.covariance @ gradient.T
    return (totals - expected).ravel(), covariance


def _standardised_residuals(table: WeightedTable) -> Shares:
    gaps, covariance = departures(table)
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    fixed = errors <= _ROUNDING * float(table.totals.sum())
    residuals = [None if known else float(gap / error) for gap, error, known in zip(gaps, errors, fixed, strict=True)]
    width = table.totals.shape[1]
    return tuple(tuple(residuals[start : start + width]) for start in range(0, len(residuals), width))


def _shares(part: NDArray[np.float64], whole: NDArray[np.float64]) -> Shares:
    return tuple(
        tuple(float(one / all_) if all_ > 0 else None for one, all_ in zip(*pair, strict=True))
        for pair in zip(part, whole, strict=True)
    )


def _effective(total: NDArray[np.float64], squares: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(whole**2 / each) if each > 0 else 0.0 for whole, each in zip(total, squares, strict=True))
