"""What the way of asking does to a KPI: methods compared after giving them the same composition."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from feedback_core.bias.calc.cell_table import CellTable, KpiScores, scores_of
from feedback_core.bias.types import ModeEffect
from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Interval
from feedback_core.kpis.calc.multiplicity import adjust_p_values
from feedback_core.kpis.calc.quantiles import student_quantile, two_sided_student_p

Cell = tuple[str | None, ...]

# With less of the answers in cells that both methods reached, the comparison speaks of few of them.
SMALLEST_OVERLAP = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """Of the cells compared: answers, means, variances and their degrees of freedom, each of shape (cells,)."""

    n: NDArray[np.float64]
    means: NDArray[np.float64]
    variances: NDArray[np.float64]
    df: NDArray[np.float64]


def mode_effect(
    method: tuple[str, CellTable],
    reference: tuple[str, CellTable],
    kpi: KpiScores,
    *,
    composition: Mapping[Cell, float] | None = None,
    level: float = 0.95,
    minimum_cell: int = 1,
) -> ModeEffect:
    """Difference of two methods, directly standardised over the cells that both reached.

    What is left is an effect of the method only where, within a cell, its choice does not go with the opinion.

    Args:
        method: name and answers by cell and value.
        reference: the same, over the same attributes.
        kpi: how answers become scores.
        composition: share or size of each cell in the composition to compare at; that of both methods together when
            absent. Unknown categories are a category of their own.
        level: coverage of the interval.
        minimum_cell: cells in which fewer answered by one of the methods are left out, since with the figures of the
            others theirs could be worked out.

    Raises:
        NotEstimable: no cell with answers by both methods, a method without two answers in one cell, no spread, or a
            composition without these cells.
        Invalid: an answered value without a score.

    Source: direct standardisation, Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, ch. 19;
    selection and measurement: Vannieuwenhuyze, Loosveldt & Molenberghs (2010), Public Opinion Quarterly 74:1027.
    """
    tables = method[1], reference[1]
    if tables[0].attributes != tables[1].attributes:
        raise ValueError("the two methods are counted by different attributes")
    common = _common(tables, minimum_cell)
    if not common:
        enough = f" by {minimum_cell} people or more each" if minimum_cell > 1 else ""
        raise NotEstimable(
            f"No group was reached both by {method[0]} and by {reference[0]}{enough}, so composition and method cannot "
            "be told apart."
        )
    first, second = (_moments(name, table, common, kpi) for name, table in (method, reference))
    shares = _shares(common, first.n + second.n, composition)
    differences = first.means - second.means
    parts = np.concatenate([shares**2 * side.variances / side.n for side in (first, second)])
    variance = float(parts.sum())
    if not variance > 0:
        raise NotEstimable("Within the groups all answers are the same, so the difference has no interval.")
    df = variance**2 / float((parts**2 / np.concatenate([first.df, second.df])).sum())
    difference = float(shares @ differences)
    statistic = difference / variance**0.5
    half = student_quantile(level, df) * variance**0.5
    p_value = two_sided_student_p(statistic, df)
    compared = float((first.n + second.n).sum()) / (tables[0].n + tables[1].n)
    return ModeEffect(
        method=method[0],
        reference=reference[0],
        n=int(first.n.sum()),
        n_reference=int(second.n.sum()),
        raw_difference=_mean(tables[0], kpi) - _mean(tables[1], kpi),
        difference=difference,
        interval=Interval(difference - half, difference + half, level, "standardised_t"),
        statistic=statistic,
        df=df,
        p_value=p_value,
        p_adjusted=p_value,
        effect_size=difference / _spread_within(first, second),
        cells=len(common),
        overlap=compared,
        warnings=_warnings(method[0], reference[0], compared),
    )


def mode_effects(
    methods: Mapping[str, CellTable],
    kpi: KpiScores,
    *,
    composition: Mapping[Cell, float] | None = None,
    level: float = 0.95,
    minimum_cell: int = 1,
) -> tuple[ModeEffect, ...]:
    """Every method against the one with most answers (of equals, the first by name), ordered by name.

    Methods that share no group with it are left out.

    Raises:
        NotEstimable: fewer than two methods, or none that can be compared.
        Invalid: an answered value without a score.

    Source: as `mode_effect`; Holm (1979), Scandinavian J. of Statistics 6:65.
    """
    if len(methods) < 2:
        raise NotEstimable("Answers were collected by one method only, so there is none to compare it with.")
    reference = min(methods, key=lambda name: (-methods[name].n, name))
    effects, refusals = [], []
    for name in sorted(methods):
        if name == reference:
            continue
        try:
            effects.append(
                mode_effect(
                    (name, methods[name]),
                    (reference, methods[reference]),
                    kpi,
                    composition=composition,
                    level=level,
                    minimum_cell=minimum_cell,
                )
            )
        except NotEstimable as refusal:
            refusals.append(refusal.detail)
    if not effects:
        raise NotEstimable(" ".join(refusals))
    adjusted = adjust_p_values([effect.p_value for effect in effects], method="holm")
    return tuple(replace(effect, p_adjusted=p) for effect, p in zip(effects, adjusted, strict=True))


def _common(tables: tuple[CellTable, CellTable], minimum_cell: int) -> list[Cell]:
    """Cells that both methods reached, in the first one's order."""
    sizes = [dict(zip(table.cells, table.counts.sum(axis=1), strict=True)) for table in tables]
    return [cell for cell in tables[0].cells if all(size.get(cell, 0) >= max(minimum_cell, 1) for size in sizes)]


def _moments(name: str, table: CellTable, common: list[Cell], kpi: KpiScores) -> _Moments:
    scores = scores_of(table, kpi)
    counts = table.counts[[table.cells.index(cell) for cell in common]]
    n = counts.sum(axis=1).astype(float)
    means = counts @ scores / n
    squares = (counts * (scores[None, :] - means[:, None]) ** 2).sum(axis=1)
    left = float((n - 1).sum())
    if left == 0:
        raise NotEstimable(f"No group has two answers by {name}, so their spread is unknown.")
    alone = n < 2
    # A single answer shows no spread of its own; it is lent that of the method's other groups.
    variances = np.where(alone, squares.sum() / left, squares / np.maximum(n - 1, 1))
    return _Moments(n, means, variances, np.where(alone, left, n - 1))


def _shares(
    common: list[Cell], pooled: NDArray[np.float64], composition: Mapping[Cell, float] | None
) -> NDArray[np.float64]:
    weights = pooled if composition is None else np.array([composition.get(cell, 0.0) for cell in common], dtype=float)
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
        raise NotEstimable("The composition gives the groups that both methods reached no share, or a negative one.")
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


def _mean(table: CellTable, kpi: KpiScores) -> float:
    return float(table.counts.sum(axis=0) @ scores_of(table, kpi)) / table.n


def _spread_within(first: _Moments, second: _Moments) -> float:
    squares = sum(float(((side.n - 1) * side.variances).sum()) for side in (first, second))
    left = sum(float((side.n - 1).sum()) for side in (first, second))
    return math.sqrt(squares / left)


def _warnings(method: str, reference: str, overlap: float) -> tuple[str, ...]:
    told = [
        (
            f"People were not assigned to {method} or {reference} by chance; within a group, those who chose one may "
            "think differently."
        )
    ]
    if overlap < SMALLEST_OVERLAP:
        told.append(f"Only {overlap:.0%} of the answers are in groups that both methods reached.")
    return tuple(told)
