"""Recommendations that follow from drivers, trends, sampling bias and themes, beside those of reviews."""

from random import Random
from typing import Any

import pytest

from tests.integration.recommendations.test_review import FRAME, QUESTIONS, months
from tests.support.analyses import made
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.surveys import PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]

Json = dict[str, Any]


async def proposed(api: Api, run: Json) -> list[Json]:
    """What follows from a run."""
    items: list[Json] = (await api.post(f"/v1/analyses/{run['id']}/recommendations", status=200)).json()["items"]
    return items


def value_at(document: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


async def driven(api: Api) -> PublishedSurvey:
    """Whether people recommend hangs on the wait, which is bad; staff is good, and matters less."""
    questions = [{"key": "nps", "type": "nps", "text": "Recommend?", "feature": "overall"}, *QUESTIONS]
    survey, chance = await publish(api, questions=questions), Random(5)
    rows = []
    for _ in range(400):
        wait, staff, place = (min(5, max(1, round(chance.gauss(mean, 1)))) for mean in (2.2, 4.2, 4.4))
        nps = min(10, max(0, round(2 * wait + 0.3 * staff + chance.gauss(0, 1))))
        rows.append({"answers": {"nps": nps, "wait": wait, "staff": staff, "place": place}})
    await answer(api, survey.id, rows)
    return survey


async def test_R3_7_an_important_driver_that_performs_badly_is_proposed_with_its_expected_effect(api: Api) -> None:
    survey = await driven(api)
    run = await made(api, {"kind": "drivers", "survey_id": survey.id, "outcome": "nps"})

    (found,) = await proposed(api, run)
    again = await proposed(api, run)

    effect, (share, performance) = found["expected_effect"], found["evidence"]
    driver = value_at(run["result"], share["pointer"].removesuffix("/share"))
    points = (run["result"]["drivers"]["performance_line"] - performance["value"]) / 100 * 4
    assert (found["kind"], found["feature_key"], found["run_id"]) == ("improve", "waiting_time", run["id"])
    assert driver["driver"]["name"] == "wait"
    assert (share["value"], share["low"]) == (driver["share"], driver["share_interval"]["low"])
    assert effect["value"] == pytest.approx(driver["slope"]["estimate"] * points)
    assert effect["low"] < effect["value"] < effect["high"]
    assert found["priority"] == pytest.approx(found["gap"] * driver["share"] * 0.6)
    assert f"{found['priority']:.3f}" in found["priority_reason"]
    assert [one["id"] for one in again] == [found["id"]]


async def test_what_a_trend_and_a_review_find_of_a_feature_is_one_recommendation(api: Api) -> None:
    survey = await publish(api, questions=QUESTIONS)
    await answer(api, survey.id, months(20, 20))
    await made(api, {"kind": "review", "survey_id": survey.id, "frame": FRAME})
    trend = await made(api, {"kind": "trend", "survey_id": survey.id, "kpi": "csat", "question": "wait"})

    (found,) = await proposed(api, trend)
    (listed,) = (await api.get(f"/v1/recommendations?survey_id={survey.id}")).json()["items"]
    read = (await api.get(f"/v1/recommendations/{found['id']}")).json()

    assert listed["id"] == found["id"]
    assert len(read["sightings"]) == 2
    assert read["sightings"][1]["run_id"] == read["run_id"] == trend["id"]
    (piece,) = found["evidence"]
    assert value_at(trend["result"], piece["pointer"])["value"] == piece["value"]
    assert found["expected_effect"]["value"] == -piece["value"]
    assert found["gap"] == pytest.approx(abs(piece["value"]))


async def test_answers_that_stand_for_nobody_lead_to_asking_better(api: Api) -> None:
    survey = await publish(api, questions=QUESTIONS)
    await answer(api, survey.id, months(40, 0))
    body = {"kind": "sampling_bias", "survey_id": survey.id, "kpi": "csat", "question": "wait", "frame": FRAME}
    run = await made(api, body)

    (found,) = await proposed(api, run)

    assert (found["kind"], found["feature_key"], found["confidence"]) == ("ask_better", "waiting_time", "low")
    assert "region south" in found["title"]
    assert {value_at(run["result"], piece["pointer"]) for piece in found["evidence"] if piece["value"] is not None} == {
        piece["value"] for piece in found["evidence"] if piece["value"] is not None
    }


async def test_a_run_that_found_nothing_yet_proposes_nothing(api: Api) -> None:
    survey = await publish(api)
    quality = await api.post("/v1/analyses", {"kind": "data_quality", "survey_id": survey.id}, status=202)

    refused = await api.post(f"/v1/analyses/{quality.json()['id']}/recommendations", status=409)

    assert refused.json()["code"] == "proposes_nothing"
