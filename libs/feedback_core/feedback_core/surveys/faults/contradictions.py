"""What in a questionnaire contradicts an earlier version of the same survey."""

from collections.abc import Iterator, Sequence

from feedback_core.kit.errors import Fault
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.types import Question, Questionnaire


def find_contradictions(questionnaire: Questionnaire, former: Sequence[Questionnaire]) -> list[Fault]:
    """Questions that mean something else than the question of the same key did, in reading order.

    A key stands for one series of answers, so its type, its scale and its unit stay what they were. Words, choices,
    conditions and features may change, and questions may come and go.

    Args:
        questionnaire: the draft.
        former: the published versions, latest first.
    """
    return [
        fault
        for index, question in enumerate(questionnaire.questions)
        for fault in _contradictions(question, _last_asked(question.key, former), f"/questions/{index}")
    ]


def _last_asked(key: str, former: Sequence[Questionnaire]) -> Question | None:
    return next((asked for version in former if (asked := version.question(key)) is not None), None)


def _contradictions(question: Question, before: Question | None, pointer: str) -> Iterator[Fault]:
    if before is None:
        return
    if question.type is not before.type:
        detail = f"Earlier answers are of the type {before.type.value}; give another type of question another key."
        yield Fault(pointer + "/type", FaultCode.TYPE_CHANGED.value, detail)
    elif question.answer_scale not in {None, before.answer_scale}:
        scale = before.answer_scale
        assert scale is not None
        detail = f"Earlier answers are on {scale.min} to {scale.max}; give a question on another scale another key."
        yield Fault(pointer + "/scale", FaultCode.SCALE_CHANGED.value, detail)
    elif question.unit != before.unit:
        detail = f"Earlier answers are in {before.unit or 'no unit'}; give a number in another unit another key."
        yield Fault(pointer + "/unit", FaultCode.UNIT_CHANGED.value, detail)
