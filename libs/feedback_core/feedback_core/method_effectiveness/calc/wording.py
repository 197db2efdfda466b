"""What was found of the methods, in one sentence, and what a reader must be told beside it."""

from collections.abc import Iterator, Sequence

from feedback_core.bias.calc.cell_table import KpiScores
from feedback_core.bias.calc.wording import figure
from feedback_core.charts.document import counted, percent
from feedback_core.method_effectiveness.calc.figures import Arm
from feedback_core.method_effectiveness.types import MethodDifference, MethodFinding, MethodMeasure, MethodModeEffect
from feedback_core.method_effectiveness.wording import difference_clause, effect_in_words, method_in_words

_TOLD_FIRST = (
    MethodMeasure.COST_PER_EFFECTIVE_RESPONSE,
    MethodMeasure.RESPONSE_RATE,
    MethodMeasure.ITEM_NONRESPONSE,
    MethodMeasure.STRAIGHT_LINING,
    MethodMeasure.MEDIAN_SECONDS,
    MethodMeasure.COST_PER_COMPLETE,
)
_MOST_TOLD = 3


def sentence(
    methods: Sequence[MethodFinding],
    differences: Sequence[MethodDifference],
    effects: Sequence[MethodModeEffect],
    kpi: KpiScores,
    contacts_given: bool,
) -> str:
    """What is clear between the methods, what is not, and what could not be told."""
    shown = [one for one in methods if not one.withheld]
    n = sum(one.complete or 0 for one in shown)
    begin = f"Of {counted(n, 'complete response')} by {counted(len(shown), 'method')}"
    if len(shown) < 2:
        alone = len(methods) < 2
        said = "there is none to compare it with" if alone else "too few came by another to show it"
        parts = [f"{begin}, {said}"]
    else:
        by_name = {str(one.name): one for one in shown}
        clear = [difference_clause(one, by_name) for one in _ordered(differences)]
        clear += [_effect(one, kpi) for one in effects if one.clear]
        rest = len(clear) - _MOST_TOLD
        told = "; ".join(clear[:_MOST_TOLD]) if clear else "no difference between methods is beyond chance"
        parts = [f"{begin}: {told}", *([f"{counted(rest, 'more difference')} beyond chance"] if rest > 0 else [])]
    if not contacts_given:
        parts.append("response rate and cost are not told, since nobody entered who was contacted")
    return "; ".join(parts) + "."


def warnings(arms: Sequence[Arm], *, over: Sequence[str], rule: bool, up_to_date: bool, level: float) -> Iterator[str]:
    """What a reader must be told, a sentence each."""
    yield "Nobody was assigned to a method by chance: differences may be those of the people who use it."
    if len(arms) > 1:
        yield (
            f"Intervals of differences hold together at {percent(level)} over all pairs of methods of one measure, not "
            "over all measures."
        )
    for method in over:
        name = method_in_words(method)
        yield f"More responded by {name} than were entered as contacted: its rate and cost are not told."
    if not rule:
        yield "The survey has no inclusion rule, so no response is suspect."
    elif not up_to_date:
        yield "Not every response is held to the inclusion rule yet: suspects and straight-lining may be more."


def _ordered(differences: Sequence[MethodDifference]) -> list[MethodDifference]:
    clear = [one for one in differences if one.clear]
    return sorted(clear, key=lambda one: _TOLD_FIRST.index(one.measure))


def _effect(one: MethodModeEffect, kpi: KpiScores) -> str:
    said = effect_in_words(one, kpi.name, figure(abs(one.effect.difference), kpi.unit))
    return said[:1].lower() + said[1:].rstrip(".")
