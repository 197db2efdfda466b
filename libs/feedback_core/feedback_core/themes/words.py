"""Words of a comment: what every method here counts."""

import re
import unicodedata
from typing import Final

MARKS: Final = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code)) in {"Mn", "Mc"})
"""Vowel signs and accents: not letters to the expressions of Python, yet words of many scripts hold them."""

# Letters with their marks and inner apostrophes (don't, l'hôtel); numbers are no words of a theme.
_LETTERS: Final = f"(?:[^\\W\\d_][{MARKS}]*)+"
_WORD: Final = re.compile(f"{_LETTERS}(?:'{_LETTERS})*")
# Scripts that are written without blanks: kana, Han, Thai, Lao, Khmer, Burmese.
_UNSPACED: Final = re.compile(
    "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e01-\u0e4e\u0e80-\u0eff\u1000-\u109f\u1780-\u17d3"
    "\U00020000-\U0003134f]+"
)
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_APOSTROPHES: Final = dict.fromkeys((0x2019, 0x02BC, 0x60, 0xB4), "'")
# A comment beyond this is read so far: a pasted document must not decide over themes, nor over memory.
LONGEST: Final = 20_000


def normalised(text: str) -> str:
    """The text for comparison: compatibility forms composed, folded to lower case, without invisible signs."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text[:LONGEST])).casefold()
    return folded.translate(_APOSTROPHES)


def words_of(text: str) -> tuple[str, ...]:
    """Words in the order of the text, normalised; pairs of neighbouring signs where a script has no blanks."""
    found: list[str] = []
    for word in _WORD.findall(_UNSPACED.sub(_apart, normalised(text))):
        if _UNSPACED.fullmatch(word):
            found.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        else:
            found.append(word)
    return tuple(found)


def _apart(stretch: re.Match[str]) -> str:
    """Blanks around what has none, so that it parts from Latin words beside it."""
    return f" {stretch.group()} "
