"""Importance against performance: where it is worth acting, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_core.charts import palette
from feedback_core.charts.document import ONE_ROW, document, notice, tooltips, values_of
from feedback_core.charts.intervals import by_kind
from feedback_core.charts.scales import domain
from feedback_core.charts.types import Chart, Kind, Quantity, Spec

_WIDTH, _HEIGHT = 560, 420
_LETTER, _LINE = 6.2, 13
"""Width and height of a letter at 11 px, in pixels."""
_AWAY = 8
"""Pixels from a point to its label."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One feature by two figures, x and y, each with its interval; ``None`` where there is none."""

    label: str
    x: float
    y: float
    x_limits: tuple[float, float] | None
    y_limits: tuple[float, float] | None
    kind: str


def quadrant_chart(
    key: str,
    *,
    title: str,
    sentence: str,
    x: Quantity,
    y: Quantity,
    lines: tuple[float, float],
    corners: tuple[str, str, str, str],
    spots: Sequence[Spot],
    kinds: Sequence[Kind],
    notes: Sequence[str],
) -> Chart:
    """Points with intervals both ways, between a line on each axis.

    Args:
        key: of the chart.
        title: what it is of.
        sentence: the finding.
        x: the quantity from left to right.
        y: the quantity upwards.
        lines: where x and where y count as high.
        corners: names of the quadrants: bottom left, bottom right, top left, top right.
        spots: the points.
        kinds: of the points.
        notes: how to read it.
    """
    if not spots:
        return notice(key, title=title, words="There is nothing whose place could be shown.")
    x_ends = domain(x, [v for s in spots for v in (s.x, *(s.x_limits or ()))] + [lines[0]])
    y_ends = _around([v for s in spots for v in (s.y, *(s.y_limits or ()))] + [lines[1]], y)
    x_axis, y_axis = _axis(x, x_ends), _axis(y, y_ends)
    x_at, y_at = {**x_axis, "field": "x"}, {**y_axis, "field": "y"}
    rows = [_row(spot, x, y) for spot in spots]
    channels = by_kind(kinds, {spot.kind for spot in spots}, {"symbolOpacity": 1})
    told = tooltips(
        ("label", "Of", None), ("x", x.name, x.format), ("x_low", "from", x.format), ("x_high", "to", x.format),
        ("y", y.name, y.format), ("y_low", "from", y.format), ("y_high", "to", y.format), ("kind", "Is", None),
    )  # fmt: skip
    dot = {"type": "point", "filled": True, "size": 90, "opacity": 1}
    faint = {"type": "rule", "strokeWidth": 1.5, "opacity": 0.45}
    data = values_of(rows)
    layers: list[Spec] = [
        *_lines(lines, x_axis, y_axis),
        *_corners(corners),
        _layer(data, faint, x={**x_axis, "field": "x_low"}, x2={"field": "x_high"}, y=y_at, color=channels["color"]),
        _layer(data, faint, x=x_at, y={**y_axis, "field": "y_low"}, y2={"field": "y_high"}, color=channels["color"]),
        _layer(data, dot, x=x_at, y=y_at, tooltip=told, **channels),
        *_labels(spots, x_ends, y_ends, x_axis, y_axis),
    ]  # fmt: skip
    body: Spec = {"width": _WIDTH, "height": _HEIGHT, "view": {"stroke": palette.LINE}, "layer": layers}
    return document(key, title=title, sentence=sentence, notes=notes, body=body)


def _axis(quantity: Quantity, ends: tuple[float, float]) -> Spec:
    return {
        "type": "quantitative",
        "scale": {"domain": list(ends), "nice": False, "zero": False},
        "axis": {"title": quantity.axis_title, "format": quantity.axis_format, "tickCount": 6, "grid": False},
    }


def _layer(data: Spec, mark: Spec, **encoding: object) -> Spec:
    return {"data": data, "mark": mark, "encoding": encoding}


def _around(values: Sequence[float], quantity: Quantity) -> tuple[float, float]:
    """A place on a plane is no length, so its axis need not begin at zero; but it is never narrower than a fifth."""
    low, high = min(values), max(values)
    whole = (quantity.high or high) - (quantity.low or 0.0)
    room = max((high - low) * 0.08, (whole / 5 - (high - low)) / 2)
    first, last = low - room, high + room
    if quantity.low is not None:
        first = max(first, min(quantity.low, low))
    if quantity.high is not None:
        last = min(last, max(quantity.high, high))
    return float(f"{first:.3g}"), float(f"{last:.3g}")


def _row(spot: Spot, x: Quantity, y: Quantity) -> Spec:
    x_low, x_high = spot.x_limits or (None, None)
    y_low, y_high = spot.y_limits or (None, None)
    return {
        "label": spot.label,
        "x": x.rounded(spot.x), "x_low": x.rounded(x_low), "x_high": x.rounded(x_high),
        "y": y.rounded(spot.y), "y_low": y.rounded(y_low), "y_high": y.rounded(y_high),
        "kind": spot.kind,
    }  # fmt: skip


def _lines(lines: tuple[float, float], x_axis: Spec, y_axis: Spec) -> list[Spec]:
    rule = {"type": "rule", "color": palette.LINE, "strokeDash": [5, 4]}
    across, along = {"x": {"value": 0}, "x2": {"value": _WIDTH}}, {"y": {"value": 0}, "y2": {"value": _HEIGHT}}
    return [
        {"data": values_of([{"at": lines[0]}]), "mark": rule, "encoding": {"x": {**x_axis, "field": "at"}, **along}},
        {"data": values_of([{"at": lines[1]}]), "mark": rule, "encoding": {"y": {**y_axis, "field": "at"}, **across}},
    ]


def _corners(corners: tuple[str, str, str, str]) -> list[Spec]:
    right, bottom = _WIDTH - _AWAY, _HEIGHT - _AWAY
    places = ((_AWAY, bottom), (right, bottom), (_AWAY, _AWAY), (right, _AWAY))
    return [
        {
            "data": ONE_ROW,
            "mark": {
                "type": "text",
                "align": "left" if x == _AWAY else "right",
                "baseline": "top" if y == _AWAY else "bottom",
                "fontSize": 12,
                "fontStyle": "italic",
                "color": palette.QUIET_TEXT,
            },
            "encoding": {"x": {"value": x}, "y": {"value": y}, "text": {"value": name}},
        }
        for name, (x, y) in zip(corners, places, strict=True)
    ]


def _labels(
    spots: Sequence[Spot], x_ends: tuple[float, float], y_ends: tuple[float, float], x_axis: Spec, y_axis: Spec
) -> list[Spec]:
    """The names, each at the side of its point where it hides the fewest others."""
    at = [
        ((s.x - x_ends[0]) / (x_ends[1] - x_ends[0]) * _WIDTH, (y_ends[1] - s.y) / (y_ends[1] - y_ends[0]) * _HEIGHT)
        for s in spots
    ]
    taken = [(x - _AWAY, y - _AWAY, x + _AWAY, y + _AWAY) for x, y in at]
    rows: dict[tuple[str, int], list[Spec]] = {}
    for spot, (x, y) in zip(spots, at, strict=True):
        sides = [(align, below) for below in (-_AWAY, _AWAY + 2) for align in ("left", "right")]
        boxes = [_box(spot.label, x, y, align, below) for align, below in sides]
        best = min(range(len(sides)), key=lambda i: (_overlaps(boxes[i], taken), i))
        taken.append(boxes[best])
        rows.setdefault(sides[best], []).append({"label": spot.label, "x": spot.x, "y": spot.y})
    return [
        {
            "data": values_of(found),
            "mark": {
                "type": "text",
                "align": align,
                "dx": _AWAY if align == "left" else -_AWAY,
                "dy": below,
                "fontSize": 11,
                "color": palette.TEXT,
            },
            "encoding": {
                "x": {**x_axis, "field": "x"},
                "y": {**y_axis, "field": "y"},
                "text": {"field": "label", "type": "nominal"},
            },
        }
        for (align, below), found in rows.items()
    ]


def _box(label: str, x: float, y: float, align: str, below: float) -> tuple[float, float, float, float]:
    width = len(label) * _LETTER
    left = x + _AWAY if align == "left" else x - _AWAY - width
    return left, y + below - _LINE / 2, left + width, y + below + _LINE / 2


def _overlaps(box: tuple[float, float, float, float], taken: Sequence[tuple[float, float, float, float]]) -> float:
    """Pixels that it would hide, those outside the plot included."""
    left, top, right, bottom = box
    hidden = sum(
        max(0.0, min(right, other[2]) - max(left, other[0])) * max(0.0, min(bottom, other[3]) - max(top, other[1]))
        for other in taken
    )
    outside = max(0.0, -left) + max(0.0, right - _WIDTH) + max(0.0, -top) + max(0.0, bottom - _HEIGHT)
    return hidden + outside * _LINE
