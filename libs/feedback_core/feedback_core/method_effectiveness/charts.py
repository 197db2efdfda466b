"""Charts of method effectiveness: each measure by method with its interval, and the KPI at the same composition."""

from collections.abc import Iterator
from typing import Final

from feedback_core.charts.document import percent
from feedback_core.charts.intervals import interval_chart
from feedback_core.charts.types import Chart, Quantity, Row
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.charts.naming import WITHHELD, estimate_row
from feedback_core.kpis.wording import difference_of, quantity_of
from feedback_core.method_effectiveness.types import (
    MethodEffectivenessOutcome,
    MethodFinding,
    MethodMeasure,
    MethodModeEffect,
)

_NOT_TOLD: Final = "not known"
_TITLES: Final = {
    MethodMeasure.RESPONSE_RATE: "Response rate by method",
    MethodMeasure.COST_PER_COMPLETE: "Cost of a complete response by method",
    MethodMeasure.COST_PER_EFFECTIVE_RESPONSE: "Cost of an effective response by method",
    MethodMeasure.MEDIAN_SECONDS: "Time to answer by method",
    MethodMeasure.ITEM_NONRESPONSE: "Questions left out by method",
    MethodMeasure.STRAIGHT_LINING: "Straight-lining by method",
}


def effectiveness_charts(outcome: MethodEffectivenessOutcome) -> tuple[Chart, ...]:
    """A chart of each measure that is known of some method, and of the KPI as it was answered and evened out."""
    return tuple(_charts(outcome))


def _charts(outcome: MethodEffectivenessOutcome) -> Iterator[Chart]:
    said = outcome.sentence
    for measure in MethodMeasure:
        figures = [(one, _figure(one, measure)) for one in outcome.methods]
        if any(figure is not None for _, figure in figures):
            yield interval_chart(
                str(measure),
                title=_TITLES[measure],
                sentence=said,
                quantity=_quantity(measure, outcome.currency),
                rows=[_row(one, figure) for one, figure in figures],
                notes=_bars(figures),
            )
    kpi = [(one, one.kpi) for one in outcome.methods]
    yield interval_chart(
        "kpi",
        title=f"{outcome.subject} by method",
        sentence="As it was answered: those who answer by one method may be others than those who answer by another.",
        quantity=quantity_of(outcome.subject, outcome.unit, outcome.bounds),
        rows=[_row(one, figure) for one, figure in kpi],
        notes=_bars(kpi),
    )
    if outcome.mode_effects:
        quantity, times = difference_of(quantity_of(outcome.subject, outcome.unit, outcome.bounds))
        level = outcome.mode_effects[0].effect.interval.level
        yield interval_chart(
            "mode_effects",
            title=f"{outcome.subject}: methods at the same composition",
            sentence="What is left of the difference where both methods have answers of the same groups.",
            quantity=quantity,
            rows=[_effect(one, times) for one in outcome.mode_effects],
            reference=0.0,
            reference_name="no difference",
            notes=[f"bars: {percent(level)} intervals, so that all pairs hold together"],
        )


def _quantity(measure: MethodMeasure, currency: str | None) -> Quantity:
    match measure:
        case MethodMeasure.COST_PER_COMPLETE | MethodMeasure.COST_PER_EFFECTIVE_RESPONSE:
            return Quantity("Cost of a response", 0.0, None, f"smallest unit of {currency}")
        case MethodMeasure.MEDIAN_SECONDS:
            return Quantity("Median time to answer", 0.0, None, "seconds")
        case MethodMeasure.RESPONSE_RATE:
            return Quantity("Share of those contacted", 0.0, 1.0)
        case MethodMeasure.ITEM_NONRESPONSE:
            return Quantity("Share of the questions put", 0.0, 1.0)
        case MethodMeasure.STRAIGHT_LINING:
            return Quantity("Share of the responses", 0.0, 1.0)


def _figure(one: MethodFinding, measure: MethodMeasure) -> Estimate | None:
    found: Estimate | None = getattr(one, measure.value)
    return found


def _row(one: MethodFinding, figure: Estimate | None) -> Row:
    name = one.name.replace("_", " ")
    if figure is None:
        return Row(name, None, note=WITHHELD if one.withheld else _NOT_TOLD)
    return estimate_row(name, figure)


def _effect(one: MethodModeEffect, times: float) -> Row:
    found = one.effect
    label = f"{found.method.replace('_', ' ')} minus {found.reference.replace('_', ' ')}"
    value, low, high = (times * limit for limit in (found.difference, found.interval.low, found.interval.high))
    return Row(label, value, low, high, found.n + found.n_reference)


def _bars(figures: list[tuple[MethodFinding, Estimate | None]]) -> list[str]:
    levels = {percent(one.interval.level) for _, one in figures if one is not None and one.interval is not None}
    return [f"bars: {' and '.join(sorted(levels))} intervals"] if levels else []
