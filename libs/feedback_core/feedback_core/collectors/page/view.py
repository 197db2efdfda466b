"""What a page shows, before it is written as HTML: every text with its language, every field with what stands in it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from feedback_core.collectors.languages import Spoken, spoken
from feedback_core.collectors.page.fields import (
    MOST_LISTED_PLACES,
    MOST_RADIO_CHOICES,
    NO_ANSWER,
    Fields,
    Trouble,
    asks_by_number,
    field_name,
)
from feedback_core.collectors.page.numbers import number_out
from feedback_core.collectors.page.words.form import Words
from feedback_core.surveys.types import Question, QuestionType, Scale, Text
from feedback_core.surveys.validation.checks import FIRST_DATE, LAST_DATE

MOST_CHARACTERS_OF_A_LINE: Final = 120
"""Of a text that is written into one line; longer ones have several."""


class FieldKind(StrEnum):
    """How a question is answered on the page."""

    POINTS = "points"
    CHOICES = "choices"
    LIST = "list"
    MATRIX = "matrix"
    PLACES = "places"
    LINE = "line"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen."""

    id: str
    value: str
    label: Spoken
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a matrix, or a choice to be placed."""

    id: str
    name: str
    label: Spoken
    value: str
    options: tuple[Option, ...]
    is_wrong: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A question on the page.

    Attributes:
        id: of the whole question; ``first_id`` of the control that a problem leads to.
        input: of a line: ``text``, ``date``; with ``mode`` for the keyboard of a telephone.
        hint: what is to be given; ``low`` and ``high`` say what the ends of the scale are.
        trouble: what is wrong with the answer.
    """

    id: str
    first_id: str
    name: str
    kind: FieldKind
    text: Spoken
    is_required: bool
    is_several: bool
    is_short: bool
    options: tuple[Option, ...]
    rows: tuple[Row, ...]
    value: str
    input: str
    mode: str
    least: str
    most: str
    unit: Spoken | None
    hint: str | None
    low: str | None
    high: str | None
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    """In which language a page is read: the reader's, the survey's own, and the sentences of the page."""

    language: str
    own: str
    words: Words
    words_language: str


def shown_fields(
    questions: Sequence[Question],
    fields: Fields,
    troubles: Mapping[str, Trouble],
    *,
    answered: Collection[str],
    reader: Reader,
) -> tuple[Field, ...]:
    """Questions as they are shown, with what stands in their fields, and what is wrong with it.

    ``answered`` are the keys of those with an answer that is kept: it can be taken away.
    """
    return tuple(
        _Drawn(question, fields, troubles.get(question.key), reader, may_clear=question.key in answered).field()
        for question in questions
    )


def sentence(trouble: Trouble, words: Words) -> str:
    """What a reader is told of what is wrong."""
    told: str = getattr(words, trouble.word)
    return told.format_map(dict(trouble.names))


class _Drawn:
    """One question, while it is drawn."""

    def __init__(
        self, question: Question, fields: Fields, trouble: Trouble | None, reader: Reader, *, may_clear: bool
    ) -> None:
        self.question = question
        self.fields = fields
        self.trouble = trouble
        self.reader = reader
        self.scale = question.answer_scale or Scale(0, 0)
        self.clear = [NO_ANSWER] if may_clear and not question.required else []
        self.id = f"q-{question.key}"

    def field(self) -> Field:
        question, words = self.question, self.reader.words
        kind = self.kind()
        options = self.options(kind)
        rows = self.rows(kind)
        first = rows[0] if rows else None
        if self.trouble and self.trouble.part:
            part = field_name(question.key, self.trouble.part)
            first = next((row for row in rows if row.name == part), first)
        if first is not None:
            first_id = first.options[0].id if kind is FieldKind.MATRIX and first.options else first.id
        else:
            first_id = options[0].id if options and kind is not FieldKind.LIST else f"{self.id}-f"
        is_date = question.type is QuestionType.DATE
        is_nps = question.type is QuestionType.NPS
        return Field(
            id=self.id,
            first_id=first_id,
            name=field_name(question.key),
            kind=kind,
            text=self.spoken(question.text),
            is_required=question.required,
            is_several=question.type is QuestionType.MULTIPLE_CHOICE,
            is_short=question.type is not QuestionType.TEXT,
            options=options,
            rows=rows,
            value=self.value(field_name(question.key)),
            input="date" if is_date else "text",
            mode=self.mode(),
            least=FIRST_DATE if is_date else "",
            most=LAST_DATE if is_date else "",
            unit=Spoken(question.unit, self.reader.own) if question.unit else None,
            hint=self.hint(kind),
            low=words.nps_low if is_nps else None,
            high=words.nps_high if is_nps else None,
            trouble=sentence(self.trouble, words) if self.trouble else None,
        )

    def kind(self) -> FieldKind:  # noqa: PLR0911 - one return per kind
        question = self.question
        match question.type:
            case QuestionType.SINGLE_CHOICE:
                return FieldKind.LIST if len(question.choices) > MOST_RADIO_CHOICES else FieldKind.CHOICES
            case QuestionType.MULTIPLE_CHOICE | QuestionType.BOOLEAN:
                return FieldKind.CHOICES
            case QuestionType.MATRIX:
                return FieldKind.MATRIX
            case QuestionType.RANKING:
                return FieldKind.PLACES
            case QuestionType.TEXT:
                is_line = question.max_length is not None and question.max_length <= MOST_CHARACTERS_OF_A_LINE
                return FieldKind.LINE if is_line else FieldKind.LINES
            case QuestionType.NUMBER | QuestionType.DATE:
                return FieldKind.LINE
            case _:
                return FieldKind.LINE if asks_by_number(question) else FieldKind.POINTS

    def options(self, kind: FieldKind) -> tuple[Option, ...]:
        question = self.question
        if kind is FieldKind.POINTS:
            return self.points(field_name(question.key), self.id)
        if kind not in {FieldKind.CHOICES, FieldKind.LIST}:
            return ()
        chosen = self.fields.get(field_name(question.key), ())
        if question.type is QuestionType.BOOLEAN:
            labels = [("yes", self.said(self.reader.words.yes)), ("no", self.said(self.reader.words.no))]
        else:
            labels = [(choice.key, self.spoken(choice.label)) for choice in question.choices]
        if kind is FieldKind.CHOICES and question.type is not QuestionType.MULTIPLE_CHOICE:
            labels += [(value, self.said(self.reader.words.no_answer)) for value in self.clear]
        return tuple(
            Option(f"{self.id}-{place}", value, label, value in chosen) for place, (value, label) in enumerate(labels)
        )

    def points(self, name: str, stem: str) -> tuple[Option, ...]:
        chosen = self.value(name)
        shown = [(str(point), Spoken(str(point), self.reader.language)) for point in self.scale.points]
        shown += [(value, self.said(self.reader.words.no_answer)) for value in self.clear]
        return tuple(
            Option(f"{stem}-{place}", value, label, value == chosen) for place, (value, label) in enumerate(shown)
        )

    def rows(self, kind: FieldKind) -> tuple[Row, ...]:
        if kind is FieldKind.MATRIX:
            return tuple(
                self.row(place, row.key, self.spoken(row.label)) for place, row in enumerate(self.question.rows)
            )
        if kind is FieldKind.PLACES:
            choices = enumerate(self.question.choices)
            return tuple(self.row(place, choice.key, self.spoken(choice.label)) for place, choice in choices)
        return ()

    def row(self, place: int, part: str, label: Spoken) -> Row:
        name, stem = field_name(self.question.key, part), f"{self.id}-r{place}"
        options: tuple[Option, ...] = ()
        if self.question.type is QuestionType.MATRIX and not asks_by_number(self.question):
            options = self.points(name, stem)
        elif self.question.type is QuestionType.RANKING and len(self.question.choices) <= MOST_LISTED_PLACES:
            chosen, own = self.value(name), self.reader.language
            places = [str(number) for number in range(1, len(self.question.choices) + 1)]
            options = tuple(Option(f"{stem}-{each}", each, Spoken(each, own), each == chosen) for each in places)
        is_wrong = self.trouble is not None and self.trouble.part == part
        return Row(stem, name, label, self.value(name), options, is_wrong)

    def hint(self, kind: FieldKind) -> str | None:
        question, words = self.question, self.reader.words
        match question.type:
            case QuestionType.MULTIPLE_CHOICE:
                return words.several
            case QuestionType.RANKING:
                return words.ranking
            case QuestionType.NUMBER if question.min is not None and question.max is not None:
                least, most = (number_out(limit, self.reader.language) for limit in (question.min, question.max))
                return words.number_between.format(least=least, most=most)
            case QuestionType.TEXT if question.max_length is not None:
                return words.at_most.format(most=question.max_length)
            case _ if question.answer_scale and kind is not FieldKind.POINTS and asks_by_number(question):
                return words.scale.format(least=self.scale.min, most=self.scale.max)
        return None

    def mode(self) -> str:
        """Which keys a telephone shows; those for digits have no sign for what is below zero."""
        question = self.question
        if question.type is QuestionType.NUMBER:
            return "decimal" if question.min is not None and question.min >= 0 else "text"
        return "numeric" if question.answer_scale and self.scale.min >= 0 else "text"

    def value(self, name: str) -> str:
        values = self.fields.get(name, ())
        return values[0] if values else ""

    def spoken(self, text: Text) -> Spoken:
        return spoken(text, self.reader.language, own=self.reader.own)

    def said(self, words: str) -> Spoken:
        return Spoken(words, self.reader.words_language)
