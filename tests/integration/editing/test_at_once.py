"""Whatever can be edited: of those who edit it at once as they read it one does, and nothing of that is lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx
import pytest
from fastapi import FastAPI

from feedback_core.db.session import Database
from tests.architecture.served import Operation
from tests.support.api import Api
from tests.support.edits import NOT_THERE_YET, OF_DRAFTS, OTHERWISE, SAME, edit_of
from tests.support.operations import Call, Slot, call, every_operation, examples, slots
from tests.support.organisations import new_organisation
from tests.support.seeded import Seeded, seed

AT_ONCE: Final = 4


def _id(operation: Operation) -> str:
    found: str = operation.document["operationId"]
    return found


ELSEWHERE: Final = {
    "reassignRecommendation": "recommendations/test_any_way.py::test_of_many_who_free_what_is_stuck_at_once_one_does",
    "revisePlanForFieldworkAlert": (
        "fieldwork/test_alerts.py::test_of_many_who_revise_the_plan_by_an_alert_at_once_one_does"
    ),
}
"""What takes more than one of everything, or edits another thing: the test that tries it out."""

EDITED: Final = sorted(
    (
        operation
        for operation in every_operation()
        if "if-match" in operation.headers and _id(operation) not in ELSEWHERE
    ),
    key=lambda operation: (["patch", "put", "post", "delete"].index(operation.method), _id(operation) in SAME),
)
"""Edits before steps: what has been brought to an end is edited no more; and what changes all else last."""


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
    while path.count("/") > 1:
        answer = await api.get(path, status=None)
        if answer.status_code == 200 and "ETag" in answer.headers:
            return answer.headers["ETag"]
        path = path.rpartition("/")[0]
    raise AssertionError("nothing there has a tag: say in tests/support/seeded.py what is edited")


async def _prepared(operation: Operation, seeded: Seeded, request: Call) -> None:
    if _id(operation) in OF_DRAFTS:
        await seeded.api.post(f"/v1/surveys/{seeded.survey.id}/versions")
    if _id(operation) in NOT_THERE_YET:
        made = await seeded.api.call(request.method, request.path, json=request.rest["json"])
        assert made.status_code in {200, 201}, made.text


@pytest.mark.parametrize("operation", EDITED, ids=lambda operation: str(operation).replace("/", "|"))
async def test_of_many_who_edit_at_once_what_they_read_one_does(operation: Operation, seeded: Seeded) -> None:
    api, request = seeded.api, call(operation, _ids(operation, seeded))
    await _prepared(operation, seeded, request)
    tag = await _tag(api, request.path)
    edits = [{**request.rest, "headers": {"If-Match": tag}} for _ in range(AT_ONCE)]
    if operation.method in {"put", "patch"}:
        for number, edit in enumerate(edits):
            edit["json"] = edit_of(operation, edit["json"], number)

    answers = await asyncio.gather(*(api.call(request.method, request.path, **edit) for edit in edits))

    told = sorted(answer.status_code for answer in answers)
    assert (told[0] // 100, told[1:]) == (2, [412] * (AT_ONCE - 1)), [answer.text for answer in answers]
    (won,) = (answer for answer in answers if answer.status_code != 412)
    now = await _tag(api, request.path)
    assert (now != tag, won.headers.get("ETag", now)) == (True, now)


def test_those_who_edit_at_once_differ_and_nothing_is_named_that_is_not_edited() -> None:
    known = {_id(operation) for operation in EDITED}

    assert {*OTHERWISE, *SAME, *NOT_THERE_YET, *OF_DRAFTS} <= known
    assert ELSEWHERE.keys() <= {_id(each) for each in every_operation()} - known
    for place in ELSEWHERE.values():
        file, _, name = place.partition("::")
        assert f"async def {name}(" in (Path(__file__).parents[1] / file).read_text()
    for operation in EDITED:
        if operation.method in {"put", "patch"}:
            edits = [edit_of(operation, examples(operation)[0], number) for number in range(AT_ONCE)]
            differ = sum(edit != edits[0] for edit in edits)
            assert differ == (0 if _id(operation) in SAME else AT_ONCE - 1), operation
