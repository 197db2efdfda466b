"""Vocabulary of charts: the chart itself, and what its builders are told about the data."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

Spec = dict[str, Any]
"""A part of a Vega-Lite specification: a JSON object."""

MINUS = "\u2212"
"""The sign that D3 writes on the axes, too."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WIDE = 50.0
"""A scale as wide as this needs one decimal, a narrower one two."""
_LONG = 1e4
"""From here on a number has no decimals."""


class ImageFormat(StrEnum):
    """As what a chart can be drawn."""

    SVG = "svg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """For ``Content-Type``."""
        return {"svg": "image/svg+xml", "png": "image/png"}[self.value]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of figures that may be shown, with the data in it.

    Attributes:
        key: names it among the charts of its analysis; stable.
        title: what it is of.
        description: what it shows, in plain words: the text instead of the picture.
        spec: Vega-Lite 6, self-contained; the same bytes for the same data.
    """

    key: str
    title: str
    description: str
    spec: Spec

    def as_json(self) -> str:
        """The specification as it is drawn."""
        return json.dumps(self.spec, ensure_ascii=False, allow_nan=False, separators=(",", ":"))

    def fingerprint(self, image: ImageFormat) -> str:
        """Names the picture: the same name, the same bytes, as long as the engine is the same."""
        content = f"{image}\0{self.title}\0{self.as_json()}".encode()
        return hashlib.blake2b(content, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Quantity:
    """What an axis measures.

    Attributes:
        name: title of the axis.
        low: lowest value that it can take; ``None``: no end.
        high: highest value; ``None``: no end.
        unit: in which a value is read, behind the name of the axis.
        places: decimals of a figure; ``None``: as its ends suggest, or four significant digits.
    """

    name: str
    low: float | None = None
    high: float | None = None
    unit: str = ""
    places: int | None = None

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1, and is shown in percent."""
        return (self.low, self.high) == (0.0, 1.0)

    @property
    def axis_title(self) -> str:
        """Name and unit."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    @property
    def format(self) -> str:
        """Of figures, as D3 writes it."""
        if self.is_share:
            return ".1%"
        places = self._places
        return ",.4~r" if places is None else f",.{places}f"

    @property
    def axis_format(self) -> str:
        """Of ticks."""
        return ".0%" if self.is_share else ",~f"

    def rounded(self, value: float | None) -> float | None:
        """A figure with the digits that are shown and one more; never -0.0."""
        if value is None:
            return None
        places = 4 if self.is_share else self._places
        short = float(f"{value:.6g}") if places is None else round(float(value), places + 1)
        return short + 0.0

    def text(self, value: float) -> str:
        """A figure for a reader."""
        places = self._places
        if self.is_share:
            shown = f"{value * 100:.1f}%"
        elif places is None:
            shown = f"{value:,.4g}" if abs(value) < _LONG else f"{value:,.0f}"
        else:
            shown = f"{value:,.{places}f}"
        return shown.removeprefix("-") if not shown.strip("-0.,%") else shown.replace("-", MINUS)

    @property
    def _places(self) -> int | None:
        if self.places is not None or self.low is None or self.high is None:
            return self.places
        return 1 if self.high - self.low >= _WIDE else 2


class Span(StrEnum):
    """Length of the periods of a series."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def days(self) -> int:
        """About how long one is."""
        return {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}[self.value]

    def label(self, start: date) -> str:
        """What a reader calls the period that begins on a day."""
        month = f"{_MONTHS[start.month - 1]} {start.year}"
        match self:
            case Span.DAY:
                return f"{start.day} {month}"
            case Span.WEEK:
                return f"week of {start.day} {month}"
            case Span.MONTH:
                return month
            case Span.QUARTER:
                return f"Q{(start.month + 2) // 3} {start.year}"
        return str(start.year)


class PeriodState(StrEnum):
    """What is known of a period."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    WITHHELD = "withheld"
    EMPTY = "no answers"
    NO_FIGURE = "no figure"


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a series; without figures where it is withheld or empty."""

    start: date
    state: PeriodState
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of point, told apart by shape as well as by colour.

    Attributes:
        name: in the legend.
        colour: of the palette.
        shape: as Vega names it.
        hollow: drawn as an outline.
    """

    name: str
    colour: str
    shape: str = "circle"
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with its interval, as one line of a chart.

    Attributes:
        label: of the line.
        value: ``None`` where there is no figure to show; ``note`` then says why.
        low: lower limit of the interval.
        high: upper limit.
        n: answers behind it.
        kind: name of its kind, where there are several.
        note: instead of a figure: ``withheld``.
        target: what it should reach.
        remark: at the end of the line, after the figure.
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    kind: str = ""
    note: str = ""
    target: float | None = None
    remark: str = ""
