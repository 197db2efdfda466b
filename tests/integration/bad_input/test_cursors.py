"""A cursor belongs to the organisation and the query that it was given for, in every list."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from feedback_core.db.session import Database
from tests.architecture.served import Operation, resolved
from tests.integration.bad_input.test_bodies import request_of
from tests.integration.bad_input.test_parameters import LISTS
from tests.support.api import Api
from tests.support.organisations import new_organisation
from tests.support.refusals import refused
from tests.support.seeded import Seeded, seed

# What is of a team is of nobody of the staff, and a number of a form is of one entry.
OF_ONE_ALONE = {"team_id", "form"}
# Shows more of each, and not others.
NO_FILTER = {"contacts"}


@dataclass(frozen=True, slots=True)
class Paged:
    """Two organisations alike, and the cursors that the lists of the first gave, by operation."""

    ours: Seeded
    theirs: Seeded
    cursors: Mapping[str, str]


@pytest.fixture(scope="session")
async def paged(seeded: Seeded, database: Database) -> Paged:
    theirs = await seed(Api(seeded.api.client, await new_organisation(database)), database)
    pages = {str(operation): (await page(seeded, operation, limit="1")).json() for operation in LISTS}
    cursors = {name: found["next_cursor"] for name, found in pages.items()}
    short = [name for name, cursor in cursors.items() if cursor is None]
    assert short == [], "these have less than two: make them in tests/support/seeded.py"
    return Paged(seeded, theirs, cursors)


async def page(seeded: Seeded, operation: Operation, **query: str) -> Any:
    request = request_of(operation, seeded)
    params = {name: value for name, value in request.rest["params"].items() if name not in OF_ONE_ALONE}
    return await seeded.api.call(request.method, request.path, params={**params, **query})


@pytest.mark.parametrize("operation", LISTS, ids=str)
async def test_a_cursor_leads_on_in_its_own_list_only(operation: Operation, paged: Paged) -> None:
    for given_by, cursor in paged.cursors.items():
        answer = await page(paged.ours, operation, limit="1", cursor=cursor)

        if given_by == str(operation):
            assert answer.status_code == 200, answer.text
        else:
            refused(answer, 422, "invalid_cursor", "/query/cursor")


@pytest.mark.parametrize("operation", LISTS, ids=str)
async def test_a_cursor_is_its_organisations_own(operation: Operation, paged: Paged) -> None:
    answer = await page(paged.theirs, operation, limit="1", cursor=paged.cursors[str(operation)])

    refused(answer, 422, "invalid_cursor", "/query/cursor")


@pytest.mark.parametrize("operation", LISTS, ids=str)
async def test_a_cursor_whose_position_is_no_position_is_refused(operation: Operation, paged: Paged) -> None:
    cursor = paged.cursors[str(operation)]
    mark, *position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    for bad in ("", "x y", "\x00", "'", "9" * 200, "\ud800"):
        forged = base64.urlsafe_b64encode(json.dumps([mark, *[bad for _ in position]]).encode()).decode().rstrip("=")

        refused(await page(paged.ours, operation, cursor=forged), 422, "invalid_cursor", "/query/cursor")


@pytest.mark.parametrize("operation", LISTS, ids=str)
async def test_a_cursor_belongs_to_its_filters(operation: Operation, paged: Paged) -> None:
    filters: dict[str, str] = {}
    for parameter in operation.document["parameters"]:
        choices = resolved(parameter["schema"]).get("enum")
        if parameter["in"] == "query" and choices:
            filters[parameter["name"]] = choices[0]
        elif (
            parameter["in"] == "query"
            and parameter["schema"].get("type") == "boolean"
            and parameter["name"] not in NO_FILTER
        ):
            filters[parameter["name"]] = "true"
    for name, value in filters.items():
        answer = await page(paged.ours, operation, cursor=paged.cursors[str(operation)], **{name: value})

        refused(answer, 422, "invalid_cursor", "/query/cursor")
