"""How figures of a standard are written in sentences: shares in percent, everything else in its own units."""

import math


def written(value: float, *, share: bool) -> str:
    """A figure for a reader: ``81.3%``, ``4.21``, ``37.5``; never ``-0.0``."""
    scaled = value * 100 if share else value
    places = 1 if share or abs(scaled) >= 10 else 2
    text = f"{scaled:,.{places}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    return f"{text}%" if share else text


def asked_for(value: float, *, share: bool) -> str:
    """A target, as it was set: with no more places than it has."""
    scaled = round(value * 100 if share else value, 6)
    return f"{scaled:,g}%" if share else f"{scaled:,.10g}"


def percent(confidence: float) -> str:
    """A confidence: ``97.5%``."""
    return f"{round(confidence * 100, 6):g}%"


def counted(number: int, noun: str) -> str:
    """``1 answer``, ``2,041 answers``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def whole_up(value: float) -> int:
    """The next whole number, for a value that is not above one only by rounding."""
    return math.ceil(value - 1e-9)
