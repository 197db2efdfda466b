"""Phrases looked for in a text word by word, in time that grows with the number of words alone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

# Neither can be read in two ways, so neither ever goes back.
_JOINED: Final = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_SPLIT: Final = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_SPLITTING: Final = frozenset({"fr", "it", "ca"})
"""Languages that elide: l'eau is two words."""

_SENTENCE: Final = frozenset(".!?;:\u2026\n\u00bf\u00a1\u3002\uff01\uff1f")
_WIDEST_GAP: Final = 4


class Word(NamedTuple):
    """A word in lower case, and where it is in its text."""

    lower: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words:
    """A text in words.

    Attributes:
        begins: indices of words that begin a sentence.
        ends: indices of words that end one.
        after_comma: indices of words that a comma precedes.
    """

    text: str
    words: tuple[Word, ...]
    begins: frozenset[int]
    ends: frozenset[int]
    after_comma: frozenset[int]

    def __len__(self) -> int:
        return len(self.words)


def words_of(text: str, language: str) -> Words:
    """A text in words; the apostrophe is part of one, but for languages that elide."""
    pattern = _SPLIT if language.partition("-")[0].lower() in _SPLITTING else _JOINED
    words: list[Word] = []
    begins, ends, after_comma = set(), set(), set()
    last = 0
    for found in pattern.finditer(text):
        between = text[last : found.start()]
        index = len(words)
        if index == 0 or not _SENTENCE.isdisjoint(between):
            begins.add(index)
            if index:
                ends.add(index - 1)
        if "," in between or "\uff0c" in between:
            after_comma.add(index)
        words.append(Word(found.group().lower().replace("\u2019", "'"), found.start(), found.end()))
        last = found.end()
    if words:
        ends.add(len(words) - 1)
    return Words(text, tuple(words), frozenset(begins), frozenset(ends), frozenset(after_comma))


class Match(NamedTuple):
    """A phrase that was found: words ``first`` to before ``after``, and what stands beside it in its list."""

    first: int
    after: int
    beside: str


@dataclass(frozen=True, slots=True)
class _Step:
    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    is_any: bool = False
    is_gap: bool = False

    def fits(self, word: str) -> bool:
        return self.is_any or word in self.words or (bool(self.beginnings) and word.startswith(self.beginnings))


@dataclass(frozen=True, slots=True)
class _Phrase:
    steps: tuple[_Step, ...]
    at_beginning: bool
    after_comma: bool
    at_end: bool
    beside: str


class Phrases:
    """A list of phrases.

    A phrase is words between spaces. ``a|b`` is either word, ``thank*`` any that begins so, ``_`` any word, ``...`` up
    to four words. ``^`` before it: at the beginning of a sentence; ``,`` before it: after a comma; ``$`` after it: at
    the end of one.
    """

    def __init__(self, phrases: Mapping[str, str] | Iterable[str]) -> None:
        beside = phrases if isinstance(phrases, Mapping) else dict.fromkeys(phrases, "")
        self._by_word: dict[str, list[_Phrase]] = {}
        self._by_beginning: dict[str, list[_Phrase]] = {}
        for phrase, said in beside.items():
            self._add(_read(phrase, said))

    def __bool__(self) -> bool:
        return bool(self._by_word or self._by_beginning)

    def _add(self, phrase: _Phrase) -> None:
        first = phrase.steps[0]
        for word in first.words:
            self._by_word.setdefault(word, []).append(phrase)
        for beginning in first.beginnings:
            self._by_beginning.setdefault(beginning[:2], []).append(phrase)

    def all(self, words: Words) -> Iterator[Match]:
        """Every phrase at every place, by where it begins."""
        for index, word in enumerate(words.words):
            for phrase in (*self._by_word.get(word.lower, ()), *self._by_beginning.get(word.lower[:2], ())):
                after = _after(phrase, words, index)
                if after is not None:
                    yield Match(index, after, phrase.beside)

    def find(self, words: Words) -> list[Match]:
        """Phrases that do not overlap: the first, and of those that begin together the longest."""
        found: list[Match] = []
        for match in sorted(self.all(words), key=lambda match: (match.first, -match.after)):
            if not found or match.first >= found[-1].after:
                found.append(match)
        return found

    def first(self, words: Words) -> Match | None:
        """The first of them, if there is one."""
        return min(self.all(words), key=lambda match: (match.first, -match.after), default=None)

    def are_in(self, words: Words) -> bool:
        """Whether any of them is there."""
        return next(self.all(words), None) is not None


NO_PHRASES: Final = Phrases(())


def phrases(lines: str) -> Phrases:
    """From lines: a phrase, or ``phrase -> what to say instead``; empty lines count for nothing."""
    beside = {}
    for line in lines.splitlines():
        phrase, _, said = line.partition("->")
        if phrase.strip():
            beside[phrase.strip()] = said.strip()
    return Phrases(beside)


def several(words: str) -> Phrases:
    """Single words, written one after another."""
    return Phrases(words.split())


def _read(phrase: str, beside: str) -> _Phrase:
    steps = phrase.lower().split()
    at_beginning, after_comma, at_end = steps[0] == "^", steps[0] == ",", steps[-1] == "$"
    inner = steps[int(at_beginning or after_comma) : len(steps) - int(at_end)]
    return _Phrase(tuple(_step(step) for step in inner), at_beginning, after_comma, at_end, beside)


def _step(step: str) -> _Step:
    if step == "_":
        return _Step(is_any=True)
    if step == "...":
        return _Step(is_gap=True)
    either = step.split("|")
    return _Step(
        frozenset(word for word in either if not word.endswith("*")),
        tuple(word[:-1] for word in either if word.endswith("*")),
    )


def _after(phrase: _Phrase, words: Words, index: int) -> int | None:
    if (phrase.at_beginning and index not in words.begins) or (phrase.after_comma and index not in words.after_comma):
        return None
    after = _follow(phrase.steps, words.words, index)
    return None if after is None or (phrase.at_end and after - 1 not in words.ends) else after


def _follow(steps: tuple[_Step, ...], words: tuple[Word, ...], index: int) -> int | None:
    for position, step in enumerate(steps):
        if step.is_gap:
            rest = steps[position + 1 :]
            ways = (_follow(rest, words, index + skipped) for skipped in range(_WIDEST_GAP + 1))
            return next((after for after in ways if after is not None), None)
        if index >= len(words) or not step.fits(words[index].lower):
            return None
        index += 1
    return index
