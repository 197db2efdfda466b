"""Coding by rules: which themes the words of a comment have."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from feedback_core.themes.codebooks.types import Codebook, Rule
from feedback_core.themes.stems import stem
from feedback_core.themes.words import MARKS, normalised

# Scripts written without blanks: kana, Han, Thai, Lao, Burmese, Khmer. Each sign counts as a word, so a term is found
# wherever its signs stand together.
_SIGN: Final = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e01-\u0e4e\u0e80-\u0eff\u1000-\u109f\u1780-\u17d3"
)
_LETTERS: Final = f"(?:(?![{_SIGN}_])[\\w{MARKS}])+"
_WORD: Final = re.compile(f"[{_SIGN}]|{_LETTERS}(?:'{_LETTERS})*\\*?")
ANY_ENDING: Final = "*"

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A theme that a comment has by rule.

    Attributes:
        theme: its key.
        rule: place of the rule among those of the theme.
        terms: of the rule that are in the comment.
    """

    theme: str
    rule: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    written: str
    words: Words


def words_in(text: str) -> Words:
    """Words and numbers of a text in its order, folded; the ``*`` at the end of a term's word stays."""
    return tuple(_WORD.findall(normalised(text)))


class RuleCoder:
    """The rules of a codebook, ready to be held against many comments."""

    def __init__(self, codebook: Codebook, *, default_language: str) -> None:
        """``default_language``: of the survey, for comments whose language cannot be told."""
        self._default = default_language
        self._rules = [
            (theme.key, place, rule, _terms(rule.any), _terms(rule.all), _terms(rule.none))
            for theme in codebook.themes
            for place, rule in enumerate(theme.rules)
        ]

    def matches(self, text: str, language: str | None) -> list[Match]:
        """Every rule that holds of a comment, in the order of the codebook.

        Args:
            text: of the comment.
            language: ISO 639-1 code; ``None`` where it cannot be told: taken for the survey's.
        """
        return list(self._matches(text, language, every=True))

    def themes(self, text: str, language: str | None) -> tuple[str, ...]:
        """Keys of the themes of a comment, each once."""
        return tuple(match.theme for match in self._matches(text, language, every=False))

    def _matches(self, text: str, language: str | None, *, every: bool) -> Iterator[Match]:
        spoken = language or self._default
        words = _Comment(words_in(text.replace(ANY_ENDING, " ")))
        found: set[str] = set()
        for theme, place, rule, anything, everything, nothing in self._rules:
            if (theme in found and not every) or rule.language not in {None, spoken}:
                continue
            terms = _hold(words, anything, everything, nothing, self._inflections(rule, spoken))
            if terms is not None:
                found.add(theme)
                yield Match(theme, place, terms)

    def _inflections(self, rule: Rule, spoken: str) -> tuple[str | None, ...]:
        """Languages whose inflections count: the survey's always, for the language of few words is often mistaken."""
        if rule.exact:
            return (None,)
        if rule.language is not None:
            return (rule.language,)
        return tuple(dict.fromkeys((spoken, self._default)))


class _Comment:
    """The words of a comment by the languages in which they are stemmed; each is worked out once."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._stemmed: dict[str | None, tuple[Words, frozenset[str]]] = {}

    def has(self, term: Words, languages: Sequence[str | None]) -> bool:
        return any(self._has(term, language) for language in languages)

    def _has(self, term: Words, language: str | None) -> bool:
        if language not in self._stemmed:
            stems = tuple(stem(word, language) for word in self.words)
            self._stemmed[language] = stems, frozenset(stems)
        stems, known = self._stemmed[language]
        # Nearly every term is missing from nearly every comment: one look tells, where its first word is a whole one.
        whole = not term[0].endswith(ANY_ENDING)
        return not (whole and stem(term[0], language) not in known) and contains(self.words, stems, term, language)


def contains(words: Words, stems: Words, term: Words, language: str | None) -> bool:
    """Whether the words of a term stand side by side in a text."""
    wanted = [word if word.endswith(ANY_ENDING) else stem(word, language) for word in term]
    return any(
        all(_is(words[at + i], stems[at + i], word) for i, word in enumerate(wanted))
        for at in range(len(words) - len(wanted) + 1)
    )


def _is(word: str, stemmed: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith(ANY_ENDING) else stemmed == wanted


def _hold(
    comment: _Comment,
    anything: Sequence[_Term],
    everything: Sequence[_Term],
    nothing: Sequence[_Term],
    languages: Sequence[str | None],
) -> tuple[str, ...] | None:
    """The terms by which a rule holds; ``None`` if it does not."""
    if not all(comment.has(term.words, languages) for term in everything):
        return None
    some = [term.written for term in anything if comment.has(term.words, languages)]
    if (anything and not some) or any(comment.has(term.words, languages) for term in nothing):
        return None
    return (*some, *(term.written for term in everything))


def _terms(written: Iterable[str]) -> list[_Term]:
    return [_Term(term, words_in(term)) for term in written]


def never_holds(rule: Rule) -> str | None:
    """The term that keeps a rule from ever holding: what it forbids is part of what it asks for; ``None``: it can hold.

    A rule for every language is looked at without inflections, which can only miss a contradiction.
    """
    language = None if rule.exact else rule.language

    def forbidden(term: str) -> bool:
        words = words_in(term)
        stems = tuple(stem(word, language) for word in words)
        return any(contains(words, stems, words_in(other), language) for other in rule.none)

    for term in rule.all:
        if forbidden(term):
            return term
    if rule.any and all(forbidden(term) for term in rule.any):
        return rule.any[0]
    return None
