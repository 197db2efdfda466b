"""In which language a questionnaire is shown, which way its writing runs, and what of it is in another language."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from feedback_core.surveys.types import LANGUAGE, Questionnaire, Text

_RIGHT_TO_LEFT: Final = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "prs", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_RIGHT_TO_LEFT_SCRIPTS: Final = frozenset({"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})
_SCRIPT_CHARACTERS: Final = 4
_MOST_RANGES: Final = 20
"""Of ``Accept-Language`` that are looked at."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words, and the tag of the language that they are in."""

    words: str
    language: str


def languages_of(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The languages in which something of a questionnaire is written, its own first, the others as they are met."""
    found = {questionnaire.language.lower(): questionnaire.language}
    for text in _texts(questionnaire):
        if not isinstance(text, str):
            for tag in text:
                found.setdefault(tag.lower(), tag)
    return tuple(found.values())


def is_offered(language: str, questionnaire: Questionnaire) -> bool:
    """Whether something of a questionnaire is written in a language, or in one that it is a kind of."""
    return matched(language, languages_of(questionnaire)) is not None


def matched(wanted: str, offered: Iterable[str]) -> str | None:
    """The language offered that fits one that is wanted: itself, a parent (``de-AT`` → ``de``), or a kind of it.

    Source: RFC 4647, section 3.4 (lookup); a kind of the wanted language is better than another language.
    """
    by_tag = {tag.lower(): tag for tag in offered}
    tag = wanted.lower()
    while tag:
        if tag in by_tag:
            return by_tag[tag]
        tag = tag.rpartition("-")[0]
    kind_of = wanted.lower().partition("-")[0]
    return next((tag for lower, tag in by_tag.items() if lower.partition("-")[0] == kind_of), None)


def chosen_language(questionnaire: Questionnaire, wishes: Sequence[str | None], accepted: str | None) -> str:
    """The first of some wishes that a questionnaire is written in, else what a browser asks for, else its own.

    ``accepted`` is the header ``Accept-Language``.
    """
    offered = languages_of(questionnaire)
    for wish in [*wishes, *_ranges(accepted or "")]:
        if wish and (found := matched(wish, offered)):
            return found
    return questionnaire.language


def spoken(text: Text, language: str, *, own: str) -> Spoken:
    """The words of a text in a language, else in a parent of it, else in the survey's ``own``, else in any."""
    if isinstance(text, str):
        return Spoken(text, own)
    by_tag = {tag.lower(): (tag, words) for tag, words in text.items() if words.strip()}
    for wanted in (language, own):
        tag = wanted.lower()
        while tag:
            if tag in by_tag:
                return Spoken(by_tag[tag][1], by_tag[tag][0])
            tag = tag.rpartition("-")[0]
    tag, words = next(iter(by_tag.values()), (own, ""))
    return Spoken(words, tag)


def direction(language: str) -> str:
    """``rtl`` or ``ltr``: which way the writing of a language runs, by its script where the tag names one."""
    first, *others = language.lower().split("-")
    script = next((part for part in others if len(part) == _SCRIPT_CHARACTERS and part.isalpha()), None)
    if script is not None:
        return "rtl" if script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if first in _RIGHT_TO_LEFT else "ltr"


def _texts(questionnaire: Questionnaire) -> Iterator[Text]:
    yield questionnaire.title
    for question in questionnaire.questions:
        yield question.text
        yield from (choice.label for choice in question.choices)
        yield from (row.label for row in question.rows)


def _ranges(accepted: str) -> list[str]:
    """Language ranges of a header, the most wanted first; what is no language is left out."""
    weighed = []
    for place, part in enumerate(accepted.split(",")[:_MOST_RANGES]):
        tag, _, rest = part.strip().partition(";")
        weight = _weight(rest.strip())
        if LANGUAGE.fullmatch(tag.strip()) and weight > 0:
            weighed.append((-weight, place, tag.strip()))
    return [tag for _, _, tag in sorted(weighed)]


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
