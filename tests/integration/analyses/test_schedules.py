"""Schedules: kept, changed with the version they were read at, and each time that is due leads to one run."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from feedback_core.analyses.jobs import request_due_runs
from feedback_core.db.session import Database
from tests.support.analyses import Json, ended
from tests.support.api import Api
from tests.support.surveys import PublishedSurvey

pytestmark = pytest.mark.xdist_group("analyses")


def weekly(survey: PublishedSurvey, **fields: object) -> Json:
    analysis = {"kind": "trend", "survey_id": survey.id, "kpi": "mean", "question": "wait"}
    return {"analysis": analysis, "cadence": "weekly", "hour": 6, **fields}


async def created(api: Api, survey: PublishedSurvey, **fields: object) -> Json:
    schedule: Json = (await api.post("/v1/analysis-schedules", weekly(survey, **fields), status=201)).json()
    return schedule


async def make_due(database: Database, api: Api, schedule: Json) -> None:
    """As if its time, and two more, had gone by while no worker ran."""
    async with database.tenant(api.organisation.organisation_id) as session:
        await session.execute(
            text("UPDATE analysis_schedule SET next_run_at = now() - interval '15 days' WHERE id = :id"),
            {"id": UUID(schedule["id"])},
        )


async def jobs_requested(database: Database, api: Api) -> int:
    async with database.tenant(api.organisation.organisation_id) as session:
        found = await session.execute(text("SELECT count(*) FROM job WHERE kind = 'analyses.scheduled'"))
        return int(found.scalar_one())


async def test_a_schedule_is_due_at_its_hour_by_its_own_clocks(api: Api, slower: PublishedSurvey) -> None:
    schedule = await created(api, slower, tz="Asia/Kathmandu")

    due = datetime.fromisoformat(schedule["next_run_at"]).astimezone(ZoneInfo("Asia/Kathmandu"))
    assert (due.weekday(), due.hour, due.minute) == (0, 6, 0)
    assert timedelta() < due - datetime.now(UTC) <= timedelta(days=7)
    assert schedule["analysis"]["bucket"] == "month"


async def test_a_schedule_is_read_changed_and_removed(api: Api, slower: PublishedSurvey) -> None:
    schedule = await created(api, slower)
    path = f"/v1/analysis-schedules/{schedule['id']}"
    read = await api.get(path)
    change = weekly(slower, cadence="monthly", tz="UTC")

    await api.put(path, change, status=428)
    changed = await api.put(path, change, status=200, headers={"If-Match": read.headers["ETag"]})
    await api.put(path, change, status=412, headers={"If-Match": read.headers["ETag"]})

    assert read.json() == schedule
    assert changed.json()["cadence"] == "monthly"
    assert datetime.fromisoformat(changed.json()["next_run_at"]).day == 1
    assert (await api.get(path)).json() == changed.json()
    assert (await api.get(path)).headers["ETag"] == changed.headers["ETag"] != read.headers["ETag"]
    assert [item["id"] for item in (await api.get("/v1/analysis-schedules")).json()["items"]] == [schedule["id"]]
    await api.call("DELETE", path, status=204)
    await api.get(path, status=404)
    await api.call("DELETE", path, status=404)


async def test_another_organisation_has_no_such_schedule(api: Api, other_api: Api, slower: PublishedSurvey) -> None:
    path = f"/v1/analysis-schedules/{(await created(api, slower))['id']}"

    await other_api.get(path, status=404)
    await other_api.put(path, weekly(slower), status=404, headers={"If-Match": '"1"'})
    await other_api.call("DELETE", path, status=404)
    await api.get(path)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"hour": 24}, "/hour"),
        ({"cadence": "hourly"}, "/cadence"),
        ({"tz": "Europe/Atlantis"}, "/tz"),
        ({"analysis": {"kind": "trend"}}, "/analysis/survey_id"),
    ],
)
async def test_a_wrong_field_is_named(api: Api, slower: PublishedSurvey, fields: Json, pointer: str) -> None:
    refused = await api.post("/v1/analysis-schedules", weekly(slower, **fields), status=422)

    assert refused.json()["errors"][0]["pointer"] == pointer


async def test_a_fault_of_the_analysis_points_into_it(api: Api, slower: PublishedSurvey) -> None:
    analysis = {**weekly(slower)["analysis"], "question": "nothing"}

    refused = await api.post("/v1/analysis-schedules", weekly(slower, analysis=analysis), status=422)

    assert refused.json()["errors"][0]["pointer"] == "/analysis/question"


async def test_of_several_relays_one_requests_the_job(api: Api, database: Database, slower: PublishedSurvey) -> None:
    await make_due(database, api, await created(api, slower))

    async def look() -> None:
        async with database.system() as system:
            await request_due_runs(system, now=datetime.now(UTC))

    await asyncio.gather(*[look() for _ in range(5)])
    await look()

    assert await jobs_requested(database, api) == 1


async def test_a_schedule_that_is_switched_off_waits(api: Api, database: Database, slower: PublishedSurvey) -> None:
    await make_due(database, api, await created(api, slower, enabled=False))

    async with database.system() as system:
        await request_due_runs(system, now=datetime.now(UTC))

    assert await jobs_requested(database, api) == 0


@pytest.mark.usefixtures("worker_process")
async def test_a_due_schedule_leads_to_one_finished_run(api: Api, database: Database, slower: PublishedSurvey) -> None:
    schedule = await created(api, slower)
    await make_due(database, api, schedule)

    deadline = time.monotonic() + 30
    while not (runs := (await api.get("/v1/analyses")).json()["items"]):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)
    run = await ended(api, runs[0]["id"])
    await asyncio.sleep(1)  # some rounds of the schedule

    assert (run["status"], run["schedule_id"], run["requested_by"]) == ("succeeded", schedule["id"], "schedule")
    assert len((await api.get("/v1/analyses")).json()["items"]) == 1
    following = (await api.get(f"/v1/analysis-schedules/{schedule['id']}")).json()
    assert following["next_run_at"] == schedule["next_run_at"]
