"""How wide the columns of a table are set: no word runs into the next column, and long texts get what is left."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_LONGEST_WORD: Final = 28
_LONGEST_TEXT: Final = 60
_BOLD: Final = 1.12
"""Width of a bold character to that of others."""
_WIDE: Final = frozenset("WF")
_BREAKS: Final = re.compile(r"(?<=[-/])|\s+")
_SMALLER, _SMALLEST = 0.88, 0.6
"""Scales of letters: so that fewer cells are broken, and so that words fit at all."""

_UNBROKEN: Final = 32
"""Length of texts that rather stay in one line."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a table.

    Attributes:
        widths: in characters; they make up the width of the table.
        scale: of its letters to those around it: below 1 where its longest words would not fit side by side.
    """

    widths: tuple[float, ...]
    scale: float


def columns_of(labels: Sequence[str], rows: Sequence[Sequence[str]], *, room: float) -> Columns:
    """Columns for these labels, which are bold, and cells, where so many characters have room in a line.

    Each column holds its longest word; what is left goes to those whose texts are longer, by what they lack.
    """
    texts = [[row[place] for row in rows] for place in range(len(labels))]
    needed = [max(_word(label) * _BOLD, *map(_word, column), 1.0) for label, column in zip(labels, texts, strict=True)]
    wanted = [
        max(min(max(_length(label) * _BOLD, *map(_length, column)), _LONGEST_TEXT), need)
        for label, column, need in zip(labels, texts, needed, strict=True)
    ]
    unbroken = sum(max(min(want, _UNBROKEN), need) for need, want in zip(needed, wanted, strict=True))
    scale = max(min(room / unbroken, 1.0), _SMALLER)
    left, lacking = room / scale - sum(needed), sum(wanted) - sum(needed)
    if left <= 0:
        return Columns(tuple(needed), max(room / sum(needed), _SMALLEST))
    if lacking <= 0:
        return Columns(tuple(needed), scale)
    widths = tuple(need + left * (want - need) / lacking for need, want in zip(needed, wanted, strict=True))
    return Columns(widths, scale)


def _length(text: str) -> float:
    return float(sum(2 if unicodedata.east_asian_width(character) in _WIDE else 1 for character in text))


def _word(text: str) -> float:
    """Length of the longest part that a line is not broken in; scripts without spaces are broken anywhere."""
    longest = 0.0
    for word in _BREAKS.split(text):
        wide = any(unicodedata.east_asian_width(character) in _WIDE for character in word)
        longest = max(longest, 2.0 if wide else _length(word))
    return min(longest, _LONGEST_WORD)
