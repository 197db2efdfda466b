"""Trend analyses, from the request to the finding, by the real worker."""

from datetime import date

import pytest
from pydantic import TypeAdapter

from feedback_api.schemas.analyses.trends import TrendAnalysisOut
from feedback_core.trends.types import Shape
from tests.support.analyses import ended, made, months, requested, scores
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.surveys import PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]


async def test_a_planted_step_is_found_at_its_date(api: Api, slower: PublishedSurvey) -> None:
    run = await made(
        api, {"kind": "trend", "survey_id": slower.id, "kpi": "mean", "question": "wait", "from": "2024-01-01"}
    )

    found = TypeAdapter(TrendAnalysisOut).validate_python(run).result
    assert found is not None
    assert found.trend.shape is Shape.STEP
    assert found.trend.change is not None
    assert found.trend.change.first_period == date(2025, 1, 1)
    difference = found.trend.change.fit.difference
    assert difference.interval is not None
    assert difference.interval.low < -0.9 < difference.interval.high
    assert run["sentence"] == found.trend.sentence
    assert run["sentence"].startswith("The mean of wait fell by ")
    assert run["libraries"].keys() >= {"python", "numpy", "scipy", "statsmodels"}


async def test_it_stands_on_the_series_that_the_kpi_route_gives(api: Api, slower: PublishedSurvey) -> None:
    run = await made(api, {"kind": "trend", "survey_id": slower.id, "kpi": "mean", "question": "wait"})

    series = (await api.get(f"/v1/kpis/mean/series?survey={slower.id}&question=wait")).json()["points"]
    assert [(p["start"], p["value"], p["n"], p["complete"]) for p in run["result"]["series"]] == [
        (p["starts_on"], p["value"], p["n"], p["complete"]) for p in series
    ]
    assert run["progress"] == {"done": 2, "total": 2, "unit": "steps"}


async def test_a_known_change_begins_new_limits_and_the_next_months_have_a_band(
    api: Api, slower: PublishedSurvey
) -> None:
    asked = {"kind": "trend", "survey_id": slower.id, "kpi": "csat", "question": "wait", "to": "2026-01-01"}
    run = await made(api, {**asked, "rebase": ["2025-01-01"], "horizon": 2})

    trend = run["result"]["trend"]
    assert [part["first_period"] for part in trend["xmr_parts"]] == ["2024-01-01", "2025-01-01"]
    assert trend["xmr"] == trend["xmr_parts"][1]["chart"]
    assert trend["count_chart"]["kind"] == "p"
    assert trend["count_chart"]["points"][0]["size"] == 30
    assert trend["count_chart"]["points"][0]["index"] == 12
    assert [period["starts_on"] for period in trend["forecast"]["periods"]] == ["2026-01-01", "2026-02-01"]
    for period in trend["forecast"]["periods"]:
        assert 0 <= period["low"] <= period["value"] <= period["high"] <= 1
    assert run["parameters"]["rebase"] == ["2025-01-01"]


async def test_a_month_with_few_answers_is_a_gap_without_n(api: Api, slower: PublishedSurvey) -> None:
    few = [{"submitted_at": "2026-02-01T12:00:00Z", "answers": {"wait": 1}}] * 2
    after = [{"submitted_at": "2026-03-01T12:00:00Z", "answers": {"wait": 3}}] * 30
    await answer(api, slower.id, few + after)

    run = await made(api, {"kind": "trend", "survey_id": slower.id, "kpi": "mean", "question": "wait"})

    february = next(point for point in run["result"]["series"] if point["start"] == "2026-02-01")
    assert february["withheld"]
    assert (february["value"], february["n"]) == (None, None)
    assert "2026-02-01" in run["result"]["trend"]["missing"]


async def test_a_single_period_is_told_in_words(api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, scores("north", promoters=20, passives=5, detractors=5))

    run = await ended(api, (await requested(api, {"kind": "trend", "survey_id": survey.id, "kpi": "nps"}))["id"])

    # The only period still runs.
    assert (run["status"], run["error"]["code"]) == ("failed", "not_estimable")
    assert run["error"]["detail"] == "No complete period has a value, so there is no series to look at."
    assert (run["result"], run["sentence"]) == (None, None)


async def test_counts_of_responses_have_a_trend_too(api: Api, slower: PublishedSurvey) -> None:
    run = await made(api, {"kind": "trend", "survey_id": slower.id, "kpi": "responses", "to": "2026-01-01"})

    assert run["result"]["trend"]["shape"] == "not_estimated"
    assert run["sentence"].startswith("The number of responses was 30")
    # Counting began within the first month.
    assert run["result"]["trend"]["left_out"] == ["2024-01-01"]


async def test_weighted_by_period_a_change_of_who_answers_is_no_change_of_what_they_say(api: Api) -> None:
    survey = await publish(api)
    sent = []
    for number, month in enumerate(months(date(2024, 1, 1), 12)):
        north, south = (30, 10) if number < 6 else (10, 30)
        for region, n, promoters in (("north", north, 0.8), ("south", south, 0.2)):
            scored = [10] * round(n * promoters) + [0] * (n - round(n * promoters))
            moment = f"{month}T12:00:00Z"
            sent += [{"submitted_at": moment, "attributes": {"region": region}, "answers": {"nps": s}} for s in scored]
    await answer(api, survey.id, sent)
    scheme = {"name": "Regions", "kind": "raking", "frame": {"margins": {"region": {"north": 0.5, "south": 0.5}}}}
    await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/regions", scheme, status=201)
    body = {"kind": "trend", "survey_id": survey.id, "kpi": "nps", "to": "2025-01-01"}

    plain, weighted = await made(api, body), await made(api, {**body, "weighting": "regions"})
    unknown = await api.post("/v1/analyses", {**body, "weighting": "members"}, status=422)

    assert {round(point["value"], 9) for point in plain["result"]["series"]} == {30.0, -30.0}
    assert [point["value"] for point in weighted["result"]["series"]] == [pytest.approx(0, abs=1e-9)] * 12
    assert (weighted["result"]["weighting"], weighted["result"]["weighting_version"]) == ("regions", 1)
    assert plain["result"]["weighting"] is None
    assert unknown.json()["errors"][0]["pointer"] == "/weighting"
