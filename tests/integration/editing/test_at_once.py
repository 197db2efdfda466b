"""Whatever can be edited: of those who edit it at once as they read it one does, and nothing of that is lost."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Final

import httpx
import pytest
from fastapi import FastAPI

from feedback_core.db.session import Database
from tests.architecture.served import Operation
from tests.support.api import Api
from tests.support.operations import Slot, call, every_operation, examples, slots
from tests.support.organisations import new_organisation
from tests.support.seeded import Seeded, seed

AT_ONCE: Final = 4

SEEN_BY: Final = ("name", "title", "description", "label", "we_did", "reason", "statement", "text")
"""Fields that say whose edit it was."""

SEEN_OTHERWISE: Final[Mapping[str, str]] = {"editCase": "owner", "enterRecommendationDetails": "owner"}
"""The field that says so where the body of an operation has none of those."""

ELSEWHERE: Final[Mapping[str, str]] = {
    "PUT /v1/kpis/{kpi}": "its example is one that is not there yet",
    "PUT /v1/organisation": "its example is of another time zone",
    "PUT /v1/surveys/{survey_id}": "the seeded survey has no draft",
    "POST /v1/surveys/{survey_id}/publish": "as above",
    "POST /v1/recommendations/{recommendation_id}/reassignments": "the seeded one is not stuck",
    "PUT /v1/departures": "nobody is named twice",
}
"""What cannot be tried out here, and why."""


def _field(operation: Operation) -> str | None:
    """That says whose edit it was; ``None``: its body is of numbers and lists, and its own tests edit it."""
    otherwise = SEEN_OTHERWISE.get(operation.document["operationId"])
    body = examples(operation)[0]
    return otherwise or next((name for name in SEEN_BY if isinstance(body.get(name), str)), None)


EDITED: Final = sorted(
    (
        operation
        for operation in every_operation()
        if "if-match" in operation.headers and str(operation) not in ELSEWHERE
        if operation.method == "post" or (operation.method == "put" and _field(operation))
    ),
    key=lambda operation: operation.method == "post",
)
"""Edits before steps: what has been brought to an end is edited no more."""


@pytest.fixture(scope="module")
async def seeded(app: FastAPI, database: Database) -> AsyncIterator[Seeded]:
    """One of everything, shared by the tests here: each edits a thing as it reads it."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield await seed(Api(client, await new_organisation(database)), database)


def _ids(operation: Operation, seeded: Seeded) -> dict[Slot, str]:
    return {slot: seeded.ids[slot.thing] for slot in slots(operation)}


async def _tag(api: Api, path: str) -> str:
    """Of what is edited: what is at the path, or the nearest above it that has a tag."""
    while path.count("/") > 2:
        answer = await api.get(path, status=None)
        if answer.status_code == 200 and "ETag" in answer.headers:
            return answer.headers["ETag"]
        path = path.rpartition("/")[0]
    raise AssertionError("nothing there has a tag: say in tests/support/seeded.py what is edited")


@pytest.mark.parametrize("operation", EDITED, ids=lambda operation: str(operation).replace("/", "|"))
async def test_of_many_who_edit_at_once_what_they_read_one_does(operation: Operation, seeded: Seeded) -> None:
    api, request = seeded.api, call(operation, _ids(operation, seeded))
    tag = await _tag(api, request.path)
    edits = [{**request.rest, "headers": {"If-Match": tag}} for _ in range(AT_ONCE)]
    if operation.method == "put":
        for number, edit in enumerate(edits):
            edit["json"] = {**edit["json"], _field(operation): f"Number {number}"}

    answers = await asyncio.gather(*(api.call(request.method, request.path, **edit) for edit in edits))

    told = sorted(answer.status_code for answer in answers)
    assert (told[0] // 100, told[1:]) == (2, [412] * (AT_ONCE - 1)), [answer.text for answer in answers]
    (won,) = (answer for answer in answers if answer.status_code != 412)
    assert await _tag(api, request.path) == won.headers.get("ETag", tag) != tag
