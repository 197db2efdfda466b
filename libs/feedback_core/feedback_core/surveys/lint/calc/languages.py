"""Languages compared: what is not translated, what is in another language than it says, and numbers that differ."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from feedback_core.kit.pointers import step
from feedback_core.surveys.lint.calc.texts import Asked, Reading, Said, found_of
from feedback_core.surveys.lint.lexicons import LANGUAGES, lexicon_of
from feedback_core.surveys.lint.types import LintFinding, RuleId

_FEWEST_WORDS: Final = 5
_MARGIN: Final = 3
"""So many more words of another language than of the one it says."""

_BY_SCRIPT: Final = {
    "ARABIC": ("ar", "fa", "ur"),
    "BENGALI": ("bn",),
    "CJK": ("zh",),
    "CYRILLIC": ("ru", "uk", "bg"),
    "DEVANAGARI": ("hi",),
    "GREEK": ("el",),
    "HANGUL": ("ko",),
    "HEBREW": ("he",),
    "LATIN": ("cs", "da", "de", "en", "es", "fi", "fr", "it", "nl", "pl", "pt", "ro", "sv", "tr"),
    "TAMIL": ("ta",),
    "TELUGU": ("te",),
    "THAI": ("th",),
}
_SCRIPTS: Final = {language: script for script, languages in _BY_SCRIPT.items() for language in languages}


def compare_languages(readings: Sequence[Reading]) -> Iterator[LintFinding]:
    """What the languages of a questionnaire do not have in common."""
    own, *others = readings
    for reading in readings:
        yield from _in_another_language(reading)
    for other in others:
        for first, second in zip(own.questions, other.questions, strict=True):
            yield from _translation(first, second)
        if own.title is not None and other.title is None:
            yield _missing("/title", "/title", [own.title], 1, other.language)


def _translation(own: Asked, other: Asked) -> Iterator[LintFinding]:
    pairs = [(own.text, other.text)]
    pairs += [*zip(own.choices, other.choices, strict=True), *zip(own.rows, other.rows, strict=True)]
    written = [(original, translated) for original, translated in pairs if original is not None]
    missing = [original for original, translated in written if translated is None]
    if missing:
        yield _missing(own.pointer, own.place, missing, len(written), other.language)
    for original, translated in written:
        if translated is None:
            continue
        numbers, theirs = _numbers(original), _numbers(translated)
        if numbers and theirs and numbers != theirs:
            what = f"Numbers differ: {_written(numbers)} in {own.language}, {_written(theirs)} in {other.language}."
            how = "Let both say the same: answers in the two languages are counted together."
            yield found_of(RuleId.TRANSLATION_DIFFERS, translated, what, how)


def _missing(pointer: str, place: str, missing: list[Said], of: int, language: str) -> LintFinding:
    what = f"{len(missing)} of {of} texts are not in {language}: who reads {language} is shown {missing[0].language}."
    how = f"Add to each the text in {language}."
    about = "\n".join(text.text for text in missing)
    return LintFinding(
        RuleId.MISSING_TRANSLATION, pointer, f"{place}{step(language)}", what, how, about=about, language=language
    )


def _in_another_language(reading: Reading) -> Iterator[LintFinding]:
    for asked in reading.questions:
        if asked.text is not None and (other := _other_language(asked.text)):
            what = f"It is said to be {reading.language}, and reads as {other}."
            how = "Give it its own language tag, or put the translation here."
            yield found_of(RuleId.OTHER_LANGUAGE, asked.text, what, how)


def _other_language(text: Said) -> str | None:
    """What the text is in, if plainly in another language or script than it says."""
    script = _SCRIPTS.get(text.root)
    written = _script(text.text)
    if script is not None and written is not None and written != script:
        return f"{written.capitalize()} script"
    if len(text.words) < _FEWEST_WORDS:
        return None
    counts = {
        language: sum(word.lower in lexicon.frequent for word in text.words.words)
        for language in LANGUAGES
        if (lexicon := lexicon_of(language)) is not None
    }
    likeliest = max(counts, key=lambda language: counts[language])
    if likeliest == text.root or counts[likeliest] < counts.get(text.root, 0) + _MARGIN:
        return None
    return likeliest


def _script(text: str) -> str | None:
    """The script of most of the letters."""
    counts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in text[:500] if letter.isalpha())
    script, count = next(iter(counts.most_common(1)), ("", 0))
    return script if count >= _FEWEST_WORDS and 2 * count > counts.total() else None


def _numbers(text: Said) -> Counter[str]:
    return Counter(word.lower.replace(",", ".") for word in text.words.words if word.lower[0].isdecimal())


def _written(numbers: Counter[str]) -> str:
    return ", ".join(sorted(numbers.elements()))
