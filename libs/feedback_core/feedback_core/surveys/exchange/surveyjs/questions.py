"""The types of questions of SurveyJS, each as one of ours."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from feedback_core.surveys.exchange.drafting import (
    as_value,
    choices_of,
    guessed_rating,
    scale_between,
    scale_of,
)
from feedback_core.surveys.exchange.keys import question_key
from feedback_core.surveys.exchange.surveyjs.fields import Fields
from feedback_core.surveys.exchange.texts import Texts
from feedback_core.surveys.exchange.types import BesideModel, NotExchangeable, RemarkCode, Remarks
from feedback_core.surveys.types import NPS_SCALE, Question, QuestionType, Row, Scale, Text
from feedback_core.surveys.validation.checks import FIRST_DATE, LAST_DATE

Values: TypeAlias = dict[str, str]
"""Keys by the values of the document, filled while a question is read."""

_MOST_CHOICES: Final = 2_000
_SPECIAL: Final = (
    ("showNoneItem", "none", "noneText", "None"),
    ("showRefuseItem", "refused", "refuseText", "Refuse to answer"),
    ("showDontKnowItem", "dontknow", "dontKnowText", "Don't know"),
)
"""Choices that SurveyJS adds: by which field, with which value and words; of several choices each stands alone."""


class Reader:
    """Reads what a type has of its own; a question comes with its key, its text and whether it is required."""

    def __init__(self, texts: Texts, remarks: Remarks, beside: BesideModel) -> None:
        self._texts = texts
        self._remarks = remarks
        self._beside = beside

    def choosing(self, question: Question, fields: Fields, values: Values, kind: QuestionType) -> Question:
        """Some of the choices offered, or an order of them."""
        fields.usual(selectToRankEnabled=True)
        offered: list[tuple[object, Text, str]] = []
        exclusive: list[object] = []
        for index, item in enumerate(_bounded(fields, "choices")):
            value, label, alone = self._item(item, f"{fields.at('choices')}/{index}")
            offered.append((value, label, f"{fields.at('choices')}/{index}"))
            exclusive += [value] if alone else []
        for flag, value, words, default in _SPECIAL:
            text = fields.text(words)
            if fields.flag(flag):
                offered.append((value, text or default, fields.at(flag)))
                exclusive.append(value)
        alone_there = exclusive if kind is QuestionType.MULTIPLE_CHOICE else []
        choices, keys = choices_of(offered, self._remarks, exclusive=alone_there)
        values |= keys
        return replace(question, type=kind, choices=choices)

    def _item(self, item: object, pointer: str) -> tuple[object, Text, bool]:
        """Value and label of a choice, and whether it stands alone."""
        if not isinstance(item, Mapping):
            return item, self._texts.words(as_value(item), pointer), False
        fields = Fields(item, pointer, self._texts, self._remarks)
        value, label = fields.take("value"), fields.text("text")
        alone = fields.flag("isExclusive")
        fields.left_out()
        return value, self._texts.words(as_value(value), pointer) if label is None else label, alone

    def rating(self, question: Question, fields: Fields, values: Values) -> Question:
        """A point of a scale; where the points are no scale, one of several choices."""
        fields.usual(autoGenerate=False, displayMode="dropdown", rateStep=1)
        points = _bounded(fields, "rateValues")
        if points:
            return self._rated(question, points, fields, values)
        low = fields.number("rateMin")
        high, count = fields.number("rateMax"), fields.number("rateCount")
        low = 1 if low is None else low
        if high is None:
            high = low + (5 if count is None else count) - 1
        scale = scale_between(low, high)
        if scale is None:
            detail = "The points are no scale of whole numbers: give the question a scale before it is published."
            self._remarks.add(fields.pointer, RemarkCode.LIMIT_CHANGED, detail)
        return replace(question, type=_rating_type(question, scale), scale=scale)

    def _rated(self, question: Question, points: list[Any], fields: Fields, values: Values) -> Question:
        items = [self._item(item, f"{fields.at('rateValues')}/{index}") for index, item in enumerate(points)]
        scale = scale_of([value for value, _, _ in items])
        if scale is not None and all(label == as_value(value) for value, label, _ in items):
            return replace(question, type=_rating_type(question, scale), scale=scale)
        detail = "The points have words of their own: the question was taken as one of several choices."
        self._remarks.add(fields.at("rateValues"), RemarkCode.TYPE_CHANGED, detail)
        offered = ((value, label, fields.at("rateValues")) for value, label, _ in items)
        choices, keys = choices_of(offered, self._remarks)
        values |= keys
        return replace(question, type=QuestionType.SINGLE_CHOICE, choices=choices)

    def matrix(self, question: Question, fields: Fields, values: Values) -> Question:  # noqa: ARG002 -- as every reader
        """Rows on one scale; columns with words become the points of a scale, from 1."""
        every_row = fields.flag("eachRowRequired")
        if question.required and not every_row:
            detail = "A matrix that is required is answered in every row."
            self._remarks.add(fields.at("isRequired"), RemarkCode.LIMIT_CHANGED, detail)
        columns = [
            self._item(item, f"{fields.at('columns')}/{i}") for i, item in enumerate(_bounded(fields, "columns"))
        ]
        scale = scale_of([value for value, _, _ in columns])
        if scale is None or any(label != as_value(value) for value, label, _ in columns):
            detail = "The points of a scale have no words: what the columns are called was left out."
            self._remarks.add(fields.at("columns"), RemarkCode.TEXT_CHANGED, detail)
            scale = scale or scale_between(1, len(columns))
        return replace(
            question,
            type=QuestionType.MATRIX,
            required=question.required or every_row,
            scale=scale,
            rows=tuple(self._rows(fields)),
        )

    def _rows(self, fields: Fields) -> Iterator[Row]:
        taken: set[str] = set()
        for index, item in enumerate(_bounded(fields, "rows")):
            pointer = f"{fields.at('rows')}/{index}"
            value, label, _ = self._item(item, pointer)
            key = question_key(as_value(value), taken)
            taken.add(key)
            if key != as_value(value):
                self._remarks.add(pointer, RemarkCode.KEY_CHANGED, f"The key of this row is {key}.")
            yield Row(key, label)

    def boolean(self, question: Question, fields: Fields, values: Values) -> Question:
        """Yes or no."""
        fields.usual(displayMode="radio")
        for name, meaning in (("valueTrue", "true"), ("valueFalse", "false")):
            value = fields.take(name)
            if value is not None:
                values[as_value(value)] = meaning
                detail = f"An answer is true or false: {as_value(value)[:40]} became {meaning}."
                self._remarks.add(fields.at(name), RemarkCode.KEY_CHANGED, detail)
        return replace(question, type=QuestionType.BOOLEAN)

    def text(self, question: Question, fields: Fields, values: Values) -> Question:  # noqa: ARG002 -- as every reader
        """Words, a number or a day, by what is put in."""
        kind = fields.name("inputType") or "text"
        if kind in {"number", "range"}:
            return self._number(question, fields)
        if kind == "date":
            fields.usual(min=FIRST_DATE, max=LAST_DATE)
            return replace(question, type=QuestionType.DATE)
        if kind != "text":
            detail = f"The words that are put in are not held to be a {kind[:40]}."
            self._remarks.add(fields.at("inputType"), RemarkCode.TYPE_CHANGED, detail)
        return self._words(question, fields)

    def comment(self, question: Question, fields: Fields, values: Values) -> Question:  # noqa: ARG002 -- as every reader
        """Words."""
        return self._words(question, fields)

    def _words(self, question: Question, fields: Fields) -> Question:
        longest = fields.number("maxLength")
        limit = int(longest) if longest is not None and 1 <= longest <= 2**31 - 1 else None
        return replace(question, type=QuestionType.TEXT, max_length=limit)

    def _number(self, question: Question, fields: Fields) -> Question:
        fields.usual(step="any")
        said = self._beside.questions.get(question.key)
        if said is not None and said.unit is not None:
            # Where a model of ours shows it.
            fields.usual(description=said.unit)
        return replace(question, type=QuestionType.NUMBER, min=fields.number("min"), max=fields.number("max"))


def _bounded(fields: Fields, name: str) -> list[Any]:
    items = fields.items(name)
    if len(items) > _MOST_CHOICES:
        raise NotExchangeable(fields.at(name), f"Give at most {_MOST_CHOICES} items.")
    return items


def _rating_type(question: Question, scale: Scale | None) -> QuestionType:
    guessed = guessed_rating(question.key)
    return QuestionType.RATING if guessed is QuestionType.NPS and scale != NPS_SCALE else guessed


Read: TypeAlias = Callable[[Reader, Question, Fields, Values], Question]


def _choosing(kind: QuestionType) -> Read:
    return lambda reader, question, fields, values: reader.choosing(question, fields, values, kind)


def _pictured(reader: Reader, question: Question, fields: Fields, values: Values) -> Question:
    kind = QuestionType.MULTIPLE_CHOICE if fields.flag("multiSelect") else QuestionType.SINGLE_CHOICE
    return reader.choosing(question, fields, values, kind)


TYPES: Final[Mapping[str, Read]] = {
    "radiogroup": _choosing(QuestionType.SINGLE_CHOICE),
    "dropdown": _choosing(QuestionType.SINGLE_CHOICE),
    "buttongroup": _choosing(QuestionType.SINGLE_CHOICE),
    "checkbox": _choosing(QuestionType.MULTIPLE_CHOICE),
    "tagbox": _choosing(QuestionType.MULTIPLE_CHOICE),
    "ranking": _choosing(QuestionType.RANKING),
    "imagepicker": _pictured,
    "rating": Reader.rating,
    "matrix": Reader.matrix,
    "boolean": Reader.boolean,
    "text": Reader.text,
    "comment": Reader.comment,
}
