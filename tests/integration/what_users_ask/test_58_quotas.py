"""58: quotas over attributes and answers, reserved and then confirmed, partial responses left out unless asked for."""

from typing import Any

import pytest

from tests.support.api import Api
from tests.support.open_responses import begin, opened_at
from tests.support.quotas import cell, places, put, quota, taken, total
from tests.support.responses import give, owner
from tests.support.surveys import publish

NORTH: dict[str, Any] = {"attributes": {"region": "north"}}
SOUTH: dict[str, Any] = {"attributes": {"region": "south"}}


async def test_58_cells_are_of_attributes_answers_methods_and_everybody(api: Api) -> None:
    survey = await publish(api)
    await put(
        api,
        survey,
        total(10),
        quota(
            "region",
            cell("north", 5, attributes={"region": ["north"]}),
            cell("south", 5, attributes={"region": ["south"]}),
        ),
        quota(
            "score", cell("low", 5, answers={"nps": {"at_most": 6}}), cell("high", 5, answers={"nps": {"at_least": 9}})
        ),
        quota(
            "used",
            cell("web", 5, answers={"used": {"any_of": ["web"]}}),
            cell("app", 5, answers={"used": {"any_of": ["app"]}}),
        ),
        quota("how", cell("calls", 5, methods=["telephone"])),
    )

    await give(api, survey, **NORTH, answers={"nps": 9, "used": ["web", "app"]}, method="telephone")
    await give(api, survey, **SOUTH, answers={"nps": 0})

    assert await taken(api, survey) == {
        "total/all": 2,
        "region/north": 1,
        "region/south": 1,
        "score/low": 1,
        "score/high": 1,
        "used/web": 1,
        "used/app": 1,
        "how/calls": 1,
    }


@pytest.mark.parametrize(("counted", "expected"), [(False, 1), (True, 2)])
async def test_58_partial_responses_take_places_only_if_the_quota_says_so(
    api: Api, counted: bool, expected: int
) -> None:
    survey = await publish(api)
    await put(api, survey, total(10, count_partials=counted))

    for status in ("complete", "partial", "screened_out", "invalid"):
        await give(api, survey, status=status)

    assert await taken(api, survey) == {"total/all": expected}


async def test_58_a_place_is_reserved_and_then_confirmed(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, quota("region", cell("north", 1, attributes={"region": ["north"]})))

    kept = await begin(api, survey, **NORTH, reserve=True)
    refused = await api.post(opened_at(survey), {**NORTH, "reserve": True}, status=409)
    quicker = (await give(api, survey, **NORTH)).json()["status"]
    reserved = (await places(api, survey))["region/north"]
    ended = (await kept.submit(answers={"nps": 9})).json()["status"]
    after = (await places(api, survey))["region/north"]

    assert refused.json()["code"] == "quota_full"
    assert "region/north" in refused.json()["detail"]
    assert (reserved["taken"], reserved["reserved"], reserved["free"], reserved["full"]) == (0, 1, 0, True)
    assert (quicker, ended) == ("over_quota", "complete")
    assert (after["taken"], after["reserved"], after["turned_away"]) == (1, 0, 1)


async def test_58_a_place_can_be_reserved_once_an_answer_says_which(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, quota("score", cell("low", 1, answers={"nps": {"at_most": 6}})))
    one, other = await begin(api, survey), await begin(api, survey)

    nothing = (await one.call("POST", "/reserve", status=200)).json()
    await one.answer("nps", 3)
    kept = (await one.call("POST", "/reserve", status=200)).json()
    again = (await one.call("POST", "/reserve", status=200)).json()
    await other.answer("nps", 2)
    full = await other.call("POST", "/reserve", status=409)
    submitted = (await other.submit()).json()["status"]

    assert (nothing["cells"], nothing["expires_at"]) == ([], None)
    assert kept["cells"] == again["cells"] == [{"quota": "score", "cell": "low"}]
    assert full.json()["code"] == "quota_full"
    assert submitted == "over_quota"


async def test_58_a_reservation_ends_by_itself(api: Api, owner_url: str) -> None:
    survey = await publish(api)
    await put(api, survey, total(1))
    late = await begin(api, survey, reserve=True)
    run_out(owner_url, late.id)

    first = (await give(api, survey)).json()["status"]
    second = (await late.submit(answers={"nps": 9})).json()["status"]

    assert (first, second) == ("complete", "over_quota")
    assert (await places(api, survey))["total/all"]["taken"] == 1


def run_out(owner_url: str, open_response_id: str) -> None:
    """Have the time be over for which places were kept."""
    with owner(owner_url) as connection:
        connection.execute(
            "UPDATE quota_reservation SET expires_at = now() - interval '1 second' WHERE open_response_id = %s",
            [open_response_id],
        )
