"""The JSON document of a questionnaire: read and written without loss, refused with pointers where it has no form."""

from typing import Any

import pytest
from hypothesis import given

from feedback_core.kit.errors import Fault
from feedback_core.surveys.types import (
    AllOf,
    AttributeValue,
    Comparison,
    Not,
    Op,
    Questionnaire,
    QuestionnaireUnreadable,
    QuestionType,
    Scale,
    questionnaire_from_json,
    questionnaire_to_json,
)
from tests.unit.surveys.builders import AGAIN, EVERY_TYPE, MINUTES, NPS, WAIT, WHY, document, named, questionnaire
from tests.unit.surveys.strategies import json_values, questionnaires, unhurried


def unreadable(value: Any) -> list[tuple[str, str]]:
    with pytest.raises(QuestionnaireUnreadable) as refusal:
        questionnaire_from_json(value)
    return named(refusal.value.faults)


def test_a_document_of_every_question_type_comes_back_as_written() -> None:
    written = document(
        *EVERY_TYPE,
        {
            **WHY,
            "key": "more",
            "text": {"en": "Anything else?", "de": "Noch etwas?"},
            "feature": "overall",
            "required": True,
            "max_length": 200,
            "show_if": {
                "all": [
                    {"any": [{"question": "nps", "op": "in", "value": [0, 1]}, {"question": "why", "op": "answered"}]},
                    {"not": {"question": "again", "op": "equals", "value": False}},
                ]
            },
        },
        attributes=[{"key": "region", "label": "Region", "values": ["north", {"key": "south", "label": "South"}]}],
    )

    assert questionnaire_to_json(questionnaire_from_json(written)) == written


@unhurried
@given(questionnaires())
def test_any_questionnaire_survives_its_document(asked: Questionnaire) -> None:
    assert questionnaire_from_json(questionnaire_to_json(asked)) == asked


def test_the_parts_of_a_document_have_types() -> None:
    asked = questionnaire(
        WAIT,
        {**WHY, "show_if": {"all": [{"not": {"question": "wait", "op": "in", "value": [1, 2]}}]}},
        attributes=[{"key": "region", "values": ["north"]}],
    )

    assert asked.questions[0].type is QuestionType.RATING
    assert asked.questions[0].scale == Scale(1, 5)
    assert asked.questions[1].show_if == AllOf((Not(Comparison("wait", Op.IN, (1, 2))),))
    assert asked.attributes[0].values == (AttributeValue("north"),)
    assert asked.question("why") is asked.questions[1]
    assert asked.question("nobody") is None


def test_null_is_the_same_as_leaving_a_field_out() -> None:
    blank = {"feature": None, "show_if": None, "scale": None, "choices": None, "min": None, "max_length": None}

    assert questionnaire({**NPS, **blank}, attributes=None) == questionnaire(NPS)


def test_a_limit_of_zero_is_written() -> None:
    assert questionnaire_to_json(questionnaire(MINUTES))["questions"] == [MINUTES]


@pytest.mark.parametrize(
    ("type_", "scale"),
    [("nps", Scale(0, 10)), ("ces", Scale(1, 7)), ("csat", Scale(1, 5)), ("rating", None), ("text", None)],
)
def test_scales_that_are_customary_need_not_be_written(type_: str, scale: Scale | None) -> None:
    question = questionnaire({"key": "q", "type": type_, "text": "?"}).questions[0]

    assert (question.scale, question.answer_scale) == (None, scale)
    assert [*Scale(1, 3).points] == [1, 2, 3]


def test_a_written_scale_comes_before_the_customary_one() -> None:
    assert questionnaire({"key": "q", "type": "csat", "text": "?", "scale": {"min": 1, "max": 7}}).questions[
        0
    ].answer_scale == Scale(1, 7)


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"title": 3}, "/title", "wrong_type"),
        ({"title": {"en": 3}}, "/title/en", "wrong_type"),
        ({"title": None}, "/title", "missing_field"),
        ({"language": ["en"]}, "/language", "wrong_type"),
        ({"questions": {}}, "/questions", "wrong_type"),
        ({"questions": ["nps"]}, "/questions/0", "wrong_type"),
        ({"colour/~": "red"}, "/colour~1~0", "unknown_field"),
        ({"questions": [{**NPS, "type": "nsp"}]}, "/questions/0/type", "unknown_type"),
        ({"questions": [{"key": "a", "type": "text"}]}, "/questions/0/text", "missing_field"),
        ({"questions": [{**NPS, "colour": "red"}]}, "/questions/0/colour", "unknown_field"),
        ({"questions": [{**NPS, "required": "yes"}]}, "/questions/0/required", "wrong_type"),
        ({"questions": [{**WAIT, "scale": {"min": 1}}]}, "/questions/0/scale/max", "missing_field"),
        ({"questions": [{**WAIT, "scale": {"min": 1, "max": 2.5}}]}, "/questions/0/scale/max", "wrong_type"),
        ({"questions": [{**WAIT, "scale": {"min": True, "max": 5}}]}, "/questions/0/scale/min", "wrong_type"),
        ({"questions": [{**MINUTES, "min": "0"}]}, "/questions/0/min", "wrong_type"),
        ({"questions": [{**WHY, "max_length": 1.5}]}, "/questions/0/max_length", "wrong_type"),
        ({"attributes": [{"key": "region"}]}, "/attributes/0/values", "missing_field"),
        ({"attributes": [{"key": "region", "values": [3]}]}, "/attributes/0/values/0", "wrong_type"),
    ],
)
def test_what_has_no_form_is_named_with_a_pointer(change: dict[str, Any], pointer: str, code: str) -> None:
    assert unreadable({**document(NPS), **change}) == [(pointer, code)]


@pytest.mark.parametrize(
    ("condition", "pointer", "code"),
    [
        ("always", "", "wrong_type"),
        ({}, "", "unreadable_condition"),
        ({"question": "nps"}, "/op", "missing_field"),
        ({"question": "nps", "op": "is"}, "/op", "unknown_op"),
        ({"question": "nps", "op": "equals", "value": {}}, "/value", "wrong_type"),
        ({"question": "nps", "op": "in", "value": [1, [2]]}, "/value/1", "wrong_type"),
        ({"all": {}}, "/all", "wrong_type"),
        ({"all": [], "any": []}, "/any", "unknown_field"),
        ({"any": [{"not": 3}]}, "/any/0/not", "wrong_type"),
    ],
)
def test_a_condition_without_form_is_named_with_a_pointer(condition: Any, pointer: str, code: str) -> None:
    assert unreadable(document(NPS, {**AGAIN, "show_if": condition})) == [("/questions/1/show_if" + pointer, code)]


def test_every_fault_of_form_is_named_at_once() -> None:
    assert unreadable({"questions": [{"key": 1, "type": "x", "text": []}]}) == [
        ("/title", "missing_field"),
        ("/language", "missing_field"),
        ("/questions/0/key", "wrong_type"),
        ("/questions/0/type", "unknown_type"),
        ("/questions/0/text", "wrong_type"),
    ]


def test_a_condition_nested_a_thousand_deep_is_refused_without_following_it() -> None:
    condition: dict[str, Any] = {"question": "nps", "op": "answered"}
    for _ in range(1_000):
        condition = {"not": condition}

    assert unreadable(document(NPS, {**AGAIN, "show_if": condition})) == [
        ("/questions/1/show_if" + "/not" * 10, "condition_too_large")
    ]


@unhurried
@given(json_values())
def test_any_json_is_read_or_refused(value: Any) -> None:
    faults: tuple[Fault, ...] = ()
    try:
        questionnaire_from_json(value)
    except QuestionnaireUnreadable as refusal:
        faults = refusal.faults
        found = True
    else:
        found = False

    assert bool(faults) is found
    for fault in faults:
        (fault.pointer + fault.detail).encode()
