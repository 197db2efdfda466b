"""How hard texts are to read: by a formula of their language, or by the length of words and sentences."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from feedback_core.surveys.lint.calc.texts import Asked, Reading, Said, found_of, root_of
from feedback_core.surveys.lint.types import LintFinding, Readability, RuleId

WITHOUT_SPACES: Final = frozenset({"zh", "ja", "th", "lo", "km", "my"})
"""Languages whose words are not set apart: no formula counts them."""

_FEWEST_WORDS: Final = 8
"""Of one question: of fewer, one long word decides."""

_FEWEST_WORDS_IN_ALL: Final = 30
_LONG_WORD: Final = 6
"""Letters; longer ones are long words (Björnsson)."""

_VOWELS: Final = {
    "en": re.compile(r"[aeiouy]+"),
    "de": re.compile(r"ei|ai|au|eu|äu|ie|aa|ee|oo|[aeiouyäöü]"),
    "fr": re.compile(r"eau|oeu|œu|ou|oi|ai|au|ei|eu|ui|ie(?!n)|[aeiouyàâäéèêëîïôöùûüœ]+"),
    "es": re.compile(r"[iuü]?[aeoáéó][iuy]?(?![aeoáéóíú])|[aeoáéóíú]|[iuüy]+"),
}


@dataclass(frozen=True, slots=True)
class _Counts:
    words: int
    sentences: int
    syllables: int
    long_words: int

    @property
    def words_in_sentence(self) -> float:
        return self.words / max(self.sentences, 1)

    @property
    def syllables_in_word(self) -> float:
        return self.syllables / self.words


@dataclass(frozen=True, slots=True)
class _Formula:
    """A formula, and beyond which score a question, or all of them, are hard."""

    name: str
    score: Callable[[_Counts], float]
    question: float
    whole: float
    is_ease: bool = True

    def is_hard(self, score: float, limit: float) -> bool:
        return score < limit if self.is_ease else score > limit


_FORMULAS: Final[Mapping[str, _Formula]] = {
    "en": _Formula(
        "Flesch-Kincaid grade (Kincaid et al. 1975)",
        lambda n: 0.39 * n.words_in_sentence + 11.8 * n.syllables_in_word - 15.59,
        question=14,
        whole=9,
        is_ease=False,
    ),
    "es": _Formula(
        "Szigriszt-Pazos perspicuity (1993), on the scale of Barrio-Cantalejo et al. (2008)",
        lambda n: 206.835 - 62.3 * n.syllables_in_word - n.words_in_sentence,
        question=35,
        whole=55,
    ),
    "de": _Formula(
        "Flesch reading ease for German (Amstad 1978)",
        lambda n: 180 - n.words_in_sentence - 58.5 * n.syllables_in_word,
        question=15,
        whole=45,
    ),
    "fr": _Formula(
        "Flesch reading ease for French (Kandel & Moles 1958)",
        lambda n: 207 - 1.015 * n.words_in_sentence - 73.6 * n.syllables_in_word,
        question=20,
        whole=50,
    ),
}
_BY_LENGTH: Final = _Formula(
    "LIX, by the length of words and sentences (Björnsson 1968)",
    lambda n: n.words_in_sentence + 100 * n.long_words / n.words,
    question=70,
    whole=55,
    is_ease=False,
)


def syllables(word: str, language: str) -> int:
    """Syllables of a word in lower case, by its vowels; at least one. For a language without rules: as in English."""
    pattern = _VOWELS.get(language, _VOWELS["en"])
    count = sum(1 for _ in pattern.finditer(word[:60]))
    if language == "en":
        count += _english(word[:60])
    elif language == "fr" and count > 1 and re.search(r"[^aeiouéèê](?:e|es|ent)$", word[-6:]):
        count -= 1
    return max(count, 1)


def hard_to_read(_: Asked, text: Said) -> Iterator[LintFinding]:
    """A question in words and sentences that few read with ease."""
    found = _scored([text], text.language)
    if found is None or len(text.words) < _FEWEST_WORDS:
        return
    formula, score = found
    if formula.is_hard(score, formula.question):
        what = f"{score:.0f} by {formula.name}; beyond {formula.question:g} it is hard for most."
        how = "Use short, everyday words and one short sentence; read it aloud to somebody who does not work here."
        yield found_of(RuleId.HARD_TO_READ, text, what, how)


def readability_of(reading: Reading) -> Readability:
    """How hard all questions of a language are to read together."""
    texts = [asked.text for asked in reading.questions if asked.text is not None]
    count = sum(len(text.words) for text in texts)
    found = _scored(texts, reading.language)
    if found is None or count < _FEWEST_WORDS_IN_ALL:
        return Readability(reading.language, count, None, None, None, hard=False)
    formula, score = found
    hard = formula.is_hard(score, formula.whole)
    return Readability(reading.language, count, formula.name, round(score, 1), formula.whole, hard)


def reading_level(found: Readability) -> Iterator[LintFinding]:
    """All questions together are harder than plain language."""
    if found.hard and found.score is not None:
        what = (
            f"The questions together: {found.score:g} by {found.formula}; plain language stays within {found.limit:g}."
        )
        how = "Shorten sentences and take everyday words, first in the questions named as hard to read."
        yield LintFinding(RuleId.READING_LEVEL, "", "", what, how, language=found.language)


def _scored(texts: list[Said], language: str) -> tuple[_Formula, float] | None:
    root = root_of(language)
    counts = _counts(texts, root)
    if root in WITHOUT_SPACES or not counts.words:
        return None
    formula = _FORMULAS.get(root, _BY_LENGTH)
    return formula, formula.score(counts)


def _counts(texts: list[Said], root: str) -> _Counts:
    words = [word.lower for text in texts for word in text.words.words if not word.lower[0].isdecimal()]
    return _Counts(
        len(words),
        sum(len(text.words.begins) for text in texts),
        sum(syllables(word, root) for word in words),
        sum(len(word) > _LONG_WORD for word in words),
    )


def _english(word: str) -> int:
    """What is to be added to the groups of vowels: mute ones taken away, and two vowels that are spoken apart."""
    mute = word.endswith("e") and not re.search(r"[^aeiouy]le$|[aeiouy]e$", word[-4:])
    mute = mute or re.search(r"[^aeiouytd]ed$|[^aeiouyscxzgh]es$|[^cs]hes$", word[-4:]) is not None
    apart = re.findall(r"[^ctgs]ia|ien(?:ce|t|cy)|[^gq]ua|eo(?!u)|io(?!n)|uo|iu|ying", word)
    return len(apart) - mute
