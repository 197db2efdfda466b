"""Which answers are low: at the lower end of the question's own scale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kpis.announcing.calc import low_scores
from feedback_core.surveys.types import Choice, Question, Questionnaire, QuestionType, Scale


def _asking(*questions: Question) -> Questionnaire:
    return Questionnaire("Your visit", "en", questions)


@pytest.mark.parametrize(
    ("type_", "scale", "low"),
    [
        (QuestionType.NPS, None, range(7)),
        (QuestionType.CSAT, None, (1, 2)),
        (QuestionType.CES, None, (1, 2)),
        (QuestionType.RATING, Scale(1, 3), (1,)),
        (QuestionType.RATING, Scale(-2, 2), (-2, -1)),
        (QuestionType.RATING, Scale(0, 1), (0,)),
        (QuestionType.RATING, Scale(1, 10), (1, 2)),
    ],
)
def test_the_low_end_of_each_scale(type_: QuestionType, scale: Scale | None, low: range | tuple[int, ...]) -> None:
    question = Question("q", type_, "?", scale=scale)
    points = question.answer_scale
    assert points is not None

    found = [answer for answer in points.points if low_scores(_asking(question), {"q": answer})]

    assert found == list(low)


def test_what_is_told_says_of_which_question_and_up_to_where_it_is_low() -> None:
    asked = _asking(Question("nps", QuestionType.NPS, "?"), Question("wait", QuestionType.CSAT, "?"))

    found = low_scores(asked, {"wait": 1, "nps": 6})

    assert [(score.question, score.score, score.low_up_to) for score in found] == [("nps", 6, 6), ("wait", 1, 2)]


@given(
    st.none() | st.booleans() | st.text(max_size=3) | st.floats(allow_nan=False) | st.lists(st.integers(), max_size=2)
)
def test_nothing_but_a_point_of_a_scale_is_low(answer: object) -> None:
    asked = _asking(
        Question("nps", QuestionType.NPS, "?"),
        Question("why", QuestionType.TEXT, "?"),
        Question("how", QuestionType.SINGLE_CHOICE, "?", choices=(Choice("1", "1"),)),
    )

    assert low_scores(asked, {"nps": answer, "why": answer, "how": answer}) == ()
