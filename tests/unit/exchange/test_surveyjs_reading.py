"""Models of SurveyJS that others have made: what is taken of them, and what is named."""

from typing import Any

import pytest

from feedback_core.kit.errors import Fault
from feedback_core.surveys.exchange.surveyjs.reading import from_surveyjs
from feedback_core.surveys.exchange.types import MOST_REMARKS, BesideModel, NotExchangeable, Taken
from feedback_core.surveys.types import Comparison, Op, questionnaire_to_json

Json = dict[str, Any]


def taken(*elements: Json, language: str | None = None, **fields: Any) -> Taken:
    return from_surveyjs({"elements": list(elements), **fields}, language=language, beside=BesideModel())


def asked(*elements: Json, **fields: Any) -> list[Json]:
    questions: Any = questionnaire_to_json(taken(*elements, **fields).questionnaire)["questions"]
    return list(questions)


def named(found: Taken) -> list[tuple[str, str]]:
    return [(remark.pointer.removeprefix("/model"), remark.code.value) for remark in found.remarks]


@pytest.mark.parametrize(
    ("element", "question"),
    [
        ({"type": "text", "name": "a"}, {"type": "text", "text": "a"}),
        ({"type": "comment", "name": "a", "maxLength": 9}, {"type": "text", "text": "a", "max_length": 9}),
        (
            {"type": "text", "inputType": "number", "name": "a", "min": 0, "max": "9.5"},
            {"type": "number", "text": "a", "min": 0, "max": 9.5},
        ),
        ({"type": "text", "inputType": "date", "name": "a", "isRequired": True}, {"type": "date", "required": True}),
        ({"type": "boolean", "name": "a", "title": "Sure?"}, {"type": "boolean", "text": "Sure?"}),
        ({"type": "rating", "name": "a"}, {"type": "rating", "scale": {"min": 1, "max": 5}}),
        ({"type": "rating", "name": "a", "rateCount": 7}, {"type": "rating", "scale": {"min": 1, "max": 7}}),
        ({"type": "rating", "name": "nps_2026", "rateMin": 0, "rateMax": 10}, {"type": "nps"}),
        ({"type": "rating", "name": "nps"}, {"type": "rating", "scale": {"min": 1, "max": 5}}),
        ({"type": "rating", "name": "ces", "rateMax": 7}, {"type": "ces"}),
        ({"type": "rating", "name": "a", "rateValues": [3, 2, 1]}, {"type": "rating", "scale": {"min": 1, "max": 3}}),
        (
            {"type": "rating", "name": "a", "rateValues": [{"value": 1, "text": "Bad"}, {"value": 2, "text": "Good"}]},
            {"type": "single_choice", "choices": [{"key": "1", "label": "Bad"}, {"key": "2", "label": "Good"}]},
        ),
        (
            {"type": "dropdown", "name": "a", "choices": ["web", {"value": "In person", "text": "Desk"}, 3]},
            {
                "type": "single_choice",
                "choices": [
                    {"key": "web", "label": "web"},
                    {"key": "In_person", "label": "Desk"},
                    {"key": "3", "label": "3"},
                ],
            },
        ),
        (
            {"type": "checkbox", "name": "a", "choices": ["x"], "showNoneItem": True, "noneText": "Nothing"},
            {
                "type": "multiple_choice",
                "choices": [{"key": "x", "label": "x"}, {"key": "none", "label": "Nothing", "exclusive": True}],
            },
        ),
        (
            {"type": "radiogroup", "name": "a", "choices": ["x"], "showDontKnowItem": True},
            {
                "type": "single_choice",
                "choices": [{"key": "x", "label": "x"}, {"key": "dontknow", "label": "Don't know"}],
            },
        ),
        (
            {"type": "matrix", "name": "a", "columns": [1, 2, 3], "rows": ["One", {"value": "two", "text": "Two"}]},
            {
                "type": "matrix",
                "scale": {"min": 1, "max": 3},
                "rows": [{"key": "one", "label": "One"}, {"key": "two", "label": "Two"}],
            },
        ),
        ({"type": "ranking", "name": "a", "choices": ["x", "y"]}, {"type": "ranking"}),
        ({"type": "imagepicker", "name": "a", "multiSelect": True, "choices": ["x"]}, {"type": "multiple_choice"}),
        ({"type": "tagbox", "name": "a", "choices": ["x"]}, {"type": "multiple_choice"}),
    ],
)
def test_a_question_of_each_type(element: Json, question: Json) -> None:
    (found,) = asked(element)

    assert found.items() >= question.items()
    if question["type"] in {"nps", "ces"}:
        assert "scale" not in found


def test_languages_and_the_default_one() -> None:
    title = {"default": "Hallo", "en": "Hello", "fr": "Bonjour"}
    found = taken({"type": "text", "name": "a", "title": title}, locale="de", title={"de": "Titel"}).questionnaire

    assert (found.language, found.title) == ("de", "Titel")
    assert found.questions[0].text == {"de": "Hallo", "en": "Hello", "fr": "Bonjour"}
    english = taken({"type": "text", "name": "a", "title": {"default": "Hello", "de": "Hallo"}}).questionnaire
    assert (english.language, english.questions[0].text) == ("en", {"en": "Hello", "de": "Hallo"})
    assert taken({"type": "text", "name": "a"}, language="nl").questionnaire.language == "nl"


def test_conditions_of_panels_and_pages_hold_for_what_stands_in_them() -> None:
    panel = {
        "type": "panel",
        "visibleIf": "{a} = true",
        "elements": [{"type": "text", "name": "b", "visibleIf": "{a} notempty"}, {"type": "text", "name": "c"}],
    }
    page = {"name": "p", "visibleIf": "{a} = true", "elements": [panel]}
    found = taken(pages=[{"elements": [{"type": "boolean", "name": "a"}]}, page])

    yes = {"question": "a", "op": "equals", "value": True}
    questions: Any = questionnaire_to_json(found.questionnaire)["questions"]
    assert [each.get("show_if") for each in questions] == [
        None,
        {"all": [yes, yes, {"question": "a", "op": "answered"}]},
        {"all": [yes, yes]},
    ]
    assert named(found) == []


def test_names_that_are_no_keys_get_keys_and_conditions_follow_them() -> None:
    found = taken(
        {"type": "radiogroup", "name": "Which channel?", "choices": ["In person", "web"]},
        {"type": "text", "name": "größe", "visibleIf": "{Which channel?} = 'In person'"},
        {"type": "text", "name": "which channel?"},
    )

    keys = [question.key for question in found.questionnaire.questions]
    assert keys == ["which_channel", "grosse", "which_channel_2"]
    assert found.questionnaire.questions[1].show_if == Comparison("which_channel", Op.EQUALS, "In_person")
    assert named(found) == [
        ("/elements/0/name", "key_changed"),
        ("/elements/0/choices/0", "key_changed"),
        ("/elements/1/name", "key_changed"),
        ("/elements/2/name", "key_changed"),
    ]


def test_everything_that_cannot_be_said_is_named_where_it_stands() -> None:
    found = taken(
        {"type": "signaturepad", "name": "sign"},
        {"type": "text", "name": "a", "visible": False},
        {"type": "panel", "visible": False, "elements": [{"type": "text", "name": "deep"}]},
        {"type": "text", "name": "b", "inputType": "email", "validators": [{"type": "email"}], "requiredIf": "{a} = 1"},
        {"type": "comment", "name": "c", "visibleIf": "{sign} notempty"},
        {"type": "comment", "name": "d", "visibleIf": "age({b}) > 18"},
        {
            "type": "checkbox",
            "name": "e",
            "choices": [{"value": "x", "visibleIf": "{b} notempty"}],
            "showOtherItem": True,
        },
        {"type": "matrix", "name": "f", "isRequired": True, "columns": ["Bad", "Good"], "rows": ["r"]},
        {"type": "boolean", "name": "g", "valueTrue": "Y", "valueFalse": "N"},
        {"type": "comment", "name": "h", "visibleIf": "{g} = 'Y'"},
        triggers=[{"type": "complete"}],
    )

    assert named(found) == [
        ("/elements/0", "question_left_out"),
        ("/elements/1", "question_left_out"),
        ("/elements/2/visible", "question_left_out"),
        ("/elements/3/inputType", "type_changed"),
        ("/elements/3/validators", "field_left_out"),
        ("/elements/3/requiredIf", "field_left_out"),
        ("/elements/6/choices/0/visibleIf", "field_left_out"),
        ("/elements/6/showOtherItem", "field_left_out"),
        ("/elements/7/isRequired", "limit_changed"),
        ("/elements/7/columns", "text_changed"),
        ("/elements/8/valueTrue", "key_changed"),
        ("/elements/8/valueFalse", "key_changed"),
        ("/triggers", "field_left_out"),
        ("/elements/4/visibleIf", "condition_left_out"),
        ("/elements/5/visibleIf", "condition_left_out"),
    ]
    questions = {question.key: question for question in found.questionnaire.questions}
    assert list(questions) == ["b", "c", "d", "e", "f", "g", "h"]
    assert questions["d"].show_if is None
    assert questions["h"].show_if == Comparison("g", Op.EQUALS, value=True)


def test_a_rating_is_guessed_and_the_guess_is_named() -> None:
    assert named(taken({"type": "rating", "name": "a"})) == [("/beside/questions/a/type", "type_guessed")]


def test_what_cannot_be_stored_is_mended_and_named() -> None:
    found = taken({"type": "text", "name": "a", "title": "a\0b\ud800c"})

    assert found.questionnaire.questions[0].text == "ab?c"
    assert named(found) == [("/elements/0/title", "text_changed")]


@pytest.mark.parametrize(
    ("model", "pointer"),
    [
        ({}, "/model"),
        ({"pages": "x"}, "/model"),
        ({"pages": [1]}, "/model/pages/0"),
        ({"pages": [{"elements": [[]]}]}, "/model/pages/0/elements/0"),
        ({"elements": [{"type": "html", "name": "a"}]}, "/model"),
        ({"elements": [{"type": "text", "name": f"q{i}"} for i in range(2_001)]}, "/model/elements/2000"),
        ({"elements": [{"type": "checkbox", "name": "a", "choices": list(range(2_001))}]}, "/model/elements/0/choices"),
    ],
)
def test_what_is_no_model_is_refused_where_it_is_none(model: Json, pointer: str) -> None:
    with pytest.raises(NotExchangeable) as refused:
        from_surveyjs(model, language=None, beside=BesideModel())
    (fault,) = refused.value.faults
    assert isinstance(fault, Fault)
    assert (fault.pointer, fault.code) == (pointer, "not_exchangeable")


def test_panels_in_panels_without_end_are_refused() -> None:
    panel: Json = {"type": "text", "name": "a"}
    for _ in range(900):
        panel = {"type": "panel", "elements": [panel]}

    with pytest.raises(NotExchangeable, match="Nest at most 20"):
        taken(panel)


def test_remarks_are_counted_beyond_those_that_are_told() -> None:
    found = taken({"type": "text", "name": "a"}, {f"unknown{i}": i for i in range(2 * MOST_REMARKS)} | {"type": "text"})

    assert (len(found.remarks), found.remarks_total) == (MOST_REMARKS, 2 * MOST_REMARKS + 1)
