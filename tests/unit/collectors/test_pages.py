"""Which questions stand together on a page, and the way through them."""

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.collectors.page.pages import pages_of
from feedback_core.collectors.page.walk import END, Walk, number_of
from feedback_core.kit.ids import new_id
from feedback_core.surveys.types import (
    Choice,
    Comparison,
    Op,
    Question,
    Questionnaire,
    QuestionType,
    Row,
    Scale,
    comparisons_in,
)
from feedback_core.surveys.validation import compile_validator


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Questions of some kinds, some shown by an earlier boolean."""
    questions: list[Question] = []
    for number in range(draw(st.integers(1, 25))):
        deciding = [each.key for each in questions if each.type is QuestionType.BOOLEAN]
        condition = None
        if draw(st.booleans()) and deciding:
            condition = Comparison(draw(st.sampled_from(deciding)), Op.EQUALS, draw(st.booleans()))
        kind = draw(
            st.sampled_from([QuestionType.BOOLEAN, QuestionType.NPS, QuestionType.MATRIX, QuestionType.RANKING])
        )
        amount = draw(st.integers(1, 20))
        questions.append(
            Question(
                f"q{number}",
                kind,
                "x" * draw(st.integers(1, 500)),
                required=draw(st.booleans()),
                show_if=condition,
                scale=Scale(1, 5) if kind is QuestionType.MATRIX else None,
                rows=tuple(Row(f"r{n}", "Row") for n in range(amount)) if kind is QuestionType.MATRIX else (),
                choices=tuple(Choice(f"c{n}", "C") for n in range(amount + 1)) if kind is QuestionType.RANKING else (),
            )
        )
    return Questionnaire("T", "en", tuple(questions))


@given(questionnaires())
def test_every_question_stands_on_one_page_in_order(asked: Questionnaire) -> None:
    assert tuple(question for page in pages_of(asked) for question in page) == asked.questions


@given(questionnaires())
def test_what_decides_whether_a_question_is_put_was_answered_on_an_earlier_page(asked: Questionnaire) -> None:
    for page in pages_of(asked):
        keys = {question.key for question in page}
        for question in page:
            named = {c.question for c in comparisons_in(question.show_if)} if question.show_if else set()
            assert keys.isdisjoint(named)


@given(questionnaires(), st.data())
def test_going_on_from_page_to_page_meets_every_question_that_is_put(asked: Questionnaire, data: st.DataObject) -> None:
    validator = compile_validator(asked, new_id())
    answers: dict[str, object] = {
        question.key: data.draw(st.booleans()) for question in asked.questions if question.type is QuestionType.BOOLEAN
    }
    progress = validator.progress(answers)  # type: ignore[arg-type]
    walk = Walk(asked, progress)
    met: list[str] = []
    page = walk.after(0)
    while page != END:
        number = int(page)
        met += [question.key for question in walk.questions(number)]
        back = walk.before(number)
        assert back is None or walk.after(int(back)) == page
        page = walk.after(number)

    assert met == [each.key for each in asked.questions if each.key in {*progress.answers, *progress.unanswered}]


def test_a_few_questions_are_one_page_and_many_are_spread_evenly() -> None:
    def plain(count: int) -> list[int]:
        asked = tuple(Question(f"q{n}", QuestionType.CSAT, "How?") for n in range(count))
        return [len(page) for page in pages_of(Questionnaire("T", "en", asked))]

    assert plain(8) == [8]
    assert plain(9) == [5, 4]
    assert set(plain(100)) == {7, 8}


def test_only_a_number_names_a_page() -> None:
    assert [number_of(page) for page in ("1", "0012", None, "", "-1", "end", "\u0663", "9" * 5_000)] == [
        1,
        12,
        *[None] * 6,
    ]
