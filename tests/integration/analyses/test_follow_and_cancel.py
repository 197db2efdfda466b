"""Following a run and cancelling it, with jobs that no worker takes, so that they stay where the test wants them."""

import asyncio
import json
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from fastapi import FastAPI

from feedback_core.analyses.payloads import RunTrend
from feedback_core.analyses.types import AnalysisRun
from feedback_core.analyses.use_cases import cancel_run, get_run, request_analysis
from feedback_core.db.session import Database
from feedback_core.jobs.execution import Executor, JobHandler
from feedback_core.jobs.relay import due_jobs
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobStatus, Outcome
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_core.trends.jobs import run_trend
from feedback_core.trends.types import TrendParameters
from feedback_core.trends.use_cases import check_trend
from tests.support.analyses import Json
from tests.support.api import Api
from tests.support.surveys import PublishedSurvey

pytestmark = pytest.mark.xdist_group("analyses")
CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Unclaimed(RunTrend):
    """A trend that no worker knows how to run."""

    kind: ClassVar[str] = "tests.unclaimed_trend"


async def waiting(api: Api, database: Database, survey: PublishedSurvey) -> AnalysisRun:
    """A run that waits."""
    organisation_id = api.organisation.organisation_id
    async with database.tenant(organisation_id) as session:
        parameters = TrendParameters("mean", question="wait")
        request = await check_trend(session, organisation_id, UUID(survey.id), parameters)
        asked = await request_analysis(session, organisation_id, request, Unclaimed, requested_by="test", clock=CLOCK)
    return asked.run


async def ring(database: Database) -> None:
    """Take what is due, as a relay does."""
    async with database.system() as system:
        await due_jobs(
            system,
            now=CLOCK.now(),
            ring_again_after=timedelta(seconds=15),
            limit=1_000,
            max_retries={Unclaimed.kind: 0},
        )


def events(stream: str) -> list[Json]:
    """The events of a stream, fields by name; comments left out."""
    blocks = [block for block in stream.split("\n\n") if block and not block.startswith(":")]
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


async def test_a_waiting_run_is_cancelled_at_once(api: Api, database: Database, slower: PublishedSurvey) -> None:
    run = await waiting(api, database, slower)

    cancelled = (await api.post(f"/v1/analyses/{run.id}/cancel", status=200)).json()
    again = await api.post(f"/v1/analyses/{run.id}/cancel", status=409)

    assert cancelled["status"] == "cancelled"
    assert again.json()["code"] == "job_finished"


async def test_a_cancelled_run_is_not_returned_for_the_same_request(
    api: Api, database: Database, slower: PublishedSurvey
) -> None:
    first = await waiting(api, database, slower)
    same = await waiting(api, database, slower)
    await api.post(f"/v1/analyses/{first.id}/cancel", status=200)

    assert same.id == first.id
    assert (await waiting(api, database, slower)).id != first.id


async def test_a_running_run_ends_at_its_next_step_and_keeps_nothing(
    api: Api, database: Database, slower: PublishedSurvey
) -> None:
    run = await waiting(api, database, slower)
    organisation_id = api.organisation.organisation_id

    async def cancelled_under_way(job: JobRun[Unclaimed]) -> None:
        async with database.tenant(organisation_id) as session:
            await cancel_run(session, organisation_id, run.id, clock=CLOCK)
        await run_trend(job)  # type: ignore[arg-type]

    await ring(database)
    executor = Executor(database, CLOCK, SecretSettings(), timedelta(seconds=30))
    handler = JobHandler(Unclaimed, cancelled_under_way, timedelta(seconds=30), 0)
    outcome = await executor.run(handler, organisation_id, run.job.id)

    async with database.tenant(organisation_id) as session:
        ended = await get_run(session, organisation_id, run.id)
    assert (outcome, ended.job.status, ended.result) == (Outcome.CANCELLED, JobStatus.CANCELLED, None)


async def test_the_stream_says_what_get_says_and_ends(api: Api, database: Database, slower: PublishedSurvey) -> None:
    run = await waiting(api, database, slower)
    before = (await api.get(f"/v1/analyses/{run.id}")).json()

    following = asyncio.create_task(api.get(f"/v1/analyses/{run.id}/events"))
    await asyncio.sleep(1)
    await api.post(f"/v1/analyses/{run.id}/cancel", status=200)
    stream = await asyncio.wait_for(following, 10)

    after = (await api.get(f"/v1/analyses/{run.id}")).json()
    first, last = events(stream.text)
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert (first["event"], json.loads(first["data"])) == ("progress", before)
    assert (last["event"], json.loads(last["data"])) == ("progress", after)
    assert after["status"] == "cancelled"
    assert first["id"] != last["id"]
    assert int(first["retry"]) > 0


async def test_the_stream_stops_when_the_client_goes_and_holds_no_connection(
    api: Api, app: FastAPI, database: Database, slower: PublishedSurvey
) -> None:
    run = await waiting(api, database, slower)
    gone = asyncio.Event()

    async def receive() -> MutableMapping[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        if b"event: progress" in message.get("body", b""):
            assert app.state.database.engine.pool.checkedout() == 0
            gone.set()

    path = f"/v1/analyses/{run.id}/events"
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {api.organisation.token}".encode())],
    }
    await asyncio.wait_for(app(scope, receive, send), 10)

    assert gone.is_set()
