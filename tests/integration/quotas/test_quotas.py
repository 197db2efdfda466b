"""Quotas: set and edited, held to by everything that records, and exact whatever is decided about responses."""

import asyncio
from random import Random
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.open_responses import begin
from tests.support.quotas import at, cell, places, put, quota, taken, total
from tests.support.responses import EVERY_TYPE, codes, decide, give, recorded
from tests.support.surveys import Json, publish

NORTH = quota("region", cell("north", 2, attributes={"region": ["north"]}))
OF_EVERY_TYPE: list[Json] = [
    cell("low", 50, answers={"nps": {"at_most": 6}}),
    cell("middle", 50, answers={"wait": {"at_least": 0, "at_most": 1}}),
    cell("place", 50, answers={"place": {"any_of": ["A"]}}),
    cell("web", 50, answers={"used": {"any_of": ["web", "app"]}}),
    cell("ranked", 50, answers={"order": {"any_of": ["y"]}}),
    cell("long", 50, answers={"minutes": {"at_least": 10.5}}),
    cell("ten", 50, answers={"minutes": {"any_of": [10, 11]}}),
    cell("day", 50, answers={"day": {"any_of": ["2026-03-01"]}}),
    cell("again", 50, answers={"again": {"any_of": [True]}}),
    cell("both", 50, answers={"again": {"any_of": [False]}, "nps": {"at_least": 5}}),
    cell("calls", 50, methods=["telephone"], attributes={"region": ["north", "south"]}),
]


def answers(chance: Random) -> Json:
    """Some answers to questions of every type."""
    said = {
        "nps": chance.randint(0, 10),
        "wait": chance.randint(-2, 2),
        "place": chance.choice("AB"),
        "used": chance.sample(["web", "app"], chance.randint(1, 2)),
        "order": chance.sample(["x", "y"], chance.randint(1, 2)),
        "minutes": chance.choice([9, 10, 10.5, 11, 12.25]),
        "day": chance.choice(["2026-03-01", "2026-03-02"]),
        "again": chance.choice([True, False]),
    }
    return {key: value for key, value in said.items() if chance.random() < 0.7}


async def test_what_is_counted_as_it_comes_is_what_a_recount_gives(api: Api) -> None:
    survey = await publish(api, questions=EVERY_TYPE)
    await put(api, survey, quota("each", *OF_EVERY_TYPE), total(1000, count_partials=True))
    chance = Random(7)
    for _ in range(40):
        response_id = await recorded(
            api,
            survey,
            answers=answers(chance),
            attributes={"region": chance.choice(["north", "south"])} if chance.random() < 0.7 else {},
            method=chance.choice(["telephone", "sms"]),
            status=chance.choice(["complete", "partial"]),
        )
        if chance.random() < 0.4:
            await decide(api, survey, response_id, "exclude")
            verb = chance.choice(["restore", "erase", None])
            if verb:
                await decide(api, survey, response_id, verb)

    as_it_came = await taken(api, survey)
    await put(api, survey, quota("each", *OF_EVERY_TYPE), total(1000, count_partials=True))

    assert await taken(api, survey) == as_it_came
    assert all(as_it_came.values()), as_it_came


@pytest.mark.parametrize("verb", ["exclude", "erase"])
async def test_a_response_that_stands_no_more_gives_its_place_back(api: Api, verb: str) -> None:
    survey = await publish(api)
    await put(api, survey, total(1))
    first = await recorded(api, survey)
    away = (await give(api, survey)).json()

    await decide(api, survey, first, verb)
    free = (await places(api, survey))["total/all"]
    next_one = (await give(api, survey)).json()

    assert away["status"] == "over_quota"
    assert (free["taken"], free["free"]) == (0, 1)
    assert next_one["status"] == "complete"


async def test_a_response_that_stands_again_takes_its_place_whether_one_is_free_or_not(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, total(1))
    first = await recorded(api, survey)
    await decide(api, survey, first, "exclude")
    await recorded(api, survey)

    await decide(api, survey, first, "restore")

    stands = (await places(api, survey))["total/all"]
    assert (stands["taken"], stands["free"], stands["full"]) == (2, 0, True)
    assert (await give(api, survey)).json()["status"] == "over_quota"


async def test_who_is_full_in_one_cell_takes_no_place_in_another(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, NORTH, total(10))

    given = [(await give(api, survey, attributes={"region": "north"})).json()["status"] for _ in range(3)]

    assert given == ["complete", "complete", "over_quota"]
    assert await taken(api, survey) == {"region/north": 2, "total/all": 2}


async def test_a_quota_that_only_tells_turns_nobody_away(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, total(1, when_full="take"))

    given = [(await give(api, survey)).json()["status"] for _ in range(3)]

    stands = (await places(api, survey))["total/all"]
    assert given == ["complete"] * 3
    assert (stands["taken"], stands["free"], stands["turned_away"]) == (3, 0, 0)


async def test_who_is_of_no_cell_can_be_screened_out(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, {**NORTH, "others": "screen_out"})

    given = [(await give(api, survey, attributes=of)).json()["status"] for of in ({"region": "south"}, {})]

    assert given == ["screened_out", "screened_out"]


async def test_responses_from_before_take_their_places(api: Api) -> None:
    survey = await publish(api)
    kept = [await recorded(api, survey) for _ in range(3)]
    await decide(api, survey, kept[0], "exclude")

    await put(api, survey, total(3))

    assert await taken(api, survey) == {"total/all": 2}
    assert [(await give(api, survey)).json()["status"] for _ in range(2)] == ["complete", "over_quota"]


async def test_no_response_slips_by_while_quotas_are_set(api: Api) -> None:
    survey = await publish(api)

    async def answered() -> list[str]:
        return [(await give(api, survey)).json()["status"] for _ in range(15)]

    async def edited() -> list[str]:
        for target in (60, 50, 40, 20):
            await put(api, survey, total(target))
        return []

    statuses = await asyncio.gather(*(answered() for _ in range(4)), edited())

    complete = [status for each in statuses for status in each if status == "complete"]
    assert await taken(api, survey) == {"total/all": len(complete)}
    assert (await give(api, survey)).json()["status"] == ("complete" if len(complete) < 20 else "over_quota")


async def test_targets_are_edited_with_what_was_read(api: Api) -> None:
    survey = await publish(api)
    first = await api.put(at(survey), {"quotas": [total(1)]}, status=200)
    await give(api, survey)
    await give(api, survey)

    blind = await api.put(at(survey), {"quotas": [total(5)]}, status=428)
    raised = await put(api, survey, total(5))
    stale = await api.put(at(survey), {"quotas": []}, status=412, headers={"If-Match": first.headers["etag"]})

    (stands,) = raised["quotas"][0]["cells"]
    assert (blind.json()["code"], stale.json()["code"]) == ("precondition_required", "precondition_failed")
    assert (stands["target"], stands["taken"], stands["free"], stands["turned_away"]) == (5, 1, 4, 1)
    assert (raised["revision"], raised["changed_by"]) == (2, "test")
    assert (await give(api, survey)).json()["status"] == "complete"


async def test_quotas_can_be_taken_away(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, total(1))
    await give(api, survey)

    await put(api, survey)

    assert (await api.get(at(survey))).json()["quotas"] == []
    assert (await give(api, survey)).json()["status"] == "complete"


@pytest.mark.parametrize(
    ("where", "pointer", "code"),
    [
        ({"attributes": {"tier": ["gold"]}}, "/attributes/tier", "unknown_attribute"),
        ({"attributes": {"region": ["north", "west"]}}, "/attributes/region/1", "unknown_value"),
        ({"answers": {"age": {"at_least": 18}}}, "/answers/age", "unknown_question"),
        ({"answers": {"why": {"any_of": ["x"]}}}, "/answers/why", "answer_not_countable"),
        ({"answers": {"used": {"at_least": 1}}}, "/answers/used", "answer_not_countable"),
        ({"answers": {"used": {"any_of": ["web", "fax"]}}}, "/answers/used/any_of/1", "unknown_choice"),
        ({"answers": {"nps": {"any_of": [11]}}}, "/answers/nps/any_of/0", "off_scale"),
        ({"answers": {"nps": {"any_of": [True]}}}, "/answers/nps/any_of/0", "wrong_type"),
        ({"answers": {"nps": {"at_least": 7, "at_most": 6}}}, "/answers/nps/at_most", "never_true"),
        ({"answers": {"nps": {}}}, "/answers/nps", "missing_value"),
    ],
)
async def test_a_cell_that_nobody_can_be_of_is_named(api: Api, where: Any, pointer: str, code: str) -> None:
    survey = await publish(api)

    answer = await api.put(at(survey), {"quotas": [quota("one", cell("a", 1), cell("b", 1, **where))]}, status=422)

    assert codes(answer) == {f"/quotas/0/cells/1{pointer}": code}


async def test_keys_are_given_once_and_cells_are_not_too_many(api: Api) -> None:
    survey = await publish(api)
    many = [quota(f"q{n}", *(cell(f"c{m}", 1) for m in range(400))) for n in range(2)]

    twice = await api.put(at(survey), {"quotas": [quota("a", cell("b", 1), cell("b", 1)), total(1), total(1)]})
    large = await api.put(at(survey), {"quotas": many}, status=422)

    assert codes(twice) == {"/quotas/0/cells/1/key": "duplicate_key", "/quotas/2/key": "duplicate_key"}
    assert codes(large) == {"/quotas": "too_many_cells"}


async def test_whoever_leaves_half_way_takes_no_place_and_keeps_none(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, total(2))
    left = await begin(api, survey, reserve=True, answers={"nps": 1})
    await give(api, survey)

    await left.call("POST", "/submit", {"status": "partial"}, status=201)

    stands = (await places(api, survey))["total/all"]
    assert (stands["taken"], stands["reserved"], stands["free"]) == (1, 0, 1)
