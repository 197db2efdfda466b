"""The languages whose words are known; each is read when it is first needed."""

from functools import cache
from importlib import import_module
from typing import Final

from feedback_core.surveys.lint.lexicons.form import Lexicon

_MODULES: Final = {"en": "english", "es": "spanish", "de": "german", "fr": "french"}
LANGUAGES: Final = tuple(_MODULES)
"""Whose words are known."""


@cache
def lexicon_of(language: str) -> Lexicon | None:
    """The words of a language (``de``, without a region), if they are known."""
    module = _MODULES.get(language)
    if module is None:
        return None
    found: Lexicon = import_module(f"feedback_core.surveys.lint.lexicons.{module}").LEXICON
    return found
