"""What the fields of a form say."""

from typing import Any

import pytest

from feedback_core.collectors.page.fields import Trouble, fields_of, read_form
from feedback_core.surveys.types import Question, questionnaire_from_json
from feedback_core.surveys.validation import AnswerValue
from tests.support.hosted import AS_JSON, EVERY_TYPE

ASKED = {
    question.key: question
    for question in questionnaire_from_json({"title": "T", "language": "en", "questions": EVERY_TYPE}).questions
}


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("key", list(AS_JSON))
def test_an_answer_is_written_into_fields_that_say_the_same(key: str, language: str) -> None:
    question: Question = ASKED[key]
    answer: AnswerValue = AS_JSON[key]

    read = read_form([question], fields_of(question, answer, language), answered=(), language=language)

    assert (read.answers, read.troubles) == ({key: answer}, {})


@pytest.mark.parametrize("key", list(AS_JSON))
def test_a_blank_takes_an_answer_away_only_where_the_page_showed_it(key: str) -> None:
    blank: dict[str, list[str]] = {f"a.{key}": [""]} if key != "used" else {}

    assert read_form([ASKED[key]], blank, answered=(), language="en").answers == {}
    assert read_form([ASKED[key]], blank, answered=(key,), language="en").answers == {key: None}


@pytest.mark.parametrize(
    ("key", "fields", "trouble"),
    [
        ("nps", {"a.nps": "11"}, Trouble("not_a_point", {"least": "0", "most": "10"})),
        ("minutes", {"a.minutes": "long"}, Trouble("not_a_number")),
        ("staff", {"a.staff.fast": "9"}, Trouble("not_a_point", {"least": "1", "most": "3"}, part="fast")),
        ("order", {"a.order.price": "0"}, Trouble("not_a_place", {"most": "2"}, part="price")),
        (
            "order",
            {"a.order.price": "1", "a.order.time": "1"},
            Trouble("place_taken_twice", {"place": "1"}, part="time"),
        ),
    ],
)
def test_what_cannot_be_read_is_named(key: str, fields: dict[str, Any], trouble: Trouble) -> None:
    posted = {name: [value] for name, value in fields.items()}

    assert read_form([ASKED[key]], posted, answered=(), language="en").troubles == {key: trouble}


def test_places_that_nobody_has_are_passed_over() -> None:
    posted = {"a.order.price": ["2"]}

    assert read_form([ASKED["order"]], posted, answered=(), language="en").answers == {"order": ["price"]}
