"""Exports that are interrupted: by a crash, by somebody who cancels them, by an erasure, by time."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from feedback_core.db.session import Database
from feedback_core.jobs.execution import Executor
from feedback_core.jobs.relay import due_jobs
from feedback_core.jobs.types import Outcome
from feedback_core.kit.clock import FixedClock, SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_core.responses.exports.schedule import request_due_discards
from feedback_core.responses.exports.types import KEPT_FOR, DiscardExport
from feedback_worker.actor import HANDLERS
from tests.integration.imports.conftest import Workers
from tests.support.api import Api
from tests.support.breakpoints import Breakpoint, Place, breakpoint_at
from tests.support.exports import ask, content_of, ended, exported_now, fetched, lines_of, run_now
from tests.support.responses import batch, decide, recorded
from tests.support.surveys import Json, PublishedSurvey, publish
from tests.support.waiting import soon

pytestmark = pytest.mark.xdist_group("exports_interrupted")

ROWS = 1_500
# Ratings that weigh something, without a comment that the worker would read.
GRID = [f"row_{number:02}_{'x' * 50}" for number in range(60)]
QUESTIONS = [
    {
        "key": "grid",
        "type": "matrix",
        "text": "How far do you agree?",
        "scale": {"min": 1, "max": 5},
        "rows": [{"key": key, "label": key} for key in GRID],
    }
]
CHUNKS = "SELECT count(*) FROM export_chunk WHERE export_id = %s"
SECOND_PART = Place("export_chunk", "INSERT", "NEW.number = 1")


async def several_parts(api: Api) -> tuple[PublishedSurvey, list[str]]:
    """A survey whose export has some six parts, and the ids of its responses."""
    survey = await publish(api, questions=QUESTIONS)
    ids: list[str] = []
    for first in range(0, ROWS, 250):
        items = [{"answers": {"grid": dict.fromkeys(GRID, n % 5 + 1)}} for n in range(first, first + 250)]
        ids += [item["id"] for item in (await batch(api, survey, items))["items"]]
    return survey, ids


def count(owner_url: str, query: str, *values: object) -> int:
    """One number out of the database."""
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(query, values).fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def held_at_the_second_part(owner_url: str) -> Iterator[Breakpoint]:
    with breakpoint_at(owner_url, SECOND_PART) as place:
        yield place


async def test_a_worker_that_is_killed_again_and_again_leaves_every_row_there_once(
    own_api: Api, own_owner_url: str, workers: Workers
) -> None:
    survey, ids = await several_parts(own_api)
    asked = await ask(own_api, survey)
    with held_at_the_second_part(own_owner_url) as place:
        for _ in range(3):
            worker = workers.begin()
            await place.reached()
            assert count(own_owner_url, CHUNKS, asked["id"]) == 1
            workers.kill(worker)

    workers.begin()
    done = await ended(own_api, asked)

    assert (done["status"], done["rows_written"]) == ("succeeded", ROWS)
    assert [line["response_id"] for line in lines_of(await content_of(own_api, done))] == sorted(ids)


async def test_what_is_recorded_meanwhile_waits_for_the_next_export(
    own_api: Api, own_database: Database, own_owner_url: str, workers: Workers
) -> None:
    survey, ids = await several_parts(own_api)
    asked = await ask(own_api, survey)
    with held_at_the_second_part(own_owner_url) as place:
        workers.begin()
        await place.reached()
        later = await recorded(own_api, survey, answers={"grid": {GRID[0]: 1}})
        await decide(own_api, survey, ids[-1], "exclude")
        await place.release()
        done = await ended(own_api, asked)

    found = {line["response_id"]: line for line in lines_of(await content_of(own_api, done))}
    assert (set(found), found[ids[-1]]["excluded"]) == (set(ids), False)
    following = await ended(own_api, await ask(own_api, survey, updated_since=done["next_updated_since"]))
    changed = {line["response_id"]: line for line in lines_of(await content_of(own_api, following))}
    assert (changed[ids[-1]]["excluded"], later in changed) == (True, True)


async def test_an_erasure_while_the_file_is_written_begins_it_anew(
    own_api: Api, own_owner_url: str, workers: Workers
) -> None:
    survey, ids = await several_parts(own_api)
    asked = await ask(own_api, survey)
    with held_at_the_second_part(own_owner_url) as place:
        workers.begin()
        await place.reached()
        erasing = asyncio.ensure_future(decide(own_api, survey, ids[0], "erase"))
        # The part in hand holds the row of the export; the erasure waits for it.
        await soon(lambda: _waits(own_owner_url), seconds=20)
        await place.release()
        assert (await erasing).status_code == 204
        done = await ended(own_api, asked)

    assert (done["status"], done["rows_written"]) == ("succeeded", ROWS - 1)
    assert [line["response_id"] for line in lines_of(await content_of(own_api, done))] == sorted(ids[1:])


async def test_an_export_that_is_cancelled_while_it_runs_leaves_nothing(
    own_api: Api, own_owner_url: str, workers: Workers
) -> None:
    survey, _ = await several_parts(own_api)
    asked = await ask(own_api, survey)
    with held_at_the_second_part(own_owner_url) as place:
        workers.begin()
        await place.reached()
        cancelling = (await own_api.post(f"{asked['links']['self']}/cancel", status=200)).json()
        assert cancelling["status"] == "running"
    done = await ended(own_api, asked)
    assert done["status"] == "cancelled"

    await soon(lambda: count(own_owner_url, CHUNKS, asked["id"]) == 0, seconds=30)
    await soon(lambda: _is_gone(own_api, asked, "cancelled"), seconds=30)


async def test_one_that_waits_is_cancelled_at_once(api: Api) -> None:
    survey = await publish(api)
    asked = await ask(api, survey)

    cancelled = (await api.post(f"{asked['links']['self']}/cancel", status=200)).json()
    again = await api.post(f"{asked['links']['self']}/cancel")

    assert (cancelled["status"], cancelled["file"]["gone_reason"]) == ("cancelled", "cancelled")
    assert (again.status_code, again.json()["code"]) == (409, "job_finished")


async def test_a_file_is_thrown_away_when_its_time_has_come_and_not_before(
    api: Api, database: Database, owner_url: str
) -> None:
    survey = await publish(api)
    await recorded(api, survey)
    done = await exported_now(database, api, survey)

    await _discard_due(database, api, KEPT_FOR - timedelta(minutes=1))
    assert (await fetched(api, done)).status_code == 200
    await _discard_due(database, api, KEPT_FOR + timedelta(minutes=1))

    answer = await fetched(api, done)
    assert (answer.status_code, answer.json()["code"]) == (410, "export_gone")
    shown = (await api.get(done["links"]["self"])).json()
    assert (shown["file"]["gone_reason"], shown["rows_written"]) == ("expired", 1)
    assert count(owner_url, CHUNKS, done["id"]) == 0
    # What went with the file is not the mark to go on from.
    new = await recorded(api, survey)
    following = await exported_now(database, api, survey, updated_since=done["next_updated_since"])
    assert [line["response_id"] for line in lines_of(await content_of(api, following))] == [new]


async def test_a_file_that_is_being_written_is_not_thrown_away(api: Api, database: Database) -> None:
    survey = await publish(api)
    asked = await ask(api, survey)

    await _discard_due(database, api, KEPT_FOR + timedelta(minutes=1))
    await run_now(database, api, asked)

    assert (await fetched(api, asked)).status_code == 200


async def _discard_due(database: Database, api: Api, after: timedelta) -> None:
    """What schedule, relay and worker do after so long."""
    clock = FixedClock(SystemClock().now() + after)
    organisation_id = api.organisation.organisation_id
    async with database.system() as session:
        await request_due_discards(session, now=clock.now())
        retries: dict[str, Any] = dict.fromkeys(HANDLERS, 5)
        due = await due_jobs(session, now=clock.now(), ring_again_after=timedelta(0), limit=10_000, max_retries=retries)
    executor = Executor(database, clock, SecretSettings(), timedelta(minutes=1))
    for job in due:
        if (job.organisation_id, job.kind) == (organisation_id, DiscardExport.kind):
            assert await executor.run(HANDLERS[job.kind], organisation_id, job.id) is Outcome.SUCCEEDED


def _waits(owner_url: str) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE %s"
    return count(owner_url, query, "UPDATE response_export%") > 0


async def _is_gone(api: Api, asked: Json, reason: str) -> bool:
    shown = (await api.get(asked["links"]["self"])).json()
    assert UUID(shown["id"])
    return bool(shown["file"]["gone_reason"] == reason)
