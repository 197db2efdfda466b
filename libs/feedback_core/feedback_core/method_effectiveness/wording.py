"""Methods, and clear differences between them, in words."""

from collections.abc import Mapping

from feedback_core.kit.estimates import Estimate
from feedback_core.method_effectiveness.types import MethodDifference, MethodFinding, MethodMeasure, MethodModeEffect


def method_in_words(method: str) -> str:
    """A method as it reads in a sentence: ``face to face interview``."""
    return method.replace("_", " ")


def difference_in_words(one: MethodDifference, methods: Mapping[str, MethodFinding]) -> str:
    """A clear difference as a sentence of its own."""
    said = difference_clause(one, methods)
    return f"{said[:1].upper()}{said[1:]}."


def effect_in_words(one: MethodModeEffect, kpi_name: str, amount: str) -> str:
    """A clear mode effect as a sentence of its own."""
    how = "higher" if one.effect.difference > 0 else "lower"
    first, second = method_in_words(one.effect.method), method_in_words(one.effect.reference)
    return f"At the same composition, {kpi_name} by {first} is {amount} {how} than by {second}."


def difference_clause(one: MethodDifference, methods: Mapping[str, MethodFinding]) -> str:
    """A clear difference as a part of a sentence."""
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


def _of(finding: MethodFinding, measure: MethodMeasure) -> Estimate | None:
    found: Estimate | None = getattr(finding, measure.value)
    return found


def _times(high: float, low: float) -> str:
    return f"{high / low:.1f} times" if low > 0 else "many times"
