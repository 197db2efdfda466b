"""Imports that are interrupted: by a crash, by somebody who cancels them, or while they come in."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from feedback_core.db.session import Database
from feedback_core.jobs.execution import Executor
from feedback_core.jobs.relay import due_jobs
from feedback_core.jobs.types import Outcome
from feedback_core.kit.clock import FixedClock, SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_core.responses.imports.types import CHUNK_BYTES, ImportMapping, UploadInterrupted
from feedback_core.responses.imports.use_cases import KEPT_FOR, Upload, receive_import
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors
from tests.integration.imports.conftest import Workers
from tests.support.api import Api
from tests.support.imports import NPS_AND_WAIT, faults, finished, upload
from tests.support.surveys import Json, PublishedSurvey, publish
from tests.support.waiting import soon

pytestmark = pytest.mark.xdist_group("imports")

ROWS = 40_000
BAD = range(100, ROWS, 1_000)


def answers(rows: int = ROWS) -> str:
    """A file in which a few ratings cannot be read."""
    return "nps,wait\n" + "".join(f"{row % 11},{'bad' if row in BAD else row % 5 + 1}\n" for row in range(rows))


async def until_reading(api: Api, place: str, *, beyond: int) -> Json:
    """The import, once more rows than those have been read."""
    deadline = time.monotonic() + 60
    while True:
        found: Json = (await api.get(place)).json()
        if found["rows_read"] > beyond:
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.02)


def count(owner_url: str, query: str, *values: object) -> int:
    """One number out of the database."""
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(query, values).fetchone()
    assert row is not None
    return int(row[0])


RESPONSES = "SELECT count(*) FROM response WHERE survey_id = %s"
CHUNKS = "SELECT count(*) FROM import_chunk WHERE import_id = %s"
OPEN = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
       AND state <> 'idle'
"""
UNDONE = """
    SELECT count(*) FROM job
     WHERE status IN ('queued', 'running') AND kind IN ('kpis.fold', 'themes.read', 'data_quality.flag')
"""


async def until_gone(owner_url: str, done: Json) -> None:
    """Wait until nothing of the file is kept."""
    deadline = time.monotonic() + 30
    while count(owner_url, CHUNKS, done["id"]):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)


async def test_a_worker_that_is_killed_again_and_again_leaves_every_row_there_once(
    own_api: Api, own_owner_url: str, workers: Workers
) -> None:
    survey = await publish(own_api)
    place = (await upload(own_api, survey, NPS_AND_WAIT, answers())).headers["location"]
    reached = 0
    for _ in range(3):
        worker = workers.begin()
        reached = (await until_reading(own_api, place, beyond=reached))["rows_read"]
        workers.kill(worker)
    assert 0 < reached < ROWS

    workers.begin()
    done = await finished(own_api, place)

    assert (done["status"], done["rows_read"], done["rows_recorded"]) == ("succeeded", ROWS, ROWS)
    assert count(own_owner_url, RESPONSES, survey.id) == ROWS
    assert done["values_left_out"] == len(BAD)
    assert [fault["line"] for fault in await faults(own_api, done)] == [row + 2 for row in BAD]
    assert count(own_owner_url, CHUNKS, done["id"]) == 0


async def test_an_import_that_is_cancelled_while_it_runs_keeps_what_it_recorded_and_can_be_completed(
    own_api: Api, own_owner_url: str, workers: Workers
) -> None:
    survey = await publish(own_api)
    workers.begin()
    place = (await upload(own_api, survey, NPS_AND_WAIT, answers())).headers["location"]
    await until_reading(own_api, place, beyond=0)

    await own_api.post(f"{place}/cancel", status=200)
    cancelled = await finished(own_api, place)

    assert cancelled["status"] == "cancelled"
    assert 0 < cancelled["rows_recorded"] < ROWS
    assert count(own_owner_url, RESPONSES, survey.id) == cancelled["rows_recorded"]
    assert (await own_api.post(f"{place}/cancel", status=409)).json()["code"] == "job_finished"
    again = await finished(own_api, (await upload(own_api, survey, NPS_AND_WAIT, answers())).headers["location"])
    assert (again["rows_duplicate"], again["rows_recorded"]) == (
        cancelled["rows_recorded"],
        ROWS - cancelled["rows_recorded"],
    )
    await until_gone(own_owner_url, cancelled)


async def test_the_bytes_of_a_file_that_cannot_be_read_are_thrown_away(
    own_api: Api, own_owner_url: str, workers: Workers
) -> None:
    survey = await publish(own_api)
    workers.begin()

    failed = await finished(own_api, (await upload(own_api, survey, NPS_AND_WAIT, "a,b\n1,2\n")).headers["location"])

    assert failed["status"] == "failed"
    await until_gone(own_owner_url, failed)


async def test_an_import_that_is_cancelled_while_it_waits_is_cancelled_at_once(
    own_api: Api, own_owner_url: str
) -> None:
    survey = await publish(own_api)
    place = (await upload(own_api, survey, NPS_AND_WAIT, answers(10))).headers["location"]

    cancelled = (await own_api.post(f"{place}/cancel", status=200)).json()

    assert (cancelled["status"], cancelled["rows_read"]) == ("cancelled", 0)
    assert count(own_owner_url, CHUNKS, cancelled["id"]) == 0


async def test_memory_does_not_grow_with_the_file(own_api: Api, own_owner_url: str, workers: Workers) -> None:
    survey = await publish(own_api)
    mapping = {"columns": [*NPS_AND_WAIT["columns"], {"column": "note", "to": "ignore"}]}
    worker = workers.begin()

    async def peak_after(rows: int) -> int:
        """Bytes that the worker held at most, after a file of so many rows of 2 kB."""
        lines = (f"{row % 11},{row % 5 + 1},{'note ' * 400}{row}\n" for row in range(rows))
        content = "nps,wait,note\n" + "".join(lines)
        done = await finished(own_api, (await upload(own_api, survey, mapping, content)).headers["location"])
        assert (done["status"], done["rows_recorded"]) == ("succeeded", rows)
        # Folding and flagging load their libraries with the first rows, whatever the file's size.
        await soon(lambda: count(own_owner_url, UNDONE) == 0, seconds=120)
        return most_held_by(worker.pid)

    small = await peak_after(4_500)
    large = await peak_after(45_000)

    # The file grew by 80 MB.
    assert large < small + 40 * 2**20, f"{small} -> {large} bytes"


def most_held_by(pid: int) -> int:
    """The most bytes of memory that a process has had."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


class Uploads:
    """Uploads straight to the use case, with chunks that the test gives."""

    def __init__(self, database: Database, api: Api, survey: PublishedSurvey, owner_url: str) -> None:
        self.database = database
        self.organisation_id = api.organisation.organisation_id
        self.survey = survey
        self.owner_url = owner_url

    async def receive(self, chunks: AsyncIterator[bytes], *, clock: SystemClock | FixedClock | None = None) -> UUID:
        """Take a file in."""
        mapping = ImportMapping.from_json({"format": "csv", **NPS_AND_WAIT})
        upload = Upload(UUID(self.survey.id), mapping, "a.csv", chunks, "test")
        received = await receive_import(self.database, self.organisation_id, upload, clock=clock or SystemClock())
        return received.stored.id

    async def discard_due(self, now: FixedClock) -> list[Outcome]:
        """Do what is due of throwing files away."""
        load_actors()
        executor = Executor(self.database, now, SecretSettings(), timedelta(seconds=30))
        async with self.database.system() as session:
            jobs = await due_jobs(
                session,
                now=now.now(),
                ring_again_after=timedelta(0),
                limit=1_000,
                max_retries={"imports.discard": 5},
            )
        mine = [job for job in jobs if job.organisation_id == self.organisation_id]
        return [await executor.run(HANDLERS[job.kind], job.organisation_id, job.id) for job in mine]

    def kept(self) -> int:
        """Parts of files that are kept."""
        query = "SELECT count(*) FROM import_chunk WHERE organisation_id = %s"
        return count(self.owner_url, query, self.organisation_id)


@pytest.fixture
async def uploads(own_api: Api, own_database: Database, own_owner_url: str) -> Uploads:
    """Uploads to a survey that takes answers; no worker runs."""
    return Uploads(own_database, own_api, await publish(own_api), own_owner_url)


async def test_no_transaction_is_open_while_a_file_comes_in(uploads: Uploads) -> None:
    received = 0

    async def slowly() -> AsyncIterator[bytes]:
        nonlocal received
        for chunk in (b"nps,wait\n", b"9,4\n" * 1000):
            # What others have open comes and goes; what waits for this chunk would stay.
            await soon(lambda: count(uploads.owner_url, OPEN) == 0, seconds=20)
            received += 1
            yield chunk

    await uploads.receive(slowly())

    assert received == 2


async def test_what_came_in_of_an_upload_that_broke_off_is_thrown_away_later(uploads: Uploads) -> None:
    async def breaking_off() -> AsyncIterator[bytes]:
        yield b"x" * CHUNK_BYTES
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await uploads.receive(breaking_off())
    now = SystemClock().now()

    assert await uploads.discard_due(FixedClock(now + KEPT_FOR - timedelta(minutes=1))) == []
    assert uploads.kept() == 1
    assert await uploads.discard_due(FixedClock(now + KEPT_FOR)) == [Outcome.SUCCEEDED]
    assert uploads.kept() == 0


async def test_a_file_that_still_waits_to_be_read_is_kept(uploads: Uploads) -> None:
    async def whole() -> AsyncIterator[bytes]:
        yield b"nps,wait\n9,4\n"

    await uploads.receive(whole())
    later = FixedClock(SystemClock().now() + KEPT_FOR)

    assert await uploads.discard_due(later) == [Outcome.SUCCEEDED]
    assert uploads.kept() == 1
    later.instant += KEPT_FOR
    assert await uploads.discard_due(later) == [Outcome.SUCCEEDED]
    assert uploads.kept() == 1


async def test_an_upload_that_takes_longer_than_files_are_kept_is_refused(uploads: Uploads) -> None:
    clock = FixedClock(SystemClock().now())

    async def very_slowly() -> AsyncIterator[bytes]:
        yield b"nps,wait\n"
        clock.instant += KEPT_FOR
        await uploads.discard_due(clock)
        yield b"9,4\n"

    with pytest.raises(UploadInterrupted):
        await uploads.receive(very_slowly(), clock=clock)
