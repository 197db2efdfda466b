"""The texts of a questionnaire in each of its languages, with where they are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from feedback_core.kit.pointers import printable, step
from feedback_core.surveys.lint.phrases import Words, words_of
from feedback_core.surveys.lint.types import LintFinding, RuleId, Span
from feedback_core.surveys.types import Question, Questionnaire, Text

READ_AT_MOST: Final = 2_000
"""Characters of one text that are read for words: what is longer is named as too long."""

# No part of it can match in two ways: a bracket ends at the first closing one.
_BRACKETS: Final = re.compile(r"\([^()]{0,400}\)")
_ARTICLE: Final = re.compile(r"\b([Aa]n?) ?$")
_SPACES: Final = re.compile(r"[ \t]{2,20}")
_SPACE_BEFORE: Final = re.compile(r" ([,.?!;:])")
_LEGEND_LIKE: Final = re.compile(r"\d\s{0,3}[=:–-]|[=:]\s{0,3}\d")


@dataclass(frozen=True, slots=True)
class Said:
    """A text in one language.

    Attributes:
        pointer: to the text; with its language, if it is translated.
        place: the same by keys.
        words: of what is asked, without the bracket that says what the points of a scale mean.
        legend: that bracket, or what there is of it.
    """

    pointer: str
    place: str
    language: str
    text: str
    words: Words
    legend: str = ""

    @property
    def root(self) -> str:
        """The language without its region: ``de`` of ``de-AT``."""
        return root_of(self.language)

    def span(self, first: int, after: int) -> Span:
        """From word ``first`` to before word ``after``."""
        start, end = self.words.words[first].start, self.words.words[after - 1].end
        return Span(start, end, self.text[start:end])


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in one language; a label that is not in that language is ``None``.

    Attributes:
        text: ``None`` likewise.
    """

    index: int
    question: Question
    language: str
    text: Said | None
    choices: tuple[Said | None, ...]
    rows: tuple[Said | None, ...]

    @property
    def pointer(self) -> str:
        """To the question."""
        return f"/questions/{self.index}"

    @property
    def place(self) -> str:
        """The same by its key."""
        return f"/questions{step(self.question.key)}"

    @property
    def labels(self) -> list[Said] | None:
        """Of its choices, if all are in this language."""
        labels = [label for label in self.choices if label is not None]
        return labels if labels and len(labels) == len(self.choices) else None


@dataclass(frozen=True, slots=True)
class Reading:
    """A questionnaire in one language."""

    language: str
    title: Said | None
    questions: tuple[Asked, ...]

    def texts(self) -> Iterator[Said]:
        """Everything that a respondent reads, in order."""
        found = [self.title]
        for asked in self.questions:
            found += [asked.text, *asked.choices, *asked.rows]
        return (text for text in found if text is not None)


def readings(questionnaire: Questionnaire) -> list[Reading]:
    """The questionnaire in each language that one of its texts has; its own first."""
    own = questionnaire.language.lower()
    tags = {own: questionnaire.language}
    for text in _texts(questionnaire):
        if not isinstance(text, str):
            for tag in text:
                tags.setdefault(tag.lower(), tag)
    return [_reading(questionnaire, tag, is_own=lower == own) for lower, tag in tags.items()]


def root_of(language: str) -> str:
    """The language of a tag, without region and script."""
    return language.partition("-")[0].lower()


def said(pointer: str, place: str, language: str, text: str) -> Said:
    """A text, read in words."""
    text = printable(text)
    asked, legend = _without_legend(text[:READ_AT_MOST])
    return Said(pointer, place, language, text, words_of(asked, language), legend)


def found_in(rule: RuleId, text: Said, first: int, after: int, what: str, how: str, *rewrites: str) -> LintFinding:
    """A finding in some words of a text."""
    return LintFinding(
        rule,
        text.pointer,
        text.place,
        what,
        how,
        rewrites=tuple(rewrite for rewrite in rewrites if rewrite != text.text),
        about=text.text,
        language=text.language,
        span=text.span(first, after),
    )


def found_of(rule: RuleId, text: Said, what: str, how: str, *rewrites: str) -> LintFinding:
    """A finding about a text as a whole."""
    return LintFinding(rule, text.pointer, text.place, what, how, rewrites, text.text, text.language)


def without(text: str, span: Span, instead: str = "") -> str:
    """The text with other words at a span, tidy again."""
    before, after = text[: span.start], text[span.end :]
    if not instead:
        article = _ARTICLE.search(before)
        following = after.lstrip()
        if article and following:
            right = "an" if following[0].lower() in "aeiou" else "a"
            before = before[: article.start(1)] + (right.capitalize() if article[1][0] == "A" else right) + " "
    changed = _SPACE_BEFORE.sub(r"\1", _SPACES.sub(" ", f"{before}{instead}{after}")).strip()
    return changed[:1].upper() + changed[1:]


def _without_legend(text: str) -> tuple[str, str]:
    """The text with brackets that explain points blanked, places kept; and what they say."""
    legends = [found for found in _BRACKETS.finditer(text) if _LEGEND_LIKE.search(found.group())]
    for found in legends:
        text = text[: found.start()] + " " * len(found.group()) + text[found.end() :]
    return text, " ".join(found.group()[1:-1] for found in legends)


def _texts(questionnaire: Questionnaire) -> Iterable[Text]:
    yield questionnaire.title
    for question in questionnaire.questions:
        yield question.text
        yield from (choice.label for choice in question.choices)
        yield from (row.label for row in question.rows)


def _reading(questionnaire: Questionnaire, language: str, *, is_own: bool) -> Reading:
    def read(text: Text, pointer: str, place: str) -> Said | None:
        if isinstance(text, str):
            return said(pointer, place, language, text) if is_own and text.strip() else None
        for tag, words in text.items():
            if tag.lower() == language.lower() and words.strip():
                return said(pointer + step(tag), place + step(tag), language, words)
        return None

    asked = []
    for index, question in enumerate(questionnaire.questions):
        pointer, place = f"/questions/{index}", f"/questions{step(question.key)}"
        asked.append(
            Asked(
                index,
                question,
                language,
                read(question.text, f"{pointer}/text", f"{place}/text"),
                tuple(
                    read(choice.label, f"{pointer}/choices/{at}/label", f"{place}/choices{step(choice.key)}/label")
                    for at, choice in enumerate(question.choices)
                ),
                tuple(
                    read(row.label, f"{pointer}/rows/{at}/label", f"{place}/rows{step(row.key)}/label")
                    for at, row in enumerate(question.rows)
                ),
            )
        )
    return Reading(language, read(questionnaire.title, "/title", "/title"), tuple(asked))
