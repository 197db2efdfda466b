"""Series: periods of the organisation's time zone, days of 23 and 25 hours, edges between days."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.cells import answer, fold_all
from tests.support.surveys import publish


def at(*times: str) -> list[dict[str, Any]]:
    return [{"answers": {"nps": 9}, "submitted_at": time} for time in times for _ in range(5)]


async def test_a_day_of_23_and_one_of_25_hours_hold_their_own_answers(api: Api, database: Database) -> None:
    survey = await publish(api)
    spring = at("2026-03-28T23:59:59Z", "2026-03-29T00:00:00Z", "2026-03-29T22:59:59Z", "2026-03-29T23:00:00Z")
    autumn = at("2025-10-25T22:59:59Z", "2025-10-25T23:00:00Z", "2025-10-26T23:59:59Z", "2025-10-27T00:00:00Z")
    await answer(api, survey.id, spring + autumn)

    for _ in range(2):
        for first, last, expected in (
            ("2026-03-28", "2026-03-31", [(23, 5), (23, 10), (24, 5)]),
            ("2025-10-25", "2025-10-28", [(24, 5), (25, 10), (24, 5)]),
        ):
            path = f"/v1/kpis/nps/series?survey={survey.id}&bucket=day&from={first}&to={last}"
            points = (await api.get(path)).json()["points"]
            hours = [
                (datetime.fromisoformat(point["end"]) - datetime.fromisoformat(point["start"])) / timedelta(hours=1)
                for point in points
            ]
            assert [point["n"] for point in points] == [n for _, n in expected]
            assert [int(length) for length in hours][1] == expected[1][0]
        await fold_all(database, api.organisation.organisation_id, survey.id)


async def test_another_time_zone_cuts_other_days(api: Api, database: Database) -> None:
    survey = await publish(api)
    await answer(api, survey.id, at("2026-01-10T03:00:00Z", "2026-01-10T12:00:00Z"))
    await fold_all(database, api.organisation.organisation_id, survey.id)
    path = f"/v1/kpis/nps/series?survey={survey.id}&bucket=day"

    home = (await api.get(path)).json()["points"]
    far = (await api.get(f"{path}&tz=America/New_York")).json()["points"]

    assert [(point["starts_on"], point["n"]) for point in home] == [("2026-01-10", 10)]
    assert [(point["starts_on"], point["n"]) for point in far] == [("2026-01-09", 5), ("2026-01-10", 5)]


async def test_periods_without_answers_are_there_and_empty(api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, at("2026-01-10T12:00:00Z", "2026-03-10T12:00:00Z"))

    points = (await api.get(f"/v1/kpis/nps/series?survey={survey.id}&bucket=month")).json()["points"]

    assert [(point["starts_on"], point["n"], point["withheld"]) for point in points] == [
        ("2026-01-01", 5, False),
        ("2026-02-01", 0, False),
        ("2026-03-01", 5, False),
    ]


async def test_edges_between_days_are_counted_to_the_second(api: Api, database: Database) -> None:
    survey = await publish(api)
    start = datetime(2026, 1, 10, 6, tzinfo=UTC)
    times = [(start + timedelta(hours=12 * step)).isoformat() for step in range(8)]
    await answer(api, survey.id, at(*times))
    for _ in range(2):
        for low in range(8):
            for high in range(low + 1, 8):
                path = f"/v1/kpis/nps/value?survey={survey.id}"
                read = await api.client.get(
                    path,
                    params={"survey": survey.id, "from": times[low], "to": times[high]},
                    headers={"Authorization": f"Bearer {api.organisation.token}"},
                )
                assert read.json()["n"] == 5 * (high - low), (low, high)
        await fold_all(database, api.organisation.organisation_id, survey.id)


async def test_a_period_that_is_not_over_is_not_complete(api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, [{"answers": {"nps": 9}} for _ in range(5)])

    (point,) = (await api.get(f"/v1/kpis/nps/series?survey={survey.id}&bucket=year")).json()["points"]

    assert point["complete"] is False


async def test_weeks_begin_on_monday_and_quarters_and_years_on_their_first_day(api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, at("2026-05-17T12:00:00Z"))
    found = {}
    for bucket in ("week", "quarter", "year"):
        (point,) = (await api.get(f"/v1/kpis/nps/series?survey={survey.id}&bucket={bucket}")).json()["points"]
        found[bucket] = point["starts_on"]

    assert found == {"week": "2026-05-11", "quarter": "2026-04-01", "year": "2026-01-01"}


async def test_a_withheld_period_cannot_be_computed_from_the_others(api: Api) -> None:
    survey = await publish(api)
    few = at("2026-02-10T12:00:00Z")[:2]
    await answer(api, survey.id, at("2026-01-10T12:00:00Z") * 3 + few + at("2026-03-10T12:00:00Z"))

    points = (await api.get(f"/v1/kpis/nps/series?survey={survey.id}&bucket=month")).json()["points"]

    assert [point["withheld"] for point in points] == [False, True, True]


async def test_months_and_the_days_beside_them_add_up_for_groups(api: Api, database: Database) -> None:
    survey = await publish(api)
    days = [date(2024, 11, 20) + timedelta(days=6 * step) for step in range(75)]
    items = [
        {
            "answers": {"nps": 9},
            "submitted_at": f"{day}T12:00:00Z",
            "attributes": {"region": "north" if day.day % 2 else "south"},
        }
        for day in days
        for _ in range(5)
    ]
    await answer(api, survey.id, items)
    for folded in (False, True):
        if folded:
            await fold_all(database, api.organisation.organisation_id, survey.id)
        for first, last in ((0, 74), (3, 70), (12, 40), (13, 14), (0, 5), (20, 60)):
            window = f"from={days[first]}&to={days[last]}"
            path = f"/v1/kpis/nps/breakdown?survey={survey.id}&by=region&{window}"
            groups = (await api.get(path)).json()["groups"]
            north = sum(5 for day in days[first:last] if day.day % 2)
            south = sum(5 for day in days[first:last] if not day.day % 2)
            assert [group["n"] for group in groups] == [north, south], (first, last, folded)
