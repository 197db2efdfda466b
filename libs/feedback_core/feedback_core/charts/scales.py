"""Ends of axes that do not mislead, and ticks that can be read."""

import math
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from feedback_core.charts.types import Quantity, Span

_SHORT_SCALE = 10.0
"""A scale no longer than this is shown whole."""
_HALF = 0.5
_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400_000
"""Milliseconds."""
_ALIGNED_MONTHS = (1, 2, 3, 6)


def domain(quantity: Quantity, values: Iterable[float | None]) -> tuple[float, float]:
    """The ends of an axis: all values, and the point from which the quantity is counted.

    A short scale of answers is shown whole; a share from 0, and to 100 % once it passes half of that; anything else
    from 0, or across it. No difference can so be made to look larger than it is by where the axis begins.
    """
    known = [float(value) for value in values if value is not None]
    low, high = quantity.low, quantity.high
    if low is not None and high is not None and not quantity.is_share and high - low <= _SHORT_SCALE:
        return min([low, *known]), max([high, *known])
    base = 0.0
    if low is not None and low > 0.0:
        base = low
    if high is not None and high < 0.0:
        base = high
    first, last = min([base, *known]), max([base, *known])
    if quantity.is_share and last > _HALF:
        return min(0.0, first), max(1.0, last)
    if first == last:
        return base, base + 1.0 if high is None else base + (high - base) / 5
    return _padded(first, last, base, quantity)


def _padded(first: float, last: float, base: float, quantity: Quantity) -> tuple[float, float]:
    room = (last - first) * 0.05
    step = nice_step((last - first) / 8)
    begin = first if first == base else math.floor((first - room) / step) * step
    end = last if last == base else math.ceil((last + room) / step) * step
    if quantity.low is not None:
        begin = max(begin, min(quantity.low, first))
    if quantity.high is not None:
        end = min(end, max(quantity.high, last))
    return float(f"{begin:.9g}"), float(f"{end:.9g}")


def nice_step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, at least ``rough``."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * (1 - 1e-9))


def instant(day: date) -> int:
    """A day as Vega counts: milliseconds since 1970, at midnight UTC, whatever the reader's own time zone."""
    return (day.toordinal() - _EPOCH) * _DAY


def edges(starts: Sequence[date], span: Span) -> list[int]:
    """Where the place of each period on the axis begins and ends, half way to its neighbours; one more than periods."""
    points = [instant(start) for start in starts]
    first = points[1] - points[0] if len(points) > 1 else span.days * _DAY
    last = points[-1] - points[-2] if len(points) > 1 else span.days * _DAY
    between = [(a + b) // 2 for a, b in pairwise(points)]
    return [points[0] - first // 2, *between, points[-1] + last // 2]


def ticks(starts: Sequence[date], span: Span, *, most_short: int = 24, most_long: int = 11) -> list[date]:
    """The periods that are named on the axis, as many as there is room for."""
    if span in {Span.MONTH, Span.QUARTER}:
        for months in _ALIGNED_MONTHS:
            aligned = [start for start in starts if (start.month - 1) % months == 0]
            if 0 < len(aligned) <= most_short:
                return aligned
        span = Span.YEAR
    if span is Span.YEAR:
        januaries = [start for start in starts if start.month == 1] or [starts[0]]
        return _every(januaries, most_long)
    return _every(starts, most_long)


def _every(starts: Sequence[date], most: int) -> list[date]:
    return list(starts[:: max(1, math.ceil(len(starts) / most))])


def tick_label(named: Sequence[date], span: Span) -> str:
    """Expression that writes a tick: the period, and below it the year where a new one begins."""
    if span is Span.YEAR:
        return "utcFormat(datum.value,'%Y')"
    form = {Span.MONTH: "%b", Span.QUARTER: "Q%q"}.get(span, "%-d %b")
    apart = max(((b - a).days for a, b in pairwise(named)), default=1)
    year = f"datum.index===0||utcdayofyear(datum.value)<={apart if span in {Span.DAY, Span.WEEK} else 1}"
    return f"[utcFormat(datum.value,'{form}'),{year}?utcFormat(datum.value,'%Y'):'']"
