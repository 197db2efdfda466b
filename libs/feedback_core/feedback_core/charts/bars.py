"""Counts and shares as bars from zero: the answers by value, and parts of a whole."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from feedback_core.charts import palette
from feedback_core.charts.document import tooltips, values_of
from feedback_core.charts.scales import nice_step
from feedback_core.charts.types import Kind, Spec

MOST_BARS: Final = 40
"""More values than this are put together in classes of equal width."""
_HEIGHT = 150
_MOST_UPRIGHT = 16
"""More names of answers than this are slanted to have room."""


@dataclass(frozen=True, slots=True)
class Bar:
    """How many gave one answer, or one of a class of answers."""

    label: str
    n: int
    kind: str = ""


def answer_bars(bars: Sequence[Bar], *, axis: str, kinds: Sequence[Kind], width: int) -> Spec:
    """A bar per answer, the share of all above it; a part of a chart."""
    total = sum(bar.n for bar in bars)
    met = {bar.kind for bar in bars}
    shown = [kind for kind in kinds if kind.name in met]
    rows = [
        {
            "answer": bar.label,
            "n": bar.n,
            "share": round(bar.n / total, 5) if total else 0,
            "kind": bar.kind,
            "text": f"{bar.n / total * 100:.0f}%" if total else "",
        }
        for bar in bars
    ]
    dense = len(bars) > _MOST_UPRIGHT
    x: Spec = {
        "field": "answer",
        "type": "nominal",
        "scale": {"domain": [bar.label for bar in bars], "paddingInner": 0.15},
        "axis": {
            "title": axis,
            "ticks": False,
            "labelOverlap": "greedy",
            "labelAngle": -40 if dense else 0,
            "labelLimit": 90,
        },
    }
    y: Spec = {
        "field": "n",
        "type": "quantitative",
        "scale": {"domainMin": 0},
        "axis": {"title": "Answers", "format": ",~f", "tickCount": 4, "tickMinStep": 1},
    }
    colour: Spec = {"value": kinds[0].colour}
    if len(kinds) > 1:
        scale = {"domain": [kind.name for kind in shown], "range": [kind.colour for kind in shown]}
        colour = {"field": "kind", "type": "nominal", "scale": scale}
    told = [("answer", "Answer", None), ("n", "Answers", ",d"), ("share", "Share", ".1%")]
    layers: list[Spec] = [
        {"mark": {"type": "bar"}, "encoding": {"x": x, "y": y, "color": colour, "tooltip": tooltips(*told)}}
    ]
    if not dense:
        text = {"type": "text", "baseline": "bottom", "dy": -3, "fontSize": 11, "color": palette.QUIET_TEXT}
        layers.append({"mark": text, "encoding": {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}}})
    return {"width": width, "height": _HEIGHT, "data": values_of(rows), "layer": layers}


def classes_of(counts: Mapping[float, int]) -> list[tuple[float, float, int]]:
    """Numbers put together in classes of equal, round width: from, to (the next one's from), how many."""
    lowest, highest = min(counts), max(counts)
    step = nice_step((highest - lowest) / (MOST_BARS / 2))
    first, last = math.floor(lowest / step), math.floor(highest / step)
    sums = dict.fromkeys(range(first, last + 1), 0)
    for value, n in counts.items():
        sums[math.floor(value / step)] += n
    return [(float(f"{at * step:.9g}"), float(f"{(at + 1) * step:.9g}"), n) for at, n in sums.items()]
