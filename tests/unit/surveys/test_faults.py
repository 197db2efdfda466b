"""Contradictions in a questionnaire, apart from its conditions: each refused with a pointer and a stable code."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.surveys.faults import find_faults
from feedback_core.surveys.types import Choice, Question, Questionnaire, QuestionType, Scale
from tests.unit.surveys.builders import (
    CHANNEL,
    EVERY_TYPE,
    MINUTES,
    NPS,
    ORDER,
    STAFF,
    USED,
    VISITED,
    WAIT,
    WHY,
    Json,
    faults,
)
from tests.unit.surveys.strategies import unhurried

REGION: Json = {"key": "region", "label": "Region", "values": ["north", "south"]}


def labelled(*keys: str) -> list[Json]:
    return [{"key": key, "label": key} for key in keys]


def test_a_questionnaire_of_every_type_has_no_faults() -> None:
    assert faults(*EVERY_TYPE, attributes=[REGION]) == []


@pytest.mark.parametrize(
    ("question", "below", "code"),
    [
        ({**NPS, "key": "NPS"}, "/key", "invalid_key"),
        ({**NPS, "key": "nps\n"}, "/key", "invalid_key"),
        ({**NPS, "key": "n" * 64}, "/key", "invalid_key"),
        ({**NPS, "feature": "waiting time"}, "/feature", "invalid_key"),
        ({**NPS, "text": ""}, "/text", "empty_text"),
        ({**NPS, "text": {"en": " \t"}}, "/text/en", "empty_text"),
        ({**NPS, "text": "a\0b"}, "/text", "nul_character"),
        ({**NPS, "text": "a\udc80b"}, "/text", "lone_surrogate"),
        ({**NPS, "text": {"de": "Warum?"}}, "/text", "missing_language"),
        ({**NPS, "text": {}}, "/text", "missing_language"),
        ({**NPS, "text": {"en": "Why?", "d/e": "Warum?"}}, "/text/d~1e", "invalid_language"),
        ({**NPS, "scale": {"min": 1, "max": 10}}, "/scale", "nps_scale"),
        ({**WAIT, "scale": None}, "/scale", "missing_scale"),
        ({**WAIT, "scale": {"min": 5, "max": 5}}, "/scale", "scale_empty"),
        ({**WAIT, "scale": {"min": 5, "max": 1}}, "/scale", "scale_empty"),
        ({**WAIT, "scale": {"min": 0, "max": 101}}, "/scale", "scale_too_long"),
        ({**WAIT, "scale": {"min": 1_000_000, "max": 1_000_001}}, "/scale", "scale_out_of_range"),
        ({**STAFF, "scale": None}, "/scale", "missing_scale"),
        ({**STAFF, "rows": []}, "/rows", "no_rows"),
        ({**STAFF, "rows": labelled("a", "b", "a")}, "/rows/2/key", "duplicate_key"),
        ({**STAFF, "rows": labelled("A")}, "/rows/0/key", "invalid_key"),
        ({**STAFF, "rows": labelled(*(f"r{i}" for i in range(501)))}, "/rows", "too_many_choices"),
        ({**CHANNEL, "choices": []}, "/choices", "too_few_choices"),
        ({**CHANNEL, "choices": labelled("web")}, "/choices", "too_few_choices"),
        ({**USED, "choices": []}, "/choices", "too_few_choices"),
        ({**ORDER, "choices": labelled("a", "b", "a")}, "/choices/2/key", "duplicate_key"),
        ({**CHANNEL, "choices": labelled("a", "-b")}, "/choices/1/key", "invalid_key"),
        ({**CHANNEL, "choices": labelled(*(f"c{i}" for i in range(501)))}, "/choices", "too_many_choices"),
        (
            {**CHANNEL, "choices": [*labelled("a"), {"key": "b", "label": {"de": "b"}}]},
            "/choices/1/label",
            "missing_language",
        ),
        ({**CHANNEL, "choices": USED["choices"]}, "/choices/2/exclusive", "exclusive_not_of_type"),
        ({**ORDER, "choices": USED["choices"]}, "/choices/2/exclusive", "exclusive_not_of_type"),
        ({**MINUTES, "min": 2, "max": 1}, "/min", "min_above_max"),
        ({**MINUTES, "max": 1e16}, "/max", "limit_out_of_range"),
        ({**MINUTES, "min": float("nan")}, "/min", "limit_out_of_range"),
        ({**MINUTES, "unit": " "}, "/unit", "empty_text"),
        ({**WHY, "max_length": 0}, "/max_length", "limit_out_of_range"),
        ({**WHY, "max_length": 30_001}, "/max_length", "limit_out_of_range"),
        ({**WHY, "scale": {"min": 1, "max": 5}}, "/scale", "field_not_of_type"),
        ({**VISITED, "min": 3}, "/min", "field_not_of_type"),
        ({**VISITED, "max": 3}, "/max", "field_not_of_type"),
        ({**NPS, "choices": labelled("a", "b")}, "/choices", "field_not_of_type"),
        ({**CHANNEL, "rows": labelled("a")}, "/rows", "field_not_of_type"),
        ({**WAIT, "unit": "stars"}, "/unit", "field_not_of_type"),
        ({**MINUTES, "max_length": 3}, "/max_length", "field_not_of_type"),
    ],
)
def test_a_question_that_contradicts_itself_is_refused(question: Json, below: str, code: str) -> None:
    assert faults(WHY | {"key": "first"}, question) == [("/questions/1" + below, code)]


@pytest.mark.parametrize(
    "question",
    [
        {**NPS, "scale": {"min": 0, "max": 10}},
        {**NPS, "text": {"EN": "Would you recommend us?", "pt-BR": "E você?"}},
        {**WAIT, "scale": {"min": -50, "max": 50}},
        {**MINUTES, "min": 3, "max": 3},
        {**WHY, "max_length": 30_000},
        {**STAFF, "rows": labelled("only")},
        {**USED, "choices": labelled("box_to_tick")},
        {**WHY, "required": True, "show_if": {"question": "first", "op": "answered"}},
    ],
)
def test_what_is_unusual_but_sound_is_allowed(question: Json) -> None:
    assert faults(WHY | {"key": "first"}, question) == []


@pytest.mark.parametrize(
    ("attribute", "below", "code"),
    [
        ({**REGION, "key": "Region"}, "/key", "invalid_key"),
        ({**REGION, "key": "method"}, "/key", "reserved_key"),
        ({**REGION, "key": "status"}, "/key", "reserved_key"),
        ({**REGION, "label": ""}, "/label", "empty_text"),
        ({**REGION, "values": []}, "/values", "no_values"),
        ({**REGION, "values": [f"v{i}" for i in range(1_001)]}, "/values", "too_many_values"),
        ({**REGION, "values": ["north", "far north"]}, "/values/1", "invalid_key"),
        ({**REGION, "values": [{"key": "", "label": "None"}]}, "/values/0/key", "invalid_key"),
        ({**REGION, "values": [{"key": "n", "label": {"de": "Nord"}}]}, "/values/0/label", "missing_language"),
        ({**REGION, "values": ["north", {"key": "north", "label": "N"}]}, "/values/1", "duplicate_key"),
    ],
)
def test_an_attribute_that_cannot_be_counted_by_is_refused(attribute: Json, below: str, code: str) -> None:
    assert faults(NPS, attributes=[attribute]) == [("/attributes/0" + below, code)]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"title": ""}, [("/title", "empty_text")]),
        ({"title": {"de": "Ihr Besuch"}}, [("/title", "missing_language")]),
        ({"language": "english language"}, [("/language", "invalid_language")]),
        ({"attributes": [REGION, REGION]}, [("/attributes/1/key", "duplicate_key")]),
    ],
)
def test_a_questionnaire_as_a_whole_can_be_at_fault(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert faults(NPS, **fields) == found


def test_a_questionnaire_asks_something_but_not_everything() -> None:
    many = [{**NPS, "key": f"q{i}"} for i in range(501)]

    assert faults() == [("/questions", "no_questions")]
    assert faults(*many) == [("/questions", "too_many_questions")]
    assert faults(*many[:500]) == []


def test_two_questions_with_one_key_are_refused_at_the_second() -> None:
    assert faults(NPS, WHY, {**WAIT, "key": "nps"}) == [("/questions/2/key", "duplicate_key")]


def test_every_fault_is_named_at_once() -> None:
    assert faults({**NPS, "key": "9", "text": ""}, {**WAIT, "scale": None}, title="") == [
        ("/title", "empty_text"),
        ("/questions/0/key", "invalid_key"),
        ("/questions/0/text", "empty_text"),
        ("/questions/1/scale", "missing_scale"),
    ]


@unhurried
@given(
    st.builds(
        Question,
        key=st.text(st.characters(), max_size=3),
        type=st.sampled_from(QuestionType),
        text=st.text(st.characters(), max_size=3) | st.dictionaries(st.text(st.characters(), max_size=3), st.text()),
        scale=st.none() | st.builds(Scale, st.integers(), st.integers()),
        choices=st.lists(st.builds(Choice, st.text(st.characters()), st.text()), max_size=3).map(tuple),
        min=st.none() | st.floats() | st.just(10**400),
        max=st.none() | st.floats(),
        max_length=st.none() | st.integers(),
    ),
    st.text(st.characters(), max_size=3),
)
def test_the_faults_of_any_question_can_be_found_and_written(question: Question, language: str) -> None:
    asked = Questionnaire(title="t", language=language, questions=(question,))

    for fault in find_faults(asked):
        (fault.pointer + fault.detail).encode()
