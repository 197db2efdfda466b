"""Who may see and change a survey."""

from typing import Any
from uuid import UUID

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.api import Api
from tests.support.organisations import TestOrganisation, new_token
from tests.support.surveys import POST_VISIT, publish

CHANGED = {"If-Match": '"1"'}
ROUTES: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "", {}),
    ("PUT", "", {"json": {**POST_VISIT, "key": "x"}, "headers": CHANGED}),
    ("PUT", "/confidentiality", {"json": {"confidentiality": "anonymous"}, "headers": CHANGED}),
    ("POST", "/publish", {}),
    ("POST", "/versions", {}),
    ("GET", "/versions/1", {}),
    ("POST", "/close", {}),
]


@pytest.mark.parametrize(("method", "below", "request_"), ROUTES)
async def test_another_organisations_survey_is_not_there(
    api: Api, other_api: Api, method: str, below: str, request_: dict[str, Any]
) -> None:
    survey = await publish(other_api)

    refused = await api.call(method, f"/v1/surveys/{survey.id}{below}", status=404, **request_)

    assert refused.json()["code"] == "not_found"
    untouched = (await other_api.get(f"/v1/surveys/{survey.id}")).json()
    assert (untouched["state"], untouched["confidentiality"], untouched["has_draft"]) == (
        "published",
        "identified",
        False,
    )


@pytest.mark.parametrize(
    ("method", "below", "request_"), [*ROUTES, ("POST", None, {"json": POST_VISIT}), ("GET", None, {})]
)
async def test_a_key_without_the_scope_is_refused(
    api: Api, database: Database, method: str, below: str | None, request_: dict[str, Any]
) -> None:
    needed = Scope.SURVEYS_READ if method == "GET" else Scope.SURVEYS_WRITE
    organisation_id = api.organisation.organisation_id
    token = await new_token(database, organisation_id, set(Scope) - {needed})
    holder = Api(api.client, TestOrganisation(organisation_id, token))
    path = "/v1/surveys" if below is None else f"/v1/surveys/{UUID(int=1)}{below}"

    refused = await holder.call(method, path, status=403, **request_)

    assert refused.json()["code"] == "missing_scope"


async def test_an_id_that_is_none_is_named(api: Api) -> None:
    refused = await api.get("/v1/surveys/post-visit", status=422)

    assert refused.json()["errors"][0]["pointer"] == "/path/survey_id"
