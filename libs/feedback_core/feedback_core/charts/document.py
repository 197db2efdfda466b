"""What all charts have in common: fonts, sizes, the title, and the words that stand for the picture."""

import textwrap
from collections.abc import Sequence
from typing import Final

from feedback_core.charts import palette
from feedback_core.charts.types import Chart, Spec

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH: Final = 640
"""Of a plot, in pixels."""
HEIGHT: Final = 280
ROW: Final = 26
"""Height of a line, in pixels."""
MOST_ROWS: Final = 60
"""Lines in one chart; it says how many more there are."""

ONE_ROW: Final[Spec] = {"values": [{}]}
"""Data of a mark that stands for itself."""

_TITLE_LETTERS = 76
_SUBTITLE_LETTERS = 130
_FONT = "Arial, Helvetica, Liberation Sans, sans-serif"

CONFIG: Final[Spec] = {
    "background": "white",
    "font": _FONT,
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "fontSize": 16,
        "color": palette.TEXT,
        "subtitleFontSize": 12,
        "subtitleColor": palette.QUIET_TEXT,
        "subtitleLineHeight": 16,
        "subtitlePadding": 6,
        "offset": 14,
    },
    "axis": {
        "labelColor": palette.TEXT,
        "titleColor": palette.QUIET_TEXT,
        "titleFontWeight": "normal",
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titlePadding": 8,
        "labelLimit": 220,
        "gridColor": palette.GRID,
        "domainColor": palette.LINE,
        "tickColor": palette.LINE,
    },
    "legend": {
        "orient": "bottom",
        "direction": "horizontal",
        "title": None,
        "labelFontSize": 11,
        "labelLimit": 260,
        "symbolSize": 70,
    },
    "header": {"title": None, "labelFontSize": 12, "labelFontWeight": "bold", "labelAnchor": "start"},
}


def document(key: str, *, title: str, sentence: str, notes: Sequence[str], body: Spec) -> Chart:
    """A chart that stands by itself.

    Args:
        key: of the chart.
        title: what it is of.
        sentence: the finding, in plain words; part of the subtitle, and of the description.
        notes: how to read what is drawn; the same.
        body: the specification without what all have in common.
    """
    how, sentence = _capital(" · ".join(notes)), _capital(sentence)
    subtitle = [line for text in (sentence, how) for line in textwrap.wrap(text, _SUBTITLE_LETTERS)]
    described = " ".join(part for part in (_ended(title), _ended(sentence), _ended(_capital("; ".join(notes)))) if part)
    spec: Spec = {
        "$schema": SCHEMA,
        "description": described,
        "title": {"text": textwrap.wrap(title, _TITLE_LETTERS), "subtitle": subtitle},
        "padding": 14,
        "config": CONFIG,
        **body,
    }
    return Chart(key, title, described, spec)


def notice(key: str, *, title: str, words: str) -> Chart:
    """A chart of nothing that may or can be shown, which says so in its place."""
    body: Spec = {
        "width": WIDTH,
        "height": 80,
        "data": {"values": [{"text": words}]},
        "mark": {"type": "text", "fontSize": 13, "color": palette.QUIET_TEXT},
        "encoding": {"text": {"field": "text", "type": "nominal"}},
        "view": {"fill": palette.GAP},
    }
    return document(key, title=title, sentence=words, notes=(), body=body)


def values_of(rows: Sequence[Spec]) -> Spec:
    """Rows as inline data; what is ``None`` is left out, except where it breaks a line."""
    return {"values": list(rows)}


def tooltips(*fields: tuple[str, str, str | None]) -> list[Spec]:
    """Tooltip of field, title and (for numbers) format."""
    return [
        {"field": field, "title": title, "type": "quantitative", "format": form}
        if form
        else {"field": field, "title": title, "type": "nominal"}
        for field, title, form in fields
    ]


def percent(level: float) -> str:
    """Coverage of intervals in words: ``95%``."""
    return f"{round(level * 100, 2):g}%"


def counted(n: int, one: str, many: str | None = None) -> str:
    """``1 period``, ``24 periods``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ended(text: str) -> str:
    stripped = text.strip()
    return stripped if not stripped or stripped[-1] in ".!?" else stripped + "."
