"""Publishing: only without faults, once, and for good."""

import asyncio

import pytest

from tests.support.api import Api
from tests.support.surveys import POST_VISIT, Json, publish, survey_body

NPS: Json = {"key": "nps", "type": "nps", "text": "Recommend us?"}
CHANNEL: Json = {
    "key": "channel",
    "type": "single_choice",
    "text": "Where?",
    "choices": [{"key": "web", "label": "Web"}, {"key": "desk", "label": "Desk"}],
}
WHY: Json = {"key": "why", "type": "text", "text": "Why?"}


def choices(*keys: str) -> list[Json]:
    return [{"key": key, "label": key} for key in keys]


IF = "/questions/1/show_if"


def when(question: str, op: str, value: object = None) -> Json:
    return {"question": question, "op": op, "value": value}


@pytest.mark.parametrize(
    ("questions", "pointer", "code"),
    [
        (
            [CHANNEL, {**WHY, "show_if": when("channel", "equals", "fax")}],
            IF + "/value",
            "unknown_choice",
        ),
        (
            [CHANNEL, {**WHY, "show_if": when("chanel", "answered")}],
            IF + "/question",
            "unknown_question",
        ),
        ([{**WHY, "show_if": when("nps", "answered")}, NPS], "/questions/0/show_if/question", "not_earlier"),
        ([{**WHY, "show_if": when("why", "answered")}], "/questions/0/show_if/question", "not_earlier"),
        ([CHANNEL, {**WHY, "show_if": when("channel", "at_least", 3)}], IF + "/op", "op_not_of_type"),
        ([NPS, {**WHY, "show_if": when("nps", "equals", 11)}], IF + "/value", "off_scale"),
        ([NPS, {**WHY, "show_if": when("nps", "equals", "9")}], IF + "/value", "wrong_type"),
        ([NPS, {**WHY, "show_if": when("nps", "at_least")}], IF + "/value", "missing_value"),
        ([NPS, {**WHY, "show_if": {"any": []}}], IF + "/any", "empty_condition"),
        (
            [NPS, {**WHY, "show_if": {"all": [when("nps", "at_least", 9), when("nps", "at_most", 6)]}}],
            IF,
            "never_true",
        ),
        ([{**NPS, "type": "rating", "scale": {"min": 5, "max": 5}}], "/questions/0/scale", "scale_empty"),
        ([{**NPS, "type": "rating", "scale": {"min": 5, "max": 1}}], "/questions/0/scale", "scale_empty"),
        ([{**NPS, "type": "rating", "scale": {"min": 0, "max": 1000}}], "/questions/0/scale", "scale_too_long"),
        ([{**NPS, "scale": {"min": 1, "max": 5}}], "/questions/0/scale", "nps_scale"),
        ([{**NPS, "type": "number", "min": 9, "max": 1}], "/questions/0/min", "min_above_max"),
        ([NPS, NPS], "/questions/1/key", "duplicate_key"),
        ([{**NPS, "key": "How likely"}], "/questions/0/key", "invalid_key"),
        ([{**NPS, "feature": "waiting time"}], "/questions/0/feature", "invalid_key"),
        ([{**NPS, "text": " "}], "/questions/0/text", "empty_text"),
        ([{**NPS, "text": {"de": "Empfehlen?"}}], "/questions/0/text", "missing_language"),
        ([{**CHANNEL, "choices": choices("web", "web")}], "/questions/0/choices/1/key", "duplicate_key"),
        ([{**CHANNEL, "choices": []}], "/questions/0/choices", "too_few_choices"),
        ([{**NPS, "type": "matrix", "scale": {"min": 1, "max": 5}}], "/questions/0/rows", "no_rows"),
        ([{**WHY, "max_length": 0}], "/questions/0/max_length", "limit_out_of_range"),
        ([], "/questions", "no_questions"),
    ],
)
async def test_a_contradiction_keeps_a_draft_from_being_published(
    api: Api, questions: list[Json], pointer: str, code: str
) -> None:
    made = (await api.post("/v1/surveys", survey_body(questions=questions), status=201)).json()

    refused = (await api.post(f"/v1/surveys/{made['id']}/publish", status=422)).json()

    assert refused["code"] == "survey_not_publishable"
    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [(pointer, code)]
    assert refused["errors"] == made["faults"]
    assert (await api.get(f"/v1/surveys/{made['id']}")).json()["state"] == "draft"


@pytest.mark.parametrize(
    ("attributes", "pointer", "code"),
    [
        ([{"key": "region", "values": []}], "/attributes/0/values", "no_values"),
        ([{"key": "region", "values": ["north", "north"]}], "/attributes/0/values/1", "duplicate_key"),
        ([{"key": "method", "values": ["web"]}], "/attributes/0/key", "reserved_key"),
        (
            [{"key": "region", "values": ["n"]}, {"key": "region", "values": ["s"]}],
            "/attributes/1/key",
            "duplicate_key",
        ),
    ],
)
async def test_attributes_that_cannot_be_counted_by_are_refused(
    api: Api, attributes: list[Json], pointer: str, code: str
) -> None:
    made = (await api.post("/v1/surveys", survey_body(attributes=attributes), status=201)).json()

    refused = (await api.post(f"/v1/surveys/{made['id']}/publish", status=422)).json()

    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [(pointer, code)]


async def test_every_fault_is_named_at_once(api: Api) -> None:
    questions = [{**NPS, "text": ""}, {**WHY, "show_if": when("nobody", "answered")}]
    made = (await api.post("/v1/surveys", survey_body(questions=questions, title=""), status=201)).json()

    refused = (await api.post(f"/v1/surveys/{made['id']}/publish", status=422)).json()

    assert [error["pointer"] for error in refused["errors"]] == [
        "/title",
        "/questions/0/text",
        IF + "/question",
    ]


async def test_a_published_version_can_be_read_for_good(api: Api) -> None:
    survey = await publish(api)

    version = (await api.get(f"/v1/surveys/{survey.id}/versions/1")).json()
    read = (await api.get(f"/v1/surveys/{survey.id}")).json()

    assert (version["id"], version["survey_id"], version["number"]) == (survey.version_id, survey.id, 1)
    assert version["questions"] == read["questions"]
    assert (read["state"], read["published_version"], read["has_draft"]) == ("published", 1, False)
    await api.get(f"/v1/surveys/{survey.id}/versions/2", status=404)


async def test_a_survey_published_twice_at_once_gets_one_version(api: Api) -> None:
    made = (await api.post("/v1/surveys", survey_body(), status=201)).json()
    path = f"/v1/surveys/{made['id']}"

    answers = await asyncio.gather(*(api.post(f"{path}/publish") for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"no_draft"}
    assert (await api.get(path)).json()["published_version"] == 1
    await api.get(f"{path}/versions/2", status=404)


async def test_a_repeated_publication_gets_the_first_answer(api: Api) -> None:
    made = (await api.post("/v1/surveys", survey_body(), status=201)).json()
    headers = {"Idempotency-Key": "publish-once"}

    first = await api.post(f"/v1/surveys/{made['id']}/publish", status=200, headers=headers)
    second = await api.post(f"/v1/surveys/{made['id']}/publish", status=200, headers=headers)

    assert second.json() == first.json()


async def test_a_draft_changed_meanwhile_is_not_published_unseen(api: Api) -> None:
    body = survey_body()
    made = await api.post("/v1/surveys", body, status=201)
    path, seen = made.headers["Location"], {"If-Match": made.headers["ETag"]}
    changed = await api.put(path, {**body, "title": "Changed"}, status=200, headers=seen)

    await api.post(f"{path}/publish", status=412, headers=seen)

    await api.post(f"{path}/publish", status=200, headers={"If-Match": changed.headers["ETag"]})


async def test_features_that_questions_name_are_created(api: Api) -> None:
    await api.put("/v1/features/overall", {"name": "Everything", "owner": "Ada"}, status=201)

    await publish(api)

    names = {feature["key"]: feature["name"] for feature in (await api.get("/v1/features")).json()["items"]}
    assert names == {"effort": "Effort", "overall": "Everything", "waiting_time": "Waiting time"}


async def test_surveys_on_the_same_features_can_be_published_at_once(api: Api) -> None:
    questions = POST_VISIT["questions"]
    await asyncio.gather(*(publish(api, questions=questions[::step]) for step in (1, -1, 1, -1)))

    assert len((await api.get("/v1/features")).json()["items"]) == 3
