"""Where each person or team stands: adjusted for their cases, drawn towards all, held against the standard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from feedback_core.kit.errors import NotEstimable
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kpis.calc.cell_counts import scored_answers
from feedback_core.kpis.calc.ranking import rank_groups
from feedback_core.kpis.calc.scores import MEANS
from feedback_core.kpis.calc.shrinkage import shrink_means
from feedback_core.kpis.types import CellAnswers, Figure, Target
from feedback_core.people.performance.calc.case_mix import MixAdjustment, adjust_for_mix, codes_of
from feedback_core.people.performance.types import FEWEST_UNITS, Shrunk, Standings, UnitStanding
from feedback_core.standards.calc.verdict import judge_estimate
from feedback_core.standards.types import Demand, StandardDetails

NOT_COMPARABLE = "Nobody has cases of these and of the others' kinds, so what they differ by cannot be told apart."
_TOO_FEW = f"It takes {FEWEST_UNITS} or more with figures that can be compared; nobody is put into a tier."


@dataclass(frozen=True, slots=True)
class _Order:
    overall: float
    differ: bool
    shrunk: Mapping[str, Shrunk]
    warnings: tuple[str, ...]


def stand_units(
    target: Target,
    figures: Mapping[str, Figure],
    cells: Sequence[CellAnswers],
    standard: StandardDetails,
    *,
    attribute: str,
    case_mix: Sequence[str] = (),
    level: float = 0.95,
) -> Standings:
    """Everybody with a figure that may be shown.

    The verdict on the standard rests on the adjusted figure's own interval: shrinkage would judge one by the others.
    Tiers rest on the shrunk figure, which errs towards calling nobody special. Those who are not shown take no part.

    Args:
        target: of the standard's metric; any, but only means, shares and an NPS are adjusted and put into tiers.
        figures: by reference, those only that may be shown, each with an estimate.
        cells: the answers behind them by respondent cell; others among them are passed over.
        standard: that they are held against.
        attribute: whose value in a cell is the reference.
        case_mix: attributes by which cases differ.
        level: of the intervals.

    Source: as `adjust_for_mix` and `rank_groups`; docs/methods/case-mix.md.
    """
    found = {reference: UnitStanding(reference, estimate=figure.estimate) for reference, figure in figures.items()}
    explained: float | None = None
    if case_mix:
        try:
            adjustment = _adjusted(target, figures, cells, attribute, case_mix, level)
        except NotEstimable as refused:
            found = {key: replace(unit, not_adjusted=refused.detail) for key, unit in found.items()}
        else:
            explained = adjustment.explained
            found = _with_adjusted(found, adjustment)
    else:
        found = {key: replace(unit, adjusted=unit.estimate) for key, unit in found.items()}
    judged = [_judged(unit, standard) for unit in found.values()]
    try:
        order = _order(target, figures, found, adjusted=bool(case_mix), level=level)
    except NotEstimable as refused:
        return Standings(tuple(judged), None, None, explained, refused.detail, ())
    best = 1 if standard.direction is Demand.AT_LEAST else 3
    units = tuple(_placed(unit, order, best) for unit in judged)
    return Standings(units, order.overall, order.differ, explained, None, order.warnings)


def _adjusted(
    target: Target,
    figures: Mapping[str, Figure],
    cells: Sequence[CellAnswers],
    attribute: str,
    case_mix: Sequence[str],
    level: float,
) -> MixAdjustment:
    if target.definition.measure not in MEANS:
        raise NotEstimable("Only an NPS, a mean or a share can be adjusted for the mix of cases.")
    names = list(figures)
    scored = scored_answers(target, [cell for cell in cells if cell.attributes.get(attribute) in figures])
    places = {name: place for place, name in enumerate(names)}
    units = np.array([places[cell[attribute]] for cell in scored.attributes], dtype=np.int64)
    mix = np.column_stack([codes_of([cell.get(name) for cell in scored.attributes]) for name in case_mix])
    return adjust_for_mix(units[scored.cell], mix[scored.cell], scored.scores, scored.n, level=level)


def _with_adjusted(found: Mapping[str, UnitStanding], adjustment: MixAdjustment) -> dict[str, UnitStanding]:
    placed = {}
    for (reference, unit), made in zip(found.items(), adjustment.units, strict=True):
        why_not = NOT_COMPARABLE if made.adjusted is None else None
        placed[reference] = replace(unit, expected=made.expected, adjusted=made.adjusted, not_adjusted=why_not)
    return placed


def _judged(unit: UnitStanding, standard: StandardDetails) -> UnitStanding:
    if unit.adjusted is None:
        return unit
    judgement = judge_estimate(
        unit.adjusted, direction=standard.direction, target=standard.target, threshold=standard.threshold
    )
    return replace(unit, judgement=judgement)


def _order(
    target: Target, figures: Mapping[str, Figure], found: Mapping[str, UnitStanding], *, adjusted: bool, level: float
) -> _Order:
    compared = {key: unit.adjusted for key, unit in found.items() if unit.adjusted is not None}
    if len(compared) < FEWEST_UNITS:
        raise NotEstimable(_TOO_FEW)
    if not adjusted:
        ranking = rank_groups(target, figures, level=level)
        each = {one.group: Shrunk(one.shrunk, one.interval, one.reliability) for one in ranking.groups}
        return _Order(ranking.overall, ranking.differ, each, ranking.warnings)
    return _shrunk(compared, level)


def _shrunk(compared: Mapping[str, Estimate], level: float) -> _Order:
    errors = [each.standard_error or 0.0 for each in compared.values()]
    made = shrink_means([each.value for each in compared.values()], [error**2 for error in errors])
    shrunk = {
        key: Shrunk(one.shrunk, one.interval(level), one.reliability)
        for key, one in zip(compared, made.groups, strict=True)
    }
    return _Order(made.mu, made.tau2 > 0, shrunk, made.warnings)


def _placed(unit: UnitStanding, order: _Order, best: int) -> UnitStanding:
    shrunk = order.shrunk.get(unit.reference)
    if shrunk is None:
        return unit
    return replace(unit, shrunk=shrunk, tier=_tier(shrunk.interval, order.overall, best))


def _tier(interval: Interval, overall: float, best: int) -> int:
    """1 where the interval lies wholly on the good side of the overall figure, 3 on the other, else 2."""
    if interval.low > overall:
        return best
    return 4 - best if interval.high < overall else 2
