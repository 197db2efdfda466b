"""Pages: read by key, documented, complete, never cut short without a word."""

import json
import re
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from feedback_core.db.session import Database
from tests.architecture.served import operations, resolved
from tests.support.api import Api
from tests.support.many import filled, statements
from tests.support.responses import decide, owner, responses_of
from tests.support.surveys import Json, PublishedSurvey, publish

pytestmark = pytest.mark.xdist_group("what_users_ask_pages")

MANY = 5_300
FILTERS: list[Json] = [
    {},
    {"from": "2026-01-02T00:00:00Z", "to": "2026-01-03T00:00:00Z"},
    {"updated_since": "2026-01-03T00:00:00Z"},
    {"status": "partial"},
    {"excluded": "true"},
    {"excluded": "false"},
    {"suspect": "true"},
    {"suspect": "false"},
    {"flag": "speeding"},
]

# A page is larger where it is asked for as CSV.
SAYS_IT_IN_WORDS = {"listImportFaults"}


@pytest.fixture
async def many(api: Api, owner_url: str) -> AsyncIterator[PublishedSurvey]:
    """More responses than five of the largest pages hold."""
    survey = await publish(api)
    with filled(owner_url, api, survey, MANY):
        yield survey


async def every_page(api: Api, survey: PublishedSurvey, limit: int) -> list[list[str]]:
    pages: list[list[str]] = []
    cursor: str | None = None
    while cursor or not pages:
        query = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        page = (await api.get(responses_of(survey), params=query)).json()
        pages.append([found["id"] for found in page["items"]])
        cursor = page["next_cursor"]
    return pages


async def test_34_a_page_is_read_by_key_and_not_counted(api: Api, app: FastAPI, many: PublishedSurvey) -> None:
    pages = [(await api.get(responses_of(many), params={"limit": 10})).json()]
    with statements(app.state.database) as sent:
        pages.append((await api.get(responses_of(many), params={"cursor": pages[0]["next_cursor"]})).json())

    (reading,) = (statement for statement, _ in sent if re.search(r"FROM response\b", statement))
    assert re.search(r"response\.id > ", reading)
    assert not re.search(r"\b(count|OFFSET)\b", reading, re.IGNORECASE)
    assert pages[0].keys() == {"items", "next_cursor"}


@pytest.mark.parametrize("wanted", FILTERS, ids=lambda wanted: "-".join(wanted) or "none")
async def test_35_every_filter_of_the_list_has_an_index(
    wanted: Json, api: Api, app: FastAPI, many: PublishedSurvey, owner_url: str
) -> None:
    with statements(app.state.database) as sent:
        await api.get(responses_of(many), params=wanted)

    ((statement, parameters),) = (one for one in sent if re.search(r"FROM response\b", one[0]))
    with owner(owner_url) as connection:
        # What matters is whether there is an index to read by; of a small table the planner may read all.
        connection.execute("SET enable_seqscan = off")
        (plan,) = connection.execute("EXPLAIN (FORMAT json) " + statement, parameters).fetchone() or ({},)
    shown = json.dumps(plan)
    assert "Index" in shown
    assert '"Seq Scan"' not in shown


def test_37_the_size_of_a_page_is_documented_and_the_end_is_said() -> None:
    checked = 0
    for operation in operations():
        parameters = {one["name"]: one["schema"] for one in operation.document.get("parameters", [])}
        if operation.method == "get" and "cursor" in parameters:
            limit, page = parameters["limit"], operation.document["responses"]["200"]["content"]["application/json"]
            assert limit["maximum"] >= limit["minimum"] == 1, operation
            assert "default" in limit or operation.document["operationId"] in SAYS_IT_IN_WORDS, operation
            assert "next_cursor" in resolved(page["schema"])["required"], operation
            checked += 1
    assert checked > 3


async def test_38_to_39_every_response_is_reached_by_pages_and_nothing_is_dropped(
    api: Api, many: PublishedSurvey, database: Database
) -> None:
    pages = await every_page(api, many, 1_000)

    found = [one for page in pages for one in page]
    assert [len(page) for page in pages] == [1_000] * 5 + [300]
    assert found == sorted(set(found))
    assert len(found) == MANY
    await decide(api, many, found[0], "exclude")
    assert [one for page in await every_page(api, many, 999) for one in page] == found
    too_large = await api.get(responses_of(many), params={"limit": 1_001}, status=422)
    assert too_large.json()["errors"][0]["pointer"] == "/query/limit"
