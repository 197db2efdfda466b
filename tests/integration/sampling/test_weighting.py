"""Figures of a survey weighted by the design of its samples."""

import pytest
from scipy.special import stdtrit

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.sampling import Json, customers, drawn, new_frame, units_of
from tests.support.surveys import PublishedSurvey, publish

STRATA = [{"values": {"region": "north"}, "units": 20}, {"values": {"region": "south"}, "units": 40}]
DESIGN = {"kind": "stratified", "strata_by": ["region"], "strata": STRATA}


async def answer(api: Api, survey: PublishedSurvey, unit: Json, score: int, *, region: str) -> None:
    body = {
        "respondent": {"id": unit["ref"]},
        "attributes": {"region": region},
        "answers": {"nps": score},
    }
    await api.post(f"/v1/surveys/{survey.id}/responses", body, status=201)


async def value(api: Api, survey: PublishedSurvey, **parameters: object) -> Json:
    found: Json = (
        await api.get("/v1/kpis/nps/value", params={"survey": survey.id, "weighting": "design", **parameters})
    ).json()
    return found


async def test_answers_speak_for_their_stratum_whoever_of_it_answers(api: Api, database: Database) -> None:
    survey = await publish(api, confidentiality="pseudonymous")
    frame = await new_frame(api, customers(range(300)))
    sample = await drawn(api, database, frame, DESIGN, survey_id=survey.id)
    units = await units_of(api, sample)
    north = [unit for unit in units if unit["stratum"] == 0]
    south = [unit for unit in units if unit["stratum"] == 1]
    for place, unit in enumerate(north):
        await answer(api, survey, unit, 10 if place < 15 else 0, region="north")
    for place, unit in enumerate(south[:10]):  # 30 of 40 do not answer
        await answer(api, survey, unit, 10 if place < 2 else 0, region="south")
    nobody = {"answers": {"nps": 0}, "attributes": {"region": "north"}}
    await api.post(f"/v1/surveys/{survey.id}/responses", nobody, status=201)

    found = await value(api, survey)

    # 200 of 300 live in the north, where the score is +50; in the south it is -60.
    assert found["value"] == pytest.approx((200 * 50 + 100 * -60) / 300)
    assert found["n"] == 30
    # Variance of stratified means: N²(1 - n/N)s²/n in each stratum.
    spread = [100**2 * 4 * p * (1 - p) * n / (n - 1) for p, n in ((0.75, 20), (0.2, 10))]
    variance = (200**2 * (1 - 20 / 200) * spread[0] / 20 + 100**2 * (1 - 10 / 100) * spread[1] / 10) / 300**2
    half = stdtrit(28, 0.975) * variance**0.5
    limits = found["interval"]["low"], found["interval"]["high"]
    assert limits == pytest.approx((found["value"] - half, found["value"] + half))
    assert found["weighting"] == "design"
    assert found["weighted_by"]["left_out"] == 1
    assert any("name no unit" in warning for warning in found["warnings"])

    by_region = {"survey": survey.id, "by": "region", "weighting": "design"}
    shown = (await api.get("/v1/kpis/nps/breakdown", params=by_region)).json()["groups"]
    groups = {item["group"]: item["value"] for item in shown if item["group"]}
    assert groups == {"north": pytest.approx(50), "south": pytest.approx(-60)}


async def test_a_survey_without_a_sample_and_a_scheme_of_that_name_are_refused(api: Api, database: Database) -> None:
    survey = await publish(api)
    path = "/v1/kpis/nps/value"
    refused = await api.get(path, params={"survey": survey.id, "weighting": "design"}, status=422)
    assert refused.json()["errors"][0]["code"] == "no_sample"
    scheme = {"name": "X", "kind": "raking", "frame": {"margins": {"region": {"north": 0.5, "south": 0.5}}}}
    named = await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/design", scheme, status=422)
    assert named.json()["errors"][0]["code"] == "reserved_key"
    kind = await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/mine", {**scheme, "kind": "design"}, status=422)
    assert kind.json()["errors"][0]["code"] == "not_applicable"


async def test_anonymous_responses_are_linked_to_nobody(api: Api, database: Database) -> None:
    survey = await publish(api, confidentiality="anonymous")
    frame = await new_frame(api, customers(range(30)))
    sample = await drawn(api, database, frame, {"kind": "simple", "n": 10}, survey_id=survey.id)
    for unit in await units_of(api, sample):
        body = {"external_id": unit["ref"], "answers": {"nps": 9}}
        await api.post(f"/v1/surveys/{survey.id}/responses", body, status=201)
    found = await value(api, survey)
    assert found["value"] is None
    assert any("names a unit" in warning for warning in found["warnings"])
