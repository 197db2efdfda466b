"""What both directions of XLSForm know: columns, names of languages, and yes and no."""

import re
from typing import Final

SURVEY: Final = "survey"
CHOICES: Final = "choices"
SETTINGS: Final = "settings"
ATTRIBUTES: Final = "attributes"
LEFT_OUT: Final = "left_out"

TYPE: Final = "feedback_type"
FEATURE: Final = "feedback_feature"
UNIT: Final = "feedback_unit"
KEY: Final = "feedback_key"
TITLE: Final = "feedback_title"
"""Columns of ours: other tools leave them alone, and by them nothing is lost on the way back."""

LANGUAGES: Final = {
    "ar": "Arabic",
    "bn": "Bengali",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "hi": "Hindi",
    "it": "Italian",
    "ja": "Japanese",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sw": "Swahili",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
_TAGS: Final = {name.lower(): tag for tag, name in LANGUAGES.items()}

_YES_NO: Final = {
    "ar": ("نعم", "لا"),
    "de": ("Ja", "Nein"),
    "en": ("Yes", "No"),
    "es": ("Sí", "No"),
    "fr": ("Oui", "Non"),
    "hi": ("हाँ", "नहीं"),
    "it": ("Sì", "No"),
    "ja": ("はい", "いいえ"),
    "nl": ("Ja", "Nee"),
    "pl": ("Tak", "Nie"),
    "pt": ("Sim", "Não"),
    "ru": ("Да", "Нет"),
    "sw": ("Ndiyo", "Hapana"),
    "tr": ("Evet", "Hay\u0131r"),
    "uk": ("Так", "\u041d\u0456"),
    "zh": ("是", "否"),
}

_IN_PARENTHESES: Final = re.compile(r"\(([^()]{1,80})\)\s*$")
_SHORT_TAG: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")


def language_name(tag: str) -> str:
    """A language as a column has it: ``German (de)``."""
    return f"{LANGUAGES.get(_primary(tag), tag)} ({tag})"


def tag_of(name: str) -> str | None:
    """The tag in the name of a language: ``German (de)``, ``de``, or just ``German``."""
    name = name.strip()
    if found := _IN_PARENTHESES.search(name):
        return found[1].strip()
    return _TAGS.get(name.lower()) or (name if _SHORT_TAG.fullmatch(name) else None)


def yes_and_no(tag: str) -> tuple[str, str]:
    """The two answers to a question of yes or no, in a language or else in English."""
    return _YES_NO.get(_primary(tag), _YES_NO["en"])


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()
