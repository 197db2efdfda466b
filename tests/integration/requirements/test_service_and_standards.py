"""Rows of the requirements: the service, what matters in it, and what it is held against."""

from math import ceil
from statistics import stdev

import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.integration.requirements.conftest import FEATURES, FOOTPRINTS, Office, visits
from tests.support.standards import standard
from tests.support.surveys import Json

pytestmark = [pytest.mark.xdist_group("requirements"), pytest.mark.usefixtures("worker_process")]

WAIT: Json = {"feature": "waiting_time", "process": "reception", "offers": ["visit"], "touchpoints": ["front_desk"]}


def keys_of(links: Json) -> Json:
    """The keys of what a finding is tied to."""
    return {
        "feature": links["feature"]["key"],
        "process": links["process"]["key"],
        "offers": [each["key"] for each in links["offers"]],
        "touchpoints": [each["key"] for each in links["touchpoints"]],
    }


async def test_R1_1_R3_2_measured_importance_stands_beside_what_was_assumed(office: Office) -> None:
    catalogue = {each["key"]: each for each in (await office.read("/v1/features"))["items"]}
    found = {each["driver"]["name"]: each for each in office.drivers["result"]["drivers"]["drivers"]}

    assert {key: catalogue[key]["assumed_importance"] for key in FEATURES} == {
        key: feature["assumed_importance"] for key, feature in FEATURES.items()
    }
    assert {name: each["assumed_importance"] for name, each in found.items()} == {"wait": 2, "staff": 5, "place": 3}
    assert found["wait"]["rank"] == 1
    assert found["wait"]["share_interval"]["low"] > found["staff"]["share_interval"]["high"]


async def test_G3_4_every_finding_says_which_offer_and_process_it_is_of_and_whose(office: Office) -> None:
    reviewed = next(each for each in office.review["result"]["features"] if each["feature_key"] == "waiting_time")
    verdict = await office.read("/v1/standards/short_wait/verdict")
    of_drivers = {each["feature"]["key"]: each for each in office.drivers["links"]}
    of_review = {each["feature"]["key"]: each for each in office.review["links"]}
    recommended = await office.recommendation_about("waiting_time")

    for links in (
        reviewed["links"],
        verdict["links"],
        of_drivers["waiting_time"],
        of_review["waiting_time"],
        recommended["links"],
    ):
        assert keys_of(links) == WAIT
        assert (links["feature"]["owner"], links["process"]["owner"]) == ("Ada", "Head of reception")
        assert [each["owner"] for each in (*links["offers"], *links["touchpoints"])] == ["Head of services", "Di"]
    assert set(of_drivers) == set(FEATURES)


async def test_M2_1_M2_2_processes_have_footprints_are_compared_and_support_standards(office: Office) -> None:
    kept = await office.read("/v1/processes/reception")
    body = {"processes": ["reception", "online_booking"], "units": 1000}
    compared = (await office.api.post("/v1/process-comparison", body, status=200)).json()
    supported = await office.read("/v1/standards", process="reception")

    assert {name: kept["footprint"][name] for name in FOOTPRINTS["reception"]} == FOOTPRINTS["reception"]
    totals = {each["process"]: each for each in compared["uses"]}
    assert totals["reception"]["paper_sheets"] == 3000
    assert totals["online_booking"]["energy_kwh"] == pytest.approx(600)
    assert compared["sentence"]
    assert [each["key"] for each in supported["items"]] == ["short_wait"]


async def test_R3_3_candidate_measures_are_ranked_by_importance_spread_and_cost(office: Office) -> None:
    path = f"/v1/surveys/{office.survey.id}/candidate-measures"
    found = (await office.read(path, price=2.5))["items"]
    wider = {each["question"]: each for each in (await office.read(path, margin=0.1))["items"]}

    first, by_question = found[0], {each["question"]: each for each in found}
    shares = {each["driver"]["name"]: each["share"] for each in office.drivers["result"]["drivers"]["drivers"]}
    waits = [each["answers"]["wait"] for each in visits()]
    assert (first["question"], first["by_importance"], first["standards"]) == ("wait", 1, ["short_wait"])
    assert {name: by_question[name]["importance"]["share"] for name in shares} == shares
    assert first["spread"]["value"] == pytest.approx(stdev(waits) / 2, rel=1e-3)
    assert first["cost"]["answers"] == ceil((1.959964 * stdev(waits) / (0.05 * 4)) ** 2)
    assert first["cost"]["amount"] == first["cost"]["answers"] * 2.5
    assert wider["wait"]["cost"]["answers"] == pytest.approx(first["cost"]["answers"] / 4, abs=1)
    assert by_question["nps"]["importance"] is None
    assert "no analysis of drivers has it" in by_question["nps"]["why"]
    assert [each["mean_rank"] for each in found] == sorted(each["mean_rank"] for each in found)


async def test_M1_1_M2_4_R2_3_a_standard_is_kept_in_plain_words_with_who_agreed(office: Office) -> None:
    agreed = [{"by": "Customer council", "on": "2024-12-10"}, {"by": "Staff council", "on": "2024-12-12"}]
    metric = {"kind": "kpi", "survey_id": office.survey.id, "kpi": "csat", "question": "staff"}
    said = standard(office.survey.id, name="Friendly staff", metric=metric, tolerance=0.02, agreed=agreed, owner="Bo")
    await office.api.put("/v1/standards/friendly", said, status=201)
    raised = {**said, "target": 0.8, "valid_from": "2026-01-01"}
    await office.api.put("/v1/standards/friendly", raised, status=200, headers={"If-Match": '"1"'})

    versions = (await office.read("/v1/standards/friendly/versions"))["items"]

    assert [(each["version"], each["target"]) for each in versions] == [(2, 0.8), (1, 0.7)]
    assert versions[1]["statement"] == said["statement"]
    assert (versions[1]["agreed"], versions[1]["threshold"], versions[1]["owner"]) == (agreed, 0.68, "Bo")


async def test_M1_2_ones_own_figure_stands_beside_those_of_others_with_source_and_date(office: Office) -> None:
    others = {"name": "Offices of the region", "figure": 0.72, "n": 900, "source": "Yearbook 2025, table 12"}
    more = {"published_on": "2025-11-03", "sector": "Public offices", "comparability": "Same question, by telephone."}
    note = {"title": "Say how long it will be", "text": "A board shows the wait.", "source": "Journal 12 (3)"}
    await office.api.put("/v1/benchmarks/region", {**others, **more, "standard": "short_wait"}, status=201)
    await office.api.put(
        "/v1/practice-notes/board", {**note, "dated": "2024-05-01", "standard": "short_wait"}, status=201
    )

    verdict = await office.read("/v1/standards/short_wait/verdict")

    (beside,) = verdict["benchmarks"]
    assert beside["difference"] == pytest.approx(verdict["estimate"]["value"] - 0.72)
    assert (beside["beside"], beside["basis"], beside["source"]) == ("worse", "both_intervals", others["source"])
    assert beside["published_on"] == "2025-11-03"
    assert [each["title"] for each in verdict["practice_notes"]] == [note["title"]]


async def test_R2_3_M5_4_each_standard_has_a_verdict_from_its_interval_as_recounted(office: Office) -> None:
    targets = {"met": ("place", 0.7), "not_met": ("wait", 0.7), "not_enough_evidence": ("staff", None)}
    given = list(visits())
    for expected, (question, wanted) in targets.items():
        scores = [each["answers"][question] for each in given]
        good = sum(score >= 4 for score in scores)
        low, high = proportion_confint(good, len(scores), method="wilson")
        target = wanted if wanted is not None else round(good / len(scores), 3)
        metric = {"kind": "kpi", "survey_id": office.survey.id, "kpi": "csat", "question": question}
        key = f"row_{question}"
        await office.api.put(
            f"/v1/standards/{key}", standard(office.survey.id, metric=metric, target=target), status=201
        )

        verdict = await office.read(f"/v1/standards/{key}/verdict")

        interval = verdict["estimate"]["interval"]
        assert verdict["estimate"]["value"] == pytest.approx(good / len(scores))
        assert (interval["low"], interval["high"]) == (pytest.approx(low), pytest.approx(high))
        recount = "met" if low >= target else "not_met" if high < target else "not_enough_evidence"
        assert verdict["verdict"] == recount == expected
        assert (verdict["needed"] is not None) is (expected == "not_enough_evidence")
