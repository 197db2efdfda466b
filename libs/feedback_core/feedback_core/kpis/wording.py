"""What a sentence calls a figure."""

from feedback_core.charts.types import Quantity
from feedback_core.kpis.calc.scores import range_of
from feedback_core.kpis.types import WHOLE, Measure, Target

SHARE = (0.0, 1.0)
"""Bounds of what is read in percent."""

_ACRONYMS = frozenset({"nps", "csat", "ces"})


def called(key: str) -> str:
    """What people call a KPI of that key: ``CSAT``."""
    return key.upper() if key in _ACRONYMS else key


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


def title_of(target: Target) -> str:
    """The figure's name at the beginning of a sentence."""
    subject = subject_of(target)
    return subject[:1].upper() + subject[1:]


def bounds_of(target: Target) -> tuple[float | None, float | None]:
    """Ends of the scale on which the KPI is reported; ``None``: it has no end there."""
    if target.definition.measure is Measure.COUNT:
        return 0.0, None
    return (None, None) if target.definition.measure is Measure.RATIO else range_of(target) or (None, None)


def quantity_of(name: str, unit: str, bounds: tuple[float | None, float | None]) -> Quantity:
    """What the axis of a figure says: its ends stand in it where they make the unit."""
    low, high = bounds
    if bounds == SHARE:
        return Quantity(name, low, high)
    if bounds == (-100.0, 100.0):
        return Quantity(name, low, high, "points")
    if low is not None and high is not None:
        return Quantity(name, low, high, f"{low:g} to {high:g}")
    return Quantity(name, low, high, "" if unit.lower() in name.lower() else unit)


def difference_of(quantity: Quantity) -> tuple[Quantity, float]:
    """What a difference of two such figures is measured in, and what it is multiplied by to be so."""
    if quantity.is_share:
        return Quantity("Difference", -100.0, 100.0, "percentage points"), 100.0
    if quantity.low is None or quantity.high is None:
        return Quantity("Difference", unit=quantity.unit), 1.0
    reach = quantity.high - quantity.low
    unit = quantity.unit if quantity.unit == "points" else "points of the scale"
    return Quantity("Difference", -reach, reach, unit), 1.0
