"""Alerts on KPIs: told once when the interval crosses the threshold, and once when it is back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.standards.alerts.ticks import request_due_checks
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.standards import QUESTIONS, Json, waits
from tests.support.subjects import work
from tests.support.surveys import PublishedSurvey, publish

DUE = text("UPDATE kpi_alert SET next_check_at = now() WHERE organisation_id = :o")
KEY = "/v1/kpi-alerts/slow"


def alert(survey: PublishedSurvey, **fields: Any) -> Json:
    metric = {"kind": "kpi", "survey_id": survey.id, "kpi": "csat", "question": "wait"}
    return {"name": "Slow", "metric": metric, "direction": "at_least", "threshold": 0.6, "days": 30, **fields}


def today() -> str:
    return (datetime.now(UTC) - timedelta(hours=1)).date().isoformat()


async def given(api: Api, survey: PublishedSurvey, good: int, poor: int, region: str = "north") -> None:
    day = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    await answer(api, survey.id, waits(good, poor, day, region))


async def checked(api: Api, database: Database) -> Json:
    """What the schedule and the worker do; the alert as it then stands."""
    async with database.tenant(api.organisation.organisation_id) as session:
        await session.execute(DUE, {"o": api.organisation.organisation_id})
    async with database.system() as system:
        await request_due_checks(system, now=datetime.now(UTC))
    assert await work(api, database, "alerts.check") == 1
    found: Json = (await api.get(KEY)).json()
    return found


async def told(api: Api) -> list[tuple[str, str, float]]:
    events = (await api.get("/v1/events?subject=csat")).json()["items"]
    return [(each["type"], each["data"]["alert"], each["data"]["value"]) for each in events]


async def test_a_crossing_is_told_once_and_its_end_once_by_the_interval(api: Api, database: Database) -> None:
    survey = await publish(api, questions=QUESTIONS)
    made = await api.put(KEY, alert(survey), status=201)
    await given(api, survey, 60, 40)
    unsure = await checked(api, database)
    await given(api, survey, 0, 60)
    breached = await checked(api, database)
    still = await checked(api, database)
    await given(api, survey, 100, 0)
    between = await checked(api, database)
    await given(api, survey, 300, 0)
    clear = await checked(api, database)

    states = [each["state"] for each in (made.json(), unsure, breached, still, between, clear)]
    assert states == ["undecided", "undecided", "breached", "breached", "breached", "clear"]
    assert (unsure["reason"], between["reason"]) == ("The interval includes the threshold.",) * 2
    assert breached["figure"]["high"] < 0.6 <= clear["figure"]["low"]
    assert breached["since"] == still["since"] == between["since"]
    figure = (await api.get("/v1/kpis/csat/value", params={"survey": survey.id, "question": "wait"})).json()
    assert (clear["figure"]["value"], clear["figure"]["n"]) == (figure["value"], figure["n"])
    assert await told(api) == [
        ("kpi.breached", "slow", breached["figure"]["value"]),
        ("kpi.recovered", "slow", clear["figure"]["value"]),
    ]
    listed = (await api.get(f"/v1/kpi-alerts?survey_id={survey.id}&state=clear")).json()["items"]
    assert [each["key"] for each in listed] == ["slow"]
    assert not (await api.get("/v1/kpi-alerts?state=breached")).json()["items"]


async def test_only_the_group_and_the_days_that_are_watched_count(api: Api, database: Database) -> None:
    survey = await publish(api, questions=QUESTIONS)
    body = alert(survey)
    body["metric"]["where"] = {"region": ["south"]}
    await api.put(KEY, body, status=201)
    await given(api, survey, 0, 80)
    await answer(api, survey.id, waits(0, 80, "2025-01-10", "south"))
    await given(api, survey, 80, 0, "south")

    found = await checked(api, database)

    assert (found["state"], found["figure"]["n"]) == ("clear", 80)
    assert await told(api) == []


async def test_below_its_minimum_and_for_too_few_to_show_nothing_is_told(api: Api, database: Database) -> None:
    survey = await publish(api, questions=QUESTIONS)
    await api.put(KEY, alert(survey, minimum_n=100), status=201)
    await given(api, survey, 0, 2)
    hidden = await checked(api, database)
    await given(api, survey, 0, 50)
    few = await checked(api, database)

    assert (hidden["state"], hidden["figure"]) == ("undecided", None)
    assert (few["state"], few["figure"]["n"]) == ("undecided", 52)
    assert few["reason"] == "52 answered; nothing is told below 100."
    assert await told(api) == []


async def test_an_alert_is_put_by_key_edited_as_it_was_read_and_ended(api: Api, database: Database) -> None:
    survey = await publish(api, questions=QUESTIONS)
    made = await api.put(KEY, alert(survey), status=201)
    await given(api, survey, 0, 60)
    breached = await checked(api, database)
    same = await api.put(KEY, alert(survey), status=200, headers={"If-Match": made.headers["ETag"]})
    await api.put(KEY, alert(survey), status=428)
    lower = alert(survey, threshold=0.1, enabled=False)
    other = await api.put(KEY, lower, status=200, headers={"If-Match": same.headers["ETag"]})
    stale = await api.put(KEY, lower, headers={"If-Match": '"7"'})
    async with database.system() as system:
        await request_due_checks(system, now=datetime.now(UTC) + timedelta(days=1))
    done = await work(api, database, "alerts.check")

    assert (breached["state"], same.json()["state"], other.json()["state"]) == ("breached", "breached", "undecided")
    assert (other.headers["ETag"], stale.status_code, done) == ('"2"', 412, 0)
    await api.call("DELETE", KEY, status=204)
    await api.get(KEY, status=404)
    await api.call("DELETE", KEY, status=404)


async def test_what_does_not_fit_is_refused_with_its_place(api: Api) -> None:
    survey = await publish(api, questions=QUESTIONS)

    async def fault(**fields: Any) -> tuple[str, str]:
        answer = (await api.put(KEY, alert(survey, **fields), status=422)).json()
        return answer["errors"][0]["pointer"], answer["errors"][0]["code"]

    assert await fault(threshold=1.2) == ("/threshold", "off_scale")
    assert await fault(direction="at_most") == ("/direction", "other_direction")
    assert (await fault(days=0))[0] == "/days"
    elsewhere = {**alert(survey)["metric"], "question": "nowhere"}
    assert (await fault(metric=elsewhere))[0] == "/metric/question"
