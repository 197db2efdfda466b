"""Verdicts: from intervals, on the part of a period in which a standard holds, with what it would take to decide."""

from typing import Any

import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.support.analyses import months
from tests.support.api import Api
from tests.support.standards import Json, standard, surveyed, waits

YEAR = "from=2025-01-01&to=2026-01-01"


async def verdict(api: Api, query: str = YEAR, *, key: str = "short_wait", status: int = 200) -> Json:
    found: Json = (await api.get(f"/v1/standards/{key}/verdict?{query}", status=status)).json()
    return found


@pytest.mark.parametrize(
    ("good", "poor", "expected"),
    [
        (180, 20, "met"),
        (100, 100, "not_met"),
        (145, 55, "not_enough_evidence"),  # 72.5%, above the target, and not shown to be
        (138, 62, "not_enough_evidence"),
    ],
)
async def test_r2_3_m5_4_a_verdict_is_from_the_interval_and_never_from_the_point(
    api: Api, good: int, poor: int, expected: str
) -> None:
    survey = await surveyed(api, waits(good, poor))
    await api.put("/v1/standards/short_wait", standard(survey.id), status=201)

    found = await verdict(api)

    low, high = proportion_confint(good, good + poor, method="wilson")
    assert found["verdict"] == expected
    assert (found["estimate"]["interval"]["low"], found["estimate"]["interval"]["high"]) == pytest.approx((low, high))
    assert found["margin"] == pytest.approx(good / (good + poor) - 0.7)
    assert (found["nature"], found["version"], found["estimate"]["n"]) == ("opinion", 1, good + poor)
    assert found["sentence"].startswith("A short wait: ")


async def test_a_tolerance_is_a_rule_that_is_stated(api: Api) -> None:
    survey = await surveyed(api, waits(280, 120))
    await api.put("/v1/standards/short_wait", standard(survey.id, tolerance=0.06), status=201)

    found = await verdict(api)

    assert (found["verdict"], found["threshold"], found["reaches_target"]) == ("met", 0.64, False)
    assert found["bound"]["side"] == "lower"
    assert found["bound"]["confidence"] == 0.975
    assert "met, within what is tolerated" in found["sentence"]
    assert "at least 70% is asked for (64% with what is tolerated)" in found["sentence"]


async def test_what_is_not_decided_says_how_many_answers_would_do(api: Api) -> None:
    survey = await surveyed(api, waits(72, 28, day="2025-06-10"))
    await api.put("/v1/standards/short_wait", standard(survey.id), status=201)

    found = await verdict(api, "from=2025-06-01&to=2025-07-01")

    # z² t (1 - t) / d², which is where Wilson's interval ends at the threshold.
    needed = 1.959964**2 * 0.7 * 0.3 / 0.02**2
    assert found["undecided"] == "interval_includes_threshold"
    assert found["needed"]["answers"] == pytest.approx(needed, abs=1)
    assert found["needed"]["missing"] == found["needed"]["answers"] - 100
    assert found["needed"]["per_day"] == pytest.approx(100 / 30)
    assert found["needed"]["days"] == pytest.approx(needed / (100 / 30), abs=1)
    assert found["needed"]["by"] is None
    assert "on both sides of 70%" in found["sentence"]


async def test_a_small_figure_is_withheld_and_its_n_is_not_given_away(api: Api) -> None:
    survey = await surveyed(api, waits(3, 1))
    await api.put("/v1/standards/short_wait", standard(survey.id), status=201)

    found = await verdict(api)

    assert (found["verdict"], found["undecided"]) == ("not_enough_evidence", "too_few_to_show")
    assert (found["estimate"], found["margin"], found["benchmarks"]) == (None, None, [])
    assert (found["needed"]["answers"], found["needed"]["missing"], found["needed"]["per_day"]) == (5, None, None)


async def test_answers_all_alike_have_no_interval_and_decide_nothing(api: Api) -> None:
    survey = await surveyed(api, waits(40, 0))
    mean = {"kind": "kpi", "survey_id": survey.id, "kpi": "mean", "question": "wait"}
    await api.put("/v1/standards/short_wait", standard(survey.id, metric=mean, target=4), status=201)

    found = await verdict(api)

    assert (found["verdict"], found["undecided"]) == ("not_enough_evidence", "no_interval")
    assert found["needed_reason"]


@pytest.mark.parametrize(
    ("metric", "direction", "target", "expected"),
    [
        ({"statistic": "mean"}, "at_most", 13, "met"),
        ({"statistic": "median"}, "at_most", 11, "not_met"),
        ({"statistic": "share_within", "highest": 12}, "at_least", 0.5, "met"),
        ({"statistic": "share_within", "lowest": 13}, "at_most", 0.3, "not_met"),
    ],
)
async def test_an_observed_measure_is_told_apart_from_opinion(
    api: Api, metric: Json, direction: str, target: float, expected: str
) -> None:
    survey = await surveyed(api, waits(300, 0))  # 10 to 14 minutes, as many of each
    observed = {"kind": "observed", "survey_id": survey.id, "question": "minutes", **metric}
    body = standard(survey.id, metric=observed, direction=direction, target=target)
    await api.put("/v1/standards/short_wait", body, status=201)

    found = await verdict(api)

    assert (found["verdict"], found["nature"], found["kpi"]) == (expected, "observed", None)
    assert found["statistic"] == metric["statistic"]


async def test_a_group_has_a_standard_of_its_own(api: Api) -> None:
    survey = await surveyed(api, waits(190, 10), waits(60, 140, region="south"))
    for region in ("north", "south"):
        metric = {**standard(survey.id)["metric"], "where": {"region": [region]}}
        await api.put(f"/v1/standards/{region}", standard(survey.id, metric=metric), status=201)

    found = {region: await verdict(api, key=region) for region in ("north", "south")}

    assert {region: each["verdict"] for region, each in found.items()} == {"north": "met", "south": "not_met"}
    assert "(region north)" in found["north"]["sentence"]


async def test_a_verdict_is_weighted_where_that_is_asked_for(api: Api) -> None:
    survey = await surveyed(api, waits(270, 30), waits(20, 80, region="south"))
    frame = {"margins": {"region": {"north": 0.2, "south": 0.8}}}
    scheme = {"name": "Customers", "kind": "raking", "frame": frame}
    await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/customers", scheme, status=201)
    await api.put("/v1/standards/short_wait", standard(survey.id, target=0.6), status=201)

    plain, weighted = await verdict(api), await verdict(api, f"{YEAR}&weighting=customers")
    kpi = f"/v1/kpis/csat/value?survey={survey.id}&question=wait&{YEAR}&weighting=customers"
    value = (await api.get(kpi)).json()

    assert (plain["verdict"], weighted["verdict"]) == ("met", "not_met")
    assert weighted["estimate"]["value"] == value["value"] == pytest.approx(0.2 * 0.9 + 0.8 * 0.2)
    assert weighted["estimate"]["interval"] == value["interval"]
    assert weighted["estimate"]["n_effective"] < 400
    assert weighted["weighting"] == "customers"
    refused = await verdict(api, f"{YEAR}&weighting=nothing", status=422)
    assert refused["errors"][0]["pointer"] == "/query/weighting"


async def test_trend_and_assurance_are_of_the_months_up_to_the_end_of_the_period(api: Api) -> None:
    rising = [
        waits(40 + 3 * place, 60 - 3 * place, day=f"{month:%Y-%m}-10")
        for place, month in enumerate(months_from_2024(18))
    ]
    survey = await surveyed(api, *rising)
    await api.put("/v1/standards/short_wait", standard(survey.id, target=0.95), status=201)

    found = await verdict(api, "from=2025-05-01&to=2025-07-01")
    early = await verdict(api, "from=2024-01-01&to=2024-04-01")

    assert (found["trend"]["course"], found["trend"]["rises"], found["trend"]["n_periods"]) == ("better", True, 18)
    assert found["trend"]["p_value"] < 0.001
    assert (found["assurance"]["assurance"], found["assurance"]["settled"]) == ("consistent_fail", False)
    assert (early["trend"], early["assurance"]) == (None, None)
    assert "from 5" in early["trend_reason"]
    assert "from 12" in early["assurance_reason"]


def months_from_2024(count: int) -> list[Any]:
    from datetime import date

    return months(date(2024, 1, 1), count)


async def test_a_period_is_judged_by_the_version_that_holds_in_it(api: Api) -> None:
    survey = await surveyed(api, waits(160, 40, day="2025-03-10"), waits(160, 40, day="2025-09-10"))
    path = "/v1/standards/short_wait"
    await api.put(path, standard(survey.id), status=201)
    stricter = standard(survey.id, target=0.9, valid_from="2025-07-01")
    await api.put(path, stricter, status=200, headers={"If-Match": '"1"'})

    first = await verdict(api, "from=2025-01-01&to=2025-07-01")
    second = await verdict(api, "from=2025-07-01&to=2026-01-01")
    both = await verdict(api, YEAR)

    assert (first["version"], first["verdict"]) == (1, "met")
    assert (second["version"], second["verdict"]) == (2, "not_met")
    assert (both["version"], both["estimate"]["n"]) == (2, 200)
    assert both["period_start"].startswith("2025-06-30T23:00:00")  # midnight in London


async def test_a_standard_of_the_future_does_not_hold_yet(api: Api) -> None:
    survey = await surveyed(api, waits(160, 40))
    await api.put("/v1/standards/short_wait", standard(survey.id, valid_from="2190-01-01"), status=201)

    refused = await verdict(api, "from=2025-01-01", status=422)

    assert [(f["pointer"], f["code"]) for f in refused["errors"]] == [("/query/from", "standard_not_valid")]


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("from=2025-01-01&to=2025-02-01", "/query/from", "no_answers"),
        ("from=2020-01-01&to=2021-01-01", "/query/from", "standard_not_valid"),
        ("from=2025-02-01&to=2025-01-01", "/query/to", "empty_period"),
        ("from=yesterday", "/query/from", "value_error"),
        ("level=2", "/query/level", "less_than_equal"),
    ],
)
async def test_a_period_that_cannot_be_judged_is_a_clear_problem(api: Api, query: str, pointer: str, code: str) -> None:
    survey = await surveyed(api, waits(20, 4))
    await api.put("/v1/standards/short_wait", standard(survey.id), status=201)

    refused = await verdict(api, query, status=422)

    assert [(fault["pointer"], fault["code"]) for fault in refused["errors"]] == [(pointer, code)]


async def test_a_kpi_that_was_turned_round_since_makes_a_standard_unfit_and_not_wrong(api: Api) -> None:
    survey = await surveyed(api, waits(160, 40))
    kpi = {"name": "Good waits", "unit": "share", "measure": "top_box", "question_types": ["rating"]}
    await api.put("/v1/kpis/good_waits", {**kpi, "higher_is_better": True}, status=201)
    metric = {"kind": "kpi", "survey_id": survey.id, "kpi": "good_waits", "question": "wait"}
    await api.put("/v1/standards/short_wait", standard(survey.id, metric=metric), status=201)
    turned = {**kpi, "higher_is_better": False}
    await api.put("/v1/kpis/good_waits", turned, status=200, headers={"If-Match": '"1"'})

    found = await verdict(api)

    assert (found["verdict"], found["undecided"]) == ("not_enough_evidence", "metric_changed")
    assert "lower is better" in found["undecided_because"]


async def test_g3_4_a_verdict_carries_feature_process_offers_and_their_owners(api: Api) -> None:
    survey = await surveyed(api, waits(160, 40))
    for kind, key in (("processes", "reception"), ("offers", "visit"), ("touchpoints", "desk")):
        await api.put(f"/v1/{kind}/{key}", {"name": key.title(), "owner": f"Head of {key}"}, status=201)
    ties = {"process": "reception", "offers": ["visit"], "touchpoints": ["desk"]}
    feature = {"name": "Waiting time", "owner": "Ada", **ties}
    await api.put("/v1/features/waiting_time", feature, status=200, headers={"If-Match": '"1"'})
    await api.put("/v1/standards/short_wait", standard(survey.id, feature="waiting_time"), status=201)

    links = (await verdict(api))["links"]

    assert links == {
        "feature": {"key": "waiting_time", "name": "Waiting time", "owner": "Ada"},
        "process": {"key": "reception", "name": "Reception", "owner": "Head of reception"},
        "offers": [{"key": "visit", "name": "Visit", "owner": "Head of visit"}],
        "touchpoints": [{"key": "desk", "name": "Desk", "owner": "Head of desk"}],
    }
