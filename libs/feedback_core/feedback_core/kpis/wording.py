"""What a sentence calls a figure."""

from feedback_core.kpis.types import WHOLE, Measure, Target

_ACRONYMS = frozenset({"nps", "csat", "ces"})


def subject_of(target: Target) -> str:
    """The figure's name inside a sentence: ``NPS``, ``CSAT of wait``, ``the share of web in used``."""
    measure, key = target.definition.measure, target.definition.key
    about = target.question_key if target.item == WHOLE else f"{target.item} in {target.question_key}"
    if measure is Measure.COUNT:
        return "the number of responses"
    if measure is Measure.SHARE:
        return f"the share of {target.choice} in {about}"
    name = "the mean" if key == "mean" else key.upper() if key in _ACRONYMS else target.definition.name
    return name if about == key or target.definition.question else f"{name} of {about}"


def unit_of(target: Target) -> str:
    """What follows a difference of two such figures: ``points``; empty for shares and scales."""
    return {Measure.NPS: "points", Measure.COUNT: "responses"}.get(target.definition.measure, "")
