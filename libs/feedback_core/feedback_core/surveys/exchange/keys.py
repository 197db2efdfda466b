"""Keys made from the names that other tools allow: legal, alike on every run, and different from each other."""

import re
import unicodedata
from collections.abc import Container
from typing import Final

from feedback_core.surveys.types import CHOICE_KEY, QUESTION_KEY

LONGEST: Final = 63
_READ_OF_A_NAME: Final = 500
"""Characters of a name that are looked at."""


def question_key(name: str, taken: Container[str]) -> str:
    """The name itself where it may be a key of a question, attribute or row, else one made from it."""
    if QUESTION_KEY.fullmatch(name) and name not in taken:
        return name
    made = re.sub(r"[^a-z0-9]+", "_", _plain(name.casefold())).strip("_")
    if not made or not made[0].isalpha():
        made = f"q_{made}".rstrip("_")
    return _free(made, taken, "_")


def choice_key(value: str, taken: Container[str]) -> str:
    """The value itself where it may be the key of a choice, else one made from it."""
    if CHOICE_KEY.fullmatch(value) and value not in taken:
        return value
    made = re.sub(r"[^A-Za-z0-9_.-]+", "_", _plain(value)).strip("_.-")
    return _free(made or "choice", taken, "_")


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name[:_READ_OF_A_NAME])
    return "".join(character for character in decomposed if character.isascii())


def _free(made: str, taken: Container[str], joint: str) -> str:
    made = made[:LONGEST]
    number, key = 1, made
    while key in taken:
        number += 1
        suffix = f"{joint}{number}"
        key = made[: LONGEST - len(suffix)] + suffix
    return key
