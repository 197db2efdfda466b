"""Rules on a collection: what they find is told once, taken on, over by itself, and changes the plan."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.comments import put_codebook, read_comments, say
from tests.support.fieldwork import Asked, invited, put_rules, watched
from tests.support.planning import make_plan, move_plan, plan_of
from tests.support.responses import batch
from tests.support.surveys import Json, PublishedSurvey, publish

RATE: Json = {"key": "rate", "kind": "response_rate", "threshold": 0.2}


def days(later: int) -> str:
    return (datetime.now(UTC) + timedelta(days=later)).date().isoformat()


async def planned(api: Api, survey: PublishedSurvey, **changes: Any) -> Json:
    plan = plan_of(survey, starts_on=days(-12), ends_on=days(8), **changes)
    made = await make_plan(api, plan)
    return await move_plan(api, made["id"], "approved")


async def told(api: Api, survey: PublishedSurvey) -> list[tuple[str, str]]:
    events = (await api.get("/v1/events", params={"subject": survey.id, "type": "fieldwork.alert"})).json()["items"]
    return [(each["data"]["rule"], each["data"]["state"]) for each in events]


async def test_of_many_who_revise_the_plan_by_an_alert_at_once_one_does(api: Api, database: Database) -> None:
    survey = await publish(api)
    plan = await planned(api, survey)
    await put_rules(api, survey, RATE)
    await invited(api, database, survey, Asked(60, "completed"), Asked(540, "delivered"))
    (alert,) = await watched(api, database, survey)
    path = f"/v1/fieldwork-alerts/{alert['id']}"
    tag = {"If-Match": f'"{(await api.get(path)).json()["proposal"]["plan_revision"]}"'}

    answers = await asyncio.gather(*(api.post(f"{path}/plan-revision", {}, status=None, headers=tag) for _ in range(4)))

    told = sorted(answer.status_code for answer in answers)
    assert (told[0], {*told[1:]} <= {409, 412}) == (201, True)
    revisions = (await api.get(f"/v1/plans/{plan['id']}/revisions")).json()["items"]
    assert [each["number"] for each in revisions] == [2, 1]


async def test_R2_4_what_a_rule_finds_is_told_once_and_is_the_signal_of_the_revision_that_a_person_accepts(
    api: Api, database: Database
) -> None:
    survey = await publish(api)
    plan = await planned(api, survey)
    await put_rules(api, survey, RATE)
    await invited(api, database, survey, Asked(60, "completed"), Asked(540, "delivered"))

    (alert,) = await watched(api, database, survey)
    again = await watched(api, database, survey)

    assert (alert["rule"], alert["subject"], alert["state"]) == ("rate", "", "open")
    assert (alert["value"], alert["limit"], alert["n"]) == (pytest.approx(0.1), 0.2, 600)
    assert alert["high"] < 0.2
    assert [each["id"] for each in again] == [alert["id"]]
    assert await told(api, survey) == [("rate", "open")]

    path = f"/v1/fieldwork-alerts/{alert['id']}"
    proposal = (await api.get(path)).json()["proposal"]
    assert (proposal["plan_id"], proposal["signal"]["kind"]) == (plan["id"], "response_rate")
    assert proposal["signal"]["reference"] == path
    assert {each["path"]: (each["before"], each["after"]) for each in proposal["changes"]} == {
        "/sampling/invitations": (2000, 4000),
        "/sampling/response_rate": (0.2, 0.1),
    }
    await api.post(f"{path}/plan-revision", {}, status=428)
    tag = {"If-Match": f'"{proposal["plan_revision"]}"'}
    revised = await api.post(f"{path}/plan-revision", {}, status=201, headers=tag)

    kept = (await api.get(revised.headers["Location"])).json()
    assert (kept["number"], kept["signal"]["observed"]) == (2, alert["sentence"])
    assert (kept["plan"]["sampling"]["invitations"], kept["signal"]["reference"]) == (4000, path)
    after = (await api.get(path)).json()
    assert (after["plan_id"], after["plan_revision"], after["proposal"]) == (plan["id"], 2, None)
    twice = await api.post(f"{path}/plan-revision", {}, status=409, headers=tag)
    assert twice.json()["code"] == "no_plan_to_revise"


async def test_it_is_over_by_itself_when_the_whole_interval_is_good_again(api: Api, database: Database) -> None:
    survey = await publish(api)
    await put_rules(api, survey, RATE)
    await invited(api, database, survey, Asked(60, "completed"), Asked(540, "delivered"))
    await watched(api, database, survey)
    await invited(api, database, survey, Asked(70, "completed"))  # 19.4 %: the interval includes the threshold
    (unsure,) = await watched(api, database, survey)
    await invited(api, database, survey, Asked(150, "completed"))
    (over,) = await watched(api, database, survey)
    await invited(api, database, survey, Asked(3_000, "delivered"))
    second = await watched(api, database, survey)

    assert (unsure["state"], unsure["over_at"]) == ("open", None)
    assert (over["state"], over["resolved"]["by"]) == ("resolved", None)
    assert over["resolved"]["note"] == "It is no longer so."
    assert [each["state"] for each in second] == ["open", "resolved"]
    assert await told(api, survey) == [("rate", "open"), ("rate", "resolved"), ("rate", "open")]


async def test_one_that_a_person_closed_is_not_raised_again_while_it_lasts(api: Api, database: Database) -> None:
    survey = await publish(api)
    await put_rules(api, survey, RATE)
    await invited(api, database, survey, Asked(20, "completed"), Asked(580, "delivered"))
    (alert,) = await watched(api, database, survey)
    path = f"/v1/fieldwork-alerts/{alert['id']}"

    taken = await api.post(f"{path}/transitions", {"to": "acknowledged", "note": "Called them"}, status=200)
    stale = await api.post(f"{path}/transitions", {"to": "resolved"}, headers={"If-Match": '"1"'}, status=412)
    closed = await api.post(f"{path}/transitions", {"to": "resolved", "on_behalf_of": "Ada"}, status=200)
    still = await watched(api, database, survey)
    back = await api.post(f"{path}/transitions", {"to": "acknowledged"}, status=409)

    assert (taken.json()["state"], taken.json()["acknowledged"]["note"]) == ("acknowledged", "Called them")
    assert (closed.json()["state"], closed.json()["resolved"]["by"]) == ("resolved", "Ada")
    assert stale.json()["code"] == "precondition_failed"
    assert back.json()["code"] == "alert_move_not_allowed"
    assert [(each["id"], each["state"], each["over_at"]) for each in still] == [(alert["id"], "resolved", None)]
    open_ones = await api.get("/v1/fieldwork-alerts", params={"survey_id": survey.id, "state": "open"})
    assert open_ones.json()["items"] == []


async def test_every_kind_of_rule_finds_what_it_is_for(api: Api, database: Database) -> None:
    survey = await publish(api)
    await planned(api, survey, budget={"amount": 1_000, "currency": "EUR"})
    await api.put("/v1/methods/telephone/costs", {"currency": "EUR", "per_contact": 10}, status=201)
    await put_codebook(
        api,
        survey,
        {"themes": [{"key": "weather", "label": "Weather", "rules": [{"any": ["rain", "sun"]}]}]},
    )
    await say(api, survey, ["rain again"] * 40)
    await batch(api, survey, [{"status": "partial", "answers": {"nps": 1}} for _ in range(60)])
    await read_comments(database, api, survey)
    await put_rules(
        api,
        survey,
        {"key": "pace", "kind": "pace"},
        {"key": "quota", "kind": "quota"},
        {"key": "leaving", "kind": "drop_off", "threshold": 0.1},
        {"key": "money", "kind": "cost", "threshold": 0.9},
        {"key": "focus", "kind": "off_topic", "threshold": 0.3},
        {"key": "voices", "kind": "interviewer"},
        {"key": "off", "kind": "response_rate", "threshold": 0.9, "enabled": False},
    )
    good = [Asked(5, "completed", interviewer=name) for name in ("ann", "bob", "cy")]
    await invited(
        api,
        database,
        survey,
        *good,
        *[Asked(45, "refused", interviewer=name) for name in ("ann", "bob", "cy")],
        Asked(30, "completed", interviewer="dee"),
        Asked(20, "refused", interviewer="dee"),
        method="telephone",
    )

    found = {(each["rule"], each["subject"]): each for each in await watched(api, database, survey)}

    assert set(found) == {
        ("quota", "answers"),
        ("leaving", "nps"),
        ("money", "spent"),
        ("money", "at_end"),
        ("focus", ""),
        ("voices", "dee"),
    }
    assert found["focus", ""]["value"] == 1.0
    assert "dee" in found["voices", "dee"]["sentence"]
    assert {each["kind"] for each in found.values()} == {"quota", "drop_off", "cost", "off_topic", "interviewer"}
