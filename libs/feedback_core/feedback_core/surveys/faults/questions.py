"""What one question must have, and must not have, by its type."""

from collections.abc import Mapping
from typing import Final

from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.faults.collector import Collector
from feedback_core.surveys.types import (
    CHOICE_KEY,
    MAX_CHOICES,
    MAX_NUMBER,
    MAX_SCALE_POINTS,
    MAX_SCALE_VALUE,
    MAX_TEXT_LENGTH,
    NPS_SCALE,
    QUESTION_KEY,
    Question,
    QuestionType,
)

_SCALED: Final = frozenset({"scale"})
_OFFERING: Final = frozenset({"choices"})
_FIELDS: Final[Mapping[QuestionType, frozenset[str]]] = {
    QuestionType.NPS: _SCALED,
    QuestionType.CES: _SCALED,
    QuestionType.CSAT: _SCALED,
    QuestionType.RATING: _SCALED,
    QuestionType.SINGLE_CHOICE: _OFFERING,
    QuestionType.MULTIPLE_CHOICE: _OFFERING,
    QuestionType.RANKING: _OFFERING,
    QuestionType.MATRIX: frozenset({"rows", "scale"}),
    QuestionType.NUMBER: frozenset({"min", "max", "unit"}),
    QuestionType.DATE: frozenset(),
    QuestionType.BOOLEAN: frozenset(),
    QuestionType.TEXT: frozenset({"max_length"}),
}


def find_in_question(question: Question, pointer: str, collector: Collector) -> None:
    """Add the faults of one question, its condition apart."""
    collector.key(question.key, QUESTION_KEY, pointer + "/key")
    collector.text(question.text, pointer + "/text")
    if question.feature is not None:
        collector.key(question.feature, CHOICE_KEY, pointer + "/feature")
    fields = _FIELDS[question.type]
    for name in sorted(_given(question) - fields):
        detail = f"A {question.type.value} question has no {name}; leave it out."
        collector.add(f"{pointer}/{name}", FaultCode.FIELD_NOT_OF_TYPE, detail)
    if "scale" in fields:
        _scale(question, pointer + "/scale", collector)
    if "choices" in fields:
        _choices(question, pointer + "/choices", collector)
    if "rows" in fields:
        _rows(question, pointer + "/rows", collector)
    if "min" in fields:
        _limits(question, pointer, collector)
    if "max_length" in fields and question.max_length is not None and not 1 <= question.max_length <= MAX_TEXT_LENGTH:
        detail = f"Give a whole number from 1 to {MAX_TEXT_LENGTH}."
        collector.add(pointer + "/max_length", FaultCode.LIMIT_OUT_OF_RANGE, detail)


def _given(question: Question) -> set[str]:
    """Those of the fields that belong to some types only which the question has."""
    values = {
        "scale": question.scale,
        "choices": question.choices or None,
        "rows": question.rows or None,
        "min": question.min,
        "max": question.max,
        "unit": question.unit,
        "max_length": question.max_length,
    }
    return {name for name, value in values.items() if value is not None}


def _scale(question: Question, pointer: str, collector: Collector) -> None:
    scale = question.answer_scale
    if scale is None:
        collector.add(pointer, FaultCode.MISSING_SCALE, 'Give the scale: {"min": 1, "max": 5}.')
        return
    if question.type is QuestionType.NPS and question.scale not in {None, NPS_SCALE}:
        detail = 'Leave the scale out, or give {"min": 0, "max": 10}; for another scale use the type rating.'
        collector.add(pointer, FaultCode.NPS_SCALE, detail)
    elif scale.min >= scale.max:
        collector.add(pointer, FaultCode.SCALE_EMPTY, "Give a min below the max.")
    elif max(abs(scale.min), abs(scale.max)) > MAX_SCALE_VALUE:
        detail = f"Keep both ends within {-MAX_SCALE_VALUE} to {MAX_SCALE_VALUE}."
        collector.add(pointer, FaultCode.SCALE_OUT_OF_RANGE, detail)
    elif scale.max - scale.min >= MAX_SCALE_POINTS:
        detail = f"Give a scale of at most {MAX_SCALE_POINTS} points, or use the type number."
        collector.add(pointer, FaultCode.SCALE_TOO_LONG, detail)


def _choices(question: Question, pointer: str, collector: Collector) -> None:
    choices = question.choices
    # A multiple choice of one is a box to tick.
    fewest = 1 if question.type is QuestionType.MULTIPLE_CHOICE else 2
    if len(choices) < fewest:
        collector.add(pointer, FaultCode.TOO_FEW_CHOICES, f"Offer at least {fewest}.")
    if len(choices) > MAX_CHOICES:
        collector.add(pointer, FaultCode.TOO_MANY_CHOICES, f"Offer at most {MAX_CHOICES} choices.")
        return
    for index, choice in enumerate(choices):
        collector.key(choice.key, CHOICE_KEY, f"{pointer}/{index}/key")
        collector.text(choice.label, f"{pointer}/{index}/label")
        if choice.exclusive and question.type is not QuestionType.MULTIPLE_CHOICE:
            detail = "Leave this out: only a multiple choice can have a choice that stands alone."
            collector.add(f"{pointer}/{index}/exclusive", FaultCode.EXCLUSIVE_NOT_OF_TYPE, detail)
    collector.distinct((choice.key for choice in choices), pointer)


def _rows(question: Question, pointer: str, collector: Collector) -> None:
    rows = question.rows
    if not rows:
        collector.add(pointer, FaultCode.NO_ROWS, "Give the matrix at least one row.")
    if len(rows) > MAX_CHOICES:
        collector.add(pointer, FaultCode.TOO_MANY_CHOICES, f"Give the matrix at most {MAX_CHOICES} rows.")
        return
    for index, row in enumerate(rows):
        collector.key(row.key, QUESTION_KEY, f"{pointer}/{index}/key")
        collector.text(row.label, f"{pointer}/{index}/label")
    collector.distinct((row.key for row in rows), pointer)


def _limits(question: Question, pointer: str, collector: Collector) -> None:
    limits = {"min": question.min, "max": question.max}
    sound = True
    for name, limit in limits.items():
        if limit is not None and not -MAX_NUMBER <= limit <= MAX_NUMBER:
            sound = False
            detail = f"Give a number from {-MAX_NUMBER:.0f} to {MAX_NUMBER:.0f}."
            collector.add(f"{pointer}/{name}", FaultCode.LIMIT_OUT_OF_RANGE, detail)
    if sound and question.min is not None and question.max is not None and question.min > question.max:
        collector.add(pointer + "/min", FaultCode.MIN_ABOVE_MAX, "Give a min that is not above the max.")
    if question.unit is not None:
        collector.words(question.unit, pointer + "/unit")
