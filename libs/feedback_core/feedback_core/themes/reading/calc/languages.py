"""The language of a comment, by its letters and their sequences."""

import re
from collections.abc import Collection
from typing import Final

import pycld2

from feedback_core.themes.types import LanguageGuess
from feedback_core.themes.words import LONGEST

# Codes of the library that ISO 639-1 writes otherwise; both written forms of Norwegian are one here.
_ISO: Final = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "zh-Hant": "zh"}
# Constructed languages, which no customer writes and random letters resemble.
_CONSTRUCTED: Final = frozenset({"ia", "ie", "vo", "eo"})
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# From the start of a word only: looked for from each letter, a long word takes the square of its length.
_ADDRESS: Final = re.compile(r"(?<!\S)[^\s@]+@\S+|https?://\S+|www\.\S+")
_LETTER: Final = re.compile(r"[^\W\d_]")
# Beyond this an alphabet is shared by few languages, so that a few letters tell.
_LATIN_ENDS: Final = "\u024f"
# Share of right answers by number of letters, as measured (docs/methods/languages.md): sure of itself, and at best.
_SURE: Final = ((4, 0.5), (8, 0.8), (20, 0.9), (50, 0.96), (LONGEST, 0.99))
_AT_BEST: Final = ((4, 0.5), (8, 0.7), (20, 0.8), (50, 0.9), (LONGEST, 0.95))
_RARE_LETTERS: Final = ((12, 0.97), (LONGEST, 0.99))
# Normalised score of the library; random letters stay below.
_CLEAR: Final = 200.0
# Languages so near each other that the expected one is asked for by name.
_NEAR: Final = (("da", "no"), ("id", "ms"), ("cs", "sk"), ("bs", "hr", "sr"), ("es", "gl"), ("en", "sco"))
_RELATIVES: Final = {one: frozenset(group) - {one} for group in _NEAR for one in group}
# Below this a guess is not named.
_NAMED: Final = 0.75


def detect_language(text: str, *, expected: Collection[str] = ()) -> LanguageGuess:
    """The language of ``text``, or none where it is too short or too unclear.

    Args:
        text: as it was written.
        expected: ISO 639-1 codes that a survey is asked in. Where a text is unclear they decide; a clear other
            language is still named.

    Source: Compact Language Detector 2 (Sites 2013), naive Bayes over sequences of four letters.
    """
    plain = _CONTROL.sub(" ", _ADDRESS.sub(" ", text[:LONGEST]))
    letters = _LETTER.findall(plain)
    if not letters:
        return LanguageGuess(None, 0.0)
    code, sure, clear = _guess(plain, None)
    if code not in expected:
        for relative in sorted(set(expected) & _RELATIVES.get(code, frozenset())):
            hinted, hinted_sure, _ = _guess(plain, relative)
            if hinted == relative:
                code, sure = relative, hinted_sure
                break
    if not clear or not _is_language(code):
        return LanguageGuess(None, 0.0)
    confidence = _confidence(letters, sure=sure)
    likely = confidence >= _NAMED and (sure or not expected)
    named = (sure or len(letters) > 2) if code in expected else likely
    return LanguageGuess(code if named else None, confidence)


def _guess(text: str, hint: str | None) -> tuple[str, bool, bool]:
    """The best code, whether the library relies on it, and whether the letters are like any language's."""
    sure, _, found = pycld2.detect(text, isPlainText=True, hintLanguage=hint)
    if not sure:
        _, _, found = pycld2.detect(text, isPlainText=True, hintLanguage=hint, bestEffort=True)
    _, code, _, score = found[0]
    return _ISO.get(code, code), sure, score >= _CLEAR


def _is_language(code: str) -> bool:
    return len(code) == 2 and code != "un" and code not in _CONSTRUCTED


def _confidence(letters: list[str], *, sure: bool) -> float:
    rare = max(letters) > _LATIN_ENDS
    if sure:
        table = _RARE_LETTERS if rare else _SURE
        return next(share for most, share in table if len(letters) <= most)
    return next(share for most, share in _AT_BEST if len(letters) <= most)
