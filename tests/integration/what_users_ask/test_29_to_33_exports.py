"""Exports of any size: a job, never the request; resumable; nothing grows with the rows."""

import json
import re
import tracemalloc
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.exports import ask, content_of, exported_now, fetched, lines_of, run_now
from tests.support.many import Sent, filled, statements
from tests.support.responses import owner
from tests.support.surveys import PublishedSurvey, publish

pytestmark = pytest.mark.xdist_group("what_users_ask_exports")

MANY = 32_000
OF_RESPONSES = re.compile(r"\b(FROM|JOIN) response\b")


@pytest.fixture
async def many(api: Api, owner_url: str) -> AsyncIterator[PublishedSurvey]:
    """As many responses as others answered with 502, 504, or an upper limit."""
    survey = await publish(api)
    with filled(owner_url, api, survey, MANY):
        yield survey


def reading_responses(sent: Sent) -> list[str]:
    return [statement for statement, _ in sent if OF_RESPONSES.search(statement)]


async def test_29_an_export_of_any_size_is_a_job_whose_file_can_be_resumed(
    api: Api, database: Database, many: PublishedSurvey
) -> None:
    done = await exported_now(database, api, many, format="ndjson")
    etag, half = f'"{done["file"]["sha256"]}"', done["file"]["size"] // 2

    first = await fetched(api, done, Range=f"bytes=0-{half - 1}")
    rest = await fetched(api, done, **{"Range": f"bytes={half}-", "If-Range": etag})

    assert (first.status_code, rest.status_code) == (206, 206)
    whole = first.content + rest.content
    assert whole == await content_of(api, done)
    assert len({line["response_id"] for line in lines_of(whole)}) == done["rows_written"] == MANY


async def test_30_to_31_asking_for_an_export_reads_no_response(
    api: Api, app: FastAPI, database: Database, many: PublishedSurvey
) -> None:
    with statements(app.state.database) as asking:
        asked = await ask(api, many, format="csv")
    await run_now(database, api, asked)
    with statements(app.state.database) as fetching:
        shown = (await api.get(asked["links"]["self"])).json()
        await content_of(api, shown)

    assert reading_responses(asking) == reading_responses(fetching) == []
    parts = [parameters for statement, parameters in fetching if "FROM export_chunk" in statement]
    assert len(parts) == -(-shown["file"]["size"] // 2**20) > 1


@pytest.mark.parametrize("form", ["csv", "ndjson", "xlsx"])
async def test_32_memory_is_the_same_for_few_and_many_responses(
    form: str, api: Api, database: Database, owner_url: str
) -> None:
    few, many = await publish(api), await publish(api)

    async def peak(survey: PublishedSurvey) -> int:
        asked = await ask(api, survey, format=form)
        tracemalloc.start()
        try:
            await run_now(database, api, asked)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    # Of either the file has more than one part.
    with filled(owner_url, api, few, 1_500, words=60), filled(owner_url, api, many, 4_500, words=60):
        # Whatever is loaded once is loaded before.
        await exported_now(database, api, few, format=form)
        assert await peak(many) < 1.5 * await peak(few)


async def test_33_rows_are_counted_by_the_index_and_read_in_batches(
    api: Api, database: Database, many: PublishedSurvey, owner_url: str
) -> None:
    asked = await ask(api, many)
    with statements(database) as sent:
        await run_now(database, api, asked)

    counting, reading = [one for one in sent if OF_RESPONSES.search(one[0])]
    assert "count(*)" in counting[0]
    assert "count(" not in reading[0]
    with owner(owner_url) as connection:
        # Where nearly all responses are of one survey, reading the table is as good.
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET enable_bitmapscan = off")
        (plan,) = connection.execute("EXPLAIN (FORMAT json) " + counting[0], counting[1]).fetchone() or ({},)
        assert '"Index Only Scan"' in json.dumps(plan)
