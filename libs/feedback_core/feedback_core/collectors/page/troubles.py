"""What the check of a response finds wrong, as what a reader is told at the field."""

from collections.abc import Mapping, Sequence
from typing import Final

from feedback_core.collectors.languages import spoken
from feedback_core.collectors.page.fields import Trouble
from feedback_core.collectors.page.numbers import number_out
from feedback_core.kit.errors import Fault
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import (
    MAX_NUMBER,
    MAX_TEXT_LENGTH,
    Question,
    Questionnaire,
    QuestionType,
    Scale,
)
from feedback_core.surveys.validation import AnswerValue
from feedback_core.surveys.validation.checks import FIRST_DATE, LAST_DATE

_ANSWERS: Final = "/answers/"


def troubles_of(
    faults: Sequence[Fault], questionnaire: Questionnaire, said: Mapping[str, object], language: str
) -> dict[str, Trouble]:
    """The first fault of each answer, by question key."""
    troubles: dict[str, Trouble] = {}
    for fault in faults:
        key = fault.pointer.removeprefix(_ANSWERS).partition("/")[0]
        question = questionnaire.question(key)
        if question is not None and key not in troubles:
            troubles[key] = _trouble(fault.code, question, said.get(key), questionnaire, language)
    return troubles


def missing(question: Question, answer: AnswerValue | None) -> Trouble | None:
    """What a required question lacks, if it lacks something; a matrix has an answer in every row."""
    if not question.required:
        return None
    if answer is None:
        return Trouble(_MISSING.get(question.type, "required_choice"))
    if isinstance(answer, dict):
        row = next((row.key for row in question.rows if row.key not in answer), None)
        return None if row is None else Trouble("required_rows", part=row)
    return None


def _trouble(  # noqa: PLR0911 - one return per fault
    code: str, question: Question, said: object, questionnaire: Questionnaire, language: str
) -> Trouble:
    match code:
        case FaultCode.OFF_SCALE:
            scale = question.answer_scale or Scale(0, 0)
            return Trouble("not_a_point", {"least": str(scale.min), "most": str(scale.max)})
        case FaultCode.OUT_OF_RANGE if question.type is QuestionType.DATE:
            return Trouble("date_between", {"least": FIRST_DATE, "most": LAST_DATE})
        case FaultCode.OUT_OF_RANGE:
            low, high = question.min, question.max
            least = number_out(-MAX_NUMBER if low is None else low, language)
            return Trouble(
                "number_between", {"least": least, "most": number_out(MAX_NUMBER if high is None else high, language)}
            )
        case FaultCode.NOT_A_DATE:
            return Trouble("not_a_date")
        case FaultCode.TOO_LONG:
            most = question.max_length or MAX_TEXT_LENGTH
            return Trouble("too_long", {"most": str(most), "given": str(len(said)) if isinstance(said, str) else "?"})
        case FaultCode.EXCLUSIVE_CHOICE:
            chosen = said if isinstance(said, list) else []
            alone = next((choice for choice in question.choices if choice.exclusive and choice.key in chosen), None)
            label = spoken(alone.label, language, own=questionnaire.language).words if alone else ""
            return Trouble("chosen_alone", {"choice": label})
        case _:
            return Trouble("not_possible")


_MISSING: Final = {
    QuestionType.TEXT: "required_words",
    QuestionType.NUMBER: "required_words",
    QuestionType.DATE: "required_words",
    QuestionType.MATRIX: "required_rows",
    QuestionType.MULTIPLE_CHOICE: "required_choices",
    QuestionType.RANKING: "required_words",
}
