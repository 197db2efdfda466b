"""The check of a response: what is taken, what is refused and where, and what is left unanswered."""

from typing import Any
from uuid import UUID

import pytest

from feedback_core.surveys.types import ResponseStatus
from feedback_core.surveys.validation import RefusedAnswers, compile_validator
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
    accepted,
    check,
    questionnaire,
    refused,
)

REGIONS = [{"key": "region", "values": ["north", {"key": "south", "label": "South"}]}]
COMPLETE, PARTIAL, SCREENED_OUT = ResponseStatus.COMPLETE, ResponseStatus.PARTIAL, ResponseStatus.SCREENED_OUT


def test_a_response_to_every_type_is_kept_as_said() -> None:
    answers = {
        "nps": 0,
        "ease": 7,
        "happy": 5,
        "wait": 4,
        "channel": "web",
        "used": ["app", "web"],
        "staff": {"quick": 2, "polite": 5},
        "order": ["desk", "web"],
        "minutes": 12.5,
        "visited": "2024-02-29",
        "again": False,
        "why": "  Quick and kind: 5 € 👍 ",
    }

    checked = accepted(questionnaire(*EVERY_TYPE), answers)

    assert checked.answers == answers
    assert (checked.unanswered, checked.status) == ((), COMPLETE)


@pytest.mark.parametrize(
    ("question", "said", "below", "code"),
    [
        (NPS, 11, "", "off_scale"),
        (NPS, -1, "", "off_scale"),
        (NPS, 8.5, "", "off_scale"),
        (NPS, float("nan"), "", "off_scale"),
        (NPS, float("inf"), "", "off_scale"),
        (NPS, 10**400, "", "off_scale"),
        (NPS, "9", "", "wrong_type"),
        (NPS, True, "", "wrong_type"),
        (NPS, [9], "", "wrong_type"),
        (WAIT, 0, "", "off_scale"),
        (CHANNEL, "Web", "", "unknown_choice"),
        (CHANNEL, "", "", "unknown_choice"),
        (CHANNEL, 1, "", "wrong_type"),
        (USED, "web", "", "wrong_type"),
        (USED, ["web", "phone"], "/1", "unknown_choice"),
        (USED, ["web", ["web"]], "/1", "wrong_type"),
        (USED, ["web", "app", "web"], "/2", "duplicate_choice"),
        (USED, ["web", "none"], "/1", "exclusive_choice"),
        (ORDER, ["web", "web"], "/1", "duplicate_choice"),
        (ORDER, {"web": 1}, "", "wrong_type"),
        (STAFF, [5, 4], "", "wrong_type"),
        (STAFF, {"polite": 6}, "/polite", "off_scale"),
        (STAFF, {"polite": "5"}, "/polite", "wrong_type"),
        (STAFF, {"po/li~te": 5}, "/po~1li~0te", "unknown_row"),
        (MINUTES, 600.5, "", "out_of_range"),
        (MINUTES, float("nan"), "", "out_of_range"),
        (MINUTES, "12", "", "wrong_type"),
        (MINUTES, False, "", "wrong_type"),
        ({"key": "n", "type": "number", "text": "?"}, 1e16, "", "out_of_range"),
        (VISITED, "2023-02-29", "", "not_a_date"),
        (VISITED, "01.03.2026", "", "not_a_date"),
        (VISITED, "2026-03-01T10:00:00Z", "", "not_a_date"),
        (VISITED, "\u0662026-03-01", "", "not_a_date"),
        (VISITED, "1899-12-31", "", "out_of_range"),
        (VISITED, "2201-01-01", "", "out_of_range"),
        (VISITED, 20260301, "", "wrong_type"),
        (AGAIN, 1, "", "wrong_type"),
        (AGAIN, "true", "", "wrong_type"),
        (WHY, 3, "", "wrong_type"),
        (WHY, "a\0b", "", "nul_character"),
        (WHY, "a\ud83d", "", "lone_surrogate"),
        (WHY, "x" * 30_001, "", "too_long"),
        ({**WHY, "max_length": 5}, "sixsix", "", "too_long"),
    ],
)
def test_a_wrong_answer_is_named_with_its_pointer(question: Json, said: Any, below: str, code: str) -> None:
    assert refused(questionnaire(question), {question["key"]: said}) == [(f"/answers/{question['key']}{below}", code)]


def test_the_longest_text_is_taken() -> None:
    assert accepted(questionnaire(WHY), {"why": "é" * 30_000}).unanswered == ()


def test_nine_point_nought_is_nine() -> None:
    checked = accepted(questionnaire(NPS, STAFF), {"nps": 9.0, "staff": {"polite": 5.0}})

    assert checked.answers == {"nps": 9, "staff": {"polite": 5}}
    assert type(checked.answers["nps"]) is int


@pytest.mark.parametrize(
    ("question", "said"),
    [(NPS, None), (WHY, ""), (WHY, " \n"), (USED, []), (ORDER, []), (STAFF, {}), (STAFF, {"quick": None})],
)
def test_what_says_nothing_is_no_answer(question: Json, said: Any) -> None:
    checked = accepted(questionnaire(question), {question["key"]: said})

    assert (checked.answers, checked.unanswered) == ({}, (question["key"],))


def test_a_row_left_out_of_a_matrix_does_not_make_it_unanswered() -> None:
    checked = accepted(questionnaire(STAFF), {"staff": {"polite": 3, "quick": None}})

    assert (checked.answers, checked.unanswered, checked.status) == ({"staff": {"polite": 3}}, (), COMPLETE)


def test_every_wrong_answer_is_named_at_once() -> None:
    asked = questionnaire(NPS, WAIT, USED, STAFF, WHY, attributes=REGIONS)
    answers = {
        "nps": 11,
        "wait": 4,
        "used": ["x", "web", 1],
        "staff": {"polite": 0, "nobody": 1},
        "why": 3,
        "a/b": 1,
        "nsp": None,
    }

    assert refused(asked, answers, {"region": "west", "regoin": "north"}) == [
        ("/attributes/region", "unknown_value"),
        ("/attributes/regoin", "unknown_attribute"),
        ("/answers/nps", "off_scale"),
        ("/answers/used/0", "unknown_choice"),
        ("/answers/used/2", "wrong_type"),
        ("/answers/staff/polite", "off_scale"),
        ("/answers/staff/nobody", "unknown_row"),
        ("/answers/why", "wrong_type"),
        ("/answers/a~1b", "unknown_question"),
        ("/answers/nsp", "unknown_question"),
    ]


def test_a_flood_of_unknown_names_is_cut_at_a_hundred() -> None:
    asked = questionnaire(NPS, USED, STAFF, attributes=REGIONS)
    flood: dict[str, object] = {f"x{i}": 1 for i in range(10_000)}

    assert len(refused(asked, flood)) == 100
    assert len(refused(asked, {"used": list(flood)})) == 100
    assert len(refused(asked, {"used": ["web"] * 10_000})) == 100
    assert len(refused(asked, {"staff": flood})) == 100
    assert len(refused(asked, {}, flood)) == 100


def test_attributes_are_declared_values_or_missing() -> None:
    asked = questionnaire(NPS, attributes=[*REGIONS, {"key": "age", "values": ["30"]}])

    assert accepted(asked, {}, {"region": "south"}).attributes == {"region": "south"}
    assert accepted(asked, {}, {"region": None, "age": "30"}).attributes == {"age": "30"}
    assert refused(asked, {}, {"region": "South", "age": 30}) == [
        ("/attributes/region", "unknown_value"),
        ("/attributes/age", "wrong_type"),
    ]
    assert refused(questionnaire(NPS), {}, {"region": "north"}) == [("/attributes/region", "unknown_attribute")]


def test_a_response_without_a_required_answer_is_partial() -> None:
    asked = questionnaire({**NPS, "required": True}, WAIT)

    assert accepted(asked, {"wait": 3}).status is PARTIAL
    assert accepted(asked, {"nps": None}, status=PARTIAL).status is PARTIAL
    assert accepted(asked, {}, status=SCREENED_OUT).status is SCREENED_OUT
    assert accepted(asked, {"nps": 3}, status=COMPLETE).unanswered == ("wait",)
    assert refused(asked, {"wait": 3}, status=COMPLETE) == [("/answers/nps", "answer_required")]


def test_a_caller_may_call_a_full_response_partial() -> None:
    assert accepted(questionnaire(NPS), {"nps": 3}, status=PARTIAL).status is PARTIAL


def test_a_required_matrix_wants_every_row() -> None:
    asked = questionnaire({**STAFF, "required": True})

    assert accepted(asked, {"staff": {"polite": 3}}).status is PARTIAL
    assert accepted(asked, {"staff": {"polite": 3, "quick": 1}}).status is COMPLETE
    assert refused(asked, {"staff": {"polite": 3}}, status=COMPLETE) == [("/answers/staff/quick", "answer_required")]
    assert refused(asked, {}, status=COMPLETE) == [("/answers/staff", "answer_required")]


def test_a_hidden_question_is_neither_required_nor_unanswered() -> None:
    unhappy = {"question": "nps", "op": "at_most", "value": 6}
    asked = questionnaire(NPS, {**WHY, "required": True, "show_if": unhappy})

    assert accepted(asked, {"nps": 9}, status=COMPLETE).unanswered == ()
    assert accepted(asked, {"nps": 9, "why": ""}).status is COMPLETE
    assert accepted(asked, {"nps": 6, "why": "Queue"}).status is COMPLETE
    assert accepted(asked, {"nps": 6}).unanswered == ("why",)
    assert accepted(asked, {}).unanswered == ("nps",)
    assert refused(asked, {"nps": 7, "why": "Queue"}) == [("/answers/why", "not_shown")]
    assert refused(asked, {"why": "Queue"}) == [("/answers/why", "not_shown")]


def test_what_hangs_on_a_wrong_answer_is_not_judged() -> None:
    unhappy = {"question": "nps", "op": "at_most", "value": 6}
    happy = {"not": unhappy}
    asked = questionnaire(
        NPS, {**WHY, "show_if": unhappy}, {**WAIT, "show_if": happy, "required": True}, {**MINUTES, "show_if": unhappy}
    )

    assert refused(asked, {"nps": 60, "why": "Queue", "minutes": -1}, status=COMPLETE) == [
        ("/answers/nps", "off_scale"),
        ("/answers/minutes", "out_of_range"),
    ]


def test_what_hangs_on_an_answer_that_should_not_be_there_is_not_judged() -> None:
    asked = questionnaire(
        NPS,
        {**WAIT, "show_if": {"question": "nps", "op": "at_most", "value": 6}},
        {**WHY, "show_if": {"question": "wait", "op": "answered"}},
    )

    assert refused(asked, {"nps": 9, "wait": 3, "why": "Queue"}) == [("/answers/wait", "not_shown")]


@pytest.mark.parametrize(
    ("condition", "shown", "hidden"),
    [
        ({"question": "nps", "op": "equals", "value": 0}, {"nps": 0}, {"nps": 1}),
        ({"question": "nps", "op": "not_equals", "value": 0}, {"nps": 1}, {}),
        ({"question": "nps", "op": "in", "value": [1, 2]}, {"nps": 2}, {"nps": 3}),
        ({"question": "nps", "op": "at_least", "value": 9}, {"nps": 9}, {}),
        ({"question": "nps", "op": "at_most", "value": 6}, {"nps": 6}, {}),
        ({"question": "nps", "op": "answered"}, {"nps": 0}, {"nps": None}),
        ({"question": "used", "op": "includes", "value": "web"}, {"used": ["app", "web"]}, {"used": ["app"]}),
        ({"question": "used", "op": "includes", "value": "web"}, {"used": ["web"]}, {"used": []}),
        ({"question": "again", "op": "equals", "value": False}, {"again": False}, {}),
        (
            {"question": "visited", "op": "at_least", "value": "2026-03-01"},
            {"visited": "2026-03-01"},
            {"visited": "2026-02-28"},
        ),
        ({"not": {"question": "nps", "op": "not_equals", "value": 0}}, {}, {"nps": 1}),
    ],
)
def test_a_condition_shows_and_hides(condition: Json, shown: Json, hidden: Json) -> None:
    asked = questionnaire(NPS, USED, AGAIN, VISITED, {**WHY, "show_if": condition})

    assert "why" in accepted(asked, shown).unanswered
    assert "why" not in accepted(asked, hidden).unanswered
    assert accepted(asked, {**shown, "why": "So."}).answers["why"] == "So."
    assert refused(asked, {**hidden, "why": "So."}) == [("/answers/why", "not_shown")]


def test_details_say_how_to_mend() -> None:
    checked = check(questionnaire(NPS, CHANNEL), {"nps": 11, "channel": "phone"})

    assert isinstance(checked, RefusedAnswers)
    assert [fault.detail for fault in checked.faults] == [
        "Give a whole number from 0 to 10.",
        "Give one of: web, app, desk.",
    ]


def test_a_validator_knows_its_version() -> None:
    assert compile_validator(questionnaire(NPS), UUID(int=7)).version_id == UUID(int=7)
