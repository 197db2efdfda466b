"""Whether quotas ask for what a questionnaire knows: pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from feedback_core.kit.errors import Fault
from feedback_core.kit.pointers import step
from feedback_core.responses.quotas.types import MOST_CELLS, AnswerIs, Cell, Quota, QuotaFault
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import Question, Questionnaire, QuestionType
from feedback_core.surveys.validation.checks import Refusal, check_for, one_of

_LISTED: Final = frozenset({QuestionType.MULTIPLE_CHOICE, QuestionType.RANKING})
_NUMBERS: Final = frozenset(
    {QuestionType.NPS, QuestionType.CES, QuestionType.CSAT, QuestionType.RATING, QuestionType.NUMBER}
)
_VALUES: Final = _NUMBERS | _LISTED | {QuestionType.SINGLE_CHOICE, QuestionType.BOOLEAN, QuestionType.DATE}


def find_quota_faults(quotas: Sequence[Quota], questionnaire: Questionnaire) -> list[Fault]:
    """Everything wrong with quotas, with pointers from their body."""
    faults = list(_repeated([quota.key for quota in quotas], "/quotas"))
    if sum(len(quota.cells) for quota in quotas) > MOST_CELLS:
        faults.append(Fault("/quotas", QuotaFault.TOO_MANY_CELLS.value, f"Give at most {MOST_CELLS} cells in all."))
    for place, quota in enumerate(quotas):
        pointer = f"/quotas/{place}/cells"
        faults += _repeated([cell.key for cell in quota.cells], pointer)
        for number, cell in enumerate(quota.cells):
            faults += [fault.under(f"{pointer}/{number}") for fault in _of_cell(cell, questionnaire)]
    return faults


def _of_cell(cell: Cell, questionnaire: Questionnaire) -> Iterator[Fault]:
    declared = {attribute.key: {value.key for value in attribute.values} for attribute in questionnaire.attributes}
    for key, values in cell.attributes.items():
        pointer = f"/attributes{step(key)}"
        if key not in declared:
            yield Fault(pointer, FaultCode.UNKNOWN_ATTRIBUTE.value, "The survey declares no such attribute.")
            continue
        for place, value in enumerate(values):
            if value not in declared[key]:
                detail = "Give one of the values that the survey declares."
                yield Fault(f"{pointer}/{place}", FaultCode.UNKNOWN_VALUE.value, detail)
    for key, asked in cell.answers.items():
        question = questionnaire.question(key)
        pointer = f"/answers{step(key)}"
        if question is None:
            yield Fault(pointer, FaultCode.UNKNOWN_QUESTION.value, "The survey has no such question.")
        else:
            yield from (fault.under(pointer) for fault in _of_answer(asked, question))


def _of_answer(asked: AnswerIs, question: Question) -> Iterator[Fault]:
    has_limits = asked.at_least is not None or asked.at_most is not None
    if bool(asked.any_of) is has_limits:
        yield Fault("", FaultCode.MISSING_VALUE.value, "Give either any_of, or at_least and at_most, or one of these.")
    if question.type not in _VALUES or (has_limits and question.type not in _NUMBERS):
        detail = f"Of a {question.type.value} question nothing of this kind can be counted."
        yield Fault("", QuotaFault.ANSWER_NOT_COUNTABLE.value, detail)
        return
    if asked.at_least is not None and asked.at_most is not None and asked.at_least > asked.at_most:
        yield Fault("/at_most", FaultCode.NEVER_TRUE.value, "Give a number that is not below at_least.")
    check = one_of([each.key for each in question.choices]) if question.type in _LISTED else check_for(question)
    for place, value in enumerate(asked.any_of):
        try:
            check(value)
        except Refusal as refusal:
            yield from (fault.under(f"/any_of/{place}") for fault in refusal.faults)


def _repeated(keys: Sequence[str], pointer: str) -> Iterator[Fault]:
    for place, key in enumerate(keys):
        if key in keys[:place]:
            yield Fault(f"{pointer}/{place}/key", FaultCode.DUPLICATE_KEY.value, "Give each a key of its own.")
