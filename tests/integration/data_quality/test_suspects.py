"""What the inclusion rule decides: suspect responses are counted beside the figures, and nothing of them is hidden."""

import random
from typing import Any

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.careless import RULE, asked, careful, straight_lining
from tests.support.cells import answer, cells, fold_all, recount
from tests.support.flags import flag_all, put_rule
from tests.support.surveys import PublishedSurvey

Json = dict[str, Any]

NORTH, SOUTH = {"region": "north"}, {"region": "south"}
TYPES = {"nps": "nps", "parts": "matrix", "again": "boolean", "ease": "ces", "why": "text"}


@pytest.fixture
async def survey(api: Api, database: Database) -> PublishedSurvey:
    """40 careful respondents, and 8 who gave one answer to everything in 10 seconds; all of them folded."""
    survey, chance = await asked(api), random.Random(5)
    careless = [straight_lining(seconds=10, attributes=NORTH if number < 2 else SOUTH) for number in range(8)]
    await answer(api, survey.id, [careful(chance, attributes=NORTH) for _ in range(40)] + careless)
    await fold_all(database, api.organisation.organisation_id, survey.id)
    return survey


async def held(api: Api, database: Database, survey: PublishedSurvey, rule: Json = RULE) -> None:
    await put_rule(api, survey.id, rule)
    await flag_all(api, database, survey.id)


async def nps(api: Api, survey: PublishedSurvey, **parameters: str) -> Json:
    found = await api.get("/v1/kpis/nps/value", params={"survey": survey.id, **parameters})
    value: Json = found.json()
    return value


async def test_suspect_responses_stand_beside_the_figure(api: Api, database: Database, survey: PublishedSurvey) -> None:
    before = await nps(api, survey)
    await held(api, database, survey)
    after = await nps(api, survey)

    assert (before["answered"], before["excluded"]["suspect"], before["quality"]) == (48, 0, None)
    assert (after["asked"], after["answered"], after["excluded"]["suspect"]) == (48, 40, 8)
    assert after["value"] < before["value"]
    assert (after["quality"]["suspects"], after["quality"]["counted"]) == (8, False)
    assert after["quality"]["otherwise"]["value"] == before["value"]
    assert after["quality"]["otherwise"]["interval"] == before["interval"]
    assert "suspect" in after["inclusion"]


async def test_the_figure_with_them_can_be_asked_for(api: Api, database: Database, survey: PublishedSurvey) -> None:
    before = await nps(api, survey)
    await held(api, database, survey)
    without, with_them = await nps(api, survey), await nps(api, survey, include="suspect")

    assert with_them["value"] == before["value"]
    assert (with_them["answered"], with_them["excluded"]["suspect"]) == (48, 0)
    assert with_them["quality"]["counted"]
    assert with_them["quality"]["otherwise"]["value"] == without["value"]


async def test_a_definition_may_count_them(api: Api, database: Database, survey: PublishedSurvey) -> None:
    await held(api, database, survey)
    definition = {"name": "All", "unit": "points", "measure": "nps", "question_types": ["nps"], "found_by_type": "nps"}
    await api.put("/v1/kpis/nps_of_all", {**definition, "counts_suspects": True}, status=201)

    found = (await api.get("/v1/kpis/nps_of_all/value", params={"survey": survey.id})).json()

    assert (found["answered"], found["quality"]["counted"]) == (48, True)
    assert found["inclusion"].startswith("complete responses, suspect ones too")


async def test_partial_responses_stay_partial(api: Api, database: Database, survey: PublishedSurvey) -> None:
    await answer(api, survey.id, [straight_lining(seconds=10, status="partial") for _ in range(6)])
    await held(api, database, survey)
    found = await nps(api, survey)
    definition = {"name": "All", "unit": "points", "measure": "nps", "question_types": ["nps"], "found_by_type": "nps"}
    await api.put("/v1/kpis/nps_of_begun", {**definition, "counts_partials": True}, status=201)
    begun = (await api.get("/v1/kpis/nps_of_begun/value", params={"survey": survey.id})).json()

    assert (found["excluded"]["suspect"], found["excluded"]["partial"]) == (8, 6)
    assert (begun["answered"], begun["excluded"]["suspect"], begun["excluded"]["partial"]) == (40, 14, 0)


async def test_what_a_few_suspects_said_cannot_be_computed(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    """Two suspects are in the north, six in the south; the smallest group that may be shown is five."""
    await held(api, database, survey)
    groups = (await api.get("/v1/kpis/nps/breakdown", params={"survey": survey.id, "by": "region"})).json()["groups"]
    asked_for = {"survey": survey.id, "by": "region", "include": "suspect"}
    with_them = (await api.get("/v1/kpis/nps/breakdown", params=asked_for)).json()["groups"]
    north = await nps(api, survey, where="region:north")
    north_with_them = await nps(api, survey, where="region:north", include="suspect")

    assert [(one["group"], one["answered"]) for one in groups] == [("north", 40), ("south", 0)]
    assert groups[0]["quality"] == {"suspects": 2, "counted": False, "otherwise": None}
    assert groups[1]["quality"]["otherwise"] is None, "with the whole, it would tell the two of the north"
    assert [one["withheld"] for one in with_them] == [True, True]
    assert north["quality"]["otherwise"] is None
    assert north_with_them["withheld"]


async def test_a_changed_rule_is_applied_to_all_that_came_before(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    await held(api, database, survey)
    await held(api, database, survey, {**RULE, "excludes": False})
    shown = await nps(api, survey)
    listed = (await api.get(f"/v1/surveys/{survey.id}/responses?flag=speeding")).json()["items"]
    await held(api, database, survey, {**RULE, "since": "2026-03-01T11:00:00Z"})
    later = await nps(api, survey)

    assert (shown["answered"], shown["quality"]) == (48, None)
    assert len(listed) == 8
    assert {flag["rule_version"] for one in listed for flag in one["flags"]} == {2}
    assert (later["answered"], later["quality"]) == (48, None)


async def test_one_sign_alone_excludes_nobody(api: Api, database: Database, survey: PublishedSurvey) -> None:
    await answer(api, survey.id, [straight_lining(seconds=90, attributes=NORTH) for _ in range(6)])
    await held(api, database, survey)
    assert (await nps(api, survey))["excluded"]["suspect"] == 8

    await held(api, database, survey, {**RULE, "at_least": 1})
    assert (await nps(api, survey))["excluded"]["suspect"] == 14


async def test_an_excluded_suspect_is_excluded_and_suspect_again_when_restored(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    await held(api, database, survey)
    (one, *_) = (await api.get(f"/v1/surveys/{survey.id}/responses?suspect=true")).json()["items"]
    path = f"/v1/surveys/{survey.id}/responses/{one['id']}"

    await api.post(f"{path}/exclude", {"reason": "a test entry"}, status=200)
    excluded = (await nps(api, survey))["excluded"]
    await api.post(f"{path}/restore", {"reason": "it was none"}, status=200)
    restored = (await nps(api, survey))["excluded"]

    assert (excluded["suspect"], excluded["flagged"]) == (7, 1)
    assert (restored["suspect"], restored["flagged"]) == (8, 0)


async def test_first_takes_and_other_time_zones_know_suspects_too(
    api: Api, database: Database, survey: PublishedSurvey
) -> None:
    await held(api, database, survey)
    definition = {
        "name": "First",
        "unit": "points",
        "measure": "nps",
        "question_types": ["nps"],
        "found_by_type": "nps",
    }
    await api.put("/v1/kpis/nps_first", {**definition, "take": "first"}, status=201)

    first = (await api.get("/v1/kpis/nps_first/value", params={"survey": survey.id})).json()
    elsewhere = await nps(api, survey, tz="Asia/Tokyo", **{"from": "2026-02-01", "to": "2026-04-01"})

    assert (first["answered"], first["excluded"]["suspect"]) == (40, 8)
    assert (elsewhere["answered"], elsewhere["excluded"]["suspect"]) == (40, 8)


async def test_the_cells_follow_before_and_after_a_fold(api: Api, database: Database, survey: PublishedSurvey) -> None:
    key = (api.organisation.organisation_id, survey.id)
    await held(api, database, survey)
    await answer(api, survey.id, [straight_lining(3, seconds=10) for _ in range(5)])
    await flag_all(api, database, survey.id, most=2)
    before = await nps(api, survey)
    await fold_all(database, *key)

    assert await nps(api, survey) == before
    assert before["excluded"]["suspect"] == 13
    counted = await recount(database, *key, types=TYPES, time_zone="Europe/London")
    assert await cells(database, *key) == counted
    assert sum(n for (question, _, _, status, *_), n in counted.items() if (question, status) == ("", "suspect")) == 13
