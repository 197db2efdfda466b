"""Surveys to SurveyJS and from it, by route; its own library renders them, and its result is a response."""

import json
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from feedback_core.surveys.exchange.surveyjs.writing import as_surveyjs, left_out_of_surveyjs
from feedback_core.surveys.exchange.types import RemarkCode
from feedback_core.surveys.types import Questionnaire, QuestionType
from tests.support.api import Api
from tests.support.surveyjs import rendered
from tests.support.surveys import publish
from tests.unit.surveys.builders import (
    AGAIN,
    CHANNEL,
    EVERY_TYPE,
    MINUTES,
    NPS,
    STAFF,
    USED,
    VISITED,
    WAIT,
    WHY,
    accepted,
)
from tests.unit.surveys.strategies import holds, questionnaires, unhurried, valid_responses

Json = dict[str, Any]

ANSWERS: Json = {
    "nps": 3,
    "ease": 6,
    "happy": 4,
    "wait": 2,
    "channel": "app",
    "used": ["none"],
    "staff": {"polite": 5, "quick": 1},
    "order": ["desk", "web"],
    "minutes": 12.5,
    "visited": "2026-03-01",
    "again": False,
    "why": "It took long.\nTwice.",
}
WORST: Json = {
    "key": "worst",
    "type": "text",
    "text": {"en": "What was worst?", "de": "Was war am schlimmsten?"},
    "show_if": {
        "all": [
            {"question": "nps", "op": "at_most", "value": 6},
            {"question": "channel", "op": "not_equals", "value": "web"},
            {"not": {"question": "used", "op": "includes", "value": "web"}},
            {"any": [{"question": "again", "op": "equals", "value": False}, {"question": "staff", "op": "answered"}]},
        ]
    },
}
BEST: Json = {
    "key": "best",
    "type": "text",
    "text": "What was best?",
    "required": True,
    "show_if": {"question": "nps", "op": "at_least", "value": 9},
}
LONG: Json = {"key": "percent", "type": "rating", "scale": {"min": 0, "max": 100}, "text": "How sure are you?"}


async def model_of(api: Api, survey_id: str, **query: Any) -> Json:
    found: Json = (await api.get(f"/v1/surveys/{survey_id}/surveyjs", params=query)).json()
    return found


async def test_must_hold_4_its_library_renders_the_model_and_its_result_is_a_response_as_it_is(api: Api) -> None:
    required = [{**question, "required": True} for question in EVERY_TYPE]
    survey = await publish(api, questions=[*required, LONG, WORST, BEST])
    model = await model_of(api, survey.id)

    (came,) = rendered([(model, {**ANSWERS, "percent": 70, "worst": "The wait."})])

    assert came["jsonErrors"] == []
    assert [question["errors"] for question in came["questions"] if question["errors"]] == []
    assert {question["name"] for question in came["questions"] if not question["shown"]} == {"best"}
    assert (came["completed"], came["state"]) == (True, "completed")
    assert came["data"] == {**ANSWERS, "percent": 70, "worst": "The wait."}
    receipt = await api.post(f"/v1/surveys/{survey.id}/responses", {"answers": came["data"]}, status=201)
    assert receipt.json()["status"] == "complete"
    (kept,) = (await api.get(f"/v1/surveys/{survey.id}/responses")).json()["items"]
    assert kept["answers"] == came["data"]


async def test_what_the_survey_requires_and_limits_is_held_to_there(api: Api) -> None:
    survey = await publish(
        api,
        questions=[{**STAFF, "required": True}, MINUTES, VISITED, {**WHY, "max_length": 5}, {**NPS, "required": True}],
    )
    wrong = {"staff": {"polite": 5}, "minutes": 700, "visited": "1899-12-31", "why": "Too long", "nps": 7}

    (came,) = rendered([(await model_of(api, survey.id), wrong)])

    assert came["completed"] is False
    # More than so many characters a page does not let anybody type.
    assert {question["name"] for question in came["questions"] if question["errors"]} == wrong.keys() - {"nps", "why"}


async def test_an_answer_to_a_question_that_is_hidden_again_is_no_answer_there_either(api: Api) -> None:
    follow = {**WHY, "key": "after", "show_if": {"question": "why", "op": "answered"}}
    why = {**WHY, "show_if": {"question": "nps", "op": "at_most", "value": 6}}
    survey = await publish(api, questions=[NPS, why, follow])
    model = await model_of(api, survey.id)
    # Once the last question is answered, the first is again, by what SurveyJS runs when a value changes.
    model["triggers"] = [{"type": "setvalue", "expression": "{after} notempty", "setToName": "nps", "setValue": 10}]

    (came,) = rendered([(model, {"nps": 2, "why": "Slow", "after": "Very"})])

    assert came["data"] == {"nps": 10}
    await api.post(f"/v1/surveys/{survey.id}/responses", {"answers": came["data"]}, status=201)


def test_whatever_is_asked_the_library_shows_and_gives_what_the_service_does() -> None:
    cases: list[tuple[Questionnaire, Json]] = []

    @settings(unhurried, max_examples=60, phases=[Phase.generate])
    @given(asked=questionnaires().flatmap(lambda asked: valid_responses(asked).map(lambda said: (asked, said[0]))))
    def gather(asked: tuple[Questionnaire, Json]) -> None:
        questionnaire, answers = asked
        cases.append((questionnaire, {key: value for key, value in answers.items() if value is not None}))

    gather()
    for (asked, answers), came in zip(cases, rendered([(as_surveyjs(q), a) for q, a in cases]), strict=True):
        loose = any(each.code is RemarkCode.COMPARED_LOOSELY for each in left_out_of_surveyjs(asked).kept)
        assert came["jsonErrors"] == []
        if not loose:
            shown = {question["name"]: question["shown"] for question in came["questions"]}
            assert shown == {question.key: holds(question.show_if, answers) for question in asked.questions}
            assert came["data"] == answers
            texts = {question.key for question in asked.questions if question.type is QuestionType.TEXT}
            refused = {question["name"] for question in came["questions"] if question["errors"]} - texts
            assert refused <= {question.key for question in asked.questions if question.required}
            accepted(asked, came["data"])


async def test_out_and_in_again_it_is_the_same_survey(api: Api) -> None:
    asked = [
        {**NPS, "feature": "overall"},
        WAIT,
        USED,
        {**MINUTES, "feature": "waiting_time"},
        CHANNEL,
        AGAIN,
        STAFF,
        WORST,
    ]
    survey = await publish(api, questions=asked)
    beside = (await api.get(f"/v1/surveys/{survey.id}/surveyjs/beside")).json()

    body = {"key": f"{survey.key}-again", "model": await model_of(api, survey.id), "beside": beside["beside"]}
    made = await api.post("/v1/survey-imports/surveyjs", body, status=201)

    assert (made.json()["left_out"], made.json()["left_out_total"]) == ([], 0)
    again = made.json()["survey"]
    first = (await api.get(f"/v1/surveys/{survey.id}/versions/1")).json()
    assert made.headers["Location"] == f"/v1/surveys/{again['id']}"
    assert [again[part] for part in ("title", "language", "attributes", "questions", "faults", "has_draft")] == [
        *(first[part] for part in ("title", "language", "attributes", "questions")),
        [],
        True,
    ]
    await api.post(f"/v1/surveys/{again['id']}/publish", status=200, headers={"If-Match": made.headers["ETag"]})
    assert beside["version"] == 1
    assert [(each["pointer"], each["code"]) for each in beside["left_out"]] == [
        ("/attributes/0", "field_left_out"),
        ("/questions/0/type", "type_changed"),
        ("/questions/0/feature", "field_left_out"),
        ("/questions/3/feature", "field_left_out"),
        ("/questions/3/unit", "field_left_out"),
    ]


async def test_it_is_the_latest_version_or_the_one_that_is_asked_for(api: Api) -> None:
    survey = await publish(api, title="First", questions=[NPS])
    started = await api.post(f"/v1/surveys/{survey.id}/versions", status=201)
    second = {"key": survey.key, "title": "Second", "language": "en", "questions": [NPS, WAIT]}
    read = {"If-Match": started.headers["ETag"]}
    await api.put(f"/v1/surveys/{survey.id}", second, status=200, headers=read)

    assert (await model_of(api, survey.id))["title"] == "First"
    await api.post(f"/v1/surveys/{survey.id}/publish", status=200)
    assert (await model_of(api, survey.id))["title"] == "Second"
    assert (await model_of(api, survey.id, version=1))["title"] == "First"
    await api.get(f"/v1/surveys/{survey.id}/surveyjs?version=3", status=404)
    beside = (await api.get(f"/v1/surveys/{survey.id}/surveyjs/beside?version=1")).json()
    assert (beside["version"], list(beside["beside"]["questions"])) == (1, ["nps"])


async def test_a_draft_goes_nowhere(api: Api) -> None:
    draft = await api.post("/v1/surveys", {"key": "never", "title": "T", "language": "en", "questions": [NPS]})

    for path in ("surveyjs", "surveyjs/beside", "xlsform"):
        refused = await api.get(f"/v1/surveys/{draft.json()['id']}/{path}", status=409)
        assert refused.json()["code"] == "survey_not_published"


@pytest.mark.parametrize(
    ("beside", "pointer", "code"),
    [
        ({"questions": {"other": {"feature": "overall"}}}, "/beside/questions/other", "unknown_question"),
        ({"questions": {"why": {"type": "nps"}}}, "/beside/questions/why/type", "type_changed"),
        ({"questions": {"wait": {"type": "nps"}}}, "/beside/questions/wait/type", "type_changed"),
        ({"questions": {"why": {"unit": "minutes"}}}, "/beside/questions/why/unit", "field_not_of_type"),
    ],
)
async def test_what_is_said_beside_a_model_must_belong_to_it(api: Api, beside: Json, pointer: str, code: str) -> None:
    elements = [{"type": "comment", "name": "why"}, {"type": "rating", "name": "wait"}]

    refused = await api.post(
        "/v1/survey-imports/surveyjs", {"key": "beside", "model": {"elements": elements}, "beside": beside}, status=422
    )

    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [(pointer, code)]


async def test_the_same_request_twice_makes_one_survey(api: Api) -> None:
    body = {"key": "once", "model": {"elements": [{"type": "comment", "name": "why"}]}}
    key = {"Idempotency-Key": "import-once"}

    first = await api.post("/v1/survey-imports/surveyjs", body, status=201, headers=key)
    second = await api.post("/v1/survey-imports/surveyjs", body, status=201, headers=key)
    taken = await api.post("/v1/survey-imports/surveyjs", body, status=409)

    assert first.json() == second.json()
    assert taken.json()["code"] == "survey_key_taken"


async def test_circular_branching_is_named_in_the_draft(api: Api) -> None:
    elements = [
        {"type": "comment", "name": "one", "visibleIf": "{two} notempty"},
        {"type": "comment", "name": "two", "visibleIf": "{one} notempty"},
        {"type": "comment", "name": "three", "visibleIf": "{three} notempty"},
    ]

    made = await api.post("/v1/survey-imports/surveyjs", {"key": "circle", "model": {"elements": elements}}, status=201)

    faults = {fault["pointer"]: fault["code"] for fault in made.json()["survey"]["faults"]}
    assert faults["/questions/0/show_if/question"] == "not_earlier"
    assert faults["/questions/2/show_if/question"] == "not_earlier"
    await api.post(f"/v1/surveys/{made.json()['survey']['id']}/publish", status=422)


@pytest.mark.parametrize("bad", ["a\x00b", "a" * 2_000_000], ids=["a null byte", "two million characters"])
async def test_texts_that_cannot_be_stored_are_cut_and_named(api: Api, bad: str) -> None:
    question = {"type": "comment", "name": "why", "title": "Why?"}
    models = {
        "title": {"title": bad, "pages": [{"elements": [question]}]},
        "text": {"title": "Visit", "pages": [{"elements": [{**question, "title": bad}]}]},
        "asked-if": {"title": "Visit", "pages": [{"elements": [{**question, "visibleIf": bad}]}]},
    }
    for key, model in models.items():
        made = (await api.post("/v1/survey-imports/surveyjs", {"key": key, "model": model}, status=201)).json()
        assert [each["pointer"] for each in made["left_out"]]
        kept = json.dumps(made["survey"]["questions"]) + made["survey"]["title"]
        assert "\\u0000" not in kept
        assert len(kept) < 50_000
