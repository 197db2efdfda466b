"""For any questionnaire: what is valid is taken as said, what is wrong is named where it is wrong, nothing crashes."""

import json

from hypothesis import given
from hypothesis import strategies as st

from feedback_core.surveys.faults import find_faults
from feedback_core.surveys.types import Questionnaire, QuestionType, ResponseStatus
from feedback_core.surveys.validation import CheckedAnswers, RefusedAnswers, compile_validator
from tests.unit.surveys.builders import VERSION, accepted, check, refused
from tests.unit.surveys.strategies import (
    holds,
    json_values,
    questionnaires,
    unhurried,
    valid_answers,
    valid_responses,
    wrong_answers,
)


@unhurried
@given(questionnaires())
def test_a_questionnaire_built_by_the_rules_has_no_faults(asked: Questionnaire) -> None:
    assert find_faults(asked) == []


@unhurried
@given(questionnaires(), st.data())
def test_valid_answers_are_kept_as_said(asked: Questionnaire, data: st.DataObject) -> None:
    answers, attributes = data.draw(valid_responses(asked))

    checked = accepted(asked, answers, attributes)

    said = {key: value for key, value in answers.items() if value is not None}
    assert checked.answers == said
    assert checked.attributes == {key: value for key, value in attributes.items() if value is not None}
    assert checked.unanswered == tuple(
        question.key for question in asked.questions if question.key not in said and holds(question.show_if, said)
    )


@unhurried
@given(questionnaires(), st.data())
def test_a_response_is_complete_exactly_if_what_is_required_and_shown_is_answered(
    asked: Questionnaire, data: st.DataObject
) -> None:
    answers, _ = data.draw(valid_responses(asked))
    missing = []
    for question in asked.questions:
        answer = answers.get(question.key)
        if not question.required or not holds(question.show_if, answers):
            continue
        if answer is None:
            missing.append((f"/answers/{question.key}", "answer_required"))
        elif question.type is QuestionType.MATRIX:
            missing += [
                (f"/answers/{question.key}/{row.key}", "answer_required")
                for row in question.rows
                if row.key not in answer
            ]

    assert accepted(asked, answers).status == (ResponseStatus.PARTIAL if missing else ResponseStatus.COMPLETE)
    if missing:
        assert refused(asked, answers, status=ResponseStatus.COMPLETE) == missing
    for status in (ResponseStatus.PARTIAL, ResponseStatus.SCREENED_OUT):
        assert accepted(asked, answers, status=status).status is status


@unhurried
@given(questionnaires(), st.data())
def test_a_wrong_answer_is_refused_where_it_is(asked: Questionnaire, data: st.DataObject) -> None:
    answers, attributes = data.draw(valid_responses(asked))
    question = data.draw(st.sampled_from(asked.questions))
    wrong, below = data.draw(st.sampled_from(wrong_answers(question)))

    faults = refused(asked, {**answers, question.key: wrong}, attributes)

    assert faults[0][0] == f"/answers/{question.key}{below}"
    assert {pointer.split("/")[2] for pointer, _ in faults} == {question.key}


@unhurried
@given(questionnaires(), st.data())
def test_an_answer_to_a_hidden_question_is_refused(asked: Questionnaire, data: st.DataObject) -> None:
    answers, _ = data.draw(valid_responses(asked))
    hidden = [question for question in asked.questions if not holds(question.show_if, answers)]
    for question in hidden:
        answer = data.draw(valid_answers(question))

        faults = refused(asked, {**answers, question.key: answer})

        assert faults[0] == (f"/answers/{question.key}", "not_shown")


@unhurried
@given(questionnaires(), st.data())
def test_any_json_as_answers_is_taken_or_refused(asked: Questionnaire, data: st.DataObject) -> None:
    keys = st.sampled_from([question.key for question in asked.questions]) | st.text(st.characters(), max_size=4)
    attribute_keys = st.sampled_from([attribute.key for attribute in asked.attributes] or [""]) | st.text(max_size=2)
    answers = data.draw(st.dictionaries(keys, json_values(), max_size=4))
    attributes = data.draw(st.dictionaries(attribute_keys, json_values(), max_size=2))

    checked = check(asked, answers, attributes)

    if isinstance(checked, CheckedAnswers):
        known = {question.key for question in asked.questions}
        assert answers.keys() <= known
        written = json.dumps(dict(checked.answers), allow_nan=False, ensure_ascii=False)
        assert "\0" not in written
        written.encode()
    else:
        assert checked.faults
        for fault in checked.faults:
            assert fault.pointer.startswith(("/answers/", "/attributes/"))
            (fault.pointer + fault.detail).encode()


@unhurried
@given(questionnaires(), st.data())
def test_a_validator_keeps_nothing_between_responses(asked: Questionnaire, data: st.DataObject) -> None:
    validator = compile_validator(asked, VERSION)
    answers, attributes = data.draw(valid_responses(asked))
    first = validator.validate(answers, attributes)

    assert isinstance(validator.validate({"not a question": 1}, {}), RefusedAnswers)
    assert validator.validate(answers, attributes) == first
