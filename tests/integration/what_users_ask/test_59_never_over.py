"""59: people over quota counted as complete, samples not refilled, a quota of 0 taken."""

import asyncio
from typing import Any

import pytest

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.quotas import at, cell, places, put, quota, taken, total
from tests.support.responses import batch, codes, give, listed
from tests.support.sampling import customers, drawn, new_frame, refs_of
from tests.support.surveys import publish

NORTH: dict[str, Any] = {"attributes": {"region": "north"}}
REGIONS = quota(
    "region",
    cell("north", 40, attributes={"region": ["north"]}),
    cell("south", 30, attributes={"region": ["south"]}),
)


async def test_59_two_hundred_completions_at_once_never_exceed_a_quota(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, total(60), REGIONS)

    async def answered(number: int) -> str:
        region = "north" if number % 2 else "south"
        if number % 10 == 0:
            path = f"/v1/surveys/{survey.id}/responses/batch"
            found = await api.post(path, {"items": [{"answers": {"nps": 9}, "attributes": {"region": region}}]})
            return str(found.json()["items"][0]["response_status"])
        found = await give(api, survey, attributes={"region": region})
        assert found.status_code == 201, found.text
        return str(found.json()["status"])

    statuses = await asyncio.gather(*(answered(number) for number in range(200)))

    stands = await places(api, survey)
    assert statuses.count("complete") == 60
    assert statuses.count("over_quota") == 140
    assert stands["total/all"]["taken"] == 60
    assert stands["region/north"]["taken"] <= 40
    assert stands["region/south"]["taken"] <= 30
    assert stands["region/north"]["taken"] + stands["region/south"]["taken"] == 60


async def test_59_who_is_over_quota_is_kept_told_and_in_no_figure(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, total(1))

    first = (await give(api, survey, answers={"nps": 10})).json()
    second = (await give(api, survey, answers={"nps": 0})).json()

    figure = (await api.get(f"/v1/kpis/responses/value?survey={survey.id}")).json()
    assert [first["status"], second["status"]] == ["complete", "over_quota"]
    assert [row["status"] for row in await listed(api, survey)] == ["complete", "over_quota"]
    assert (figure["value"], figure["excluded"]["over_quota"]) == (1, 1)


async def test_59_a_repetition_takes_no_place_and_gets_what_was_said_first(api: Api) -> None:
    survey = await publish(api)
    await put(api, survey, total(2))

    sent = [await give(api, survey, external_id=name) for name in ("a", "b", "c", "a", "c")]
    items = await batch(api, survey, [{"external_id": name, "answers": {"nps": 9}} for name in ("a", "d")])

    assert [answer.status_code for answer in sent] == [201, 201, 201, 200, 200]
    assert [answer.json()["status"] for answer in sent] == [
        "complete",
        "complete",
        "over_quota",
        "complete",
        "over_quota",
    ]
    assert [item["response_status"] for item in items["items"]] == ["complete", "over_quota"]
    assert await taken(api, survey) == {"total/all": 2}


@pytest.mark.parametrize("target", [0, -1, 1.5, "3", None, True])
async def test_59_a_target_is_above_nothing(api: Api, target: Any) -> None:
    survey = await publish(api)

    answer = await api.put(at(survey), {"quotas": [quota("total", cell("all", target))]}, status=422)

    assert list(codes(answer)) == ["/quotas/0/cells/0/target"]


async def test_59_a_sample_is_refilled_from_its_frame_for_the_cells_that_fall_short(
    api: Api, database: Database
) -> None:
    survey = await publish(api, confidentiality="pseudonymous")
    frame = await new_frame(api, customers(range(90)))
    await new_frame(api, [{**unit, "ref": f"other-{unit['ref']}"} for unit in customers(range(90, 150))])
    design = {
        "kind": "stratified",
        "strata_by": ["region"],
        "rule": "proportional",
        "n": 12,
        "replacement": {"reasons": ["quota short"], "most_share": 1.0},
    }
    sample = await drawn(api, database, frame, design, survey_id=survey.id)
    await put(
        api,
        survey,
        quota(
            "region",
            cell("north", 3, attributes={"region": ["north"]}),
            cell("south", 2, attributes={"region": ["south"]}),
        ),
        quota("score", cell("low", 5, answers={"nps": {"at_most": 6}})),
    )
    before = set(await refs_of(api, sample))
    for number in range(2):
        await give(api, survey, attributes={"region": "south"}, respondent={"id": f"C-{3 * number}"})
    await give(api, survey, **NORTH)

    body = {"sample_id": sample["id"], "expected_response": 0.5, "reason": "quota short"}
    refill = (await api.post(f"{at(survey)}/refills", body, status=201)).json()

    came = set(await refs_of(api, sample)) - before
    in_frame = {unit["ref"]: unit["attributes"]["region"] for unit in customers(range(90))}
    assert (refill["units"], len(came)) == (4, 4)
    assert {in_frame[ref] for ref in came} == {"north"}
    short = {f"{each['quota']}/{each['cell']}": each for each in refill["shortfalls"]}
    assert short["region/north"]["missing"] == 2
    assert short["region/north"]["why_not"] is None
    assert short["score/low"]["why_not"] is not None
    assert "region/south" not in short
    assert (await api.get(f"{at(survey)}/refills")).json()["items"] == [refill]
    refused = await api.post(f"{at(survey)}/refills", {**body, "reason": "no rule names this"}, status=409)
    assert refused.json()["code"] == "replacement_not_allowed"
    await give(api, survey, **NORTH)
    await give(api, survey, **NORTH)
    done = await api.post(f"{at(survey)}/refills", body, status=409)
    assert done.json()["code"] == "nothing_to_refill"
