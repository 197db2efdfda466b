"""One response: what is recorded, and what is refused, by name and place."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.support.api import Api
from tests.support.responses import MOMENT, codes, give, listed, read, recorded, responses_of
from tests.support.surveys import PublishedSurvey, publish, survey_body


def _from_now(**distance: int) -> str:
    return (datetime.now(UTC) + timedelta(**distance)).isoformat()


async def test_a_recorded_response_is_found_where_its_location_says(api: Api, survey: PublishedSurvey) -> None:
    given = await give(
        api,
        survey,
        external_id="crm-1",
        submitted_at="2026-03-01T11:00:00+01:00",
        method="sms",
        attributes={"region": "north"},
        answers={"nps": 9, "why": "Quick and kind."},
    )

    assert given.status_code == 201
    assert given.headers["Location"] == f"{responses_of(survey)}/{given.json()['id']}"
    found = (await api.get(given.headers["Location"])).json()
    assert found.pop("received_at") == given.json()["received_at"]
    assert found.pop("sent_by") in {row["id"] for row in (await api.get("/v1/api-keys")).json()["items"]}
    assert found.pop("request_id") == given.headers["X-Request-ID"]
    assert found == {
        "id": given.json()["id"],
        "survey_id": survey.id,
        "survey_version_id": survey.version_id,
        "external_id": "crm-1",
        "respondent_ref": None,
        "status": "complete",
        "method": "sms",
        "confidentiality": "identified",
        "submitted_at": MOMENT,
        "started_at": None,
        "attributes": {"region": "north"},
        "answers": {"nps": 9, "why": "Quick and kind."},
        "unanswered": [
            *("ease", "happy", "wait", "place", "used", "order", "staff", "minutes", "day", "again"),
        ],
        "import_id": None,
        "import_line": None,
        "excluded": False,
        "suspect": False,
        "flags": [],
        "exclusions": [],
    }


async def test_a_response_without_a_time_or_method_came_online_just_now(api: Api, survey: PublishedSurvey) -> None:
    before = datetime.now(UTC)
    found = await read(api, survey, await recorded(api, survey))

    assert found["method"] == "online_questionnaire"
    assert found["submitted_at"] == found["received_at"]
    assert before <= datetime.fromisoformat(found["received_at"]) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("submitted_at", "code"),
    [
        ("2026-03-01T10:00:00", "zone_missing"),
        pytest.param(_from_now(days=1), "in_the_future", id="tomorrow"),
        ("9999-12-31T23:59:59-14:00", "in_the_future"),
        ("1969-12-31T23:59:59Z", "too_early"),
        ("0001-01-01T00:00:00+14:00", "too_early"),
        ("0000-01-01T00:00:00Z", None),
        ("2026-02-30T10:00:00Z", None),
        ("2026-03-01", "value_error"),
        ("1767225600", "value_error"),
        (1767225600, "value_error"),
        (True, "value_error"),
    ],
)
async def test_a_time_that_cannot_be_is_refused(
    api: Api, survey: PublishedSurvey, submitted_at: Any, code: str | None
) -> None:
    refused = await give(api, survey, submitted_at=submitted_at)

    assert refused.status_code == 422
    assert list(codes(refused)) == ["/submitted_at"]
    assert code is None or codes(refused)["/submitted_at"] == code


async def test_a_clock_that_is_a_little_ahead_is_forgiven(api: Api, survey: PublishedSurvey) -> None:
    assert (await give(api, survey, submitted_at=_from_now(minutes=4))).status_code == 201
    assert (await give(api, survey, submitted_at="1970-01-01T00:00:00Z")).status_code == 201


async def test_every_wrong_answer_is_named_at_once(api: Api, survey: PublishedSurvey) -> None:
    refused = await give(
        api,
        survey,
        answers={"nps": 11, "wait": "long", "used": ["web", "fax"], "mood": 1, "why": "a\0b"},
        attributes={"region": "east", "age": "old"},
        submitted_at="0001-01-01T00:00:00Z",
    )

    assert refused.status_code == 422
    assert codes(refused) == {
        "/submitted_at": "too_early",
        "/answers/nps": "off_scale",
        "/answers/wait": "wrong_type",
        "/answers/used/1": "unknown_choice",
        "/answers/why": "nul_character",
        "/answers/mood": "unknown_question",
        "/attributes/region": "unknown_value",
        "/attributes/age": "unknown_attribute",
    }
    assert await listed(api, survey) == []


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"external_id": "a\0b"}, "/external_id"),
        ({"external_id": ""}, "/external_id"),
        ({"external_id": " \n"}, "/external_id"),
        ({"external_id": "x" * 301}, "/external_id"),
        ({"external_id": 5}, "/external_id"),
        ({"method": "telepathy"}, "/method"),
        ({"status": "abandoned"}, "/status"),
        ({"confidentiality": "secret"}, "/confidentiality"),
        ({"answers": [9]}, "/answers"),
        ({"answers": None}, "/answers"),
        ({"colour": "red"}, "/colour"),
        ({"respondent": {"email": "a\0@example.com"}}, "/respondent/email"),
        ({"respondent": {"shoe_size": 43}}, "/respondent/shoe_size"),
        ({"respondent": {}}, "/respondent"),
    ],
)
async def test_a_wrong_field_is_named(api: Api, survey: PublishedSurvey, fields: dict[str, Any], pointer: str) -> None:
    refused = await give(api, survey, **fields)

    assert refused.status_code == 422
    assert list(codes(refused)) == [pointer]


@pytest.mark.parametrize(
    "body",
    [
        b'{"answers": {"nps": 9}, "external_id": "\\ud800"}',
        b'{"answers": {"why": "\\udfff"}}',
        b'{"answers": {"\\ud800": 1}}',
        b'{"answers": {}, "\\ud800": 1}',
        b'{"answers": {}, "attributes": {"\\ud800": "\\ud800"}}',
    ],
)
async def test_what_json_can_say_but_nobody_can_store_is_refused(
    api: Api, survey: PublishedSurvey, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    refused = await api.call("POST", responses_of(survey), content=body, headers=headers, status=422)

    assert refused.json()["errors"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"answers": ',
        b'{"answers": {"why": "\xff"}}',
        b'{"answers": {"minutes": NaN}}',
        b'{"answers": {"minutes": 1e999}}',
        b'{"answers": {"nps": ' + b"9" * 5000 + b"}}",
        b"[" * 100_000,
    ],
)
async def test_what_is_not_json_is_refused(api: Api, survey: PublishedSurvey, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    await api.call("POST", responses_of(survey), content=body, headers=headers, status=400)

    assert (await give(api, survey)).status_code == 201


async def test_status_is_as_said_or_else_by_the_required_questions(api: Api) -> None:
    questions = [
        {"key": "nps", "type": "nps", "text": "Recommend?", "required": True},
        {"key": "why", "type": "text", "text": "Why?"},
    ]
    survey = await publish(api, questions=questions)

    said = {
        "complete": await give(api, survey, answers={"nps": 1}),
        "partial": await give(api, survey, answers={"why": "left early"}),
        "screened_out": await give(api, survey, answers={}, status="screened_out"),
    }
    claimed = await give(api, survey, answers={"why": "?"}, status="complete")

    assert {status: answer.json()["status"] for status, answer in said.items()} == {key: key for key in said}
    assert codes(claimed) == {"/answers/nps": "answer_required"}


async def test_a_survey_that_is_not_open_takes_no_answers(api: Api) -> None:
    draft = (await api.post("/v1/surveys", survey_body(), status=201)).json()["id"]
    survey = await publish(api)
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)
    body = {"answers": {"nps": 9}}

    for path, status, code in (
        (f"/v1/surveys/{draft}/responses", 409, "survey_not_published"),
        (f"/v1/surveys/{survey.id}/responses", 409, "survey_closed"),
        (f"/v1/surveys/{uuid4()}/responses", 404, "not_found"),
    ):
        single, several = await api.post(path, body), await api.post(f"{path}/batch", {"items": [body]})

        assert (single.status_code, single.json()["code"]) == (status, code)
        assert (several.status_code, several.json()["code"]) == (status, code)


async def test_a_new_version_is_what_answers_are_held_against(api: Api) -> None:
    survey = await publish(api)
    first = await recorded(api, survey)
    await api.post(f"/v1/surveys/{survey.id}/versions")
    edited = await api.get(f"/v1/surveys/{survey.id}")
    questions = [{"key": "mood", "type": "rating", "scale": {"min": 1, "max": 3}, "text": "Mood?"}]
    body = {**survey_body(key=survey.key), "questions": questions}
    changed = await api.put(f"/v1/surveys/{survey.id}", body, headers={"If-Match": edited.headers["ETag"]})
    assert changed.status_code == 200, changed.text
    version = (await api.post(f"/v1/surveys/{survey.id}/publish", status=200)).json()["id"]

    second = await recorded(api, survey, answers={"mood": 2})
    refused = await give(api, survey, answers={"nps": 9})

    assert (await read(api, survey, first))["survey_version_id"] == survey.version_id
    assert (await read(api, survey, second))["survey_version_id"] == version
    assert codes(refused) == {"/answers/nps": "unknown_question"}
