"""A survey after its first publication: new versions, closing, and the promise to respondents."""

import asyncio
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.surveys import POST_VISIT, Json, PublishedSurvey, publish


async def draft_of(api: Api, survey: PublishedSurvey) -> tuple[str, dict[str, str]]:
    """A draft of the next version: its path, and the header to change it with."""
    started = await api.post(f"/v1/surveys/{survey.id}/versions", status=201)
    return f"/v1/surveys/{survey.id}", {"If-Match": started.headers["ETag"]}


def asking(survey: PublishedSurvey, *questions: Json, **fields: Any) -> Json:
    """The survey's body with other questions, or all of its own."""
    return {**POST_VISIT, "key": survey.key, "questions": list(questions) or POST_VISIT["questions"], **fields}


async def test_a_new_version_starts_as_a_copy_while_the_old_one_stands(api: Api) -> None:
    survey = await publish(api)
    published = (await api.get(f"/v1/surveys/{survey.id}/versions/1")).json()

    started = await api.post(f"/v1/surveys/{survey.id}/versions", status=201)

    draft = started.json()
    assert started.headers["Location"] == f"/v1/surveys/{survey.id}"
    assert (draft["state"], draft["published_version"], draft["has_draft"]) == ("published", 1, True)
    assert draft["questions"] == published["questions"]
    assert draft["faults"] == []


async def test_publishing_again_makes_the_next_version(api: Api) -> None:
    survey = await publish(api)
    path, read = await draft_of(api, survey)
    await api.put(path, asking(survey, title="Your next visit"), status=200, headers=read)

    second = (await api.post(f"{path}/publish", status=200)).json()

    assert (second["number"], second["title"]) == (2, "Your next visit")
    assert second["id"] != survey.version_id
    assert (await api.get(f"{path}/versions/1")).json()["title"] == "Your visit"
    assert (await api.get(path)).json()["published_version"] == 2


async def test_there_is_one_draft_at_most(api: Api) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}/versions"

    answers = await asyncio.gather(*(api.post(path) for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"draft_exists"}


@pytest.mark.parametrize(
    ("question", "pointer", "code"),
    [
        ({"key": "wait", "type": "text", "text": "How was the wait?"}, "/questions/0/type", "type_changed"),
        (
            {"key": "wait", "type": "rating", "scale": {"min": 1, "max": 10}, "text": "How was the wait?"},
            "/questions/0/scale",
            "scale_changed",
        ),
    ],
)
async def test_a_question_that_keeps_its_key_keeps_its_meaning(
    api: Api, question: Json, pointer: str, code: str
) -> None:
    survey = await publish(api)
    path, read = await draft_of(api, survey)
    saved = (await api.put(path, asking(survey, question), status=200, headers=read)).json()

    refused = (await api.post(f"{path}/publish", status=422)).json()

    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [(pointer, code)]
    assert saved["faults"] == refused["errors"]
    assert (await api.get(path)).json()["published_version"] == 1


async def test_a_closed_survey_stays_readable_and_can_be_opened_by_a_new_version(api: Api) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}"

    closed = (await api.post(f"{path}/close", status=200)).json()
    again = (await api.post(f"{path}/close", status=200)).json()
    await api.post(f"{path}/versions", status=201)
    await api.post(f"{path}/publish", status=200)
    opened = (await api.get(path)).json()

    assert closed["state"] == "closed"
    assert closed["closed_at"] is not None
    assert again == closed
    assert (opened["state"], opened["closed_at"], opened["published_version"]) == ("published", None, 2)


async def test_a_survey_that_was_never_published_cannot_be_closed(api: Api) -> None:
    made = (await api.post("/v1/surveys", {**POST_VISIT, "key": "new"}, status=201)).json()

    refused = await api.post(f"/v1/surveys/{made['id']}/close", status=409)

    assert refused.json()["code"] == "survey_not_published"


async def test_the_promise_to_respondents_can_only_become_stricter(api: Api) -> None:
    survey = await publish(api, confidentiality="pseudonymous")
    path = f"/v1/surveys/{survey.id}/confidentiality"

    async def promise(mode: str, status: int) -> Any:
        tag = (await api.get(f"/v1/surveys/{survey.id}")).headers["ETag"]
        return (await api.put(path, {"confidentiality": mode}, status=status, headers={"If-Match": tag})).json()

    loosened = await promise("identified", 409)
    stricter = await promise("anonymous", 200)
    back = await promise("pseudonymous", 409)

    assert (loosened["code"], loosened["errors"][0]["pointer"]) == ("confidentiality_loosened", "/confidentiality")
    assert stricter["confidentiality"] == "anonymous"
    assert back["code"] == "confidentiality_loosened"


async def test_the_promise_is_changed_by_whoever_read_it_last(api: Api) -> None:
    survey = await publish(api)
    path, body = f"/v1/surveys/{survey.id}/confidentiality", {"confidentiality": "anonymous"}

    await api.put(path, body, status=428)
    await api.put(path, body, status=412, headers={"If-Match": '"99"'})
    await api.put(path, body, status=422, headers={"If-Match": "W/something"})

    assert (await api.get(f"/v1/surveys/{survey.id}")).json()["confidentiality"] == "identified"


async def test_a_draft_may_still_promise_less(api: Api) -> None:
    body = {**POST_VISIT, "key": "new", "confidentiality": "anonymous"}
    made = await api.post("/v1/surveys", body, status=201)
    path, read = made.headers["Location"], {"If-Match": made.headers["ETag"]}

    looser = (await api.put(path, {**body, "confidentiality": "identified"}, status=200, headers=read)).json()
    unsaid = {name: value for name, value in body.items() if name != "confidentiality"}
    same = (await api.put(path, unsaid, status=200, headers={"If-Match": '"2"'})).json()

    assert (made.json()["confidentiality"], looser["confidentiality"]) == ("anonymous", "identified")
    assert same["confidentiality"] == "identified"


async def test_a_draft_of_a_next_version_cannot_loosen_the_promise(api: Api) -> None:
    survey = await publish(api, confidentiality="anonymous")
    path, read = await draft_of(api, survey)

    refused = await api.put(path, asking(survey, confidentiality="identified"), status=409, headers=read)
    kept = await api.put(path, asking(survey), status=200, headers=read)

    assert refused.json()["code"] == "confidentiality_loosened"
    assert kept.json()["confidentiality"] == "anonymous"
