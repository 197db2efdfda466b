"""Control charts: the process, its limits, and the points that are more than its usual variation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedback_core.charts import palette
from feedback_core.charts.document import HEIGHT, WIDTH, document, notice, tooltips, values_of
from feedback_core.charts.scales import domain
from feedback_core.charts.series import (
    Change,
    change_layers,
    gap_layers,
    reference_layers,
    time_axis,
    value_axis,
    with_axes,
)
from feedback_core.charts.types import Chart, Kind, Period, Quantity, Span, Spec

_LABEL_HEIGHT = 13
"""Pixels between two labels at the end of the limits."""


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One period of a control chart.

    Attributes:
        start: its first day.
        value: the figure.
        centre: mean of the process.
        low: its lower limit.
        high: its upper limit.
        part: number of the part between known changes that it is in; each has limits of its own.
        kind: name of its kind.
        rule: which rule it meets, in words; empty for usual variation.
    """

    start: date
    value: float
    centre: float
    low: float
    high: float
    part: int
    kind: str
    rule: str = ""


def control_chart(
    key: str,
    *,
    title: str,
    sentence: str,
    quantity: Quantity,
    span: Span,
    periods: Sequence[Period],
    points: Sequence[ControlPoint],
    kinds: Sequence[Kind],
    notes: Sequence[str],
    target: float | None = None,
    changes: Sequence[Change] = (),
) -> Chart:
    """Points by kind in shape and colour, the centre line, and limits that may step from period to period."""
    if not points:
        return notice(key, title=title, words="Too few periods for a control chart.")
    starts = [period.start for period in periods]
    ends = domain(quantity, [v for p in points for v in (p.value, p.low, p.high)] + [target])
    trace = {"type": "line", "color": palette.LINE, "strokeWidth": 1.2, "invalid": "break-paths-show-domains"}
    layers = [
        *gap_layers(periods, starts, span),
        *(layer for change in changes for layer in change_layers(change)),
        *reference_layers(ends, quantity, target, named=False),
        *_limits(),
        {"mark": trace, "encoding": {"detail": {"field": "part", "type": "nominal"}}},
        _points({point.kind for point in points}, quantity, kinds),
        *_names_of_lines(points[-1], target, quantity, ends),
    ]
    body: Spec = {
        "width": WIDTH,
        "height": HEIGHT,
        "data": values_of(_traced(points, periods, quantity, span)),
        "layer": with_axes(layers, time_axis(starts, span), value_axis(quantity, ends)),
    }
    return document(key, title=title, sentence=sentence, notes=notes, body=body)


def _row(point: ControlPoint, quantity: Quantity, span: Span) -> Spec:
    return {
        "start": point.start.isoformat(),
        "period": span.label(point.start),
        "value": quantity.rounded(point.value),
        "centre": quantity.rounded(point.centre),
        "low": quantity.rounded(point.low),
        "high": quantity.rounded(point.high),
        "part": point.part,
        "kind": point.kind,
        "rule": point.rule or "none",
    }


def _limits() -> list[Spec]:
    """Mean and limits of every part, level from the middle of one period to the middle of the next."""
    styles: dict[str, Spec] = {
        "low": {"color": palette.GREY, "strokeDash": [4, 3]},
        "high": {"color": palette.GREY, "strokeDash": [4, 3]},
        "centre": {"color": palette.BLACK},
    }
    return [
        {
            "mark": {"type": "line", "interpolate": "step", "strokeWidth": 1.2, "invalid": "filter", **style},
            "encoding": {"y": {"field": field, "type": "quantitative"}, "detail": {"field": "part", "type": "nominal"}},
        }
        for field, style in styles.items()
    ]


def _points(met: set[str], quantity: Quantity, kinds: Sequence[Kind]) -> Spec:
    shown = [kind for kind in kinds if kind.name in met]
    names, form = [kind.name for kind in shown], quantity.format
    return {
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
        "encoding": {
            "color": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": names, "range": [kind.colour for kind in shown]},
            },
            "shape": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": names, "range": [kind.shape for kind in shown]},
            },
            "tooltip": tooltips(
                ("period", "Period", None), ("value", quantity.name, form), ("kind", "Variation", None),
                ("rule", "Rule met", None), ("centre", "Mean", form), ("low", "Lower limit", form),
                ("high", "Upper limit", form),
            ),
        },
    }  # fmt: skip


def _traced(points: Sequence[ControlPoint], periods: Sequence[Period], quantity: Quantity, span: Span) -> list[Spec]:
    """The points, with nothing in between where a period has no figure, so that no line runs over it."""
    found = {point.start: point for point in points}
    traced, part = list[Spec](), points[0].part
    for period in periods:
        point = found.get(period.start)
        if point is not None:
            part = point.part
            traced.append(_row(point, quantity, span))
        elif period.value is None:
            traced.append({"start": period.start.isoformat(), "value": None, "part": part})
    return traced


def _names_of_lines(
    last: ControlPoint, target: float | None, quantity: Quantity, ends: tuple[float, float]
) -> list[Spec]:
    """Names of the lines at their end, as many as have room."""
    pixel = (ends[1] - ends[0]) / HEIGHT
    shown: list[Spec] = []
    at: list[float] = []
    named = [(last.centre, "mean"), (last.high, "upper limit"), (last.low, "lower limit")]
    if target is not None:
        named.insert(0, (target, "target"))
    for value, name in named:
        if all(abs(value - other) >= _LABEL_HEIGHT * pixel for other in at):
            at.append(value)
            colour = palette.TARGET if name == "target" else palette.QUIET_TEXT
            words = f"{name} {quantity.text(value)}"
            shown.append({"value": quantity.rounded(value), "text": words, "colour": colour})
    encoding: Spec = {
        "x": {"value": WIDTH},
        "text": {"field": "text", "type": "nominal"},
        "color": {"field": "colour", "type": "nominal", "scale": None},
    }
    mark = {"type": "text", "align": "left", "dx": 6, "fontSize": 11}
    return [{"data": values_of(shown), "mark": mark, "encoding": encoding}]
