"""What the texts of one language are read with: its words, and the organisation's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from feedback_core.surveys.lint.calc.texts import root_of
from feedback_core.surveys.lint.lexicons import lexicon_of
from feedback_core.surveys.lint.lexicons.form import Lexicon
from feedback_core.surveys.lint.phrases import NO_PHRASES, Match, Phrases, Words, words_of
from feedback_core.surveys.lint.types import OwnWord, WordList

_NO_WORDS: Final = Lexicon("")


@dataclass(frozen=True, slots=True)
class Lens:
    """Words by which faults are found in one language.

    Attributes:
        is_known: whether ``lexicon`` is one of the language.
        own: the organisation's words, with what it says instead.
    """

    language: str
    lexicon: Lexicon
    is_known: bool
    own: Mapping[WordList, Phrases]

    def matches(self, words: Words, known: Phrases, own: WordList | None = None) -> list[Match]:
        """Where either list has something that the organisation does not allow; its own words go first."""
        found = [*(self.own[own].all(words) if own else ()), *known.all(words)]
        allowed = list(self.own[WordList.ALLOWED].all(words))
        return apart([match for match in found if not any(_is_within(match, other) for other in allowed)])

    def is_allowed(self, words: Words, index: int) -> bool:
        """Whether the organisation allows the word at this index."""
        return any(match.first <= index < match.after for match in self.own[WordList.ALLOWED].all(words))


def lens_for(language: str, words: Mapping[WordList, Sequence[OwnWord]]) -> Lens:
    """What texts in this language are read with."""
    root = root_of(language)
    lexicon = lexicon_of(root)
    own = {
        kind: _own(word for word in words.get(kind, ()) if word.language is None or root_of(word.language) == root)
        for kind in WordList
    }
    return Lens(language, lexicon or _NO_WORDS, lexicon is not None, own)


def apart(matches: Iterable[Match]) -> list[Match]:
    """Those that do not overlap: the first, of those that begin together the longest."""
    found: list[Match] = []
    for match in sorted(matches, key=lambda match: (match.first, -match.after)):
        if not found or match.first >= found[-1].after:
            found.append(match)
    return found


def beside(matches: Iterable[Match], others: Sequence[Match]) -> list[Match]:
    """Those that no other overlaps."""
    return [
        match
        for match in matches
        if not any(match.first < other.after and other.first < match.after for other in others)
    ]


def _is_within(match: Match, other: Match) -> bool:
    return other.first <= match.first and match.after <= other.after


def _own(words: Iterable[OwnWord]) -> Phrases:
    # What stands in a list is plain words: nothing in it is read as a sign of a phrase.
    said = {" ".join(plain_words(word.word)): word.better or "" for word in words}
    said.pop("", None)
    return Phrases(said) if said else NO_PHRASES


def plain_words(text: str) -> list[str]:
    """The words of an entry, as the matcher sees them in a text."""
    return [word.lower for word in words_of(text, "").words]
