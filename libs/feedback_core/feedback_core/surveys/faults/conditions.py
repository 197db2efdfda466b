"""Whether the condition of a question asks something that has an answer."""

from collections.abc import Mapping, Sequence
from typing import Final

from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.faults.collector import Collector
from feedback_core.surveys.types import (
    MAX_COMPARISONS,
    MAX_CONDITION_DEPTH,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Not,
    Op,
    Question,
    QuestionType,
)
from feedback_core.surveys.validation.checks import Check, Refusal, check_for, one_of

_ORDERED: Final = frozenset({Op.EQUALS, Op.NOT_EQUALS, Op.IN, Op.AT_LEAST, Op.AT_MOST, Op.ANSWERED})
_LISTING: Final = frozenset({Op.INCLUDES, Op.ANSWERED})
OPS_OF_TYPE: Final[Mapping[QuestionType, frozenset[Op]]] = {
    QuestionType.NPS: _ORDERED,
    QuestionType.CES: _ORDERED,
    QuestionType.CSAT: _ORDERED,
    QuestionType.RATING: _ORDERED,
    QuestionType.NUMBER: _ORDERED,
    QuestionType.DATE: _ORDERED,
    QuestionType.SINGLE_CHOICE: frozenset({Op.EQUALS, Op.NOT_EQUALS, Op.IN, Op.ANSWERED}),
    QuestionType.BOOLEAN: frozenset({Op.EQUALS, Op.NOT_EQUALS, Op.ANSWERED}),
    QuestionType.MULTIPLE_CHOICE: _LISTING,
    QuestionType.RANKING: _LISTING,
    QuestionType.MATRIX: frozenset({Op.ANSWERED}),
    QuestionType.TEXT: frozenset({Op.ANSWERED}),
}
"""Comparisons that have a meaning for answers of a type."""


def find_in_condition(questions: Sequence[Question], index: int, condition: Condition, collector: Collector) -> None:
    """Add the faults of the condition of question ``index``; it may ask about the questions before that one only."""
    pointer = f"/questions/{index}/show_if"
    size, too_deep = _size(condition)
    if size > MAX_COMPARISONS or too_deep:
        detail = f"Nest at most {MAX_CONDITION_DEPTH} levels and compare at most {MAX_COMPARISONS} times."
        collector.add(pointer, FaultCode.CONDITION_TOO_LARGE, detail)
        return
    earlier = {question.key: question for question in reversed(questions[:index])}
    later = {question.key for question in questions[index:]}
    _Walk(earlier, later - earlier.keys(), collector).condition(condition, pointer)


def _size(condition: Condition, depth: int = 1) -> tuple[int, bool]:
    """Comparisons, and whether it is nested too deep (then it is not followed further)."""
    if depth > MAX_CONDITION_DEPTH:
        return 0, True
    match condition:
        case Comparison():
            return 1, False
        case Not(inner):
            return _size(inner, depth + 1)
        case AllOf(parts) | AnyOf(parts):
            sizes = [_size(part, depth + 1) for part in parts]
            return sum(size for size, _ in sizes), any(deep for _, deep in sizes)


class _Walk:
    def __init__(self, earlier: Mapping[str, Question], later: set[str], collector: Collector) -> None:
        self._earlier = earlier
        self._later = later
        self._collector = collector

    def condition(self, condition: Condition, pointer: str) -> None:
        match condition:
            case Comparison():
                self._comparison(condition, pointer)
            case Not(inner):
                self.condition(inner, pointer + "/not")
            case AllOf(parts):
                self._parts(parts, pointer + "/all")
            case AnyOf(parts):
                self._parts(parts, pointer + "/any")

    def _parts(self, parts: Sequence[Condition], pointer: str) -> None:
        if not parts:
            self._collector.add(pointer, FaultCode.EMPTY_CONDITION, "Give at least one condition.")
        for index, part in enumerate(parts):
            self.condition(part, f"{pointer}/{index}")

    def _comparison(self, comparison: Comparison, pointer: str) -> None:
        question = self._earlier.get(comparison.question)
        if question is None:
            if comparison.question in self._later:
                detail = "Ask about an earlier question: this one has no answer yet."
                self._collector.add(pointer + "/question", FaultCode.NOT_EARLIER, detail)
            else:
                detail = "Name an earlier question: there is none with this key."
                self._collector.add(pointer + "/question", FaultCode.UNKNOWN_QUESTION, detail)
            return
        ops = OPS_OF_TYPE[question.type]
        if comparison.op not in ops:
            detail = f"Compare a {question.type.value} answer with: {', '.join(sorted(ops))}."
            self._collector.add(pointer + "/op", FaultCode.OP_NOT_OF_TYPE, detail)
        else:
            self._value(comparison, question, pointer + "/value")

    def _value(self, comparison: Comparison, question: Question, pointer: str) -> None:
        op, value = comparison.op, comparison.value
        if op is Op.ANSWERED:
            if value is not None:
                self._collector.add(pointer, FaultCode.UNEXPECTED_VALUE, "Leave the value out.")
        elif value is None:
            self._collector.add(pointer, FaultCode.MISSING_VALUE, "Give the value to compare with.")
        elif question.type is QuestionType.RATING and question.scale is None:
            return  # There is nothing to hold the value against; the missing scale is named where it is missing.
        elif op is Op.IN:
            self._list(value, question, pointer)
        elif _out_of_reach(op, value, question):
            detail = "No answer to that question comes to this value; mend the value or the comparison."
            self._collector.add(pointer, FaultCode.NEVER_TRUE, detail)
        else:
            self._single(value, question, pointer)

    def _list(self, value: object, question: Question, pointer: str) -> None:
        if not isinstance(value, tuple):
            self._collector.add(pointer, FaultCode.WRONG_TYPE, "Give a list of values.")
            return
        if not value:
            self._collector.add(pointer, FaultCode.NEVER_TRUE, "Give at least one value: nothing is in an empty list.")
        for index, item in enumerate(value):
            self._single(item, question, f"{pointer}/{index}")

    def _single(self, value: object, question: Question, pointer: str) -> None:
        try:
            _value_check(question)(value)
        except Refusal as refusal:
            self._collector.faults += (fault.under(pointer) for fault in refusal.faults)


def _value_check(question: Question) -> Check:
    """Check of one value that answers to this question are compared with: for lists of choices, of one choice."""
    if question.type in {QuestionType.MULTIPLE_CHOICE, QuestionType.RANKING}:
        return one_of([choice.key for choice in question.choices])
    return check_for(question)


def _out_of_reach(op: Op, value: object, question: Question) -> bool:
    """Whether every answer is below what is asked at least, or above what is asked at most."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    scale = question.answer_scale
    low, high = (scale.min, scale.max) if scale else (question.min, question.max)
    if op is Op.AT_LEAST:
        return high is not None and value > high
    return op is Op.AT_MOST and low is not None and value < low
