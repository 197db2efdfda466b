"""Ranges of numbers in answers: ``18 to 24``, ``under £20``, ``3 years to less than 5``, ``twice``, ``65 or over``."""

import math
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from feedback_core.surveys.lint.calc.lens import Lens
from feedback_core.surveys.lint.calc.texts import Said

_LONGEST: Final = 100
# A number ends where its digits do: one way to read each.
_NUMBER: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?")
_COUNTS: Final = {
    "once": 1, "twice": 2, "never": 0, "einmal": 1, "zweimal": 2, "nie": 0, "nunca": 0, "jamais": 0,
}  # fmt: skip
_BELOW: Final = (
    "under", "less than", "below", "fewer than", "younger than", "menos de", "unter", "weniger als", "moins de",
)  # fmt: skip
_UP_TO: Final = ("up to", "at most", "hasta", "bis zu", "höchstens", "jusqu'à", "no more than", "or less")
_ABOVE: Final = ("over", "more than", "above", "older than", "longer than", "más de", "über", "mehr als", "plus de")
_OR_MORE: Final = (
    "or more", "or older", "or over", "and over", "or above", "and above", "at least", "or longer", "and older",
    "o más", "oder mehr", "oder älter", "und älter", "ou plus", "et plus", "mindestens", "al menos", "au moins",
)  # fmt: skip
_MOST_WORDS_OF_A_COUNT: Final = 3
_ENDS: Final = 2
"""Numbers that a range names at most."""


class Interval(NamedTuple):
    """From ``low`` to ``high``, both included, in steps of ``step``; ``first`` is the number that it begins with."""

    low: float
    high: float
    step: float
    first: str


def intervals_of(labels: Sequence[Said], lens: Lens) -> list[tuple[Said, Interval]]:
    """The ranges that answers name, of those that name one; in hundredths, if one of them has a fraction."""
    read = [(label, numbers) for label in labels if (numbers := _numbers(label, lens))]
    whole = all(number == int(number) for _, (numbers, _) in read for number in numbers)
    step = 1.0 if whole else 0.01
    found = ((label, _interval(label, numbers, step, first)) for label, (numbers, first) in read)
    return [(label, interval) for label, interval in found if interval is not None]


def _numbers(label: Said, lens: Lens) -> tuple[list[float], str] | None:
    """One or two numbers, and the first as it is written."""
    written = _NUMBER.findall(label.text[:_LONGEST])
    numbers = [_value(number) for number in written]
    if not numbers:
        named = [
            word.lower for word in label.words.words if word.lower in _COUNTS or word.lower in lens.lexicon.numbers
        ]
        numbers = [float(_COUNTS.get(word, lens.lexicon.numbers.get(word, 0))) for word in named[:1]]
    return (numbers, written[0] if written else "") if 1 <= len(numbers) <= _ENDS else None


def _interval(label: Said, numbers: list[float], step: float, first: str) -> Interval | None:
    text = label.text[:_LONGEST].lower().replace("\u2019", "'")
    below, above = _place(text, _BELOW), _place(text, _ABOVE)
    if len(numbers) == _ENDS:
        low, high = numbers
        # "More than 3 to 5", "3 to less than 5": what stands before a number is about that one.
        low += step if 0 <= above < text.find(first) else 0
        high -= step if below >= 0 else 0
        return Interval(low, high, step, first) if low < high else None
    (number,) = numbers
    if below >= 0:
        return Interval(-math.inf, number - step, step, first)
    if _place(text, _UP_TO) >= 0:
        return Interval(-math.inf, number, step, first)
    if _place(text, _OR_MORE) >= 0 or "+" in text:
        return Interval(number, math.inf, step, first)
    if above >= 0:
        return Interval(number + step, math.inf, step, first)
    # "Three times" is a count; "Office 365" has a number in its name.
    begins = not first or text.lstrip("£$€ ").startswith(first)
    return Interval(number, number, step, first) if begins and len(label.words) <= _MOST_WORDS_OF_A_COUNT else None


def _value(written: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written):
        return float(written.replace(",", ""))
    return float(written.replace(",", "."))


def _place(text: str, phrases: tuple[str, ...]) -> int:
    padded = f" {text} "
    return max(padded.find(f" {phrase} ") for phrase in phrases)
