"""A key that may stand in a page: it lets answer one survey from named pages, and read nothing."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.open_responses import ORIGIN, begin, from_page, opened_at, respondent_of, submission_key
from tests.support.organisations import TestOrganisation, new_token
from tests.support.refusals import refused
from tests.support.responses import codes, listed, owner, read, recorded
from tests.support.surveys import POST_VISIT, PublishedSurvey, publish
from tests.support.waiting import soon

FOREIGN = "https://evil.example"
SENT = {"answers": {"nps": 9}}


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """Responses may be identified."""
    return await publish(api)


def keys_of(survey: PublishedSurvey) -> str:
    return f"/v1/surveys/{survey.id}/submission-keys"


def submissions(survey: PublishedSurvey) -> str:
    return f"/v1/surveys/{survey.id}/submissions"


def form(survey: PublishedSurvey) -> str:
    return f"/v1/surveys/{survey.id}/form"


async def preflight(api: Api, path: str, origin: str, *, method: str = "POST") -> httpx.Response:
    """What a browser asks before it sends anything with a key: without the key."""
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
    }
    return await api.client.options(path, headers=headers)


async def let_in(api: Api, path: str, origin: str) -> None:
    """Wait for this process to know of a key that has just been made."""

    async def is_answered() -> bool:
        return (await preflight(api, path, origin)).status_code == 204

    await soon(is_answered, seconds=5)


async def test_a_page_draws_the_form_and_sends_a_response(api: Api, survey: PublishedSurvey) -> None:
    token = await submission_key(api, survey)
    drawn = await from_page(api, "GET", form(survey), token)
    body = {"answers": {"nps": 9, "why": "Kind."}, "attributes": {"region": "north"}, "respondent": {"id": "7"}}

    sent = await from_page(api, "POST", submissions(survey), token, body)

    assert drawn.status_code == 200
    assert [asked["key"] for asked in drawn.json()["questions"]] == [asked["key"] for asked in POST_VISIT["questions"]]
    assert {asked["feature"] for asked in drawn.json()["questions"]} == {None}
    assert (drawn.json()["version"], drawn.headers["etag"]) == (1, '"1"')
    assert sent.status_code == 201
    found = await read(api, survey, sent.json()["id"])
    assert (found["answers"], found["status"]) == (body["answers"], "complete")
    assert found["sent_by"] == (await api.get(keys_of(survey))).json()["items"][0]["id"]


async def test_whatever_is_answered_to_a_page_of_a_named_origin_it_may_read(api: Api, survey: PublishedSurvey) -> None:
    token = await submission_key(api, survey)

    for answer, status in (
        (await from_page(api, "POST", submissions(survey), token, SENT), 201),
        (await from_page(api, "POST", submissions(survey), token, {"answers": {"nps": 99}}), 422),
        (await from_page(api, "POST", submissions(survey), token[:-3] + "xyz", SENT), 401),
        (await from_page(api, "GET", opened_at(survey), token), 403),
        (await from_page(api, "PUT", form(survey), token, {}), 405),
        (await from_page(api, "POST", submissions(survey), token, {"answers": {"why": "x" * 6_000_000}}), 413),
    ):
        assert answer.status_code == status, answer.text
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert {"ETag", "Location", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-ID"} <= set(exposed)
        assert "Origin" in answer.headers["vary"]
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin", [FOREIGN, "https://www.example.org.evil.example", "http://www.example.org", "https://example.org",
               "https://www.example.org:8443", "null", "https://WWW.example.org"],
)  # fmt: skip
async def test_a_page_of_any_other_origin_is_refused_and_may_read_nothing(
    origin: str, api: Api, survey: PublishedSurvey
) -> None:
    token = await submission_key(api, survey)

    for method, path, body in (
        ("POST", submissions(survey), SENT),
        ("POST", opened_at(survey), {}),
        ("GET", form(survey), None),
    ):
        answer = await from_page(api, method, path, token, body, origin=origin)
        refused(answer, 403, "origin_not_allowed")
        assert "access-control-allow-origin" not in answer.headers
        assert "Origin" in answer.headers["vary"]
    asked = await preflight(api, submissions(survey), origin)
    refused(asked, 403, "origin_not_allowed")
    assert "access-control-allow-origin" not in asked.headers
    assert await listed(api, survey) == []


async def test_a_server_needs_no_origin(api: Api, survey: PublishedSurvey) -> None:
    for_servers = await submission_key(api, survey, origins=[])

    sent = await from_page(api, "POST", submissions(survey), for_servers, SENT, origin=None)
    refused(await from_page(api, "POST", submissions(survey), for_servers, SENT), 403, "origin_not_allowed")

    assert sent.status_code == 201
    assert "access-control-allow-origin" not in sent.headers


async def test_a_preflight_is_answered_without_a_key_from_the_surveys_live_keys(
    api: Api, survey: PublishedSurvey
) -> None:
    first = "https://www.example.org:8443"
    await submission_key(api, survey, origins=[first])
    await submission_key(api, survey, origins=[ORIGIN, "http://localhost:3000"])
    elsewhere = await publish(api)
    await let_in(api, form(survey), "http://localhost:3000")

    for origin in (first, ORIGIN, "http://localhost:3000"):
        for path in (
            form(survey),
            submissions(survey),
            opened_at(survey),
            f"{opened_at(survey)}/{uuid4()}/answers/nps",
        ):
            answer = await preflight(api, path, origin)
            assert (answer.status_code, answer.content) == (204, b"")
            assert answer.headers["access-control-allow-origin"] == origin
            assert set(answer.headers["access-control-allow-methods"].split(", ")) >= {"PUT", "PATCH", "DELETE", "POST"}
            assert "Authorization" in answer.headers["access-control-allow-headers"]
            assert int(answer.headers["access-control-max-age"]) > 0
            assert set(answer.headers["vary"].split(", ")) >= {"Origin", "Access-Control-Request-Method"}
            assert answer.headers["x-request-id"]
    refused(await preflight(api, form(elsewhere), ORIGIN), 403, "origin_not_allowed")
    refused(await preflight(api, form(survey).replace(survey.id, str(uuid4())), ORIGIN), 403, "origin_not_allowed")


@pytest.mark.parametrize("path", ["/responses", "/responses/batch", "", "/submission-keys", "/imports", "/forms"])
async def test_no_page_is_let_into_any_other_route(path: str, api: Api, survey: PublishedSurvey) -> None:
    token = await submission_key(api, survey)
    whole = f"/v1/surveys/{survey.id}{path}"

    asked = await preflight(api, whole, ORIGIN)
    sent = await from_page(api, "POST", whole, token, SENT)

    assert asked.status_code in {404, 405}
    assert sent.status_code in {403, 404, 405}
    for answer in (asked, sent):
        assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_it_reads_and_changes_nothing_else(api: Api, survey: PublishedSurvey) -> None:
    token = await submission_key(api, survey)
    ada = await begin(api, survey, answers={"nps": 9})
    response = await recorded(api, survey)
    path = f"/v1/surveys/{survey.id}"

    for method, where, body in (
        ("GET", f"{path}/responses", None),
        ("GET", f"{path}/responses/{response}", None),
        ("POST", f"{path}/responses", SENT),
        ("POST", f"{path}/responses/batch", {"items": [SENT]}),
        ("POST", f"{path}/responses/{response}/exclude", {"reason": "Mine"}),
        ("GET", path, None),
        ("GET", f"{path}/versions/1", None),
        ("GET", keys_of(survey), None),
        ("GET", ada.path, None),
        ("PUT", f"{ada.path}/answers/nps", {"answer": 1}),
        ("POST", f"{ada.path}/submit", {}),
        ("GET", f"/v1/kpis/nps/value?survey={survey.id}", None),
        ("GET", "/v1/organisation", None),
    ):
        answer = await from_page(api, method, where, token, body, origin=None)
        assert answer.status_code in {403, 404}, f"{method} {where}: {answer.text}"
        assert answer.json()["code"] in {"missing_scope", "not_found"}


async def test_it_reaches_no_other_survey_and_no_other_organisation(
    api: Api, other_api: Api, survey: PublishedSurvey
) -> None:
    token = await submission_key(api, survey)
    for other in (await publish(api), await publish(other_api)):
        for method, path, body in (
            ("GET", form(other), None),
            ("POST", submissions(other), SENT),
            ("POST", opened_at(other), {}),
        ):
            refused(await from_page(api, method, path, token, body), 404, "not_found")


async def test_a_stranger_learns_nothing_of_others_by_names_and_keys(api: Api, survey: PublishedSurvey) -> None:
    token = await submission_key(api, survey)
    secret = str(uuid4())
    body = {"answers": {"nps": 9}}
    await recorded(api, survey, external_id="crm-1", key=secret, **body)
    for field in ("external_id", "submitted_at"):
        named = await from_page(api, "POST", submissions(survey), token, {**body, field: "2026-03-01T10:00:00Z"})
        refused(named, 422, "invalid", f"/{field}")
    named = await from_page(api, "POST", opened_at(survey), token, {"external_id": "crm-1"})
    refused(named, 422, "invalid", "/external_id")
    assert codes(named) == {"/external_id": "not_from_the_public"}
    for path in (submissions(survey), opened_at(survey)):
        guessed = await from_page(api, "POST", path, token, body, Idempotency_Key="ticket-123")
        assert codes(guessed) == {"/header/idempotency-key": "guessable_key"}

    same = await from_page(api, "POST", submissions(survey), token, body, Idempotency_Key=secret)
    again = await from_page(api, "POST", submissions(survey), token, body, Idempotency_Key=secret)
    by_another_key = await from_page(
        api, "POST", submissions(survey), await submission_key(api, survey), body, Idempotency_Key=secret
    )

    # The organisation's own key of the same name is not told of, nor is what came with another submission key.
    assert [answer.status_code for answer in (same, again, by_another_key)] == [201, 200, 201]
    assert again.json() == same.json()
    assert "location" not in same.headers


async def test_it_says_no_more_of_a_respondent_than_the_survey_promises(api: Api) -> None:
    anonymous = await publish(api, confidentiality="anonymous")
    token = await submission_key(api, anonymous)
    named = {**SENT, "respondent": {"id": "7"}}

    for path in (submissions(anonymous), opened_at(anonymous)):
        refused(await from_page(api, "POST", path, token, named), 422, "identity_not_allowed", "/respondent")


async def test_what_it_opens_is_answered_with_the_respondents_token(api: Api, survey: PublishedSurvey) -> None:
    token = await submission_key(api, survey)
    opened = await from_page(api, "POST", opened_at(survey), token, SENT, Idempotency_Key=str(uuid4()))
    ada = respondent_of(api, opened)

    answered = await from_page(api, "PUT", f"{ada.path}/answers/wait", ada.token, {"answer": 4})
    foreign = await from_page(api, "PUT", f"{ada.path}/answers/wait", ada.token, {"answer": 1}, origin=FOREIGN)
    submitted = await from_page(api, "POST", f"{ada.path}/submit", ada.token, {})

    assert opened.headers["access-control-allow-origin"] == ORIGIN
    assert (answered.status_code, answered.headers["access-control-allow-origin"]) == (200, ORIGIN)
    refused(foreign, 403, "origin_not_allowed")
    assert "access-control-allow-origin" not in foreign.headers
    assert (await read(api, survey, submitted.json()["id"]))["answers"] == {"nps": 9, "wait": 4}


async def test_a_revoked_or_expired_one_is_refused_within_seconds(
    api: Api, survey: PublishedSurvey, owner_url: str
) -> None:
    soon_over = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    revoked, expired = await submission_key(api, survey), await submission_key(api, survey, expires_at=soon_over)
    for token in (revoked, expired):
        assert (await from_page(api, "POST", submissions(survey), token, SENT)).status_code == 201
    first, second = (await api.get(keys_of(survey))).json()["items"]

    await api.post(f"{keys_of(survey)}/{first['id']}/revoke", status=204)
    with owner(owner_url) as connection:
        connection.execute("UPDATE submission_key SET expires_at = now() WHERE id = %s", [second["id"]])

    for token in (revoked, expired):

        async def is_refused(token: str = token) -> bool:
            return (await from_page(api, "POST", submissions(survey), token, SENT)).status_code == 401

        await soon(is_refused, seconds=5)

    async def no_page_may_ask() -> bool:
        return (await preflight(api, submissions(survey), ORIGIN)).status_code == 403

    await soon(no_page_may_ask, seconds=5)
    assert (await api.get(keys_of(survey))).json()["items"][0]["revoked_at"] is not None


@pytest.mark.parametrize(
    ("field", "value", "pointer", "code"),
    [
        ("origins", ["*"], "/origins/0", "string_too_short"),
        ("origins", ["https://*.example.org"], "/origins/0", "not_an_origin"),
        ("origins", ["https://www.example.org/"], "/origins/0", "not_an_origin"),
        ("origins", ["https://www.example.org/form"], "/origins/0", "not_an_origin"),
        ("origins", ["https://www.example.org:443"], "/origins/0", "not_an_origin"),
        ("origins", ["https://www.example.org:99999"], "/origins/0", "not_an_origin"),
        ("origins", ["https://user@www.example.org"], "/origins/0", "not_an_origin"),
        ("origins", ["ftp://www.example.org"], "/origins/0", "not_an_origin"),
        ("origins", ["https://WWW.example.org"], "/origins/0", "not_an_origin"),
        ("origins", [ORIGIN, ORIGIN], "/origins/1", "named_twice"),
        ("expires_at", "2020-01-01T00:00:00Z", "/expires_at", "expired_already"),
        ("requests_per_minute", 0, "/requests_per_minute", "greater_than_equal"),
        ("name", " ", "/name", "value_error"),
    ],
)
async def test_a_wrong_field_is_named(
    field: str, value: object, pointer: str, code: str, api: Api, survey: PublishedSurvey
) -> None:
    body = {"name": "Website", "origins": [ORIGIN], field: value}

    answer = await api.post(keys_of(survey), body, status=422)

    assert codes(answer) == {pointer: code}


async def test_a_survey_has_so_many_live_keys_and_no_more(
    api: Api, survey: PublishedSurvey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback_core.responses.submission_keys.use_cases.MOST_KEYS", 2)
    await submission_key(api, survey)
    await submission_key(api, survey)

    refused(await api.post(keys_of(survey), {"name": "Another"}), 409, "too_many_keys")
    first, _ = (await api.get(keys_of(survey))).json()["items"]
    await api.post(f"{keys_of(survey)}/{first['id']}/revoke", status=204)
    await submission_key(api, survey)


async def test_its_secret_is_kept_by_its_hash_alone_and_not_listed(
    api: Api, survey: PublishedSurvey, owner_url: str
) -> None:
    token = await submission_key(api, survey)

    assert token.startswith("fbs_")
    assert token not in (await api.get(keys_of(survey))).text
    with owner(owner_url) as connection:
        rows = connection.execute("SELECT k::text FROM submission_key k WHERE survey_id = %s", [survey.id]).fetchall()
    assert not [row for (row,) in rows if token in row]


async def test_it_takes_the_scopes_for_surveys_to_make_and_to_list_keys(
    api: Api, survey: PublishedSurvey, database: Database
) -> None:
    organisation_id = api.organisation.organisation_id
    reader = Api(
        api.client,
        TestOrganisation(organisation_id, await new_token(database, organisation_id, [Scope.SURVEYS_READ])),
    )

    await reader.get(keys_of(survey))
    refused(await reader.post(keys_of(survey), {"name": "Website"}), 403, "missing_scope")


async def test_each_has_a_quota_of_its_own_that_takes_nothing_from_others(api: Api, survey: PublishedSurvey) -> None:
    token, other = await submission_key(api, survey, requests_per_minute=3), await submission_key(api, survey)

    answers = [await from_page(api, "POST", submissions(survey), token, SENT) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    refused(answers[-1], 429, "rate_limited")
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[0].headers["ratelimit-policy"] == '"submission_key";q=3;w=60'
    assert answers[-1].headers["access-control-allow-origin"] == ORIGIN
    await let_in(api, submissions(survey), ORIGIN)
    assert (await from_page(api, "POST", submissions(survey), other, SENT)).status_code == 201
    await recorded(api, survey)


async def test_a_respondents_requests_are_counted_by_themselves(api: Api, survey: PublishedSurvey) -> None:
    token = await submission_key(api, survey, requests_per_minute=1)
    ada = respondent_of(api, await from_page(api, "POST", opened_at(survey), token, SENT))

    answered = [await ada.answer("wait", 1 + number % 5) for number in range(5)]

    assert answered[-1].headers["ratelimit-policy"] == '"respondent";q=120;w=60'
