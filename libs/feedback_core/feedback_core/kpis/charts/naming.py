"""What charts of a KPI call things: the figure, its axis, and who is in it."""

from datetime import timedelta
from typing import Final

from feedback_core.charts.document import percent
from feedback_core.charts.types import Quantity, Row
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.calc.periods import day_of
from feedback_core.kpis.types import Figure, Withheld
from feedback_core.kpis.use_cases import Asked
from feedback_core.kpis.wording import bounds_of, quantity_of, title_of

WITHHELD: Final = "withheld: too few answers to be shown"
NO_ANSWERS: Final = "no answers"
_SMALLEST_P: Final = 0.001


def axis_of(asked: Asked) -> Quantity:
    """What the figure is measured in."""
    target = asked.target
    return quantity_of(title_of(target), target.definition.unit, bounds_of(target))


def figure_row(label: str, figure: Figure | Withheld) -> Row:
    """A figure as a line of a chart."""
    if isinstance(figure, Withheld):
        return Row(label, None, note=WITHHELD)
    if figure.estimate is None:
        return Row(label, None, note=(figure.not_estimable or NO_ANSWERS) if figure.answered else NO_ANSWERS)
    return estimate_row(label, figure.estimate)


def estimate_row(label: str, estimate: Estimate) -> Row:
    """An estimate as a line of a chart."""
    low, high = (estimate.interval.low, estimate.interval.high) if estimate.interval else (None, None)
    return Row(label, estimate.value, low, high, estimate.n)


def in_words(quantity: Quantity, figure: Figure | Withheld) -> str:
    """A figure with its interval and n, for the text beside a picture."""
    if isinstance(figure, Withheld):
        return WITHHELD
    estimate = figure.estimate
    if estimate is None:
        return figure.not_estimable or NO_ANSWERS
    interval, n = estimate.interval, f"n = {estimate.n:,}"
    if interval is None:
        return quantity.text(estimate.value) + ("" if estimate.value == estimate.n else f" ({n})")
    limits = f"{percent(interval.level)} interval {quantity.text(interval.low)} to {quantity.text(interval.high)}"
    return f"{quantity.text(estimate.value)} ({limits}, {n})"


def scope_of(asked: Asked) -> str:
    """Whose answers count, in words: period, groups, weights."""
    parts = [period_in_words(asked)]
    parts += [f"{attribute}: {' or '.join(values)}" for attribute, values in asked.selection.where.items()]
    if asked.scheme is not None:
        parts.append(f"weighted by {asked.scheme.key}")
    return ", ".join(part for part in parts if part)


def period_in_words(asked: Asked) -> str:
    """The time asked for, by days of its time zone; empty: all of it."""
    selection, zone = asked.selection, asked.selection.time_zone
    first = day_of(selection.start, zone).isoformat() if selection.start else ""
    last = day_of(selection.end - timedelta(microseconds=1), zone).isoformat() if selection.end else ""
    if first and last:
        return f"{first} to {last}"
    return f"from {first}" if first else f"until {last}" if last else ""


def p_in_words(p: float) -> str:
    """A p-value: ``p 0.012``, ``p < 0.001``."""
    return f"p {p:.3f}" if p >= _SMALLEST_P else f"p < {_SMALLEST_P}"


def intervals_at(asked: Asked) -> str:
    """How intervals are drawn."""
    return f"bars: {percent(asked.level)} intervals"
