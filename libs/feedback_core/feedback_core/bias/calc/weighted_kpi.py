"""The KPI as answered and as weighted to the frame, each with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from feedback_core.bias.calc.cell_table import CellTable, KpiScores
from feedback_core.bias.types import WeightingSummary
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.weighted import WeightedAnswers, weight_answers, weighted_estimate
from feedback_core.kpis.types import CellAnswers, Target
from feedback_core.weighting.calc import (
    CappedRaking,
    Linearised,
    Margin,
    WeightedCells,
    encode,
    kish_design_effect,
    rake_capped,
    weighted_mean_of_cells,
)
from feedback_core.weighting.schemes import WeightingScheme


@dataclass(frozen=True, slots=True)
class WeightedKpi:
    """The weighted KPI and the weights behind it."""

    estimate: Estimate
    weighting: WeightingSummary


def unweighted_kpi(sample: CellTable, scores: NDArray[np.float64], kpi: KpiScores, *, level: float) -> Estimate:
    """Mean score of all answers with a t interval.

    Raises:
        NotEstimable: fewer than two answers.
    """
    cells, codes = len(sample.cells), np.zeros((0, len(sample.cells)), dtype=np.int64)
    plain = WeightedCells(sample.counts, scores, np.ones(cells), codes, np.ones(cells))
    return _estimate(weighted_mean_of_cells(plain), kpi, level=level, method="t")


def weighted_kpi(
    sample: CellTable,
    margins: Sequence[Margin],
    scores: NDArray[np.float64],
    kpi: KpiScores,
    *,
    cap: float,
    level: float,
) -> WeightedKpi:
    """Mean score under weights raked to ``margins`` and capped, over the respondents whose categories are all known.

    The standard error is linearised on the residuals that the margins leave; capped weights are treated alike.

    Raises:
        MarginsUnusable: a category without respondents, or margins that cannot be met together.
        NotEstimable: fewer than two respondents are left.
    """
    known = sample.onto([margin.attribute for margin in margins]).fully_known()
    columns = [[str(cell[index]) for cell in known.cells] for index in range(len(margins))]
    codes = encode(margins, columns)
    n = known.counts.sum(axis=1)
    raking = rake_capped(codes, margins, counts=n, cap=cap)
    cells = WeightedCells(known.counts, scores, raking.weights, codes, np.ones(n.size))
    estimate = _estimate(weighted_mean_of_cells(cells), kpi, level=level, method="linearised_t")
    return WeightedKpi(estimate, _summary(raking, n))


def kpi_by_scheme(
    target: Target, scheme: WeightingScheme, answers: Sequence[CellAnswers], margins: Sequence[Margin], *, level: float
) -> WeightedKpi:
    """The KPI weighted by a stored scheme, and how far its weights still miss the margins.

    Raises:
        MarginsUnusable: the respondents do not fit the frame of the scheme.
        BoundsImpossible: no weights meet its margins between its bounds.
        NotEstimable: nobody of whom all its attributes are known, or fewer than two.
    """
    weighted = weight_answers(target, scheme, answers)
    estimate = weighted_estimate(weighted, level=level)
    weights, counts = weighted.design.weights, weighted.design.respondents()
    effect = kish_design_effect(weights, counts)
    mean = float(counts @ weights) / effect.n
    summary = WeightingSummary(
        n=effect.n,
        convergence=weighted.weighting.convergence,
        smallest_weight=float(weights.min()) / mean,
        largest_weight=float(weights.max()) / mean,
        largest_before_cap=float(weights.max()) / mean,
        share_capped=weighted.weighting.trimmed / effect.n,
        largest_gap=max(_largest_gap(weighted, margin) for margin in margins),
        design_effect=effect,
        scheme=scheme.key,
        scheme_version=scheme.version,
        warnings=weighted.weighting.warnings,
    )
    return WeightedKpi(estimate, summary)


def _largest_gap(weighted: WeightedAnswers, margin: Margin) -> float:
    """Largest gap between weighted shares and the frame's, in points, among those whose category is known."""
    mass = weighted.design.mass()
    shares: dict[str, float] = dict.fromkeys(margin.categories, 0.0)
    for cell, weight in zip(weighted.cell.tolist(), mass, strict=True):
        category = weighted.cells[cell].get(margin.attribute)
        if category in shares:
            shares[category] += float(weight)
    whole = sum(shares.values())
    if not whole:
        return 0.0
    return max(
        100.0 * abs(shares[category] / whole - share)
        for category, share in zip(margin.categories, margin.shares, strict=True)
    )


def _summary(raking: CappedRaking, n: NDArray[np.int64]) -> WeightingSummary:
    effect = kish_design_effect(raking.weights, n)
    mean = float(n @ raking.weights) / effect.n
    return WeightingSummary(
        n=effect.n,
        convergence=raking.convergence,
        smallest_weight=float(raking.weights.min()) / mean,
        largest_weight=float(raking.weights.max()) / mean,
        largest_before_cap=raking.largest_before,
        share_capped=raking.share_capped,
        largest_gap=raking.largest_gap,
        design_effect=effect,
    )


def _estimate(figure: Linearised, kpi: KpiScores, *, level: float, method: str) -> Estimate:
    estimate = Estimate(figure.value, None, figure.standard_error, figure.n, figure.n_effective)
    if figure.standard_error == 0:
        return replace(estimate, warnings=("The answers leave no spread, so there is no interval to give.",))
    raw = figure.interval(level)
    if not kpi.bounded:
        return replace(estimate, interval=Interval(raw.low, raw.high, level, method))
    lowest, highest = min(kpi.by_value.values()), max(kpi.by_value.values())
    inside = Interval(max(raw.low, lowest), min(raw.high, highest), level, method)
    cut = (inside.low, inside.high) != (raw.low, raw.high)
    told = (f"The interval is cut at the end of the scale ({lowest:g} to {highest:g}).",) if cut else ()
    return replace(estimate, interval=inside, warnings=told)
