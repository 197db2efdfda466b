"""Editions that are written by themselves after each review of an analysis schedule."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from feedback_core.analyses.jobs import RequestScheduled
from feedback_core.db.session import Database
from feedback_core.jobs.use_cases import request_job
from tests.integration.reports.conftest import FRAME, Reviewed
from tests.support.reports import finished
from tests.support.surveys import Json
from tests.support.waiting import soon

pytestmark = [pytest.mark.xdist_group("reports"), pytest.mark.usefixtures("worker_process")]

EDITIONS = [
    {"audience": "customers", "format": "json"},
    {"audience": "service_partners", "format": "json", "owner": "Bo"},
]


async def analysis_schedule(reviewed: Reviewed, **fields: object) -> str:
    """An analysis schedule of reviews that nothing else asks for."""
    analysis = {"kind": "review", "survey_id": reviewed.survey.id, "frame": FRAME, "level": 0.9, **fields}
    body = {"analysis": analysis, "cadence": "monthly", "hour": 5}
    return str((await reviewed.api.post("/v1/analysis-schedules", body, status=201)).json()["id"])


async def test_each_review_of_a_schedule_leads_to_its_editions_once(reviewed: Reviewed, database: Database) -> None:
    api, planned = reviewed.api, await analysis_schedule(reviewed)
    plan = {"analysis_schedule_id": planned, "editions": EDITIONS}
    made = (await api.post("/v1/report-schedules", plan, status=201)).json()
    async with database.tenant(api.organisation.organisation_id) as session:
        due = RequestScheduled(UUID(planned))
        await request_job(session, api.organisation.organisation_id, due, now=datetime.now(UTC))

    async def written() -> list[Json]:
        listed = (await api.get("/v1/reports")).json()["items"]
        return [each for each in listed if each["schedule_id"] == made["id"]]

    async def are_there() -> bool:
        return len(await written()) >= len(EDITIONS)

    await soon(are_there, seconds=60)
    reports = [await finished(api, each) for each in await written()]

    assert sorted(each["audience"] for each in reports) == ["customers", "service_partners"]
    assert {each["requested_by"] for each in reports} == {"schedule"}
    assert len({each["run_id"] for each in reports}) == 1
    assert reports[0]["run_id"] != reviewed.run_id


async def test_a_schedule_is_edited_as_it_was_read_and_ended(reviewed: Reviewed) -> None:
    api = reviewed.api
    plan = {"analysis_schedule_id": await analysis_schedule(reviewed, level=0.8), "editions": EDITIONS[:1]}
    made = await api.post("/v1/report-schedules", plan, status=201)
    path, tag = made.headers["Location"], {"If-Match": made.headers["ETag"]}

    changed = await api.put(path, {**plan, "enabled": False}, status=200, headers=tag)
    stale = await api.put(path, plan, headers=tag)
    bare = await api.put(path, plan)
    await api.call("DELETE", path, status=204)

    assert changed.json()["enabled"] is False
    assert (stale.status_code, bare.status_code) == (412, 428)
    assert (await api.get(path, status=404)).json()["code"] == "not_found"


async def test_what_could_never_be_written_is_refused(reviewed: Reviewed) -> None:
    trend = {"kind": "trend", "survey_id": reviewed.survey.id, "kpi": "csat", "question": "wait"}
    other = await reviewed.api.post(
        "/v1/analysis-schedules", {"analysis": trend, "cadence": "monthly", "hour": 5}, status=201
    )
    plan = {"analysis_schedule_id": other.json()["id"], "editions": EDITIONS[:1]}
    no_review = await reviewed.api.post("/v1/report-schedules", plan, status=422)
    partless = {
        "analysis_schedule_id": await analysis_schedule(reviewed, level=0.7),
        "editions": [EDITIONS[0], {"audience": "other_departments", "format": "pdf"}],
    }
    no_part = await reviewed.api.post("/v1/report-schedules", partless, status=422)

    assert no_review.json()["errors"][0]["code"] == "not_a_review"
    assert no_part.json()["errors"][0]["pointer"] == "/editions/1/process"
