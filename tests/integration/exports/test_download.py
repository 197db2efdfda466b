"""Fetching a file: whole, in parts, on from where a download broke off; as a stream of parts."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest

from feedback_core.db.session import Database
from feedback_core.jobs.files import PART_BYTES
from tests.support.api import Api
from tests.support.exports import ask, exported_now, fetched, run_now
from tests.support.organisations import new_organisation
from tests.support.responses import batch, owner, recorded
from tests.support.serving import Served, served
from tests.support.surveys import Json, PublishedSurvey, publish
from tests.support.waiting import soon

__all__ = ["served"]

pytestmark = pytest.mark.xdist_group("exports_download")

LONG = "é" * 7_000
OPEN = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%export_chunk%'
"""


@dataclass(frozen=True, slots=True)
class Big:
    """An export of several parts, and what is in it."""

    api: Api
    survey: PublishedSurvey
    done: Json
    content: bytes


@pytest.fixture(scope="module")
async def big(served: Served, database: Database) -> AsyncIterator[Big]:
    """A file of more than two parts, over the API as it is deployed."""
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        api = Api(client, await new_organisation(database))
        survey = await publish(api)
        await batch(api, survey, [{"answers": {"nps": number % 11, "why": LONG}} for number in range(160)])
        done = await exported_now(database, api, survey, format="csv")
        content = (await fetched(api, done)).content
        assert done["file"]["size"] > 2 * PART_BYTES
        yield Big(api, survey, done, content)


async def test_the_file_is_whole_and_says_what_it_is(big: Big) -> None:
    answer = await fetched(big.api, big.done)

    digest = hashlib.sha256(answer.content)
    assert answer.status_code == 200
    assert (len(answer.content), digest.hexdigest()) == (big.done["file"]["size"], big.done["file"]["sha256"])
    assert answer.content.decode().count(LONG) == 160
    assert answer.headers["etag"] == f'"{digest.hexdigest()}"'
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["cache-control"] == "private, no-store"
    name = answer.headers["content-disposition"].removeprefix('attachment; filename="').removesuffix('"')
    assert name.startswith(big.survey.key)
    assert name.endswith("Z.csv")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        (f"bytes={PART_BYTES - 5}-{PART_BYTES + 4}", PART_BYTES - 5, PART_BYTES + 4),
        (f"bytes={PART_BYTES}-{2 * PART_BYTES - 1}", PART_BYTES, 2 * PART_BYTES - 1),
        (f"bytes={PART_BYTES - 1}-", PART_BYTES - 1, None),
        ("bytes=-7", -7, None),
        ("bytes=5-99999999999", 5, None),
        ("bytes=-99999999999", 0, None),
    ],
)
async def test_any_part_of_it_can_be_fetched(asked: str, first: int, last: int | None, big: Big) -> None:
    answer = await fetched(big.api, big.done, Range=asked)

    size = len(big.content)
    start, end = first % size, size - 1 if last is None else last
    assert answer.status_code == 206
    assert answer.content == big.content[start : end + 1]
    assert answer.headers["content-range"] == f"bytes {start}-{end}/{size}"
    assert answer.headers["content-length"] == str(end - start + 1)
    assert answer.headers["etag"] == f'"{big.done["file"]["sha256"]}"'


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=-", "bytes=a-b", "nonsense"])
async def test_a_range_that_is_not_understood_gets_the_whole_file(asked: str, big: Big) -> None:
    answer = await fetched(big.api, big.done, Range=asked)

    assert (answer.status_code, len(answer.content)) == (200, len(big.content))


@pytest.mark.parametrize("behind", [0, 1, 10**9])
async def test_a_range_behind_the_end_is_refused_with_the_size(behind: int, big: Big) -> None:
    answer = await fetched(big.api, big.done, Range=f"bytes={len(big.content) + behind}-")

    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(big.content)}"


async def test_a_download_that_broke_off_goes_on_only_in_the_same_file(big: Big) -> None:
    etag = f'"{big.done["file"]["sha256"]}"'
    on = await fetched(big.api, big.done, **{"Range": "bytes=100-", "If-Range": etag})
    other = await fetched(big.api, big.done, **{"Range": "bytes=100-", "If-Range": '"another"'})

    assert (on.status_code, on.content) == (206, big.content[100:])
    assert (other.status_code, other.content) == (200, big.content)


async def test_a_caller_who_reads_slowly_holds_no_connection_of_the_database(big: Big, owner_url: str) -> None:
    path, headers = big.done["links"]["file"], {"Authorization": f"Bearer {big.api.organisation.token}"}
    async with big.api.client.stream("GET", path, headers=headers) as answer:
        reader = answer.aiter_bytes(1024)
        begun = await anext(reader)
        assert begun == big.content[:1024]
        with owner(owner_url) as connection:
            # The part that is being read ahead is soon there; what waits for the caller would stay.
            await soon(lambda: connection.execute(OPEN).fetchone() == (0,), seconds=20)


async def test_a_file_that_goes_meanwhile_is_never_taken_for_whole(big: Big, database: Database) -> None:
    # More than what lies in the buffers between server and caller.
    for _ in range(10):
        await batch(big.api, big.survey, [{"answers": {"nps": 1, "why": LONG}} for _ in range(200)])
    done = await exported_now(database, big.api, big.survey, format="csv")
    path, headers = done["links"]["file"], {"Authorization": f"Bearer {big.api.organisation.token}"}

    async with big.api.client.stream("GET", path, headers=headers) as answer:
        reader = answer.aiter_raw(1024)
        taken = [await anext(reader)]
        await big.api.call("DELETE", done["links"]["self"], status=204)
        with pytest.raises(httpx.RemoteProtocolError):
            taken += [part async for part in reader]

    assert answer.headers["content-length"] == str(done["file"]["size"])


async def test_a_file_that_is_not_there_yet_or_any_more_says_so(api: Api, database: Database, owner_url: str) -> None:
    survey = await publish(api)
    await recorded(api, survey)
    waiting = await ask(api, survey)
    early = await fetched(api, waiting)
    kept = await api.call("DELETE", waiting["links"]["self"])
    await run_now(database, api, waiting)
    await api.call("DELETE", waiting["links"]["self"], status=204)
    late = await fetched(api, waiting)
    again = await api.call("DELETE", waiting["links"]["self"])

    assert (early.status_code, early.json()["code"]) == (409, "export_not_ready")
    assert (kept.status_code, kept.json()["code"]) == (409, "export_not_ready")
    assert (late.status_code, late.json()["code"]) == (410, "export_gone")
    assert again.status_code == 204
    shown = (await api.get(waiting["links"]["self"])).json()
    assert (shown["file"]["state"], shown["file"]["gone_reason"]) == ("gone", "deleted")
    with owner(owner_url) as connection:
        row = connection.execute("SELECT count(*) FROM export_chunk WHERE export_id = %s", [UUID(waiting["id"])])
        assert row.fetchone() == (0,)
