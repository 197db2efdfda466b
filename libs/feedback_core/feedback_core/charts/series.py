"""A figure over time: its line, its intervals, the periods without a figure, and what lies ahead."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from feedback_core.charts import palette
from feedback_core.charts.counterfactual import Courses
from feedback_core.charts.document import HEIGHT, ONE_ROW, WIDTH, document, notice, percent, tooltips, values_of
from feedback_core.charts.scales import domain, edges, instant, tick_label, ticks
from feedback_core.charts.types import Chart, Period, PeriodState, Quantity, Span, Spec

_MOST_POINTS = 60
"""With more periods than this, points would hide the line."""
_LABEL_LYING, _LABEL_STANDING = 64, 14
"""Pixels that a label within a gap takes."""
_WHOLE_HEIGHT: Spec = {"y": {"value": 0}, "y2": {"value": HEIGHT}}
_GAPS = {PeriodState.WITHHELD, PeriodState.EMPTY, PeriodState.NO_FIGURE}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A line that was fitted to a part of the series, from its first period to its last."""

    start: date
    start_value: float
    end: date
    end_value: float


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened at the beginning of a period, with the periods that it may as well have been.

    Attributes:
        at: first period after it.
        label: beside its line.
        earliest: of the interval of its date; ``None``: the date is known.
        latest: of the same.
    """

    at: date
    label: str
    earliest: date | None = None
    latest: date | None = None


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is drawn over a series.

    Attributes:
        target: that it should reach.
        fitted: lines of a model.
        changes: of the level, or known ones of the process.
        ahead: coming periods, with the limits of their prediction intervals.
        ahead_level: of these.
        courses: of a model with and without an event.
    """

    target: float | None = None
    fitted: Sequence[Fitted] = ()
    changes: Sequence[Change] = ()
    ahead: Sequence[Period] = ()
    ahead_level: float = 0.95
    courses: Courses = field(default_factory=Courses)


def series_chart(
    key: str,
    *,
    title: str,
    sentence: str,
    quantity: Quantity,
    span: Span,
    periods: Sequence[Period],
    level: float,
    overlay: Overlay | None = None,
) -> Chart:
    """A line with its interval band; broken where nothing can be shown, hollow where a period is not complete."""
    drawn = overlay or Overlay()
    if all(period.value is None for period in periods):
        return notice(key, title=title, words=_nothing(periods))
    starts = [period.start for period in (*periods, *drawn.ahead)]
    figures = [v for p in (*periods, *drawn.ahead) for v in (p.value, p.low, p.high)]
    lines = [v for line in drawn.fitted for v in (line.start_value, line.end_value)]
    ends = domain(quantity, [*figures, *lines, *drawn.courses.values(), drawn.target])
    layers = [
        *gap_layers(periods, starts, span),
        *_changes(drawn.changes),
        *reference_layers(ends, quantity, drawn.target),
        *_line(periods, quantity, dense=len(starts) > _MOST_POINTS),
        *_ahead(periods, drawn, quantity, span),
        *_fitted(drawn.fitted, quantity),
        *drawn.courses.layers(quantity, span),
    ]
    lone = _lone(periods)
    rows = [_row(p, quantity, span) | ({"lone": True} if i in lone else {}) for i, p in enumerate(periods)]
    body: Spec = {
        "width": WIDTH,
        "height": HEIGHT,
        "data": values_of(rows),
        "layer": with_axes(layers, time_axis(starts, span), value_axis(quantity, ends)),
    }
    return document(key, title=title, sentence=sentence, notes=_notes(periods, level, drawn), body=body)


def with_axes(layers: Sequence[Spec], x: Spec, y: Spec) -> list[Spec]:
    """Layers that lie in one field; the first that has data along an axis says how that axis looks, for all."""
    found = [{**layer, "encoding": dict(layer["encoding"])} for layer in layers]
    for channel, axis in (("x", x), ("y", y)):
        bare = {"field": axis["field"], "type": axis["type"]}
        for layer in found:
            layer["encoding"].setdefault(channel, bare)
        encodings = [layer["encoding"] for layer in found]
        first = next(one for one in encodings if "field" in one[channel] and f"{channel}2" not in one)
        first[channel] = {**axis, **first[channel]}
    return found


def time_axis(starts: Sequence[date], span: Span) -> Spec:
    """Days as they are, whatever time zone the reader is in."""
    named, places = ticks(starts, span), edges(starts, span)
    return {
        "field": "start",
        "type": "temporal",
        "scale": {"type": "utc", "domain": [places[0], places[-1]], "nice": False},
        "axis": {
            "title": None,
            "grid": False,
            "values": [instant(day) for day in named],
            "labelExpr": tick_label(named, span),
            "labelOverlap": "greedy",
        },
    }


def value_axis(quantity: Quantity, ends: tuple[float, float]) -> Spec:
    """The axis of the figure."""
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": list(ends), "nice": False, "zero": False},
        "axis": {"title": quantity.axis_title, "format": quantity.axis_format, "tickCount": 6},
    }


def gap_layers(periods: Sequence[Period], starts: Sequence[date], span: Span) -> list[Spec]:
    """Periods without a figure: a grey band each run of them, named where there is room."""
    places = edges(starts, span)
    pixel = (places[-1] - places[0]) / WIDTH
    runs = []
    for state, run in groupby(enumerate(periods), key=lambda entry: entry[1].state):
        if state in _GAPS:
            members = [i for i, _ in run]
            begin, end = places[members[0]], places[members[-1] + 1]
            runs.append({"start": begin, "end": end, "middle": (begin + end) // 2, "why": state.value})
    if not runs:
        return []
    lying = [run for run in runs if run["end"] - run["start"] >= _LABEL_LYING * pixel]
    standing = [run for run in runs if run not in lying and run["end"] - run["start"] >= _LABEL_STANDING * pixel]
    band: Spec = {
        "data": values_of(runs),
        "mark": {"type": "rect", "color": palette.GAP},
        "encoding": {"x2": {"field": "end"}, **_WHOLE_HEIGHT, "tooltip": tooltips(("why", "Shown", None))},
    }
    return [band, *(_gap_label(rows, angle) for rows, angle in ((lying, 0), (standing, 270)) if rows)]


def _gap_label(rows: list[Spec], angle: int) -> Spec:
    mark: Spec = {"type": "text", "angle": angle, "fontSize": 10, "fontStyle": "italic", "color": palette.QUIET_TEXT}
    return {
        "data": values_of(rows),
        "mark": mark | ({"align": "left"} if angle else {"baseline": "bottom"}),
        "encoding": {
            "x": {"field": "middle", "type": "temporal"},
            "y": {"value": HEIGHT - 8},
            "text": {"field": "why", "type": "nominal"},
        },
    }


def reference_layers(
    ends: tuple[float, float], quantity: Quantity, target: float | None, *, named: bool = True
) -> list[Spec]:
    """A rule at zero where the axis crosses it, and one at the target, named behind its end."""
    across: Spec = {"x": {"value": 0}, "x2": {"value": WIDTH}}
    layers: list[Spec] = []
    if ends[0] < 0.0 < ends[1]:
        layers.append(
            {
                "data": ONE_ROW,
                "mark": {"type": "rule", "color": palette.LINE},
                "encoding": {"y": {"datum": 0}, **across},
            }
        )
    if target is not None:
        at = {"y": {"datum": quantity.rounded(target)}}
        rule = {"type": "rule", "color": palette.TARGET, "strokeDash": [6, 4], "strokeWidth": 1.5}
        layers.append({"data": ONE_ROW, "mark": rule, "encoding": {**at, **across}})
        if named:
            text = {"type": "text", "align": "left", "dx": 6, "fontSize": 11, "color": palette.TARGET}
            words = {"x": {"value": WIDTH}, "text": {"value": f"target {quantity.text(target)}"}}
            layers.append({"data": ONE_ROW, "mark": text, "encoding": {**at, **words}})
    return layers


def _line(periods: Sequence[Period], quantity: Quantity, *, dense: bool) -> list[Spec]:
    """Band, line and points of the chart's own data."""
    states = {period.state for period in periods}
    whole = {"transform": [{"filter": f"datum.state !== '{PeriodState.INCOMPLETE}'"}]}
    joined: Spec = whole if PeriodState.INCOMPLETE in states else {}
    band = {"type": "area", "color": palette.FIGURE, "opacity": 0.18, "invalid": "break-paths-show-domains"}
    rule = {"type": "rule", "color": palette.FIGURE, "opacity": 0.6}
    line = {"type": "line", "color": palette.FIGURE, "strokeWidth": 2, "invalid": "break-paths-show-domains"}
    limits: Spec = {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}
    layers: list[Spec] = []
    if any(period.low is not None for period in periods):
        layers += [
            {**joined, "mark": band, "encoding": limits},
            {"transform": [{"filter": "datum.lone"}], "mark": rule, "encoding": limits},
        ]
    layers.append({**joined, "mark": line, "encoding": {}})
    return [*layers, {**({"transform": [{"filter": "datum.lone"}]} if dense else {}), **_points(quantity)}]


def _points(quantity: Quantity) -> Spec:
    form = quantity.format
    mark = {"type": "point", "filled": True, "size": 44, "stroke": palette.FIGURE, "strokeWidth": 1.8, "opacity": 1}
    return {
        "mark": mark,
        "encoding": {
            "fill": {
                "condition": {"test": f"datum.state === '{PeriodState.INCOMPLETE}'", "value": "white"},
                "value": palette.FIGURE,
            },
            "tooltip": tooltips(
                ("period", "Period", None),
                ("value", quantity.name, form),
                ("low", "Lower limit", form),
                ("high", "Upper limit", form),
                ("n", "Answers", ",d"),
                ("state", "Period is", None),
            ),
        },
    }


def _row(period: Period, quantity: Quantity, span: Span) -> Spec:
    return {
        "start": period.start.isoformat(),
        "period": span.label(period.start),
        "value": quantity.rounded(period.value),
        "low": quantity.rounded(period.low),
        "high": quantity.rounded(period.high),
        "n": period.n,
        "state": period.state.value,
    }


def _lone(periods: Sequence[Period]) -> set[int]:
    """Periods that no line reaches: between two gaps, or incomplete. Their intervals are drawn as rules."""
    joined = [period.state is PeriodState.COMPLETE and period.value is not None for period in periods]
    return {
        i
        for i, period in enumerate(periods)
        if period.value is not None
        and not (joined[i] and ((i > 0 and joined[i - 1]) or (i + 1 < len(joined) and joined[i + 1])))
    }


def _ahead(periods: Sequence[Period], drawn: Overlay, quantity: Quantity, span: Span) -> list[Spec]:
    if not drawn.ahead:
        return []
    coming = [_row(period, quantity, span) for period in drawn.ahead]
    last = next((p for p in reversed(periods) if p.value is not None and p.state is PeriodState.COMPLETE), None)
    joint = []
    if last is not None:
        value = quantity.rounded(last.value)
        joint = [_row(last, quantity, span) | {"low": value, "high": value}]
    form = quantity.format
    return [
        {
            "data": values_of([*joint, *coming]),
            "mark": {"type": "area", "color": palette.PURPLE, "opacity": 0.16},
            "encoding": {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}},
        },
        {
            "data": values_of([*joint, *coming]),
            "mark": {"type": "line", "color": palette.PURPLE, "strokeDash": [5, 4], "strokeWidth": 2},
            "encoding": {},
        },
        {
            "data": values_of(coming),
            "mark": {"type": "point", "shape": "diamond", "fill": "white", "stroke": palette.PURPLE, "size": 60},
            "encoding": {
                "tooltip": tooltips(
                    ("period", "Coming", None), ("value", quantity.name, form), ("low", "Lower limit", form),
                    ("high", "Upper limit", form),
                )
            },
        },
    ]  # fmt: skip


def _fitted(lines: Sequence[Fitted], quantity: Quantity) -> list[Spec]:
    return [
        {
            "data": values_of(
                [
                    {"start": line.start.isoformat(), "value": quantity.rounded(line.start_value)},
                    {"start": line.end.isoformat(), "value": quantity.rounded(line.end_value)},
                ]
            ),
            "mark": {"type": "line", "color": palette.BLACK, "strokeWidth": 1.5, "strokeDash": [2, 3]},
            "encoding": {},
        }
        for line in lines
    ]


def _changes(changes: Sequence[Change]) -> list[Spec]:
    return [layer for change in changes for layer in change_layers(change)]


def change_layers(change: Change) -> list[Spec]:
    """A line where something happened, its label, and a band as wide as the interval of its date."""
    at = {"x": {"datum": instant(change.at), "type": "temporal"}}
    layers: list[Spec] = []
    if change.earliest is not None and change.latest is not None and change.earliest < change.latest:
        layers.append(
            {
                "data": ONE_ROW,
                "mark": {"type": "rect", "color": palette.VERMILLION, "opacity": 0.1},
                "encoding": {
                    "x": {"datum": instant(change.earliest), "type": "temporal"},
                    "x2": {"datum": instant(change.latest)},
                    **_WHOLE_HEIGHT,
                },
            }
        )
    rule = {"type": "rule", "color": palette.VERMILLION, "strokeWidth": 1.5}
    text = {"type": "text", "align": "left", "baseline": "top", "dx": 5, "fontSize": 11, "color": palette.VERMILLION}
    return [
        *layers,
        {"data": ONE_ROW, "mark": rule, "encoding": {**at, **_WHOLE_HEIGHT}},
        {"data": ONE_ROW, "mark": text, "encoding": {**at, "y": {"value": 2}, "text": {"value": change.label}}},
    ]


def _nothing(periods: Sequence[Period]) -> str:
    if any(period.state is PeriodState.WITHHELD for period in periods):
        return "Nothing to show: every period is withheld, since too few answered, or without answers."
    return "Nothing to show: nobody answered."


def _notes(periods: Sequence[Period], level: float, drawn: Overlay) -> list[str]:
    states = {period.state for period in periods}
    notes = []
    if any(period.low is not None for period in periods):
        notes.append(f"band and bars: {percent(level)} intervals")
    if drawn.fitted or drawn.courses.fitted:
        notes.append("dotted: fitted")
    if any(change.earliest != change.latest for change in drawn.changes):
        notes.append("shaded: when the change may have been")
    if drawn.courses.otherwise:
        notes.append(f"dashed: had it gone on as before, with {percent(drawn.courses.level)} intervals of that line")
    if drawn.ahead:
        notes.append(f"dashed: expected, with {percent(drawn.ahead_level)} prediction intervals")
    if PeriodState.INCOMPLETE in states:
        notes.append("hollow: the period is not complete")
    if PeriodState.WITHHELD in states:
        notes.append("grey, withheld: too few answers to be shown")
    unanswered = [state.value for state in (PeriodState.EMPTY, PeriodState.NO_FIGURE) if state in states]
    notes += [f"grey: {why}" for why in unanswered]
    return notes
