"""Limits that a caller can read, keep to, and wait for."""

from collections.abc import AsyncIterator

import pytest

from feedback_api.app import create_app
from feedback_api.settings import ApiSettings, Settings
from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.imports import client_of
from tests.support.organisations import TestOrganisation, new_organisation, new_token


@pytest.fixture
async def limited(settings: Settings, database: Database) -> AsyncIterator[Api]:
    """A caller who may ask six times a minute, her organisation ten times."""
    narrow = ApiSettings(key_requests_per_minute=6, organisation_requests_per_minute=10)
    app = create_app(Settings(settings.database, settings.secrets, api=narrow, logs=settings.logs))
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield Api(client, await new_organisation(database))


async def test_41_who_asks_too_much_is_told_how_long_to_wait(limited: Api) -> None:
    answers = [await limited.get("/v1/organisation", status=None) for _ in range(7)]

    refused = answers[-1]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert refused.json()["code"] == "rate_limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert refused.headers["Content-Type"] == "application/problem+json"


async def test_42_normal_answers_say_the_limit_and_what_is_left(limited: Api) -> None:
    answer = await limited.get("/v1/organisation")
    limits = (await limited.get("/v1/limits")).json()["limits"]

    assert answer.headers["RateLimit-Policy"] == '"key";q=6;w=60, "organisation";q=10;w=60'
    assert answer.headers["RateLimit"].startswith('"key";r=5;t=')
    assert [(limit["name"], limit["requests"], limit["remaining"]) for limit in limits] == [
        ("key", 6, 4),
        ("organisation", 10, 8),
    ]


async def test_43_keys_of_one_organisation_share_its_limit_and_no_other_one(limited: Api, database: Database) -> None:
    ours = limited.organisation.organisation_id
    second = Api(limited.client, TestOrganisation(ours, await new_token(database, ours, list(Scope))))
    stranger = Api(limited.client, await new_organisation(database))

    for _ in range(6):
        await limited.get("/v1/organisation")
    statuses = [(await second.get("/v1/organisation", status=None)).status_code for _ in range(5)]
    refused = await second.get("/v1/organisation", status=None)

    assert statuses == [200] * 4 + [429]
    assert "organisation" in refused.json()["detail"]
    await stranger.get("/v1/organisation", status=200)
