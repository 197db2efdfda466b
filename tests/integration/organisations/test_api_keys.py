"""API keys: shown once, scoped, revoked everywhere within seconds."""

import asyncio

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.organisations import TestOrganisation, new_token


async def test_a_key_is_shown_once(api: Api) -> None:
    made = (await api.post("/v1/api-keys", {"name": "CRM", "scopes": ["responses:write"]}, status=201)).json()

    listed = (await api.get("/v1/api-keys")).text

    assert made["api_key"].startswith("fbk_")
    assert made["api_key"] not in listed


async def test_a_revoked_key_is_refused_within_seconds(api: Api) -> None:
    made = (await api.post("/v1/api-keys", {"name": "CRM", "scopes": ["organisation:read"]}, status=201)).json()
    holder = Api(api.client, TestOrganisation(api.organisation.organisation_id, made["api_key"]))
    await holder.get("/v1/organisation")

    await api.post(f"/v1/api-keys/{made['id']}/revoke", status=204)
    await asyncio.sleep(0.3)  # the memory of keys in these tests, plus a little

    await holder.get("/v1/organisation", status=401)


async def test_a_key_cannot_give_what_it_lacks(api: Api, database: Database) -> None:
    organisation_id = api.organisation.organisation_id
    token = await new_token(database, organisation_id, [Scope.ORGANISATION_ADMIN])
    holder = Api(api.client, TestOrganisation(organisation_id, token))

    refused = await holder.post("/v1/api-keys", {"name": "more", "scopes": ["responses:read"]}, status=403)

    assert refused.json()["code"] == "missing_scope"


async def test_no_key_and_a_wrong_key_are_401_problems(api: Api) -> None:
    for headers in ({}, {"Authorization": "Bearer fbk_nonsense"}, {"Authorization": "Basic eDp5"}):
        response = await api.client.get("/v1/organisation", headers=headers)

        assert response.status_code == 401
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == "unauthenticated"


async def test_a_repeated_request_with_a_key_gets_the_first_answer(api: Api) -> None:
    made = (await api.post("/v1/api-keys", {"name": "CRM", "scopes": ["responses:write"]}, status=201)).json()
    path = f"/v1/api-keys/{made['id']}/revoke"
    headers = {"Idempotency-Key": "once"}

    first = await api.post(path, status=204, headers=headers)
    second = await api.post(path, status=204, headers=headers)
    other = await api.post(f"/v1/api-keys/{api.organisation.organisation_id}/revoke", headers=headers)

    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_an_edit_needs_the_version_it_was_made_from(api: Api) -> None:
    read = await api.get("/v1/organisation")
    body = {"name": "New", "minimum_cell_size": 7}

    await api.put("/v1/organisation", body, status=428)
    changed = await api.put("/v1/organisation", body, status=200, headers={"If-Match": read.headers["ETag"]})
    await api.put("/v1/organisation", body, status=412, headers={"If-Match": read.headers["ETag"]})

    assert changed.json()["minimum_cell_size"] == 7
    assert changed.headers["ETag"] != read.headers["ETag"]


async def test_an_unknown_query_parameter_is_named(api: Api) -> None:
    refused = await api.get("/v1/organisation?colour=red", status=422)

    assert refused.json()["errors"][0]["pointer"] == "/query/colour"
