"""Methods pair by pair: differences of their figures and of the KPI, with intervals that hold together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from feedback_core.bias.calc import CellTable
from feedback_core.bias.calc.cell_table import KpiScores
from feedback_core.bias.calc.modes import mode_effect
from feedback_core.kit.errors import NotEstimable
from feedback_core.method_effectiveness.calc.figures import Arm
from feedback_core.method_effectiveness.calc.limits import difference, excludes_zero, simultaneous
from feedback_core.method_effectiveness.types import MethodDifference, MethodMeasure, MethodModeEffect
from feedback_core.planning.types import CollectionMethod

HIGHER_IS_BETTER: Final[Mapping[MethodMeasure, bool | None]] = {
    MethodMeasure.RESPONSE_RATE: True,
    MethodMeasure.COST_PER_COMPLETE: False,
    MethodMeasure.COST_PER_EFFECTIVE_RESPONSE: False,
    MethodMeasure.MEDIAN_SECONDS: None,
    MethodMeasure.ITEM_NONRESPONSE: False,
    MethodMeasure.STRAIGHT_LINING: False,
}
"""Whether more of it is better; ``None``: neither, a quick answer may be a careless one."""


def differences(arms: Sequence[Arm], *, level: float) -> tuple[MethodDifference, ...]:
    """Every pair of methods by every measure that both have; the family of an interval is its measure's pairs."""
    return tuple(found for measure in MethodMeasure for found in _by(measure, arms, level))


def _by(measure: MethodMeasure, arms: Sequence[Arm], level: float) -> Iterator[MethodDifference]:
    known = [arm for arm in arms if arm.estimate(measure, level) is not None]
    pairs = list(combinations(known, 2))
    at = simultaneous(level, len(pairs))
    figures = {arm.name: arm.estimate(measure, at) for arm in known}
    for first, second in pairs:
        one, other = figures[first.name], figures[second.name]
        apart = difference(one, other) if one is not None and other is not None else None
        if apart is None:
            continue
        clear = excludes_zero(apart.interval)
        better = None
        if clear and HIGHER_IS_BETTER[measure] is not None:
            better = first.name if (apart.value > 0) is HIGHER_IS_BETTER[measure] else second.name
        key = f"{measure}:{first.name}:{second.name}"
        yield MethodDifference(key, measure, first.name, second.name, apart, clear, better)


def kpi_by_pairs(
    tables: Mapping[CollectionMethod, CellTable], kpi: KpiScores, *, level: float, minimum: int
) -> tuple[tuple[MethodModeEffect, ...], tuple[str, ...]]:
    """The KPI of every pair of methods at the same composition, and why pairs have none.

    Raises:
        Invalid: an answered value without a score.
    """
    pairs = list(combinations(tables, 2))
    at = simultaneous(level, len(pairs))
    found, refusals = [], []
    for first, second in pairs:
        try:
            effect = mode_effect(
                (_words(first), tables[first]),
                (_words(second), tables[second]),
                kpi,
                level=at,
                minimum_cell=minimum,
            )
        except NotEstimable as refusal:
            refusals.append(refusal.detail)
            continue
        effect = replace(
            effect,
            method=str(first),
            reference=str(second),
            p_adjusted=min(1.0, effect.p_value * len(pairs)),
        )
        found.append(MethodModeEffect(f"{first}:{second}", effect, excludes_zero(effect.interval)))
    return tuple(found), tuple(dict.fromkeys(refusals))


def _words(method: CollectionMethod) -> str:
    return method.replace("_", " ")
