"""A response that is given bit by bit: each answer by itself, merged and kept in versions, submitted once."""

import asyncio
from collections import Counter
from datetime import datetime

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.open_responses import begin, opened_at, respondent_of
from tests.support.organisations import TestOrganisation, new_token
from tests.support.refusals import refused
from tests.support.responses import EVERY_TYPE, codes, give, listed, owner, read
from tests.support.surveys import Json, PublishedSurvey, publish

QUESTIONS: list[Json] = [
    {"key": "nps", "type": "nps", "text": "Recommend?", "required": True},
    {
        "key": "why",
        "type": "text",
        "text": "What went wrong?",
        "show_if": {"question": "nps", "op": "at_most", "value": 6},
    },
    {"key": "wait", "type": "rating", "scale": {"min": 1, "max": 5}, "text": "The wait?"},
]


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """The second question is put to those only who would not recommend; responses may be identified."""
    return await publish(api, questions=QUESTIONS)


async def test_what_is_answered_bit_by_bit_becomes_the_response(api: Api, survey: PublishedSurvey) -> None:
    person = {"id": "customer-7", "email": "ada@example.org"}
    opening = {"answers": {"wait": 2}, "attributes": {"region": "north"}, "external_id": "visit-7"}
    ada = await begin(api, survey, respondent=person, method="email", **opening)
    await ada.answer("nps", 4)
    await ada.answer("why", "Too slow.")
    opened = (await ada.read())["opened_at"]

    receipt = (await ada.submit()).json()

    found = await read(api, survey, receipt["id"])
    assert found["answers"] == {"nps": 4, "why": "Too slow.", "wait": 2}
    assert (found["status"], found["confidentiality"], found["method"]) == ("complete", "identified", "email")
    assert (found["external_id"], found["attributes"]) == ("visit-7", {"region": "north"})
    assert datetime.fromisoformat(found["started_at"]) == datetime.fromisoformat(opened)
    assert found["respondent_ref"] is not None
    identity = (await api.get(f"/v1/surveys/{survey.id}/responses/{receipt['id']}/identity")).json()
    assert (identity["id"], identity["email"]) == ("customer-7", "ada@example.org")


async def test_before_it_is_submitted_it_is_no_response(api: Api, survey: PublishedSurvey) -> None:
    ada = await begin(api, survey, answers={"nps": 9})

    assert await listed(api, survey) == []
    assert (await ada.read())["state"] == "open"


async def test_each_answer_has_its_versions_and_the_latest_counts(
    api: Api, survey: PublishedSurvey, owner_url: str
) -> None:
    ada = await begin(api, survey)

    answers = [await ada.answer("nps", value) for value in (3, 8, 8.0, 9)]
    await ada.call("DELETE", "/answers/wait", status=200)  # there is none: nothing changes
    withdrawn = await ada.call("DELETE", "/answers/nps", status=200)
    again = await ada.answer("nps", 10)

    assert [answer.json()["answered"] for answer in answers] == [{"nps": 1}, {"nps": 2}, {"nps": 2}, {"nps": 3}]
    assert [answer.headers["etag"] for answer in answers] == ['"2"', '"3"', '"3"', '"4"']
    assert withdrawn.json()["answered"] == {}
    assert again.json()["answered"] == {"nps": 5}
    with owner(owner_url) as connection:
        versions = connection.execute(
            "SELECT version, answer FROM open_answer WHERE open_response_id = %s ORDER BY version", [ada.id]
        ).fetchall()
    assert versions == [(1, 3), (2, 8), (3, 9), (4, None), (5, 10)]


async def test_several_answers_are_merged_into_those_that_are_there(api: Api, survey: PublishedSurvey) -> None:
    ada = await begin(api, survey, answers={"nps": 9, "wait": 3}, attributes={"region": "north"})

    changed = await ada.call("PATCH", "", {"answers": {"nps": 2, "wait": None}}, status=200)
    attributed = await ada.call("PATCH", "", {"attributes": {"region": None}}, status=200)

    assert changed.json()["unanswered"] == ["why", "wait"]
    found = await ada.read()
    assert {key: given["value"] for key, given in found["answers"].items()} == {"nps": 2}
    assert found["attributes"] == {}
    assert attributed.json()["unanswered"] == ["why", "wait"]


async def test_answers_that_others_hide_are_told_and_left_out(api: Api, survey: PublishedSurvey) -> None:
    ada = await begin(api, survey)
    early = await ada.answer("why", "Too slow.")  # it came before the answer that shows its question
    await ada.answer("nps", 3)
    changed = await ada.answer("nps", 9)

    receipt = (await ada.submit()).json()

    assert (early.json()["hidden"], changed.json()["hidden"]) == (["why"], ["why"])
    assert (await read(api, survey, receipt["id"]))["answers"] == {"nps": 9}


async def test_a_wrong_answer_is_refused_at_its_place_and_changes_nothing(api: Api) -> None:
    survey = await publish(api, questions=EVERY_TYPE)
    ada = await begin(api, survey, answers={"nps": 9})

    refused(await ada.answer("nps", 11, status=None), 422, "invalid", "/answer")
    refused(await ada.answer("staff", {"desk": 9}, status=None), 422, "invalid", "/answer/desk")
    refused(await ada.answer("nothing", 1, status=None), 404, "not_found")
    several = await ada.call("PATCH", "", {"answers": {"nps": 8, "wait": 9, "no": 1}, "attributes": {"x": "y"}})
    opening = await api.post(opened_at(survey), {"answers": {"nps": "9"}, "confidentiality": "anonymous"})

    assert codes(several) == {
        "/answers/wait": "off_scale",
        "/answers/no": "unknown_question",
        "/attributes/x": "unknown_attribute",
    }
    assert codes(opening) == {"/answers/nps": "wrong_type"}
    assert (await ada.read())["answers"]["nps"]["value"] == 9


async def test_it_is_submitted_only_with_every_required_answer(api: Api, survey: PublishedSurvey) -> None:
    ada = await begin(api, survey, answers={"wait": 3})

    missing = await ada.submit(status=422)
    assert codes(missing) == {"/answers/nps": "answer_required"}
    receipt = (await ada.submit(answers={"nps": 10}, attributes={"region": "south"})).json()

    found = await read(api, survey, receipt["id"])
    assert (found["status"], found["answers"]) == ("complete", {"nps": 10, "wait": 3})
    assert found["attributes"] == {"region": "south"}


@pytest.mark.parametrize("status", ["partial", "screened_out", "over_quota", "invalid"])
async def test_a_respondent_who_does_not_end_it_is_recorded_as_what_is_said(
    status: str, api: Api, survey: PublishedSurvey
) -> None:
    ada = await begin(api, survey, answers={"wait": 3})

    receipt = await ada.call("POST", "/submit", {"status": status})

    assert (receipt.status_code, receipt.json()["status"]) == (201, status)


async def test_submitting_again_gets_the_first_receipt_however_fast(api: Api, survey: PublishedSurvey) -> None:
    ada = await begin(api, survey, answers={"nps": 9})

    answers = await asyncio.gather(*(ada.submit(status=None) for _ in range(8)))
    with_key = [await ada.call("POST", "/submit", {}, Idempotency_Key="once") for _ in range(2)]

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 7}
    assert len({answer.text for answer in [*answers, *with_key]}) == 1
    assert len(await listed(api, survey)) == 1
    refused(await ada.answer("nps", 1, status=None), 409, "open_response_closed")
    assert (await ada.read())["state"] == "submitted"


async def test_an_edit_of_what_has_changed_meanwhile_is_refused(api: Api, survey: PublishedSurvey) -> None:
    ada = await begin(api, survey)
    etag = (await ada.call("GET", status=200)).headers["etag"]
    await ada.answer("nps", 9)

    stale = await ada.call("PUT", "/answers/nps", {"answer": 1}, If_Match=etag)

    refused(stale, 412, "precondition_failed")
    assert (await ada.read())["answers"]["nps"]["value"] == 9


async def test_answers_that_come_at_once_are_all_there(api: Api, survey: PublishedSurvey) -> None:
    ada = await begin(api, survey)

    await asyncio.gather(ada.answer("nps", 3), ada.answer("why", "Slow."), ada.answer("wait", 1), ada.answer("wait", 2))

    found = await ada.read()
    assert {key: given["version"] for key, given in found["answers"].items()} == {"nps": 1, "why": 1, "wait": 2}
    assert found["unanswered"] == []


async def test_it_stays_with_the_version_that_it_was_opened_with(api: Api, survey: PublishedSurvey) -> None:
    ada = await begin(api, survey, answers={"wait": 3})
    draft = (await api.post(f"/v1/surveys/{survey.id}/versions", status=201)).json()
    body = {"key": survey.key, "title": "Other", "language": "en", "questions": QUESTIONS[:1]}
    etag = {"If-Match": (await api.get(f"/v1/surveys/{survey.id}")).headers["etag"]}
    await api.put(f"/v1/surveys/{survey.id}", body, status=200, headers=etag)
    await api.post(f"/v1/surveys/{survey.id}/publish", status=200)

    await ada.answer("wait", 4)
    form = f"/v1/surveys/{survey.id}/form"
    seen = await api.client.get(form, headers={"Authorization": f"Bearer {ada.token}"})
    receipt = (await ada.submit(answers={"nps": 9})).json()

    assert ((await api.get(form)).json()["version"], seen.json()["version"]) == (2, 1)
    assert [asked["key"] for asked in seen.json()["questions"]] == [asked["key"] for asked in QUESTIONS]
    assert draft["has_draft"]
    found = await read(api, survey, receipt["id"])
    assert (found["survey_version_id"], found["answers"]) == (survey.version_id, {"nps": 9, "wait": 4})


async def test_a_closed_survey_takes_no_more_of_it(api: Api, survey: PublishedSurvey) -> None:
    ada = await begin(api, survey, answers={"nps": 9})
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)

    refused(await ada.answer("wait", 1, status=None), 409, "survey_closed")
    refused(await ada.submit(status=None), 409, "survey_closed")
    refused(await api.post(opened_at(survey), {}), 409, "survey_closed")


async def test_opening_again_gets_the_same_one_and_a_token_of_its_own(api: Api, survey: PublishedSurvey) -> None:
    body = {"external_id": "visit-1", "answers": {"nps": 9}}
    first = await api.post(opened_at(survey), body, status=201)
    again = await api.post(opened_at(survey), body, status=200)
    by_key = [await api.post(opened_at(survey), {}, headers={"Idempotency-Key": "k"}) for _ in range(2)]

    other = await api.post(opened_at(survey), {**body, "answers": {"nps": 1}})
    other_key = await api.post(opened_at(survey), {"answers": {"nps": 1}}, headers={"Idempotency-Key": "k"})

    assert again.headers["Idempotent-Replayed"] == "true"
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["respondent_token"] != again.json()["respondent_token"]
    assert [answer.status_code for answer in by_key] == [201, 200]
    assert by_key[0].json()["id"] == by_key[1].json()["id"]
    refused(other, 422, "external_id_reused", "/external_id")
    refused(other_key, 422, "idempotency_key_reused", "/header/idempotency-key")
    for opened in (first, again):
        await respondent_of(api, opened).answer("wait", 5)


async def test_a_name_that_was_recorded_meanwhile_is_not_recorded_twice(api: Api, survey: PublishedSurvey) -> None:
    ada = await begin(api, survey, external_id="visit-1", answers={"nps": 9})
    recorded = (await give(api, survey, external_id="visit-1", answers={"nps": 2})).json()

    refused(await ada.submit(status=None), 422, "external_id_reused")
    assert [row["id"] for row in await listed(api, survey)] == [recorded["id"]]


async def test_a_stricter_promise_meanwhile_holds_for_what_is_open(
    api: Api, survey: PublishedSurvey, owner_url: str
) -> None:
    ada = await begin(api, survey, respondent={"id": "7", "name": "Ada"}, external_id="visit-1", answers={"nps": 9})
    etag = {"If-Match": (await api.get(f"/v1/surveys/{survey.id}")).headers["etag"]}
    path = f"/v1/surveys/{survey.id}/confidentiality"
    await api.put(path, {"confidentiality": "anonymous"}, status=200, headers=etag)

    receipt = (await ada.submit()).json()

    found = await read(api, survey, receipt["id"])
    assert (found["confidentiality"], found["external_id"], found["respondent_ref"]) == ("anonymous", None, None)
    await api.get(f"/v1/surveys/{survey.id}/responses/{receipt['id']}/identity", status=404)
    with owner(owner_url) as connection:
        kept = connection.execute("SELECT identity FROM open_response WHERE id = %s", [ada.id]).fetchone()
    assert kept == (None,)


async def test_an_anonymous_one_names_nobody(api: Api) -> None:
    survey = await publish(api, confidentiality="anonymous")

    named = await api.post(opened_at(survey), {"respondent": {"id": "7"}})
    looser = await api.post(opened_at(survey), {"confidentiality": "identified"})

    refused(named, 422, "identity_not_allowed", "/respondent")
    refused(looser, 422, "confidentiality_looser", "/confidentiality")


async def test_a_token_reaches_its_own_open_response_and_nothing_else(api: Api, survey: PublishedSurvey) -> None:
    ada, bo = await begin(api, survey), await begin(api, survey)
    elsewhere = await publish(api)

    tried: list[tuple[str, str, Json | None]] = [
        ("GET", bo.path, None),
        ("PUT", f"{bo.path}/answers/nps", {"answer": 1}),
        ("POST", f"{bo.path}/submit", {}),
        ("GET", f"/v1/surveys/{elsewhere.id}/form", None),
    ]
    for method, path, body in tried:
        answer = await api.client.request(method, path, json=body, headers={"Authorization": f"Bearer {ada.token}"})
        refused(answer, 404, "not_found")
    beyond: list[tuple[str, str, Json | None]] = [
        ("GET", opened_at(survey), None),
        ("POST", opened_at(survey), {}),
        ("POST", f"/v1/surveys/{survey.id}/submissions", {"answers": {"nps": 9}}),
        ("GET", f"/v1/surveys/{survey.id}/responses", None),
        ("POST", f"/v1/surveys/{survey.id}/responses", {"answers": {"nps": 9}}),
        ("GET", "/v1/organisation", None),
        ("POST", f"{ada.path}/erase", {"reason": "Mine"}),
    ]
    for method, path, sent in beyond:
        answer = await api.client.request(method, path, json=sent, headers={"Authorization": f"Bearer {ada.token}"})
        refused(answer, 403, "missing_scope")
    forged = ada.token[:-2] + ("AA" if not ada.token.endswith("AA") else "BB")
    answer = await api.client.get(ada.path, headers={"Authorization": f"Bearer {forged}"})
    refused(answer, 401, "unauthenticated")


async def test_a_key_that_may_only_write_does_not_read_what_was_answered(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    ada = await begin(api, survey, answers={"nps": 9})
    organisation_id = api.organisation.organisation_id
    token = await new_token(database, organisation_id, [Scope.RESPONSES_WRITE])
    writer = Api(api.client, TestOrganisation(organisation_id, token))

    changed = await writer.put(f"{ada.path}/answers/wait", {"answer": 4}, status=200)

    assert "answers" not in changed.json()
    refused(await writer.call("GET", ada.path), 403, "missing_scope")


async def test_the_token_is_kept_by_its_hash_alone(api: Api, survey: PublishedSurvey, owner_url: str) -> None:
    ada = await begin(api, survey)
    await api.post(opened_at(survey), {}, headers={"Idempotency-Key": "k"}, status=201)

    with owner(owner_url) as connection:
        kept = connection.execute("SELECT o::text FROM open_response o WHERE id = %s", [ada.id]).fetchone()
        remembered = connection.execute(
            "SELECT count(*) FROM idempotent_request WHERE organisation_id = %s AND operation LIKE %s",
            [api.organisation.organisation_id, "POST%open-responses"],
        ).fetchone()
    assert remembered == (0,)
    assert kept is not None
    assert ada.token not in kept[0]
    assert (await api.get(ada.path)).headers["cache-control"] == "private, no-store"


async def test_the_list_goes_on_and_tells_no_answers(api: Api, survey: PublishedSurvey) -> None:
    made = [await begin(api, survey, answers={"nps": 9}, respondent={"id": str(number)}) for number in range(3)]
    await made[1].submit()

    first = (await api.get(f"{opened_at(survey)}?limit=2")).json()
    second = (await api.get(f"{opened_at(survey)}?limit=2&cursor={first['next_cursor']}")).json()
    still = (await api.get(f"{opened_at(survey)}?state=open")).json()

    assert [row["id"] for row in [*first["items"], *second["items"]]] == [each.id for each in made]
    assert second["next_cursor"] is None
    assert [row["id"] for row in still["items"]] == [made[0].id, made[2].id]
    assert {row["answered"] for row in first["items"]} == {1}
    assert not any("answers" in row for row in first["items"])
