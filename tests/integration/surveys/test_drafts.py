"""Drafts: created and replaced as a whole, with faults named but kept."""

import json
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.surveys import POST_VISIT, Json, publish, survey_body

ESSENTIAL_BODY = """
{"key": "post-visit", "title": "Your visit", "language": "en",
 "attributes": [{"key": "region", "label": "Region", "values": ["north", "south"]}],
 "questions": [
   {"key": "nps",  "type": "nps",    "text": "How likely are you to recommend us?", "feature": "overall"},
   {"key": "wait", "type": "rating", "scale": {"min": 1, "max": 5}, "text": "How was the wait?",
    "feature": "waiting_time"},
   {"key": "ease", "type": "ces",    "scale": {"min": 1, "max": 7}, "text": "...", "feature": "effort"},
   {"key": "used", "type": "multiple_choice", "choices": [{"key": "web", "label": "Web"}], "text": "..."},
   {"key": "why",  "type": "text",   "text": "What is the main reason for your score?"}]}
"""

EVERY_TYPE: list[Json] = [
    {"key": "nps", "type": "nps", "text": {"en": "Recommend us?", "de": "Empfehlen?"}, "required": True},
    {"key": "ease", "type": "ces", "text": "Easy?"},
    {"key": "happy", "type": "csat", "text": "Happy?", "scale": {"min": 1, "max": 5}},
    {"key": "wait", "type": "rating", "text": "Wait?", "scale": {"min": -2, "max": 2}},
    {
        "key": "channel",
        "type": "single_choice",
        "text": "Where?",
        "choices": [{"key": "web", "label": {"en": "Web"}}, {"key": "desk", "label": "Desk"}],
    },
    {
        "key": "used",
        "type": "multiple_choice",
        "text": "What?",
        "choices": [{"key": "app", "label": "App"}, {"key": "none", "label": "None", "exclusive": True}],
        "show_if": {"question": "channel", "op": "in", "value": ["web", "desk"]},
    },
    {
        "key": "staff",
        "type": "matrix",
        "text": "Staff?",
        "scale": {"min": 1, "max": 5},
        "rows": [{"key": "polite", "label": "Polite"}],
    },
    {
        "key": "order",
        "type": "ranking",
        "text": "Order?",
        "choices": [{"key": "price", "label": "Price"}, {"key": "speed", "label": "Speed"}],
    },
    {"key": "minutes", "type": "number", "text": "Minutes?", "min": 0, "max": 90.5, "unit": "minutes"},
    {"key": "visited", "type": "date", "text": "When?"},
    {"key": "again", "type": "boolean", "text": "Again?"},
    {
        "key": "why",
        "type": "text",
        "text": "Why?",
        "max_length": 500,
        "show_if": {
            "all": [
                {"any": [{"question": "nps", "op": "at_most", "value": 6}, {"question": "again", "op": "answered"}]},
                {"not": {"question": "again", "op": "equals", "value": True}},
            ]
        },
    },
]


def asked(question: Json) -> Json:
    """A survey that asks one question."""
    return survey_body(questions=[{"key": "first", "text": "First?", **question}])


def spoken(value: Any) -> Any:
    """The same document without the fields that say nothing."""
    if isinstance(value, dict):
        return {name: spoken(field) for name, field in value.items() if field is not None and field is not False}
    return [spoken(item) for item in value] if isinstance(value, list) else value


async def test_the_essential_body_makes_a_draft_that_can_be_published(api: Api) -> None:
    made = await api.post("/v1/surveys", json.loads(ESSENTIAL_BODY), status=201)

    body = made.json()
    assert made.headers["Location"] == f"/v1/surveys/{body['id']}"
    assert made.headers["ETag"] == '"1"'
    assert (body["state"], body["published_version"], body["has_draft"], body["faults"]) == ("draft", None, True, [])
    await api.post(f"/v1/surveys/{body['id']}/publish", status=200)


async def test_every_type_of_question_comes_back_as_written(api: Api) -> None:
    made = await api.post("/v1/surveys", survey_body(questions=EVERY_TYPE), status=201)

    read = (await api.get(made.headers["Location"])).json()

    assert read == made.json()
    assert read["faults"] == []
    assert spoken(read["questions"]) == EVERY_TYPE
    assert read["attributes"] == POST_VISIT["attributes"]


async def test_what_was_read_can_be_sent_back(api: Api) -> None:
    made = await api.post("/v1/surveys", survey_body(questions=EVERY_TYPE), status=201)
    read = made.json()
    again = {name: read[name] for name in ("key", "title", "language", "attributes", "questions", "confidentiality")}

    replaced = await api.put(f"/v1/surveys/{read['id']}", again, status=200, headers={"If-Match": made.headers["ETag"]})

    assert replaced.json() | {"updated_at": ""} == read | {"updated_at": ""}


async def test_the_documented_example_can_be_published(api: Api) -> None:
    schemas = (await api.get("/openapi.json")).json()["components"]["schemas"]
    (example,) = schemas["SurveyIn"]["examples"]

    made = (await api.post("/v1/surveys", example, status=201)).json()

    await api.post(f"/v1/surveys/{made['id']}/publish", status=200)


async def test_a_whole_number_may_be_written_with_a_point(api: Api) -> None:
    made = await api.post("/v1/surveys", asked({"type": "rating", "scale": {"min": 1.0, "max": 5}}), status=201)

    assert made.json()["questions"][0]["scale"] == {"min": 1, "max": 5}


async def test_a_draft_may_have_faults_and_names_them(api: Api) -> None:
    made = await api.post("/v1/surveys", asked({"type": "rating", "scale": {"min": 5, "max": 1}}), status=201)

    (fault,) = made.json()["faults"]
    assert (fault["pointer"], fault["code"]) == ("/questions/0/scale", "scale_empty")
    assert (await api.get(made.headers["Location"])).json()["faults"] == [fault]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (survey_body(title=5), [("/title", "text_type")]),
        (survey_body(title={"en": "a\0b"}), [("/title/en", "string_pattern_mismatch")]),
        (survey_body(title="a\0b"), [("/title", "string_pattern_mismatch")]),
        (survey_body(language="not a tag"), [("/language", "string_pattern_mismatch")]),
        (survey_body(key="Post visit"), [("/key", "string_pattern_mismatch")]),
        (survey_body(key="01a20118-8939-7182-99cb-f3f44ea7cce0"), [("/key", "invalid_key")]),
        (survey_body(questions=None), [("/questions", "list_type")]),
        (survey_body(colour="red"), [("/colour", "extra_forbidden")]),
        (survey_body(confidentiality="secret"), [("/confidentiality", "enum")]),
        (
            survey_body(attributes=[{"key": "region", "values": [1]}]),
            [("/attributes/0/values/0", "attribute_value_type")],
        ),
        (asked({"type": "stars"}), [("/questions/0/type", "enum")]),
        (asked({}), [("/questions/0/type", "missing")]),
        (asked({"type": "nps", "text": None}), [("/questions/0/text", "text_type")]),
        (asked({"type": "text", "text": None}), [("/questions/0/text", "text_type")]),
        (asked({"type": "nps", "required": "yes"}), [("/questions/0/required", "bool_type")]),
        (asked({"type": "nps", "feature": "a\0b"}), [("/questions/0/feature", "string_pattern_mismatch")]),
        (asked({"type": "rating"}), [("/questions/0/scale", "missing")]),
        (asked({"type": "rating", "scale": {"min": "1", "max": 5}}), [("/questions/0/scale/min", "int_type")]),
        (asked({"type": "rating", "scale": {"min": 1, "max": 5.5}}), [("/questions/0/scale/max", "int_type")]),
        (
            asked({"type": "rating", "scale": {"min": 1, "max": 5}, "choices": []}),
            [("/questions/0/choices", "extra_forbidden")],
        ),
        (asked({"type": "text", "choices": []}), [("/questions/0/choices", "extra_forbidden")]),
        (asked({"type": "single_choice", "choices": ["web"]}), [("/questions/0/choices/0", "model_attributes_type")]),
        (asked({"type": "number", "min": "0"}), [("/questions/0/min", "float_type")]),
        (asked({"type": "number", "max": 1e300}), [("/questions/0/max", "less_than_equal")]),
        (asked({"type": "text", "show_if": {"question": "nps", "op": "is"}}), [("/questions/0/show_if/op", "enum")]),
        (
            asked({"type": "text", "show_if": {"question": "nps", "op": "equals", "value": {"a": 1}}}),
            [("/questions/0/show_if/value", "value_type")],
        ),
        (
            asked({"type": "text", "show_if": {"all": [{"question": "nps", "op": "in", "value": [1, None]}]}}),
            [("/questions/0/show_if/all/0/value/1", "scalar_type")],
        ),
        (asked({"type": "text", "show_if": {"nps": 6}}), [("/questions/0/show_if", "unreadable_condition")]),
        (
            asked({"type": "text", "show_if": {"all": [], "any": []}}),
            [("/questions/0/show_if/any", "extra_forbidden")],
        ),
    ],
)
async def test_what_has_not_the_form_of_a_survey_is_refused(api: Api, body: Json, found: list[tuple[str, str]]) -> None:
    refused = (await api.post("/v1/surveys", body, status=422)).json()

    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == found
    assert (await api.get("/v1/surveys")).json()["items"] == []


@pytest.mark.parametrize("depth", [10, 200])
async def test_a_condition_nested_too_deep_is_refused(api: Api, depth: int) -> None:
    refused = (await api.call("POST", "/v1/surveys", status=422, **negated(depth))).json()

    assert [(e["pointer"], e["code"]) for e in refused["errors"]] == [("/questions/0/show_if", "condition_too_large")]


async def test_json_nested_beyond_reading_is_refused(api: Api) -> None:
    refused = await api.call("POST", "/v1/surveys", status=400, **negated(50_000))

    assert refused.headers["content-type"] == "application/problem+json"
    await api.get("/v1/surveys")


def negated(times: int) -> dict[str, Any]:
    """A request with a comparison in that many negations, too deep to be written by ``json.dumps``."""
    condition = '{"not":' * times + '{"question":"nps","op":"answered"}' + "}" * times
    body = json.dumps(asked({"type": "text", "show_if": "CONDITION"})).replace('"CONDITION"', condition)
    return {"content": body, "headers": {"Content-Type": "application/json"}}


async def test_a_condition_of_ten_levels_is_followed(api: Api) -> None:
    condition: Json = {"question": "nps", "op": "answered"}
    for _ in range(9):
        condition = {"all": [condition]}
    questions = [{"key": "nps", "type": "nps", "text": "?"}, {"key": "w", "type": "text", "text": "?"}]
    questions[1] = {**questions[1], "show_if": condition}  # type: ignore[dict-item]

    made = await api.post("/v1/surveys", survey_body(questions=questions), status=201)

    assert made.json()["faults"] == []


async def test_half_a_surrogate_pair_is_refused(api: Api) -> None:
    body = json.dumps(survey_body(title="\ud83d"))

    await api.call("POST", "/v1/surveys", status=422, content=body, headers={"Content-Type": "application/json"})


async def test_a_key_is_taken_once_in_an_organisation(api: Api, other_api: Api) -> None:
    await api.post("/v1/surveys", survey_body(key="post-visit"), status=201)

    refused = (await api.post("/v1/surveys", survey_body(key="post-visit"), status=409)).json()

    assert (refused["code"], refused["errors"][0]["pointer"]) == ("survey_key_taken", "/key")
    await other_api.post("/v1/surveys", survey_body(key="post-visit"), status=201)


async def test_a_repeated_creation_gets_the_first_answer(api: Api) -> None:
    body, headers = survey_body(), {"Idempotency-Key": "create-once"}

    first = await api.post("/v1/surveys", body, status=201, headers=headers)
    second = await api.post("/v1/surveys", body, status=201, headers=headers)

    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.json() == first.json()
    assert (second.headers["ETag"], second.headers["Location"]) == (first.headers["ETag"], first.headers["Location"])
    assert len((await api.get("/v1/surveys")).json()["items"]) == 1


async def test_a_draft_is_replaced_by_whoever_read_it_last(api: Api) -> None:
    body = survey_body()
    made = await api.post("/v1/surveys", body, status=201)
    path, read = made.headers["Location"], {"If-Match": made.headers["ETag"]}

    missing = await api.put(path, {**body, "title": "A"}, status=428)
    changed = await api.put(path, {**body, "title": "B"}, status=200, headers=read)
    late = await api.put(path, {**body, "title": "C"}, status=412, headers=read)

    assert (missing.json()["code"], late.json()["code"]) == ("precondition_required", "precondition_failed")
    assert changed.headers["ETag"] == '"2"'
    assert (await api.get(path)).json()["title"] == "B"


async def test_a_survey_keeps_its_key(api: Api) -> None:
    body = survey_body()
    made = await api.post("/v1/surveys", body, status=201)
    read = {"If-Match": made.headers["ETag"]}

    refused = await api.put(made.headers["Location"], {**body, "key": "other"}, status=422, headers=read)

    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [("/key", "survey_key_fixed")]


async def test_what_is_published_cannot_be_replaced(api: Api) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}"
    tag = (await api.get(path)).headers["ETag"]

    refused = await api.put(path, survey_body(key=survey.key, title="New"), status=409, headers={"If-Match": tag})

    assert refused.json()["code"] == "no_draft"
    assert (await api.get(path)).json()["title"] == POST_VISIT["title"]
