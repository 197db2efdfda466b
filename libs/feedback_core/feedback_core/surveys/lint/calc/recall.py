"""Over what time something is to be remembered."""

from collections.abc import Iterator
from typing import Final

from feedback_core.surveys.lint.calc.lens import Lens
from feedback_core.surveys.lint.calc.texts import Asked, Said, found_in
from feedback_core.surveys.lint.phrases import Match
from feedback_core.surveys.lint.types import LintFinding, RuleId

LONGEST_RECALL: Final = 366
"""Days: of what is older people remember neither how often nor when (Tourangeau, Rips & Rasinski 2000, chapter 3)."""

_NEAR: Final = 4
"""Words between a unit of time and what makes it a past one."""


def recall_missing(_: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """It asks how often something was done, and not since when."""
    lexicon, words = lens.lexicon, text.words
    if lexicon.told_when.are_in(words) or lexicon.ever.are_in(words) or _period(text, lens) is not None:
        return
    match = lexicon.behaviour.first(words)
    if match is not None:
        rewrites: tuple[str, ...] = ()
        if lexicon.since and match.first == 0:
            rewrites = (f"{lexicon.since}{text.text[:1].lower()}{text.text[1:]}",)
        yield found_in(
            RuleId.RECALL_MISSING,
            text,
            match.first,
            match.after,
            "It is not said which time is meant: each counts over another.",
            "Name the time: the shorter the more frequent the thing, so that people can count and need not guess.",
            *rewrites,
        )


def recall_too_long(_: Asked, text: Said, lens: Lens) -> Iterator[LintFinding]:
    """It asks for more than anybody remembers."""
    period = _period(text, lens)
    match = lens.lexicon.ever.first(text.words)
    if period is not None and period[1] > LONGEST_RECALL:
        match = period[0]
    if match is not None:
        yield found_in(
            RuleId.RECALL_TOO_LONG,
            text,
            match.first,
            match.after,
            "Nobody remembers so long a time: what is far back is left out or thought nearer.",
            "Ask about a year at most; about weeks, if it happens often.",
        )


def _period(text: Said, lens: Lens) -> tuple[Match, float] | None:
    """The longest time that has gone by and is named, in days."""
    lexicon, words = lens.lexicon, [word.lower for word in text.words.words]
    found: tuple[Match, float] | None = None
    for index, word in enumerate(words):
        days = lexicon.units.get(word)
        if days is None:
            continue
        near = range(max(index - _NEAR, 0), index)
        past = [at for at in near if words[at] in lexicon.past]
        if word in lexicon.units and index + 1 < len(words) and words[index + 1] in lexicon.past:
            past.append(index + 1)
        if not past:
            continue
        count = next((n for at in reversed(near) if (n := _number(words[at], lens)) is not None), 1)
        first = min(*past, index)
        length = count * days
        if found is None or length > found[1]:
            found = (Match(first, max(*past, index) + 1, ""), length)
    return found


def _number(word: str, lens: Lens) -> int | None:
    if word.isdecimal() and len(word) <= _DIGITS:
        return int(word)
    return lens.lexicon.numbers.get(word)


_DIGITS: Final = 4
