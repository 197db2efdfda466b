"""Vocabulary of codebooks: themes, and rules of words that find them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

MOST_THEMES: Final = 100
MOST_RULES: Final = 20
"""Of one theme."""

MOST_TERMS: Final = 100
"""In one list of a rule."""

MOST_WORDS: Final = 6
"""In one term."""

NO_CODEBOOK: Final = 0
"""Version that comments were read with while there was no codebook."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on the words of a comment.

    A term is a word or a phrase of neighbouring words. A word stands for its inflections too (*wait* finds *waited*),
    and one that ends in ``*`` for every word that begins so.

    Attributes:
        any: at least one of these is in the comment; empty: none needs to be.
        all: every one of these is.
        none: none of these is.
        language: ISO 639-1 code of the comments that it is for, and of its inflections; ``None``: comments in any
            language, inflected as that language does.
        exact: words as they are written, without inflections.
    """

    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    language: str | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    """Something that comments speak of.

    Attributes:
        key: what codings name; stable over versions.
        description: what it means.
        use_when: when a coder gives it.
        not_when: when a coder does not, though it may look so.
        feature: key of the feature of the service that it is about.
        rules: a comment has the theme if any of them holds; empty: coded by hand or by model only.
    """

    key: str
    label: str
    description: str | None = None
    use_when: str | None = None
    not_when: str | None = None
    feature: str | None = None
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """A version of the codebook of a survey; it is for all of its text questions.

    Attributes:
        version: counts the versions that the survey's codebook has had, from 1.
    """

    themes: tuple[Theme, ...]
    version: int = 1

    @property
    def keys(self) -> tuple[str, ...]:
        """Of its themes, in its order."""
        return tuple(theme.key for theme in self.themes)

    @property
    def has_rules(self) -> bool:
        """Whether any theme is coded by rules."""
        return any(theme.rules for theme in self.themes)


@dataclass(frozen=True, slots=True)
class StoredCodebook:
    """A version of a codebook, and who wrote it when."""

    codebook: Codebook
    defined_by: str
    defined_at: datetime


@dataclass(frozen=True, slots=True)
class CodebookHistory:
    """The codebook as it holds now, and since when its themes are in it.

    Attributes:
        since: theme to the version from which on it has always been there: earlier codings say nothing about it.
    """

    codebook: Codebook
    since: Mapping[str, int]
