"""What happens to responses, files and analyses is told: once, without what nobody is to know."""

import asyncio
import json
from collections import Counter
from uuid import UUID

import pytest

from feedback_core.db.session import Database
from feedback_core.kpis.announcing.jobs import announce_part
from tests.support.announcing import announce, feed
from tests.support.api import Api
from tests.support.imports import NPS_AND_WAIT, upload
from tests.support.subjects import work
from tests.support.surveys import publish


async def test_a_response_is_told_of_and_a_low_score_with_its_question(api: Api, database: Database) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}/responses"
    good = (await api.post(path, {"answers": {"nps": 9, "wait": 4}}, status=201)).json()["id"]
    poor = (await api.post(path, {"answers": {"nps": 3, "wait": 4, "ease": 1}}, status=201)).json()["id"]

    await announce(database, api, survey)

    events = await feed(api, at_least=3)
    by_subject = [(event["subject"]["id"], event["subject"]["sequence"], event["type"]) for event in events]
    assert sorted(by_subject) == sorted(
        [
            (good, 1, "response.completed"),
            (poor, 1, "response.completed"),
            (poor, 2, "response.low_score"),
        ]
    )
    (low,) = await feed(api, type="response.low_score")
    assert low["data"]["scores"] == [
        {"question": "nps", "score": 3, "low_up_to": 6},
        {"question": "ease", "score": 1, "low_up_to": 2},
    ]
    assert low["data"]["survey_id"] == survey.id


async def test_nothing_is_told_of_who_somebody_is_or_of_what_they_wrote(api: Api, database: Database) -> None:
    survey = await publish(api)
    body = {
        "external_id": "crm-4711",
        "confidentiality": "identified",
        "respondent": {"id": "customer-7", "name": "Ada Byron", "email": "ada@example.org"},
        "attributes": {"region": "north"},
        "answers": {"nps": 0, "why": "My name is Ada and I waited for hours."},
    }
    await api.post(f"/v1/surveys/{survey.id}/responses", body, status=201)

    await announce(database, api, survey)

    told = json.dumps(await feed(api, at_least=2))
    for word in ("crm-4711", "customer-7", "Ada", "ada@example.org", "waited", "north"):
        assert word not in told


async def test_of_two_workers_each_response_is_told_of_once(api: Api, database: Database) -> None:
    survey = await publish(api)
    items = [{"answers": {"nps": n % 11}} for n in range(40)]
    await api.post(f"/v1/surveys/{survey.id}/responses/batch", {"items": items}, status=200)

    await asyncio.gather(*(announce(database, api, survey, most=7) for _ in range(3)))
    await announce(database, api, survey)

    low = sum(n % 11 <= 6 for n in range(40))
    events = await feed(api, at_least=40 + low)
    assert len(events) == len({event["id"] for event in events}) == 40 + low


async def test_of_an_erased_response_nothing_stays_told(api: Api, database: Database) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}/responses"
    told = (await api.post(path, {"answers": {"nps": 1}}, status=201)).json()["id"]
    await announce(database, api, survey)
    untold = (await api.post(path, {"answers": {"nps": 1}}, status=201)).json()["id"]
    assert len(await feed(api, at_least=2)) == 2

    for response in (told, untold):
        await api.post(f"{path}/{response}/erase", {"reason": "As asked for"}, status=204)
    await announce(database, api, survey)

    assert await feed(api) == []


async def test_what_a_survey_has_been_told_of_is_not_read_again(api: Api, database: Database) -> None:
    survey = await publish(api)
    await api.post(f"/v1/surveys/{survey.id}/responses", {"answers": {"nps": 9}}, status=201)
    await announce(database, api, survey)
    before = await feed(api, at_least=1)

    async with database.tenant(api.organisation.organisation_id) as session:
        await announce_part(session, api.organisation.organisation_id, UUID(survey.id))

    assert await feed(api) == before


@pytest.mark.parametrize("limit", [1, 2, 1000])
async def test_a_poller_reads_on_where_it_ended_and_misses_nothing(api: Api, database: Database, limit: int) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}/responses"
    found: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        await api.post(path, {"answers": {"nps": 2}}, status=201)
        await announce(database, api, survey)
        await feed(api, at_least=len(found) + 2)
        more = True
        while more:
            page = (await api.get("/v1/events", params={"limit": limit, **cursor})).json()
            found += [event["id"] for event in page["items"]]
            cursor, more = {"cursor": page["next_cursor"]}, page["has_more"]

    assert found == [event["id"] for event in await feed(api)]
    assert len(found) == 6


async def test_a_file_that_was_read_and_a_run_that_has_its_result_are_told_of_once(
    api: Api, database: Database
) -> None:
    survey = await publish(api)
    imported = (await upload(api, survey, NPS_AND_WAIT, "nps,wait\n9,4\n99,3\n2,1\n")).json()["id"]
    await work(api, database, "imports.run")
    items = [
        {"submitted_at": f"2025-{n % 10 + 1:02}-15T10:00:00Z", "attributes": {"region": "north"}, "answers": {"nps": 9}}
        for n in range(60)
    ]
    await api.post(f"/v1/surveys/{survey.id}/responses/batch", {"items": items}, status=200)
    asked = {"kind": "trend", "survey_id": survey.id, "kpi": "nps"}
    run = (await api.post("/v1/analyses", asked, status=202)).json()["id"]
    await work(api, database, "analyses.trend")
    await announce(database, api, survey)

    events = await feed(api, at_least=62)
    assert Counter(event["type"] for event in events) == {
        "response.completed": 60,
        "import.finished": 1,
        "analysis.finished": 1,
    }
    told = {event["type"]: event for event in events}
    assert told["import.finished"]["subject"] == {"kind": "import", "id": imported, "sequence": 1}
    assert told["import.finished"]["data"] == {
        "survey_id": survey.id,
        "dry_run": False,
        "rows_read": 3,
        "rows_recorded": 3,
        "rows_duplicate": 0,
        "rows_rejected": 0,
    }
    assert told["analysis.finished"]["subject"]["id"] == run
    assert told["analysis.finished"]["data"] == {"analysis": "trend", "survey_id": survey.id, "schedule_id": None}
