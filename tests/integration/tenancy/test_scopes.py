"""No route answers without a key, or to a key that lacks its scope."""

import pytest

from feedback_api.security import Requires
from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.architecture.served import Operation, app, dependencies, routes
from tests.integration.tenancy.conftest import Neighbours
from tests.integration.tenancy.test_others_things import ids_of
from tests.support.operations import call, every_operation
from tests.support.organisations import new_token

# What needs no key: whether the service runs, how it is spoken to, and the questionnaire of whoever has its link.
PUBLIC = {"/s/{link}", "/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs/oauth2-redirect"}

# Calculate from what is sent with them; nothing of the organisation is changed.
CHANGES_NOTHING = {
    "calculateSampleSize",
    "checkPlan",
    "compareMethods",
    "compareProcesses",
    "lintSurvey",
    "previewDelivery",
    "previewSourceMapping",
}


# Reads at length what a key to read may read anyway: the job is that of the reader.
READS_AT_LENGTH = {"exportResponses", "cancelExport", "deleteExport", "createDownloadLink"}


def scope_of(operation: Operation) -> Scope:
    """The one scope that the route asks for."""
    route = next(r for r in routes() if r.operation_id == operation.document["operationId"])
    (scope,) = {found.scope for found in dependencies(route.dependant) if isinstance(found, Requires)}
    return scope


def test_only_operation_needs_no_key() -> None:
    from fastapi.routing import iter_route_contexts

    others = {route.path for route in iter_route_contexts(app().routes) if not str(route.path).startswith("/v1/")}
    assert others == PUBLIC


@pytest.mark.parametrize("operation", every_operation(), ids=str)
def test_what_changes_something_needs_more_than_a_scope_to_read(operation: Operation) -> None:
    reads = scope_of(operation).endswith(":read")
    may_read = operation.method == "get" or operation.document["operationId"] in CHANGES_NOTHING | READS_AT_LENGTH
    assert may_read or not reads


@pytest.mark.parametrize("operation", every_operation(), ids=str)
async def test_without_a_valid_key_nothing_is_said(operation: Operation, neighbours: Neighbours) -> None:
    request = call(operation, ids_of(operation, neighbours.ours))
    client, headers = neighbours.ours.api.client, request.rest.pop("headers")
    token = neighbours.ours.api.organisation.token

    # Within the secret, and not its last letter, of which some bits say nothing.
    other = token[:-9] + ("y" if token[-9] == "x" else "x") + token[-8:]

    for given in ({}, {"Authorization": f"Bearer {other}"}, {"Authorization": f"Basic {token}"}):
        answer = await client.request(request.method, request.path, headers={**headers, **given}, **request.rest)

        assert answer.status_code == 401, answer.text
        assert answer.json()["code"] == "unauthenticated"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("operation", every_operation(), ids=str)
async def test_without_its_scope_a_key_may_not(
    operation: Operation, neighbours: Neighbours, database: Database
) -> None:
    organisation_id, client = neighbours.ours.api.organisation.organisation_id, neighbours.ours.api.client
    request = call(operation, ids_of(operation, neighbours.ours))
    headers = request.rest.pop("headers")

    for scopes in ([], [scope for scope in Scope if scope != scope_of(operation)]):
        token = await new_token(database, organisation_id, scopes)
        given = {**headers, "Authorization": f"Bearer {token}"}
        answer = await client.request(request.method, request.path, headers=given, **request.rest)

        assert answer.status_code == 403, answer.text
        assert answer.json()["code"] == "missing_scope"
