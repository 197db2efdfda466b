"""Features: put by key, edited by whoever read them last, kept while questions are about them."""

import asyncio
from typing import Any

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.organisations import TestOrganisation, new_token
from tests.support.surveys import publish

WAITING: dict[str, Any] = {
    "name": "Waiting time",
    "description": "From arrival to being called",
    "owner": "Head of front desk",
}


async def test_a_feature_is_created_by_putting_it(api: Api) -> None:
    made = await api.put("/v1/features/waiting_time", WAITING, status=201)

    read = await api.get("/v1/features/waiting_time")

    assert read.json() == made.json()
    assert {name: read.json()[name] for name in WAITING} == WAITING
    assert read.headers["ETag"] == made.headers["ETag"] == '"1"'


async def test_a_feature_is_replaced_by_whoever_read_it_last(api: Api) -> None:
    made = await api.put("/v1/features/waiting_time", WAITING, status=201)
    read = {"If-Match": made.headers["ETag"]}

    await api.put("/v1/features/waiting_time", {"name": "Wait"}, status=428)
    replaced = await api.put("/v1/features/waiting_time", {"name": "Wait"}, status=200, headers=read)
    await api.put("/v1/features/waiting_time", WAITING, status=412, headers=read)

    assert replaced.headers["ETag"] == '"2"'
    assert (replaced.json()["name"], replaced.json()["owner"]) == ("Wait", None)


async def test_a_feature_that_is_gone_is_not_edited_into_being(api: Api) -> None:
    await api.put("/v1/features/waiting_time", WAITING, status=412, headers={"If-Match": '"1"'})

    await api.get("/v1/features/waiting_time", status=404)


async def test_of_those_who_create_a_feature_at_once_one_does(api: Api) -> None:
    answers = await asyncio.gather(*(api.put("/v1/features/waiting_time", WAITING) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 428, 428, 428]


async def test_a_feature_can_be_deleted_once(api: Api) -> None:
    await api.put("/v1/features/waiting_time", WAITING, status=201)

    await api.call("DELETE", "/v1/features/waiting_time", status=204)
    await api.call("DELETE", "/v1/features/waiting_time", status=404)


async def test_a_feature_that_questions_are_about_stays(api: Api) -> None:
    await publish(api)

    refused = await api.call("DELETE", "/v1/features/waiting_time", status=409)

    assert refused.json()["code"] == "feature_in_use"
    await api.get("/v1/features/waiting_time")


async def test_features_come_by_key_in_pages(api: Api) -> None:
    keys = ["Staff", "effort", "overall", "waiting_time", "web.site-2"]
    for key in reversed(keys):
        await api.put(f"/v1/features/{key}", {"name": key}, status=201)

    first = (await api.get("/v1/features?limit=3")).json()
    second = (await api.get(f"/v1/features?limit=3&cursor={first['next_cursor']}")).json()

    found = [feature["key"] for page in (first, second) for feature in page["items"]]
    assert sorted(found) == sorted(keys)
    assert len(first["items"]) == 3
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/name", "missing"),
        ({"name": " "}, "/name", "value_error"),
        ({"name": "a\0b"}, "/name", "string_pattern_mismatch"),
        ({"name": "Wait", "description": "a\0b"}, "/description", "string_pattern_mismatch"),
        ({"name": "Wait", "colour": "red"}, "/colour", "extra_forbidden"),
    ],
)
async def test_a_feature_that_cannot_be_kept_is_refused(
    api: Api, body: dict[str, Any], pointer: str, code: str
) -> None:
    refused = (await api.put("/v1/features/waiting_time", body, status=422)).json()

    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [(pointer, code)]


async def test_a_key_that_is_none_is_refused(api: Api) -> None:
    for key in ("a%00b", "waiting%20time", "-", "a" * 64):
        refused = await api.put(f"/v1/features/{key}", WAITING, status=422)
        assert refused.json()["errors"][0]["pointer"] == "/path/key"


@pytest.mark.parametrize(
    ("method", "request_"),
    [("GET", {}), ("PUT", {"json": WAITING, "headers": {"If-Match": '"1"'}}), ("DELETE", {})],
)
async def test_another_organisations_feature_is_not_there(
    api: Api, other_api: Api, method: str, request_: dict[str, Any]
) -> None:
    await other_api.put("/v1/features/waiting_time", WAITING, status=201)

    refused = await api.call(method, "/v1/features/waiting_time", **request_)

    assert refused.status_code == (412 if method == "PUT" else 404)
    assert (await other_api.get("/v1/features/waiting_time")).headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    ("method", "path", "request_"),
    [
        ("GET", "/v1/features", {}),
        ("GET", "/v1/features/waiting_time", {}),
        ("PUT", "/v1/features/waiting_time", {"json": WAITING}),
        ("DELETE", "/v1/features/waiting_time", {}),
    ],
)
async def test_a_key_without_the_scope_is_refused(
    api: Api, database: Database, method: str, path: str, request_: dict[str, Any]
) -> None:
    needed = Scope.SERVICE_READ if method == "GET" else Scope.SERVICE_WRITE
    organisation_id = api.organisation.organisation_id
    token = await new_token(database, organisation_id, set(Scope) - {needed})

    refused = await Api(api.client, TestOrganisation(organisation_id, token)).call(method, path, status=403, **request_)

    assert refused.json()["code"] == "missing_scope"
