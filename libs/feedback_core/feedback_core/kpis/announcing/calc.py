"""What of a response is told at once: answers at the low end of their question's own scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from feedback_core.kpis.calc.scales import top_box_values
from feedback_core.surveys.types import Question, Questionnaire, QuestionType

SCORED: Final = frozenset({QuestionType.NPS, QuestionType.CSAT, QuestionType.CES, QuestionType.RATING})

_HIGHEST_DETRACTOR: Final = 6


@dataclass(frozen=True, slots=True)
class LowScore:
    """An answer that is low on its question's scale.

    Attributes:
        question: its key.
        score: the answer.
        low_up_to: answers to this question are low up to this one.
    """

    question: str
    score: int
    low_up_to: int


def low_up_to(asked: Question) -> int | None:
    """Up to which answer a question's answers are low; ``None``: it has no scale that says.

    Of nps the detractors, 0 to 6; of another scale its lowest boxes, as the highest count for satisfied: 1 and 2 of
    1-5 and of 1-7, 1 of 1-3.
    """
    scale = asked.answer_scale
    if asked.type not in SCORED or scale is None or scale.min >= scale.max:
        return None
    if asked.type is QuestionType.NPS:
        return _HIGHEST_DETRACTOR
    return max(top_box_values(scale.min, scale.max, high_is_good=False))


def low_scores(questionnaire: Questionnaire, answers: Mapping[str, object]) -> tuple[LowScore, ...]:
    """The low answers among these, in the order of the questions."""
    found = []
    for asked in questionnaire.questions:
        highest, answer = low_up_to(asked), answers.get(asked.key)
        if highest is not None and isinstance(answer, int) and not isinstance(answer, bool) and answer <= highest:
            found.append(LowScore(asked.key, answer, highest))
    return tuple(found)
