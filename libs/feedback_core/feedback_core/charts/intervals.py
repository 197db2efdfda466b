"""Figures side by side, a line each: groups, comparisons, ranks, effects; each with its interval and in numbers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from feedback_core.charts import palette
from feedback_core.charts.document import MOST_ROWS, ONE_ROW, ROW, document, notice, tooltips, values_of
from feedback_core.charts.scales import domain
from feedback_core.charts.types import Chart, Kind, Quantity, Row, Spec

PLOT: Final = 400
"""Width of the plot beside the names and the numbers, in pixels."""
_NUMBERS, _ANSWERS, _REMARK = 12, 172, 236
"""Where the columns of numbers begin, behind the plot."""
_ACROSS: Final[Spec] = {"x": {"value": 0}, "x2": {"value": PLOT}}
ONE_KIND: Final = (Kind("", palette.FIGURE),)


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panels of one chart share, so that they can be read against each other.

    Attributes:
        ends: of their axis.
        met: names of the kinds that are in any of them.
        named: whether this one names the axis for those above it, too.
    """

    ends: tuple[float, float]
    met: Collection[str]
    named: bool = True


def interval_chart(
    key: str,
    *,
    title: str,
    sentence: str,
    quantity: Quantity,
    rows: Sequence[Row],
    kinds: Sequence[Kind] = ONE_KIND,
    reference: float | None = None,
    reference_name: str = "",
    notes: Sequence[str] = (),
) -> Chart:
    """A dot and its interval per line, in the order given; a line without a figure says why.

    Args:
        key: of the chart.
        title: what it is of.
        sentence: the finding.
        quantity: along the axis.
        rows: at most ``MOST_ROWS`` are drawn; the notes say how many are not.
        kinds: of the rows, told apart by shape and colour.
        reference: a value that all are held against; ``None``: zero where the axis crosses it.
        reference_name: what it is.
        notes: how to read it.
    """
    if not rows:
        return notice(key, title=title, words=sentence or "There is nothing to show.")
    shown = unique(rows[:MOST_ROWS])
    told = list(notes)
    if len(rows) > MOST_ROWS:
        told.append(f"the first {MOST_ROWS} of {len(rows):,}")
    body: Spec = {"width": PLOT, "height": {"step": ROW}, **lines(shown, quantity, kinds, reference, reference_name)}
    return document(key, title=title, sentence=sentence, notes=told, body=body)


def lines(
    rows: Sequence[Row],
    quantity: Quantity,
    kinds: Sequence[Kind] = ONE_KIND,
    reference: float | None = None,
    reference_name: str = "",
    panel: Panel | None = None,
) -> Spec:
    """The layers of an interval chart, for a chart that holds more than one; ``panel``: with one axis."""
    figures = [v for row in rows for v in (row.value, row.low, row.high, row.target)]
    ends = panel.ends if panel else domain(quantity, [*figures, reference])
    known = [row for row in rows if row.value is not None]
    met = set(panel.met) if panel else {row.kind for row in known}
    named = panel is None or panel.named
    layers: list[Spec] = [
        {
            "data": values_of([{"label": row.label} for row in rows]),
            "mark": {"type": "rule", "color": palette.GRID},
            "encoding": _ACROSS.copy(),
        },
        *_reference(ends, quantity, reference, reference_name, height=ROW * len(rows)),
        *_figures(known, quantity, kinds, met),
        *_notes_in_place([row for row in rows if row.value is None]),
        *_numbers(known, quantity),
    ]
    y: Spec = {
        "field": "label",
        "type": "nominal",
        "scale": {"domain": [row.label for row in rows]},
        "axis": {"title": None, "ticks": False, "domain": False, "labelPadding": 8},
    }
    x: Spec = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": list(ends), "nice": False, "zero": False},
        "axis": {
            "title": quantity.axis_title if named else None,
            "labels": named,
            "format": quantity.axis_format,
            "tickCount": 6,
            "grid": False,
        },
    }
    for layer in layers:
        layer["encoding"].setdefault("y", y)
        layer["encoding"].setdefault("x", x)
    return {"layer": layers}


def unique(rows: Sequence[Row]) -> list[Row]:
    """Rows whose labels differ: a line has its place by its name."""
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        seen[row.label] = times = seen.get(row.label, 0) + 1
        found.append(row if times == 1 else replace(row, label=f"{row.label} ({times})"))
    return found


def by_kind(kinds: Sequence[Kind], met: set[str], legend: Spec | None = None) -> Spec:
    """Colour and shape by kind, with a legend, where there are several kinds."""
    if len(kinds) == 1:
        return {"color": {"value": kinds[0].colour}, "shape": {"value": kinds[0].shape}}
    shown = [kind for kind in kinds if kind.name in met]
    names = [kind.name for kind in shown]
    field: Spec = {"field": "kind", "type": "nominal"} | ({"legend": legend} if legend else {})
    return {
        "color": {**field, "scale": {"domain": names, "range": [kind.colour for kind in shown]}},
        "shape": {**field, "scale": {"domain": names, "range": [kind.shape for kind in shown]}},
    }


def _reference(
    ends: tuple[float, float], quantity: Quantity, reference: float | None, name: str, *, height: int
) -> list[Spec]:
    at = reference if reference is not None else 0.0 if ends[0] < 0.0 < ends[1] else None
    if at is None:
        return []
    layers: list[Spec] = [
        {
            "data": ONE_ROW,
            "mark": {"type": "rule", "color": palette.LINE, "strokeDash": [5, 4] if name else [1, 0]},
            "encoding": {"x": {"datum": quantity.rounded(at)}, "y": {"value": 0}, "y2": {"value": height}},
        }
    ]
    if name:
        words = f"{name} {quantity.text(at)}"
        text = {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": 11, "color": palette.QUIET_TEXT}
        layers.append(
            {
                "data": ONE_ROW,
                "mark": text,
                "encoding": {"x": {"datum": quantity.rounded(at)}, "y": {"value": 0}, "text": {"value": words}},
            }
        )
    return layers


def _figures(rows: Sequence[Row], quantity: Quantity, kinds: Sequence[Kind], met: set[str]) -> list[Spec]:
    data = [
        {
            "label": row.label,
            "value": quantity.rounded(row.value),
            "low": quantity.rounded(row.low),
            "high": quantity.rounded(row.high),
            "n": row.n,
            "kind": row.kind,
            **({} if row.target is None else {"target": quantity.rounded(row.target)}),
        }
        for row in rows
    ]
    if not data:
        return []
    channels, form = by_kind(kinds, met), quantity.format
    told = [
        ("label", "Of", None),
        ("value", quantity.name, form),
        ("low", "Lower limit", form),
        ("high", "Upper limit", form),
    ]
    told += [("n", "Answers", ",d")] if any(row.n is not None for row in rows) else []
    told += [("kind", "Is", None)] if len(kinds) > 1 else []
    layers: list[Spec] = [
        {
            "data": values_of([row for row in data if row["low"] is not None]),
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {
                "x": {"field": "low", "type": "quantitative"},
                "x2": {"field": "high"},
                "color": channels["color"],
            },
        },
        {
            "data": values_of([row for row in data if "target" in row]),
            "mark": {"type": "tick", "color": palette.TARGET, "thickness": 3, "size": 18, "opacity": 1},
            "encoding": {"x": {"field": "target", "type": "quantitative"}},
        },
        {
            "data": values_of(data),
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {**channels, "tooltip": tooltips(*told)},
        },
    ]
    return [layer for layer in layers if layer["data"]["values"]]


def _notes_in_place(rows: Sequence[Row]) -> list[Spec]:
    if not rows:
        return []
    data = values_of([{"label": row.label, "note": row.note} for row in rows])
    text = {
        "type": "text",
        "align": "left",
        "dx": 8,
        "fontSize": 11,
        "fontStyle": "italic",
        "color": palette.QUIET_TEXT,
    }
    return [
        {"data": data, "mark": {"type": "bar", "color": palette.GAP, "height": 18}, "encoding": _ACROSS.copy()},
        {"data": data, "mark": text, "encoding": {"x": {"value": 0}, "text": {"field": "note", "type": "nominal"}}},
    ]


def _numbers(rows: Sequence[Row], quantity: Quantity) -> list[Spec]:
    """The same in figures, behind the plot."""
    counted = any(row.n is not None for row in rows)
    columns = [
        (_NUMBERS, {row.label: _figure(row, quantity) for row in rows}),
        (_ANSWERS, {row.label: f"n {row.n:,}" for row in rows if row.n is not None}),
        (_REMARK if counted else _ANSWERS, {row.label: row.remark for row in rows if row.remark}),
    ]
    return [
        {
            "data": values_of([{"label": label, "text": text} for label, text in column.items()]),
            "mark": {"type": "text", "align": "left", "dx": at, "fontSize": 11, "color": palette.TEXT},
            "encoding": {"x": {"value": PLOT}, "text": {"field": "text", "type": "nominal"}},
        }
        for at, column in columns
        if column
    ]


def _figure(row: Row, quantity: Quantity) -> str:
    assert row.value is not None
    if row.low is None or row.high is None:
        return quantity.text(row.value)
    return f"{quantity.text(row.value)}  ({quantity.text(row.low)} to {quantity.text(row.high)})"
