"""Conditions that ask what has no answer, or can never be true: each refused with a pointer and a stable code."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.surveys.faults import find_faults
from feedback_core.surveys.types import AllOf, AnyOf, Comparison, Condition, Not, Op, Question, Questionnaire, Scale
from feedback_core.surveys.types import QuestionType as Type
from tests.unit.surveys.builders import (
    AGAIN,
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
    questionnaire,
)
from tests.unit.surveys.strategies import holds, json_values, unhurried

EARLIER = [NPS, CHANNEL, USED, ORDER, MINUTES, VISITED, AGAIN, STAFF, WHY]
AT = f"/questions/{len(EARLIER)}/show_if"


def is_(question: str, op: str, *value: Any) -> Json:
    return {"question": question, "op": op, **({"value": value[0]} if value else {})}


def found_in(condition: Json) -> list[tuple[str, str]]:
    return faults(*EARLIER, {**WHY, "key": "last", "show_if": condition})


@pytest.mark.parametrize(
    "condition",
    [
        is_("nps", "equals", 0),
        is_("nps", "equals", 9.0),
        is_("nps", "in", [9, 10]),
        is_("nps", "at_least", 10),
        is_("nps", "at_most", 0),
        is_("channel", "not_equals", "web"),
        is_("channel", "in", ["web", "app"]),
        is_("used", "includes", "none"),
        is_("order", "includes", "desk"),
        is_("minutes", "at_least", 599.5),
        is_("visited", "at_least", "2026-03-01"),
        is_("again", "equals", False),
        is_("staff", "answered"),
        {"not": is_("why", "answered")},
        {"all": [is_("nps", "at_least", 9), {"any": [is_("again", "equals", True), is_("why", "answered")]}]},
    ],
)
def test_a_condition_that_makes_sense_has_no_fault(condition: Json) -> None:
    assert found_in(condition) == []


@pytest.mark.parametrize(
    ("condition", "below", "code"),
    [
        (is_("nobody", "answered"), "/question", "unknown_question"),
        (is_("last", "answered"), "/question", "not_earlier"),
        (is_("nps", "includes", 9), "/op", "op_not_of_type"),
        (is_("channel", "at_least", "web"), "/op", "op_not_of_type"),
        (is_("used", "equals", "web"), "/op", "op_not_of_type"),
        (is_("again", "in", [True]), "/op", "op_not_of_type"),
        (is_("staff", "equals", 3), "/op", "op_not_of_type"),
        (is_("why", "equals", "price"), "/op", "op_not_of_type"),
        (is_("nps", "answered", True), "/value", "unexpected_value"),
        (is_("nps", "equals"), "/value", "missing_value"),
        (is_("nps", "equals", "9"), "/value", "wrong_type"),
        (is_("nps", "equals", True), "/value", "wrong_type"),
        (is_("nps", "equals", [9]), "/value", "wrong_type"),
        (is_("nps", "in", 9), "/value", "wrong_type"),
        (is_("nps", "equals", 11), "/value", "off_scale"),
        (is_("nps", "in", [10, 11]), "/value/1", "off_scale"),
        (is_("nps", "at_least", -1), "/value", "off_scale"),
        (is_("nps", "at_least", 11), "/value", "never_true"),
        (is_("nps", "at_most", -1), "/value", "never_true"),
        (is_("nps", "in", []), "/value", "never_true"),
        (is_("minutes", "at_least", 601), "/value", "never_true"),
        (is_("minutes", "equals", 601), "/value", "out_of_range"),
        (is_("minutes", "equals", float("nan")), "/value", "out_of_range"),
        (is_("channel", "equals", "phone"), "/value", "unknown_choice"),
        (is_("channel", "in", ["web", "phone"]), "/value/1", "unknown_choice"),
        (is_("used", "includes", "phone"), "/value", "unknown_choice"),
        (is_("used", "includes", ["web"]), "/value", "wrong_type"),
        (is_("order", "includes", "phone"), "/value", "unknown_choice"),
        (is_("visited", "at_least", "March"), "/value", "not_a_date"),
        (is_("again", "equals", 1), "/value", "wrong_type"),
        ({"all": []}, "/all", "empty_condition"),
        ({"any": []}, "/any", "empty_condition"),
        ({"all": [is_("why", "answered"), {"not": is_("no", "answered")}]}, "/all/1/not/question", "unknown_question"),
        ({"any": [is_("why", "answered")] * 101}, "", "condition_too_large"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(condition: Json, below: str, code: str) -> None:
    assert found_in(condition) == [(AT + below, code)]


def test_a_condition_may_not_look_ahead() -> None:
    ahead = {**WHY, "show_if": is_("wait", "at_most", 2)}

    assert faults(ahead, WAIT) == [("/questions/0/show_if/question", "not_earlier")]
    assert faults(WAIT, ahead) == []


def test_a_condition_on_a_question_without_a_scale_does_not_add_to_its_fault() -> None:
    assert faults({**WAIT, "scale": None}, {**WHY, "show_if": is_("wait", "at_most", 2)}) == [
        ("/questions/0/scale", "missing_scale")
    ]


def test_a_condition_on_a_number_without_sound_limits_does_not_break_the_search() -> None:
    assert faults({**MINUTES, "min": 10**400, "max": None}, {**WHY, "show_if": is_("minutes", "equals", 3)}) == [
        ("/questions/0/min", "limit_out_of_range"),
        ("/questions/1/show_if/value", "out_of_range"),
    ]


def test_a_condition_built_too_deep_is_refused_without_following_it() -> None:
    condition: Condition = Comparison("nps", Op.ANSWERED)
    for _ in range(20):
        condition = Not(condition)
    asked = Questionnaire("t", "en", (Question("nps", Type.NPS, "?"), Question("q", Type.TEXT, "?", show_if=condition)))

    assert [(fault.pointer, fault.code) for fault in find_faults(asked)] == [
        ("/questions/1/show_if", "condition_too_large")
    ]


@pytest.mark.parametrize(
    "condition",
    [
        {"all": [is_("nps", "at_least", 9), is_("nps", "at_most", 6)]},
        {"all": [is_("nps", "at_least", 5), {"not": is_("nps", "answered")}]},
        {"all": [is_("channel", "equals", "web"), is_("channel", "equals", "app")]},
        {"all": [is_("channel", "not_equals", key) for key in ("web", "app", "desk")]},
        {"all": [is_("used", "includes", "none"), is_("used", "includes", "web")]},
        {"all": [is_("minutes", "at_least", 3), {"any": [is_("minutes", "at_most", 2), is_("minutes", "equals", 1)]}]},
        {"all": [is_("visited", "at_least", "2026-03-02"), is_("visited", "at_most", "2026-03-01")]},
        {"all": [is_("again", "not_equals", True), is_("again", "not_equals", False)]},
        {"not": {"any": [is_("why", "answered"), {"not": is_("why", "answered")}]}},
    ],
)
def test_a_condition_that_no_answers_make_true_is_refused(condition: Json) -> None:
    assert found_in(condition) == [(AT, "never_true")]


@pytest.mark.parametrize(
    "condition",
    [
        {"all": [is_("nps", "at_least", 6), is_("nps", "at_most", 6)]},
        {
            "all": [
                is_("nps", "at_least", 6),
                is_("nps", "at_most", 8),
                is_("nps", "not_equals", 6),
                is_("nps", "not_equals", 8),
            ]
        },
        {"all": [is_("channel", "not_equals", key) for key in ("web", "app")]},
        {"all": [is_("used", "includes", "app"), is_("used", "includes", "web")]},
        {"all": [is_("order", "includes", key) for key in ("web", "app", "desk")]},
        {"all": [is_("minutes", "at_least", 2), is_("minutes", "at_most", 3), is_("minutes", "not_equals", 2)]},
        {
            "all": [
                is_("minutes", "at_least", 2),
                is_("minutes", "at_most", 3),
                {"not": {"any": [is_("minutes", "equals", 2), is_("minutes", "equals", 3)]}},
            ]
        },
        {"all": [is_("visited", "not_equals", "2026-03-01"), is_("visited", "at_most", "2026-03-01")]},
        {"all": [is_("used", "includes", "web"), {"not": is_("used", "includes", "app")}]},
    ],
)
def test_a_narrow_condition_that_some_answers_make_true_is_allowed(condition: Json) -> None:
    assert found_in(condition) == []


def test_a_question_behind_a_hidden_question_is_never_shown() -> None:
    only_web = {**WAIT, "show_if": is_("channel", "equals", "web")}
    needs_both = {"all": [is_("wait", "answered"), is_("channel", "equals", "app")]}

    assert faults(CHANNEL, only_web, {**WHY, "show_if": needs_both}) == [("/questions/2/show_if", "never_true")]
    assert faults(CHANNEL, WAIT, {**WHY, "show_if": needs_both}) == []


def test_a_condition_too_hard_to_decide_hides_no_plain_contradiction() -> None:
    scores = [{**NPS, "key": f"q{i}"} for i in range(8)]
    hard = {"all": [*(is_(f"q{i}", "in", [2, 5, 9]) for i in range(8)), is_("q0", "equals", 7)]}
    plain = {"all": [is_("q0", "equals", 7), is_("q0", "equals", 8)]}
    last = {**WHY, "key": "last", "show_if": plain}

    assert faults(*scores, {**WHY, "show_if": hard}, last) == [("/questions/9/show_if", "never_true")]


def _conditions() -> st.SearchStrategy[Condition]:
    point = st.integers(0, 6)
    ops = st.sampled_from([Op.EQUALS, Op.NOT_EQUALS, Op.AT_LEAST, Op.AT_MOST])
    comparisons: st.SearchStrategy[Condition] = st.builds(Comparison, st.sampled_from(["a", "b"]), ops, point)
    comparisons |= st.builds(Comparison, st.sampled_from(["a", "b"]), st.just(Op.ANSWERED))
    return st.recursive(
        comparisons,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts)))
            | st.lists(inner, min_size=1, max_size=2).map(lambda parts: AnyOf(tuple(parts)))
            | inner.map(Not)
        ),
        max_leaves=5,
    )


@unhurried
@given(_conditions())
def test_a_condition_is_never_true_exactly_if_no_answers_make_it_so(condition: Condition) -> None:
    scale = Scale(0, 6)
    asked = Questionnaire(
        "t",
        "en",
        (
            Question("a", Type.RATING, "?", scale=scale),
            Question("b", Type.RATING, "?", scale=scale),
            Question("c", Type.TEXT, "?", show_if=condition),
        ),
    )
    every_pair = product([None, *scale.points], repeat=2)
    can_be_true = any(holds(condition, {"a": a, "b": b}) for a, b in every_pair)

    assert [fault.code for fault in find_faults(asked)] == ([] if can_be_true else ["never_true"])


@unhurried
@given(st.sampled_from(EVERY_TYPE), st.sampled_from(Op), json_values())
def test_any_value_in_a_condition_is_taken_or_refused(earlier: Json, op: Op, value: Any) -> None:
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, list | dict) for item in value)):
        value = None
    scalars = tuple(item for item in value if item is not None) if isinstance(value, list) else value
    question = Question("q", Type.TEXT, "?", show_if=Comparison(earlier["key"], op, scalars))
    asked = Questionnaire("t", "en", (*questionnaire(earlier).questions, question))

    for fault in find_faults(asked):
        assert fault.pointer.startswith("/questions/1/show_if")
        (fault.pointer + fault.detail).encode()
