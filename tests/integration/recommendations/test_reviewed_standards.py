"""A review holds the answers against every standard that is agreed, by the real worker."""

from typing import Any

import pytest

from tests.support.analyses import made
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.standards import standard, surveyed, waits
from tests.support.surveys import PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]

YEAR = {"from": "2025-01-01", "to": "2026-01-01"}
OBSERVED = {"kind": "observed", "question": "minutes", "statistic": "median"}


async def agree(api: Api, survey: PublishedSurvey) -> None:
    """Four standards: one that is met, one that is not, one that cannot be told, and one that has not begun."""
    await api.put("/v1/standards/met", standard(survey.id, name="Half", target=0.5), status=201)
    await api.put("/v1/standards/not_met", standard(survey.id, name="Nearly all", target=0.9), status=201)
    await api.put("/v1/standards/unclear", standard(survey.id, name="Seven in ten"), status=201)
    later = standard(survey.id, name="From next year", valid_from="2026-01-01")
    await api.put("/v1/standards/later", later, status=201)


async def test_r2_3_m5_4_a_review_compares_every_standard_that_holds_and_says_what_it_could_not_judge(api: Api) -> None:
    survey = await surveyed(api, waits(145, 55))
    await agree(api, survey)

    run = await made(api, {"kind": "review", "survey_id": survey.id, **YEAR})

    by_key = {each["standard"]: each for each in run["result"]["standards"]}
    needed = by_key["unclear"]["needed"]["answers"]
    assert {key: each["verdict"] for key, each in by_key.items()} == {
        "met": "met",
        "not_met": "not_met",
        "unclear": "not_enough_evidence",
    }
    assert run["sentence"].endswith(
        f"Of 3 standards 1 met; not met: Nearly all; not enough evidence: Seven in ten (about {needed:,} answers)."
    )
    for key, reviewed in by_key.items():
        alone = (await api.get(f"/v1/standards/{key}/verdict?from=2025-01-01&to=2026-01-01")).json()
        for name in ("verdict", "sentence", "bound", "needed", "trend", "links", "period_start"):
            assert reviewed[name] == alone[name], (key, name)
        assert alone["estimate"].items() <= reviewed["estimate"].items()
    assert "standards" in [chart["key"] for chart in run["charts"]]


async def test_a_standard_that_is_not_met_becomes_a_recommendation_that_names_it(api: Api) -> None:
    survey = await surveyed(api, waits(145, 55))
    await agree(api, survey)

    run = await made(api, {"kind": "review", "survey_id": survey.id, **YEAR})

    (found,) = (await api.get(f"/v1/recommendations?survey_id={survey.id}&kind=improve")).json()["items"]
    place = [each["standard"] for each in run["result"]["standards"]].index("not_met")
    first = found["evidence"][0]
    assert (found["standard_key"], found["feature_key"]) == ("not_met", "waiting_time")
    assert (first["pointer"], first["n"]) == (f"/standards/{place}", 200)
    assert found["rationale"] == run["result"]["standards"][place]["sentence"]
    assert found["gap"] == pytest.approx(0.9 - 0.725)


async def test_a_standard_about_no_feature_is_recommended_by_itself(api: Api) -> None:
    survey = await surveyed(api, waits(200, 0))
    slow = standard(
        survey.id, name="Quick", metric={**OBSERVED, "survey_id": survey.id}, direction="at_most", target=11
    )
    await api.put("/v1/standards/quick", slow, status=201)

    await made(api, {"kind": "review", "survey_id": survey.id, **YEAR})

    (found,) = (await api.get(f"/v1/recommendations?survey_id={survey.id}&kind=improve")).json()["items"]
    assert (found["standard_key"], found["feature_key"]) == ("quick", None)
    assert found["title"] == "Reach the standard: Quick"


async def test_a_survey_without_features_is_reviewed_by_its_standards(api: Api) -> None:
    question: dict[str, Any] = {"key": "wait", "type": "rating", "scale": {"min": 1, "max": 5}, "text": "Wait?"}
    survey = await publish(api, questions=[question])
    answers = [{key: each[key] for key in ("submitted_at", "answers")} for each in waits(180, 20)]
    await answer(api, survey.id, [{**each, "answers": {"wait": each["answers"]["wait"]}} for each in answers])
    await api.put("/v1/standards/short_wait", standard(survey.id), status=201)

    run = await made(api, {"kind": "review", "survey_id": survey.id, **YEAR})

    assert run["sentence"] == "Of 1 standard 1 met."


async def test_every_standard_is_weighted_that_can_be(api: Api) -> None:
    survey = await surveyed(api, waits(270, 30), waits(20, 80, region="south"))
    frame = {"margins": {"region": {"north": 0.2, "south": 0.8}}}
    scheme = {"name": "Customers", "kind": "raking", "frame": frame}
    await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/customers", scheme, status=201)
    await api.put("/v1/standards/short_wait", standard(survey.id, target=0.6), status=201)
    median = {**OBSERVED, "survey_id": survey.id}
    await api.put("/v1/standards/quick", standard(survey.id, metric=median, direction="at_most", target=20), status=201)

    run = await made(api, {"kind": "review", "survey_id": survey.id, "weighting": "customers", **YEAR})

    by_key = {each["standard"]: each for each in run["result"]["standards"]}
    assert (by_key["short_wait"]["weighting"], by_key["short_wait"]["verdict"]) == ("customers", "not_met")
    assert by_key["short_wait"]["estimate"]["value"] == pytest.approx(0.2 * 0.9 + 0.8 * 0.2)
    assert (by_key["quick"]["weighting"], by_key["quick"]["verdict"]) == (None, "met")


async def test_an_edited_standard_makes_another_run_and_reviews_leave_a_history(api: Api) -> None:
    survey = await surveyed(api, waits(145, 55))
    await api.put("/v1/standards/short_wait", standard(survey.id, target=0.5), status=201)
    asked = {"kind": "review", "survey_id": survey.id, **YEAR}
    first = await made(api, asked)

    again = (await api.post("/v1/analyses", asked, status=200)).json()
    edited = standard(survey.id, target=0.9)
    await api.put("/v1/standards/short_wait", edited, status=200, headers={"If-Match": '"1"'})
    second = await made(api, asked)

    assert again["id"] == first["id"] != second["id"]
    page = (await api.get("/v1/standards/short_wait/verdicts?limit=1")).json()
    rest = (await api.get(f"/v1/standards/short_wait/verdicts?limit=1&cursor={page['next_cursor']}")).json()
    history = [*page["items"], *rest["items"]]
    assert [(each["run_id"], each["version"], each["verdict"]) for each in history] == [
        (second["id"], 2, "not_met"),
        (first["id"], 1, "met"),
    ]
    assert history[0]["sentence"] == second["result"]["standards"][0]["sentence"]


async def test_an_event_says_when_a_standard_turns_to_not_met_and_only_then(api: Api) -> None:
    survey = await surveyed(api, waits(145, 55))
    await api.put("/v1/standards/short_wait", standard(survey.id, target=0.9), status=201)
    asked = {"kind": "review", "survey_id": survey.id}

    first = await made(api, {**asked, **YEAR})
    await made(api, {**asked, **YEAR, "level": 0.9})

    (event,) = (await api.get("/v1/events?type=standard.not_met")).json()["items"]
    assert event["subject"]["id"] == "short_wait"
    assert event["data"] == {
        "run_id": first["id"],
        "standard_version": 1,
        "threshold": 0.9,
        "value": pytest.approx(0.725),
        "n": 200,
    }


async def test_a_benchmark_that_is_edited_makes_another_run(api: Api) -> None:
    survey = await surveyed(api, waits(145, 55))
    await api.put("/v1/standards/short_wait", standard(survey.id), status=201)
    figure = {"name": "Others", "figure": 0.6, "published_on": "2025-01-01", "sector": "All", "comparability": "Some"}
    asked = {"kind": "review", "survey_id": survey.id, **YEAR}
    before = await made(api, asked)

    beside = {**figure, "source": "A survey", "standard": "short_wait", "n": 900}
    await api.put("/v1/benchmarks/others", beside, status=201)
    after = await made(api, asked)

    assert before["result"]["standards"][0]["benchmarks"] == []
    assert after["result"]["standards"][0]["benchmarks"][0]["beside"] == "better"


async def test_g3_4_every_feature_of_a_review_carries_its_links(api: Api) -> None:
    survey = await surveyed(api, waits(145, 55))
    await api.put("/v1/processes/reception", {"name": "Reception", "owner": "Front desk"}, status=201)
    tied = {"name": "Waiting time", "owner": "Ada", "process": "reception"}
    await api.put("/v1/features/waiting_time", tied, status=200, headers={"If-Match": '"1"'})

    run = await made(api, {"kind": "review", "survey_id": survey.id, **YEAR})

    links = run["result"]["features"][0]["links"]
    assert links["process"] == {"key": "reception", "name": "Reception", "owner": "Front desk"}
    assert links["feature"]["owner"] == "Ada"
