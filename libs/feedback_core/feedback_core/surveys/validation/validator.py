"""The compiled check of whole responses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from feedback_core.kit.errors import Fault
from feedback_core.kit.pointers import step
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import Question, Questionnaire, QuestionType, ResponseStatus, comparisons_in
from feedback_core.surveys.validation.checks import AnswerValue, Check, Refusal, check_for, listed
from feedback_core.surveys.validation.conditions import Shown, compile_condition

_MOST_UNKNOWN: Final = 100


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """A response that can be recorded.

    Attributes:
        answers: as said, in the order of the questionnaire, without those that say nothing (``null``, blank text, an
            empty list of choices, a matrix without rows); ``9.0`` on a scale is ``9``.
        attributes: as said, without ``null``.
        unanswered: keys of the questions that were put to this respondent and have no answer, in order. A matrix with
            an answer to any row is answered.
        status: as said; if nothing was said, complete or partial by the required questions.
    """

    answers: Mapping[str, AnswerValue]
    attributes: Mapping[str, str]
    unanswered: tuple[str, ...]
    status: ResponseStatus


@dataclass(frozen=True, slots=True)
class CheckedValues:
    """Answers and attributes that were each checked by itself; ``None`` where nothing is said."""

    answers: Mapping[str, AnswerValue | None]
    attributes: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far checked answers have come.

    Attributes:
        answers: those whose questions are put, in the order of the questionnaire.
        hidden: keys of the questions that have an answer, but which the other answers hide.
        unanswered: keys of the questions that are put and have no answer, in order.
    """

    answers: Mapping[str, AnswerValue]
    hidden: tuple[str, ...]
    unanswered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusedAnswers:
    """A response that cannot be recorded: everything that is wrong with it, with pointers into the response's body."""

    faults: tuple[Fault, ...]


Checked: TypeAlias = CheckedAnswers | RefusedAnswers


class _Slot(NamedTuple):
    """What the check of one question needs."""

    key: str
    check: Check
    shown: Shown | None
    asked_about: frozenset[str]
    """Keys of the questions that ``shown`` looks at."""
    required: bool
    required_rows: tuple[str, ...]
    """Rows of a required matrix."""


class AnswerValidator:
    """Checks responses to one version of a survey; safe to share between threads."""

    __slots__ = ("_attributes", "_checks", "_keys", "_slots", "version_id")

    def __init__(self, questionnaire: Questionnaire, version_id: UUID) -> None:
        self.version_id = version_id
        self._slots = tuple(_slot(question) for question in questionnaire.questions)
        self._checks = {slot.key: slot.check for slot in self._slots}
        self._keys = frozenset(self._checks)
        self._attributes = {
            attribute.key: {value.key: None for value in attribute.values} for attribute in questionnaire.attributes
        }

    def validate(
        self, answers: Mapping[str, object], attributes: Mapping[str, object], *, status: ResponseStatus | None = None
    ) -> Checked:
        """Check one response.

        Whether a question was shown is not judged where that hangs on an answer that is itself wrong.

        Args:
            answers: JSON values by question key.
            attributes: JSON values by attribute key; any may be missing.
            status: what the caller says of the response; ``None``: complete if every required question that was shown
                is answered, else partial.
        """
        faults: list[Fault] = []
        kept_attributes = self._check_attributes(attributes, faults) if attributes else {}
        said, unanswered, missing = self._check_answers(answers, faults)
        if missing and status is ResponseStatus.COMPLETE:
            faults += (_fault(pointer, FaultCode.ANSWER_REQUIRED, _REQUIRED) for pointer in missing)
        if faults:
            return RefusedAnswers(tuple(faults))
        if status is None:
            status = ResponseStatus.PARTIAL if missing else ResponseStatus.COMPLETE
        return CheckedAnswers(said, kept_attributes, tuple(unanswered), status)

    def check_values(
        self, answers: Mapping[str, object], attributes: Mapping[str, object]
    ) -> CheckedValues | RefusedAnswers:
        """Check answers and attributes one by one: whether a question is put, later answers may still decide."""
        faults: list[Fault] = []
        kept = self._check_attributes(attributes, faults) if attributes else {}
        said: dict[str, AnswerValue | None] = {}
        for key, given in answers.items():
            check = self._checks.get(key)
            try:
                said[key] = None if check is None or given is None else check(given)
            except Refusal as refusal:
                faults += (fault.under(f"/answers/{key}") for fault in refusal.faults)
        if not self._keys.issuperset(answers):
            faults += self._unknown_questions(answers)
        if faults:
            return RefusedAnswers(tuple(faults))
        return CheckedValues(said, {key: kept.get(key) for key in attributes})

    def progress(self, answers: Mapping[str, AnswerValue]) -> Progress:
        """Which of some checked answers count beside each other, and what is still to be answered."""
        said: dict[str, AnswerValue] = {}
        hidden: list[str] = []
        unanswered: list[str] = []
        for slot in self._slots:
            value = answers.get(slot.key)
            if slot.shown is not None and not slot.shown(said):
                hidden += [] if value is None else [slot.key]
            elif value is None:
                unanswered.append(slot.key)
            else:
                said[slot.key] = value
        return Progress(said, tuple(hidden), tuple(unanswered))

    def asks(self, key: str) -> bool:
        """Whether this version has a question of that key."""
        return key in self._keys

    def _check_answers(
        self, answers: Mapping[str, object], faults: list[Fault]
    ) -> tuple[dict[str, AnswerValue], list[str], list[str]]:
        """The answers kept, keys of questions put but unanswered, and pointers to what is required but missing."""
        said: dict[str, AnswerValue] = {}
        unanswered: list[str] = []
        missing: list[str] = []
        wrong: set[str] = set()
        for key, check, shown, asked_about, required, required_rows in self._slots:
            given = answers.get(key)
            value = None
            if given is not None:
                try:
                    value = check(given)
                except Refusal as refusal:
                    faults += (fault.under(f"/answers/{key}") for fault in refusal.faults)
                    wrong.add(key)
                    continue
            if shown is not None and not shown(said):
                if value is not None and wrong.isdisjoint(asked_about):
                    faults.append(_fault(f"/answers/{key}", FaultCode.NOT_SHOWN, _NOT_SHOWN))
                    wrong.add(key)
            elif value is None:
                unanswered.append(key)
                if required and wrong.isdisjoint(asked_about):
                    missing.append(f"/answers/{key}")
            else:
                said[key] = value
                if required_rows:
                    missing += _missing_rows(key, required_rows, value)
        if not self._keys.issuperset(answers):
            faults += self._unknown_questions(answers)
        return said, unanswered, missing

    def _unknown_questions(self, answers: Mapping[str, object]) -> list[Fault]:
        unknown = [key for key in answers if key not in self._keys][:_MOST_UNKNOWN]
        detail = f"This version of the survey has no such question; it has: {listed(slot.key for slot in self._slots)}."
        return [_fault("/answers" + step(key), FaultCode.UNKNOWN_QUESTION, detail) for key in unknown]

    def _check_attributes(self, attributes: Mapping[str, object], faults: list[Fault]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for key, value in attributes.items():
            declared = self._attributes.get(key)
            if declared is None:
                known = listed(self._attributes) or "none"
                detail = f"This version of the survey declares no such attribute; it declares: {known}."
                faults.append(_fault("/attributes" + step(key), FaultCode.UNKNOWN_ATTRIBUTE, detail))
            elif type(value) is str and value in declared:
                kept[key] = value
            elif value is not None:
                code = FaultCode.UNKNOWN_VALUE if type(value) is str else FaultCode.WRONG_TYPE
                faults.append(_fault(f"/attributes/{key}", code, f"Give one of: {listed(declared)}."))
            if len(faults) == _MOST_UNKNOWN:
                break
        return kept


def compile_validator(questionnaire: Questionnaire, version_id: UUID) -> AnswerValidator:
    """The check of responses to a published version; the questionnaire has no faults (``find_faults``).

    Takes some microseconds per question, so keep it by ``version_id``, which never means another questionnaire.
    """
    return AnswerValidator(questionnaire, version_id)


_REQUIRED: Final = 'A complete response answers this question; give an answer, or the status "partial".'
_NOT_SHOWN: Final = "The other answers hide this question; leave this answer out."


def _slot(question: Question) -> _Slot:
    condition = question.show_if
    is_matrix = question.type is QuestionType.MATRIX
    return _Slot(
        key=question.key,
        check=check_for(question),
        shown=None if condition is None else compile_condition(condition),
        asked_about=frozenset() if condition is None else frozenset(c.question for c in comparisons_in(condition)),
        required=question.required,
        required_rows=tuple(row.key for row in question.rows) if is_matrix and question.required else (),
    )


def _missing_rows(key: str, rows: tuple[str, ...], points: AnswerValue) -> list[str]:
    assert isinstance(points, dict)
    return [f"/answers/{key}/{row}" for row in rows if row not in points]


def _fault(pointer: str, code: FaultCode, detail: str) -> Fault:
    return Fault(pointer, code.value, detail)
