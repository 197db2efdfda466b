"""Two shares per category: who answered, against who should be heard."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from feedback_core.charts import palette
from feedback_core.charts.document import MOST_ROWS, ROW, document, notice, tooltips, values_of
from feedback_core.charts.intervals import PLOT, by_kind
from feedback_core.charts.scales import domain
from feedback_core.charts.types import Chart, Kind, Quantity, Spec

_SHARE = Quantity("Share", 0.0, 1.0)
_LETTER = 6.2
"""Width of a letter of a label, in pixels: the plots of all panels begin at the same place."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One category of one attribute.

    Attributes:
        group: the attribute.
        label: the category.
        found: its share of those who answered.
        expected: its share of those who should be heard.
        low: from here on a share is no surprise, were the answers a random sample.
        high: to here.
        n: answers.
        kind: name of its kind.
    """

    group: str
    label: str
    found: float
    expected: float
    low: float
    high: float
    n: int
    kind: str


def composition_chart(
    key: str, *, title: str, sentence: str, pairs: Sequence[Pair], kinds: Sequence[Kind], notes: Sequence[str]
) -> Chart:
    """A dot for those who answered and a diamond for the population, in a panel per attribute."""
    if not pairs:
        return notice(key, title=title, words="There is no category to compare.")
    shown, told = pairs[:MOST_ROWS], list(notes)
    if len(pairs) > MOST_ROWS:
        told.append(f"the first {MOST_ROWS} of {len(pairs):,} categories")
    ends = domain(_SHARE, [v for pair in shown for v in (pair.found, pair.expected, pair.high)])
    groups = list(dict.fromkeys(pair.group for pair in shown))
    extent = min(220, 10 + max(math.ceil(len(pair.label) * _LETTER) for pair in shown))
    panels = [
        _panel(group, [p for p in shown if p.group == group], ends, kinds, extent, last=group == groups[-1])
        for group in groups
    ]
    return document(key, title=title, sentence=sentence, notes=told, body={"vconcat": panels, "spacing": 18})


def _panel(
    group: str, pairs: Sequence[Pair], ends: tuple[float, float], kinds: Sequence[Kind], extent: int, *, last: bool
) -> Spec:
    rows = [
        {
            "label": pair.label,
            "found": _SHARE.rounded(pair.found),
            "expected": _SHARE.rounded(pair.expected),
            "low": _SHARE.rounded(pair.low),
            "high": _SHARE.rounded(pair.high),
            "n": pair.n,
            "kind": pair.kind,
            "text": f"{_SHARE.text(pair.found)} of answers, {_SHARE.text(pair.expected)} of the population",
        }
        for pair in pairs
    ]
    y: Spec = {
        "field": "label",
        "type": "nominal",
        "scale": {"domain": [pair.label for pair in pairs]},
        "axis": {"title": None, "ticks": False, "domain": False, "labelPadding": 8, "minExtent": extent},
    }
    axis: Spec = {"title": "Share" if last else None, "format": ".0%", "tickCount": 5}
    x: Spec = {"type": "quantitative", "scale": {"domain": list(ends), "nice": False}, "axis": axis}
    form = ".1%"
    told = tooltips(
        ("label", "Category", None),
        ("found", "Of answers", form),
        ("expected", "Of the population", form),
        ("low", "No surprise from", form),
        ("high", "No surprise to", form),
        ("n", "Answers", ",d"),
        ("kind", "Is", None),
    )
    channels = by_kind(kinds, {kind.name for kind in kinds})
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "color": palette.GRID, "height": 14},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "rule", "color": palette.LINE, "strokeWidth": 1.5},
            "encoding": {"x": {**x, "field": "expected"}, "x2": {"field": "found"}},
        },
        {
            "mark": {"type": "point", "shape": "diamond", "fill": "white", "stroke": palette.BLACK, "size": 80},
            "encoding": {"x": {**x, "field": "expected"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {"x": {**x, "field": "found"}, **channels, "tooltip": told},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 12, "fontSize": 11, "color": palette.TEXT},
            "encoding": {"x": {"value": PLOT}, "text": {"field": "text", "type": "nominal"}},
        },
    ]
    for layer in layers:
        layer["encoding"]["y"] = y
    return {
        "title": {"text": group, "fontSize": 12, "offset": 4, "frame": "group"},
        "width": PLOT,
        "height": {"step": ROW},
        "data": values_of(rows),
        "layer": layers,
    }
