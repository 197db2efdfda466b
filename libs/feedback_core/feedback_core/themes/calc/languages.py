"""The language of a comment, by its letters and their sequences."""

from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING

from feedback_core.themes.types import LanguageGuess
from feedback_core.themes.words import normalised

if TYPE_CHECKING:
    from lingua import LanguageDetector

_SURE = 0.5


def detect_language(text: str, *, expected: Collection[str] = ()) -> LanguageGuess:
    """The language of ``text``, or none where it is too short or too unclear.

    Args:
        text: as it was written.
        expected: ISO 639-1 codes that a survey is asked in; only these are considered. All, when empty.
    """
    if not normalised(text).strip():
        return LanguageGuess(None, 0.0)
    best = _detector(frozenset(expected)).compute_language_confidence_values(text)[0]
    code = best.language.iso_code_639_1.name.lower()
    return LanguageGuess(code if best.value >= _SURE else None, best.value)


@cache
def _detector(expected: frozenset[str]) -> "LanguageDetector":
    from lingua import IsoCode639_1, LanguageDetectorBuilder  # loads its models, so not with every process

    if len(expected) < 2:
        return LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()
    codes = [getattr(IsoCode639_1, code.upper()) for code in sorted(expected)]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()
