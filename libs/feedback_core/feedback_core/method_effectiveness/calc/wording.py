"""What was found of the methods, in one sentence, and what a reader must be told beside it."""

from collections.abc import Iterator, Mapping, Sequence

from feedback_core.bias.calc.cell_table import KpiScores
from feedback_core.bias.calc.wording import figure
from feedback_core.charts.document import counted, percent
from feedback_core.kit.estimates import Estimate
from feedback_core.method_effectiveness.calc.figures import Arm
from feedback_core.method_effectiveness.types import (
    MethodDifference,
    MethodFinding,
    MethodMeasure,
    MethodModeEffect,
)

_TOLD_FIRST = (
    MethodMeasure.COST_PER_EFFECTIVE_RESPONSE,
    MethodMeasure.RESPONSE_RATE,
    MethodMeasure.ITEM_NONRESPONSE,
    MethodMeasure.STRAIGHT_LINING,
    MethodMeasure.MEDIAN_SECONDS,
    MethodMeasure.COST_PER_COMPLETE,
)
_MOST_TOLD = 3


def method_in_words(method: str) -> str:
    """A method as it reads in a sentence: ``face to face interview``."""
    return method.replace("_", " ")


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
        clear = [_difference(one, by_name) for one in _ordered(differences)]
        clear += [_effect(one, kpi) for one in effects if one.clear]
        rest = len(clear) - _MOST_TOLD
        told = "; ".join(clear[:_MOST_TOLD]) if clear else "no difference between methods is beyond chance"
        parts = [f"{begin}: {told}", *([f"{counted(rest, 'more difference')} beyond chance"] if rest > 0 else [])]
    if not contacts_given:
        parts.append("response rate and cost are not told, since nobody entered who was contacted")
    return "; ".join(parts) + "."


def difference_in_words(one: MethodDifference, methods: Mapping[str, MethodFinding]) -> str:
    """A clear difference as a sentence of its own."""
    said = _difference(one, methods)
    return f"{said[:1].upper()}{said[1:]}."


def effect_in_words(one: MethodModeEffect, kpi_name: str, amount: str) -> str:
    """A clear mode effect as a sentence of its own."""
    how = "higher" if one.effect.difference > 0 else "lower"
    first, second = method_in_words(one.effect.method), method_in_words(one.effect.reference)
    return f"At the same composition, {kpi_name} by {first} is {amount} {how} than by {second}."


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


def _difference(one: MethodDifference, methods: Mapping[str, MethodFinding]) -> str:
    lower, higher = (one.first, one.second) if one.difference.value < 0 else (one.second, one.first)
    less, more = method_in_words(lower), method_in_words(higher)
    figures = _of(methods[lower], one.measure), _of(methods[higher], one.measure)
    low, high = (figures[0].value, figures[1].value) if figures[0] and figures[1] else (0.0, 0.0)
    match one.measure:
        case MethodMeasure.COST_PER_EFFECTIVE_RESPONSE:
            return f"an effective response by {more} costs {_times(high, low)} as much as one by {less}"
        case MethodMeasure.COST_PER_COMPLETE:
            return f"a complete response by {more} costs {_times(high, low)} as much as one by {less}"
        case MethodMeasure.RESPONSE_RATE:
            return f"{more} is answered more often than {less} ({high:.1%} against {low:.1%})"
        case MethodMeasure.ITEM_NONRESPONSE:
            return f"by {more} more questions are left out than by {less} ({high:.1%} against {low:.1%})"
        case MethodMeasure.STRAIGHT_LINING:
            return f"by {more} more give one answer to everything than by {less} ({high:.1%} against {low:.1%})"
        case MethodMeasure.MEDIAN_SECONDS:
            return f"answering by {more} takes longer than by {less} ({high:.0f} against {low:.0f} seconds)"


def _effect(one: MethodModeEffect, kpi: KpiScores) -> str:
    said = effect_in_words(one, kpi.name, figure(abs(one.effect.difference), kpi.unit))
    return said[:1].lower() + said[1:].rstrip(".")


def _of(finding: MethodFinding, measure: MethodMeasure) -> Estimate | None:
    found: Estimate | None = getattr(finding, measure.value)
    return found


def _times(high: float, low: float) -> str:
    return f"{high / low:.1f} times" if low > 0 else "many times"
