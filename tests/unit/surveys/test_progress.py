"""Answers that come one by one: each is checked by itself, and what is left in the end is a response."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.surveys.types import Questionnaire
from feedback_core.surveys.validation import CheckedAnswers, CheckedValues, RefusedAnswers, compile_validator
from tests.unit.surveys.builders import VERSION
from tests.unit.surveys.strategies import questionnaires, unhurried, valid_answers, wrong_answers


@unhurried
@given(questionnaires(), st.data())
def test_whatever_was_answered_what_is_put_of_it_is_a_response(asked: Questionnaire, data: st.DataObject) -> None:
    validator = compile_validator(asked, VERSION)
    given_answers = {
        question.key: data.draw(st.none() | valid_answers(question), label=question.key) for question in asked.questions
    }

    checked = validator.check_values(given_answers, {})
    assert isinstance(checked, CheckedValues)
    said = {key: value for key, value in checked.answers.items() if value is not None}
    progress = validator.progress(said)

    whole = validator.validate(progress.answers, {})
    assert isinstance(whole, CheckedAnswers)
    assert whole.answers == progress.answers
    assert whole.unanswered == progress.unanswered
    assert progress.answers.keys() | set(progress.hidden) == said.keys()
    assert progress.answers.keys().isdisjoint(progress.hidden)


@unhurried
@given(questionnaires(), st.data())
def test_a_wrong_value_is_named_whatever_else_was_answered(asked: Questionnaire, data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(asked.questions))
    wrong: tuple[Any, str] = data.draw(st.sampled_from(wrong_answers(question)))

    refused = compile_validator(asked, VERSION).check_values({question.key: wrong[0]}, {})

    assert isinstance(refused, RefusedAnswers)
    assert f"/answers/{question.key}{wrong[1]}" in {fault.pointer for fault in refused.faults}


@unhurried
@given(questionnaires())
def test_what_is_taken_away_is_always_allowed(asked: Questionnaire) -> None:
    nothing = dict.fromkeys(question.key for question in asked.questions)
    attributes = dict.fromkeys(attribute.key for attribute in asked.attributes)

    assert compile_validator(asked, VERSION).check_values(nothing, attributes) == CheckedValues(nothing, attributes)
