"""Processes, offers and touchpoints: put by key, tied to features, compared by what they take."""

import asyncio
from typing import Any

import pytest

from tests.support.api import Api

KINDS = ("processes", "offers", "touchpoints")
DESK: dict[str, Any] = {"name": "Reception", "description": "From the door to the desk", "owner": "Head of front desk"}
PAPER = {
    "unit": "visit",
    "paper_sheets": 3,
    "travel_km": 12.5,
    "energy_kwh": 0.4,
    "source": "Meter",
    "as_of": "2026-01-31",
}
ONLINE = {"unit": "visit", "paper_sheets": 0, "travel_km": 0, "energy_kwh": 0.6}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_part_is_put_by_key_and_replaced_by_whoever_read_it_last(api: Api, kind: str) -> None:
    path = f"/v1/{kind}/front.desk"
    made = await api.put(path, DESK, status=201)
    read = {"If-Match": made.headers["ETag"]}

    await api.put(path, {"name": "Desk"}, status=428)
    replaced = await api.put(path, {"name": "Desk"}, status=200, headers=read)
    await api.put(path, DESK, status=412, headers=read)

    assert {name: made.json()[name] for name in DESK} == DESK
    assert replaced.headers["ETag"] == '"2"'
    assert (await api.get(path)).json() == replaced.json()
    assert (replaced.json()["name"], replaced.json()["owner"]) == ("Desk", None)


@pytest.mark.parametrize("kind", KINDS)
async def test_of_those_who_create_a_part_at_once_one_does(api: Api, kind: str) -> None:
    answers = await asyncio.gather(*(api.put(f"/v1/{kind}/desk", DESK) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 428, 428, 428]


@pytest.mark.parametrize("kind", KINDS)
async def test_parts_come_by_key_in_pages(api: Api, kind: str) -> None:
    for key in ("c", "a", "b"):
        await api.put(f"/v1/{kind}/{key}", {"name": key}, status=201)

    first = (await api.get(f"/v1/{kind}?limit=2")).json()
    second = (await api.get(f"/v1/{kind}?limit=2&cursor={first['next_cursor']}")).json()

    assert [part["key"] for page in (first, second) for part in page["items"]] == ["a", "b", "c"]
    assert second["next_cursor"] is None
    other = next(each for each in KINDS if each != kind)
    await api.get(f"/v1/{other}?cursor={first['next_cursor']}", status=422)


async def test_g3_4_features_are_tied_to_offers_processes_and_touchpoints_with_their_owners(api: Api) -> None:
    for kind, key in (("processes", "reception"), ("offers", "visit"), ("offers", "loan"), ("touchpoints", "desk")):
        await api.put(f"/v1/{kind}/{key}", {"name": key, "owner": f"Head of {key}"}, status=201)
    ties = {"process": "reception", "offers": ["visit", "loan", "visit"], "touchpoints": ["desk"]}

    made = await api.put("/v1/features/waiting_time", {"name": "Wait", **ties}, status=201)
    changed = {"name": "Wait", "offers": ["loan"]}
    later = await api.put("/v1/features/waiting_time", changed, status=200, headers={"If-Match": '"1"'})

    assert (made.json()["process"], made.json()["offers"], made.json()["touchpoints"]) == (
        "reception",
        ["loan", "visit"],
        ["desk"],
    )
    assert (later.json()["process"], later.json()["offers"], later.json()["touchpoints"]) == (None, ["loan"], [])
    listed = (await api.get("/v1/features")).json()["items"]
    assert listed == [(await api.get("/v1/features/waiting_time")).json()]


async def test_a_feature_is_not_tied_to_what_is_not_there(api: Api) -> None:
    await api.put("/v1/offers/visit", {"name": "Visit"}, status=201)
    ties = {"process": "visit", "offers": ["visit", "loan"], "touchpoints": ["desk"]}

    refused = await api.put("/v1/features/waiting_time", {"name": "Wait", **ties}, status=422)

    assert {(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]} == {
        ("/process", "unknown_process"),
        ("/offers/1", "unknown_offer"),
        ("/touchpoints/0", "unknown_touchpoint"),
    }


@pytest.mark.parametrize(
    ("kind", "tie"),
    [("processes", {"process": "x"}), ("offers", {"offers": ["x"]}), ("touchpoints", {"touchpoints": ["x"]})],
)
async def test_what_a_feature_is_tied_to_stays_until_the_feature_is_gone(
    api: Api, kind: str, tie: dict[str, Any]
) -> None:
    await api.put(f"/v1/{kind}/x", {"name": "X"}, status=201)
    await api.put("/v1/features/wait", {"name": "Wait", **tie}, status=201)

    refused = await api.call("DELETE", f"/v1/{kind}/x", status=409)
    await api.call("DELETE", "/v1/features/wait", status=204)
    await api.call("DELETE", f"/v1/{kind}/x", status=204)
    await api.call("DELETE", f"/v1/{kind}/x", status=404)

    assert refused.json()["code"] == "part_in_use"


async def test_m2_1_processes_have_a_footprint_and_are_compared_by_it(api: Api) -> None:
    made = await api.put("/v1/processes/desk", {"name": "At the desk", "footprint": PAPER}, status=201)
    await api.put("/v1/processes/online", {"name": "Online", "footprint": ONLINE}, status=201)

    found = (
        await api.post("/v1/process-comparison", {"processes": ["desk", "online"], "units": 200}, status=200)
    ).json()

    assert made.json()["footprint"] == PAPER
    assert found["uses"] == [
        {"process": "desk", "paper_sheets": 600, "travel_km": 2500, "energy_kwh": 80},
        {"process": "online", "paper_sheets": 0, "travel_km": 0, "energy_kwh": pytest.approx(120)},
    ]
    assert found["least"] == {"paper_sheets": "online", "travel_km": "online", "energy_kwh": "desk"}


async def test_what_was_not_measured_is_unknown_and_not_nothing(api: Api) -> None:
    await api.put("/v1/processes/desk", {"name": "At the desk", "footprint": PAPER}, status=201)
    await api.put("/v1/processes/post", {"name": "By post"}, status=201)

    found = (await api.post("/v1/process-comparison", {"processes": ["desk", "post"]}, status=200)).json()

    assert found["uses"][1] == {"process": "post", "paper_sheets": None, "travel_km": None, "energy_kwh": None}
    assert found["least"] == {"paper_sheets": None, "travel_km": None, "energy_kwh": None}
    assert "paper of post" in found["sentence"]


@pytest.mark.parametrize(
    ("processes", "pointer", "code"),
    [
        (["desk", "nowhere"], "/processes/1", "unknown_process"),
        (["desk", "desk"], "/processes/1", "named_twice"),
        (["desk", "letters"], "/processes/1", "units_differ"),
    ],
)
async def test_processes_that_cannot_be_compared_are_named(
    api: Api, processes: list[str], pointer: str, code: str
) -> None:
    await api.put("/v1/processes/desk", {"name": "At the desk", "footprint": PAPER}, status=201)
    await api.put("/v1/processes/letters", {"name": "Letters", "footprint": {**PAPER, "unit": "letter"}}, status=201)

    refused = await api.post("/v1/process-comparison", {"processes": processes}, status=422)

    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [(pointer, code)]


async def test_a_negative_footprint_is_refused(api: Api) -> None:
    body = {"name": "Desk", "footprint": {**PAPER, "paper_sheets": -1}}

    refused = await api.put("/v1/processes/desk", body, status=422)

    assert refused.json()["errors"][0]["pointer"] == "/footprint/paper_sheets"
