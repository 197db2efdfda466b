"""55: answers are kept no longer than their survey says, and all answers to one question can be erased."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedback_core.db.session import Database
from feedback_core.jobs.relay import due_jobs
from feedback_core.subjects.payloads import ApplyRetention
from feedback_core.subjects.retention import request_due_retention
from tests.support.api import Api
from tests.support.cells import cells, fold_all, recount
from tests.support.responses import batch, everything_of, listed, owner
from tests.support.subjects import take_out, touched, work
from tests.support.surveys import POST_VISIT, PublishedSurvey, publish

# Of today: the service takes nothing from the future, and each of these is days away from what it is held against.
NOW = datetime.now(UTC)
LONG_AGO, LATELY = NOW - timedelta(days=200), NOW - timedelta(days=20)
TYPES = {question["key"]: question["type"] for question in POST_VISIT["questions"]}


async def _answered(api: Api) -> PublishedSurvey:
    """Ten responses of long ago and ten of lately."""
    survey = await publish(api)
    items: list[Any] = [
        {
            "external_id": f"ticket-{number}",
            "submitted_at": (LONG_AGO if number < 10 else LATELY).isoformat(),
            "respondent": {"id": f"customer-Bnm-{number}"},
            "attributes": {"region": "north"},
            "answers": {"nps": number % 11, "wait": number % 5 + 1, "why": f"Words-Bnm-{number}"},
        }
        for number in range(20)
    ]
    await batch(api, survey, items)
    return survey


async def _exact(api: Api, database: Database, survey: PublishedSurvey) -> bool:
    organisation_id = api.organisation.organisation_id
    expected = await recount(database, organisation_id, survey.id, types=TYPES, time_zone="Europe/London")
    return await cells(database, organisation_id, survey.id) == expected


async def _next_night(api: Api, database: Database, survey: PublishedSurvey, now: datetime) -> int:
    async with database.system() as system:
        await request_due_retention(system, now=now)
    return await work(api, database, now=now)


@pytest.mark.parametrize("body", [{"days": 90}, {"days": 90, "comments": "keep"}])
async def test_55_responses_beyond_their_time_are_erased_by_night_and_leave_the_figures(
    api: Api, database: Database, owner_url: str, body: dict[str, Any]
) -> None:
    survey = await _answered(api)
    await fold_all(database, api.organisation.organisation_id, survey.id)
    path = f"/v1/surveys/{survey.id}"
    set_to = await api.put(f"{path}/retention", {"action": "erase", **body}, status=201)
    due = datetime.fromisoformat(set_to.json()["next_run_at"])

    assert due.hour in {1, 2}
    done = await _next_night(api, database, survey, max(due, NOW))

    assert done == 1
    assert {row["external_id"] for row in await listed(api, survey)} == {f"ticket-{number}" for number in range(10, 20)}
    assert (await api.get("/v1/kpis/nps/value", params={"survey": survey.id})).json()["answered"] == 10
    assert await _exact(api, database, survey)
    with owner(owner_url) as connection:
        assert "Words-Bnm-3" not in everything_of(connection, api.organisation.organisation_id)
        assert "customer-Bnm" not in everything_of(connection, api.organisation.organisation_id)
    (erasure,) = (await api.get(f"{path}/erasures")).json()["items"]
    assert (erasure["kind"], erasure["requested_by"], erasure["status"]) == ("retention", "retention", "succeeded")
    assert touched(erasure)["response"] == 10
    assert (await api.get("/v1/audit", params={"thing": survey.id})).json()["items"][0]["details"]["response"] == 10


async def test_55_a_night_with_nothing_to_do_leaves_no_trace(api: Api, database: Database) -> None:
    survey = await _answered(api)
    path = f"/v1/surveys/{survey.id}"
    await api.put(f"{path}/retention", {"action": "erase", "days": 36_500}, status=201)
    due = datetime.fromisoformat((await api.get(f"{path}/retention")).json()["next_run_at"])

    assert await _next_night(api, database, survey, due - timedelta(minutes=1)) == 0
    assert await _next_night(api, database, survey, due) == 1
    assert await _next_night(api, database, survey, due) == 0

    assert (await api.get(f"{path}/erasures")).json()["items"] == []
    following = datetime.fromisoformat((await api.get(f"{path}/retention")).json()["next_run_at"])
    assert timedelta(hours=22) < following - due < timedelta(hours=26)


async def test_55_who_answered_can_go_while_the_figures_stay(api: Api, database: Database) -> None:
    survey = await _answered(api)
    await fold_all(database, api.organisation.organisation_id, survey.id)
    path = f"/v1/surveys/{survey.id}"
    before = (await api.get("/v1/kpis/nps/value", params={"survey": survey.id})).json()
    until = (NOW - timedelta(days=1)).isoformat()
    await api.put(f"{path}/retention", {"action": "anonymise", "until": until, "comments": "erase"}, status=201)
    due = datetime.fromisoformat((await api.get(f"{path}/retention")).json()["next_run_at"])

    assert await _next_night(api, database, survey, max(due, NOW)) == 1

    after = (await api.get("/v1/kpis/nps/value", params={"survey": survey.id})).json()
    assert (after["value"], after["answered"]) == (before["value"], before["answered"]) == (after["value"], 20)
    assert {row["confidentiality"] for row in await listed(api, survey)} == {"anonymous"}
    assert all("why" not in row["answers"] for row in await listed(api, survey))
    assert await _exact(api, database, survey)


async def test_55_a_retention_can_be_changed_and_ended(api: Api, database: Database) -> None:
    survey = await _answered(api)
    path = f"/v1/surveys/{survey.id}/retention"
    await api.get(path, status=404)
    first = await api.put(path, {"action": "erase", "days": 90}, status=201)
    await api.put(path, {"action": "erase", "days": 30}, status=428)
    await api.put(path, {"action": "erase", "days": 30}, headers={"If-Match": first.headers["ETag"]}, status=200)
    await api.put(path, {"action": "erase", "days": 10}, headers={"If-Match": first.headers["ETag"]}, status=412)

    assert (await api.get(path)).json()["days"] == 30
    await api.call("DELETE", path, status=204)
    await api.get(path, status=404)
    await api.call("DELETE", path, status=404)
    assert await _next_night(api, database, survey, NOW + timedelta(days=3650)) == 0


@pytest.mark.parametrize(
    "body",
    [
        {"action": "erase"},
        {"action": "erase", "days": 1, "until": "2026-01-01T00:00:00Z"},
        {"action": "erase", "days": 0},
        {"action": "erase", "until": "2026-01-01"},
        {"action": "erase", "days": 3, "comments": "erase"},
        {"action": "forget", "days": 3},
    ],
)
async def test_55_a_retention_that_says_nothing_clear_is_refused(api: Api, body: dict[str, Any]) -> None:
    survey = await publish(api)

    await api.put(f"/v1/surveys/{survey.id}/retention", body, status=422)


async def test_55_the_answers_to_one_question_are_erased_in_all_responses(
    api: Api, database: Database, owner_url: str
) -> None:
    survey = await _answered(api)
    await fold_all(database, api.organisation.organisation_id, survey.id)

    words = await take_out(api, database, survey, "questions/why/erase")
    waits = await take_out(api, database, survey, "questions/wait/erase")

    assert touched(words) == {"response.answers.why": 20}
    assert touched(waits) == {"response.answers.wait": 20}
    assert {frozenset(row["answers"]) for row in await listed(api, survey)} == {frozenset({"nps"})}
    assert await _exact(api, database, survey)
    with owner(owner_url) as connection:
        assert "Words-Bnm" not in everything_of(connection, api.organisation.organisation_id)
    await api.post(f"/v1/surveys/{survey.id}/questions/nothing/erase", {"reason": "None"}, status=404)


async def test_55_a_worker_that_ended_half_way_is_followed_by_one_that_finishes(
    api: Api, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    from feedback_core.subjects import survey_jobs

    survey = await _answered(api)
    await fold_all(database, api.organisation.organisation_id, survey.id)
    monkeypatch.setattr(survey_jobs, "BATCH", 3)

    shown = await take_out(api, database, survey, "questions/why/erase")

    assert touched(shown) == {"response.answers.why": 20}
    assert await _exact(api, database, survey)


async def test_55_the_schedule_asks_for_each_survey_once(api: Api, database: Database) -> None:
    survey = await _answered(api)
    await api.put(f"/v1/surveys/{survey.id}/retention", {"action": "erase", "days": 90}, status=201)
    late = NOW + timedelta(days=36_000)

    async with database.system() as system:
        await request_due_retention(system, now=late)
        await request_due_retention(system, now=late)
        due = await due_jobs(
            system, now=late, ring_again_after=timedelta(1), limit=10_000, max_retries={ApplyRetention.kind: 0}
        )
    ours = [job for job in due if job.organisation_id == api.organisation.organisation_id]
    assert [job.kind for job in ours if job.kind == ApplyRetention.kind] == [ApplyRetention.kind]
