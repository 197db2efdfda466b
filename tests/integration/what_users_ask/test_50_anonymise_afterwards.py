"""50: a survey is made anonymous after the fact, for good; its answers and figures stay."""

from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.cells import cells, fold_all, recount
from tests.support.responses import batch, everything, listed, owner
from tests.support.subjects import take_out, touched
from tests.support.surveys import POST_VISIT, PublishedSurvey, publish

ATTRIBUTES = [
    {"key": "region", "values": ["north", "south"]},
    {"key": "age", "values": ["young", "old", "oldest"]},
]
TYPES = {question["key"]: question["type"] for question in POST_VISIT["questions"]}


async def _answered(api: Api) -> PublishedSurvey:
    """Seven in the north, six in the south; two of the north alone are the oldest."""
    survey = await publish(api, attributes=ATTRIBUTES)
    items = [
        {
            "external_id": f"ticket-Fgh-{number}",
            "submitted_at": "2026-03-01T10:00:00Z",
            "respondent": {"id": f"customer-Fgh-{number // 2}", "email": f"fgh{number}@example.org"},
            "attributes": {
                "region": "north" if number < 7 else "south",
                "age": "oldest" if number < 2 else "young" if number < 7 else "old",
            },
            "answers": {"nps": number % 11, "wait": number % 5 + 1, "why": f"Words number {number}"},
        }
        for number in range(13)
    ]
    assert (await batch(api, survey, items))["recorded"] == 13
    return survey


async def test_50_nothing_leads_from_an_answer_to_who_gave_it_any_more(
    api: Api, database: Database, owner_url: str
) -> None:
    survey = await _answered(api)
    organisation_id = api.organisation.organisation_id
    await fold_all(database, organisation_id, survey.id)
    before = await listed(api, survey)
    figure = (await api.get("/v1/kpis/nps/value", params={"survey": survey.id})).json()
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)

    shown = await take_out(api, database, survey, "anonymise")

    after = await listed(api, survey)
    assert [row["answers"] for row in after] == [row["answers"] for row in before]
    assert {(row["external_id"], row["respondent_ref"], row["confidentiality"]) for row in after} == {
        (None, None, "anonymous")
    }
    assert touched(shown)["response"] == 13
    with owner(owner_url) as connection:
        kept = connection.execute(
            "SELECT count(*) FILTER (WHERE num_nonnulls(external_id, external_ref, idempotency_ref, respondent_ref,"
            " import_id, import_line) > 0) FROM response WHERE survey_id = %s",
            [survey.id],
        ).fetchone()
        assert kept == (0,)
        assert "ticket-Fgh" not in everything(connection)
    for row in after:
        await api.get(f"/v1/surveys/{survey.id}/responses/{row['id']}/identity", status=404)
    again = (await api.get("/v1/kpis/nps/value", params={"survey": survey.id})).json()
    assert (again["value"], again["answered"]) == (figure["value"], figure["answered"])
    expected = await recount(database, organisation_id, survey.id, types=TYPES, time_zone="Europe/London")
    assert await cells(database, organisation_id, survey.id) == expected


async def test_50_nobody_stands_alone_with_what_is_known_of_them(api: Api, database: Database) -> None:
    survey = await _answered(api)
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)

    shown = await take_out(api, database, survey, "anonymise", minimum=5)

    groups = Counter(tuple(sorted(row["attributes"].items())) for row in await listed(api, survey))
    assert min(groups.values()) >= 5
    assert sum(groups.values()) == 13
    assert groups[("age", "old"), ("region", "south")] == 6
    assert touched(shown)["response.attributes"] == 7


async def test_50_it_cannot_be_taken_back_and_is_written_down(api: Api, database: Database) -> None:
    survey = await _answered(api)
    path = f"/v1/surveys/{survey.id}"
    refused = await api.post(f"{path}/anonymise", {"reason": "As promised"}, status=409)
    await api.post(f"{path}/close", status=200)

    await take_out(api, database, survey, "anonymise")

    assert refused.json()["code"] == "survey_not_closed"
    shown = await api.get(path)
    assert shown.json()["confidentiality"] == "anonymous"
    tag = {"If-Match": shown.headers["ETag"]}
    looser = await api.put(f"{path}/confidentiality", {"confidentiality": "identified"}, headers=tag, status=409)
    assert looser.json()["code"] == "confidentiality_loosened"
    events = (await api.get("/v1/audit", params={"thing": survey.id})).json()["items"]
    assert [(event["action"], event["actor"]) for event in events] == [("survey.anonymised", "test")]


async def test_50_comments_go_if_asked_for(api: Api, database: Database, owner_url: str) -> None:
    survey = await _answered(api)
    await api.post(f"/v1/surveys/{survey.id}/close", status=200)

    shown = await take_out(api, database, survey, "anonymise", comments="erase")

    assert touched(shown)["response.answers.why"] == 13
    assert {frozenset(row["answers"]) for row in await listed(api, survey)} == {frozenset({"nps", "wait"})}


async def test_50_the_service_can_take_away_but_not_change(api: Api, database: Database) -> None:
    survey = await _answered(api)
    rows = await listed(api, survey)
    organisation_id = api.organisation.organisation_id

    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.tenant(organisation_id) as session:
            await session.execute(text("UPDATE response SET external_id = NULL"))
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.system() as session:
            await session.execute(text("SELECT erase_answers(gen_random_uuid(), 'why', ARRAY[]::uuid[])"))
    async with database.tenant(UUID(int=1)) as session:
        other = await session.execute(
            text("SELECT erase_answers(:survey, 'why', :ids)"),
            {"survey": UUID(survey.id), "ids": [UUID(row["id"]) for row in rows]},
        )
        assert other.scalar_one() == 0
    assert await listed(api, survey) == rows
