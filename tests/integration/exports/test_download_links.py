"""Links to a file: whoever has one needs no key, for a while, and only for that file."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

import httpx
import pytest

from feedback_api.app import create_app
from feedback_api.settings import ApiSettings, Settings
from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import SecretSettings
from feedback_core.organisations.types import Scope
from feedback_core.responses.exports.download_links import DownloadLink
from tests.support.api import Api
from tests.support.exports import ask, content_of, exported_now
from tests.support.imports import client_of
from tests.support.organisations import TestOrganisation, new_token
from tests.support.responses import recorded
from tests.support.surveys import Json, PublishedSurvey, publish


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """A survey that takes answers."""
    return await publish(api)


@pytest.fixture
async def done(api: Api, database: Database, survey: PublishedSurvey) -> Json:
    """An export that can be fetched."""
    await recorded(api, survey, answers={"nps": 9, "why": "Quick"})
    return await exported_now(database, api, survey, format="csv")


async def link_to(api: Api, done: Json, **fields: Any) -> Json:
    return cast("Json", (await api.post(f"{done['links']['self']}/download-links", fields, status=201)).json())


async def follow(api: Api, path: str, **headers: str) -> httpx.Response:
    """As a browser would: without a key."""
    return await api.client.get(path, headers=headers)


def sealed(api: Api, done: Json, *, key: UUID, expires_at: datetime) -> str:
    link = DownloadLink(api.organisation.organisation_id, UUID(done["id"]), key, expires_at)
    return link.path(Seal.from_settings(SecretSettings()))


async def test_a_link_leads_to_the_file_without_a_key(api: Api, done: Json) -> None:
    link = await link_to(api, done)
    whole = await follow(api, link["path"])
    part = await follow(api, link["path"], Range="bytes=2-9")

    assert (whole.status_code, whole.content) == (200, await content_of(api, done))
    assert (part.status_code, part.content) == (206, whole.content[2:10])
    assert whole.headers["content-disposition"].startswith("attachment")
    assert whole.headers["cache-control"] == "private, no-store"
    lasts = datetime.fromisoformat(link["expires_at"]) - SystemClock().now()
    assert timedelta(minutes=14) < lasts <= timedelta(minutes=15)


async def test_nobody_reads_or_changes_what_a_link_says(api: Api, done: Json) -> None:
    path = (await link_to(api, done, expires_in_seconds=60))["path"]
    token = path.rpartition("/")[2]
    places = range(0, len(token) - 1, 7)
    changed = [f"{token[:at]}{'A' if token[at] != 'A' else 'B'}{token[at + 1 :]}" for at in places]

    assert done["id"].replace("-", "") not in token
    for other in (*changed, token[:-8], "x", "%F0%9F%91%8D"):
        answer = await follow(api, f"/v1/downloads/{other}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), other


async def test_what_was_sealed_for_something_else_is_no_link(api: Api) -> None:
    for content in (b"somebody@example.org", b"download ", b"download " + b"x" * 99):
        answer = await follow(api, f"/v1/downloads/{Seal.from_settings(SecretSettings()).seal(content).decode()}")
        assert answer.status_code == 404


async def test_a_link_ends_with_its_time(api: Api, done: Json) -> None:
    key = await own_key(api)
    now = datetime.now(UTC)
    good, ended = (sealed(api, done, key=key, expires_at=now + timedelta(seconds=s)) for s in (60, -1))

    answer = await follow(api, ended)

    assert (await follow(api, good)).status_code == 200
    assert (answer.status_code, answer.json()["code"]) == (410, "link_expired")


async def test_a_link_ends_with_the_key_that_made_it(api: Api, database: Database, done: Json) -> None:
    organisation_id = api.organisation.organisation_id
    made = await api.post("/v1/api-keys", {"name": "reader", "scopes": ["responses:read"]}, status=201)
    reader = Api(api.client, TestOrganisation(organisation_id, made.json()["api_key"]))
    path = (await link_to(reader, done))["path"]

    assert (await follow(api, path)).status_code == 200
    await api.post(f"/v1/api-keys/{made.json()['id']}/revoke", status=204)
    answer = await follow(api, path)

    assert (answer.status_code, answer.json()["code"]) == (410, "link_expired")


async def test_a_link_ends_with_the_file(api: Api, done: Json) -> None:
    path = (await link_to(api, done))["path"]
    await api.call("DELETE", done["links"]["self"], status=204)

    answer = await follow(api, path)

    assert (answer.status_code, answer.json()["code"]) == (410, "export_gone")


async def test_a_link_is_made_by_who_may_fetch_the_file_and_once_it_is_there(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    waiting = await ask(api, survey, format="csv")
    early = await api.post(f"{waiting['links']['self']}/download-links", {}, status=409)
    named = await exported_now(database, api, survey, format="csv", include_identities=True)
    organisation_id = api.organisation.organisation_id
    token = await new_token(database, organisation_id, [Scope.RESPONSES_READ])
    reader = Api(api.client, TestOrganisation(organisation_id, token))

    refused = await reader.post(f"{named['links']['self']}/download-links", {}, status=403)

    assert early.json()["code"] == "export_not_ready"
    assert refused.json()["code"] == "missing_scope"


@pytest.mark.parametrize("seconds", [0, 59, 86_401, "soon"])
async def test_a_link_lasts_a_minute_to_a_day(api: Api, done: Json, seconds: object) -> None:
    refused = await api.post(f"{done['links']['self']}/download-links", {"expires_in_seconds": seconds}, status=422)

    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/expires_in_seconds"]


async def test_what_is_fetched_counts_to_the_key_that_made_the_link(api: Api, done: Json, settings: Settings) -> None:
    narrow = ApiSettings(key_requests_per_minute=3, organisation_requests_per_minute=10)
    app = create_app(Settings(settings.database, settings.secrets, api=narrow, logs=settings.logs))
    async with app.router.lifespan_context(app), client_of(app) as client:
        limited = Api(client, api.organisation)
        path = (await link_to(limited, done))["path"]
        answers = [await follow(limited, path) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]


async def own_key(api: Api) -> UUID:
    return UUID((await api.get("/v1/api-keys")).json()["items"][0]["id"])
