"""Standards: agreed in plain words, versioned, held to their KPI's direction and scale."""

import asyncio
from typing import Any

import pytest

from tests.support.api import Api
from tests.support.standards import standard, surveyed
from tests.support.surveys import PublishedSurvey

AGREED = [{"by": "Customer council", "on": "2023-12-10"}, {"by": "Head of front desk", "on": "2023-12-12"}]


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    return await surveyed(api)


async def test_m1_1_m2_4_r2_3_a_standard_says_in_plain_words_what_is_agreed_by_whom(
    api: Api, survey: PublishedSurvey
) -> None:
    await api.put("/v1/processes/reception", {"name": "Reception", "owner": "Front desk"}, status=201)
    said = standard(survey.id, tolerance=0.05, owner="Head of front desk", feature="waiting_time", process="reception")

    made = await api.put("/v1/standards/short_wait", {**said, "agreed": AGREED}, status=201)
    read = await api.get("/v1/standards/short_wait")

    found = read.json()
    assert read.headers["ETag"] == made.headers["ETag"] == '"1"'
    assert found == made.json()
    assert {name: found[name] for name in said if name != "metric"} == {k: v for k, v in said.items() if k != "metric"}
    assert (found["agreed"], found["threshold"], found["defined_by"]) == (AGREED, 0.65, "test")
    assert {name: found["metric"][name] for name in said["metric"]} == said["metric"]


async def test_an_edit_makes_a_version_and_earlier_ones_stay(api: Api, survey: PublishedSurvey) -> None:
    path = "/v1/standards/short_wait"
    made = await api.put(path, standard(survey.id), status=201)
    read = {"If-Match": made.headers["ETag"]}

    same = await api.put(path, standard(survey.id), status=200, headers=read)
    await api.put(path, standard(survey.id, target=0.8), status=428)
    edited = await api.put(path, standard(survey.id, target=0.8), status=200, headers=read)
    await api.put(path, standard(survey.id, target=0.9), status=412, headers=read)
    first = (await api.get(f"{path}/versions?limit=1")).json()
    second = (await api.get(f"{path}/versions?limit=1&cursor={first['next_cursor']}")).json()

    assert same.headers["ETag"] == '"1"'
    assert edited.headers["ETag"] == '"2"'
    assert [(page["items"][0]["version"], page["items"][0]["target"]) for page in (first, second)] == [
        (2, 0.8),
        (1, 0.7),
    ]
    assert second["next_cursor"] is None


async def test_of_those_who_edit_at_once_one_does(api: Api, survey: PublishedSurvey) -> None:
    path = "/v1/standards/short_wait"
    await api.put(path, standard(survey.id), status=201)

    answers = await asyncio.gather(
        *(api.put(path, standard(survey.id, target=0.1 * n), headers={"If-Match": '"1"'}) for n in range(1, 5))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_m2_2_standards_are_listed_by_survey_feature_and_supporting_process(
    api: Api, survey: PublishedSurvey
) -> None:
    for key in ("reception", "booking"):
        await api.put(f"/v1/processes/{key}", {"name": key}, status=201)
    tie = {"name": "Wait", "process": "reception"}
    await api.put("/v1/features/waiting_time", tie, status=200, headers={"If-Match": '"1"'})
    await api.put("/v1/standards/by_feature", standard(survey.id, feature="waiting_time"), status=201)
    await api.put("/v1/standards/by_process", standard(survey.id, process="reception"), status=201)
    await api.put("/v1/standards/elsewhere", standard(survey.id, feature="waiting_time", process="booking"), status=201)

    async def keys(query: str) -> list[str]:
        return [each["key"] for each in (await api.get(f"/v1/standards?{query}")).json()["items"]]

    assert await keys("process=reception") == ["by_feature", "by_process"]
    assert await keys("process=booking") == ["elsewhere"]
    assert await keys("feature=waiting_time") == ["by_feature", "elsewhere"]
    assert len(await keys(f"survey_id={survey.id}")) == 3
    first = (await api.get("/v1/standards?limit=2")).json()
    assert [each["key"] for each in first["items"]] == ["by_feature", "by_process"]
    assert await keys(f"limit=2&cursor={first['next_cursor']}") == ["elsewhere"]
    refused = await api.call("DELETE", "/v1/processes/reception", status=409)
    assert refused.json()["code"] == "part_in_use"


MINUTES = {"kind": "observed", "question": "minutes", "statistic": "median"}


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"direction": "at_most"}, "/direction", "other_direction"),
        ({"target": 70}, "/target", "off_scale"),
        ({"target": 0.1, "tolerance": 0.2}, "/tolerance", "off_scale"),
        ({"tolerance": -0.1}, "/tolerance", "greater_than_equal"),
        ({"valid_to": "2023-12-31"}, "/valid_to", "empty_period"),
        ({"valid_to": "2024-01-01"}, "/valid_to", "empty_period"),
        ({"feature": "nowhere"}, "/feature", "unknown_feature"),
        ({"process": "nowhere"}, "/process", "unknown_process"),
        ({"metric": {"kind": "kpi", "kpi": "nothing"}}, "/metric/kpi", "unknown_kpi"),
        ({"metric": {"kind": "kpi", "kpi": "responses"}}, "/metric/kpi", "unfit_kpi"),
        ({"metric": {"kind": "kpi", "kpi": "csat", "question": "nothing"}}, "/metric/question", "unknown_question"),
        ({"metric": {"kind": "kpi", "kpi": "csat", "question": "minutes"}}, "/metric/question", "unfit_question"),
        (
            {"metric": {"kind": "kpi", "kpi": "csat", "question": "wait", "where": {"shoe": ["42"]}}},
            "/metric/where",
            "unknown_attribute",
        ),
        ({"metric": {**MINUTES, "question": "wait"}}, "/metric/question", "unfit_question"),
        ({"metric": {**MINUTES, "highest": 10}}, "/metric", "value_error"),
        ({"metric": {**MINUTES, "statistic": "share_within"}}, "/metric", "value_error"),
        ({"metric": {"kind": "guess"}}, "/metric/kind", "enum"),
        ({"colour": "red"}, "/colour", "extra_forbidden"),
    ],
)
async def test_what_a_standard_cannot_be_is_refused_at_its_place(
    api: Api, survey: PublishedSurvey, more: dict[str, Any], pointer: str, code: str
) -> None:
    if "metric" in more:
        more = {"metric": {"survey_id": survey.id, **more["metric"]}}

    refused = await api.put("/v1/standards/short_wait", standard(survey.id, **more), status=422)

    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [(pointer, code)]
    await api.get("/v1/standards/short_wait", status=404)


async def test_every_fault_is_named_at_once(api: Api, survey: PublishedSurvey) -> None:
    wrong = {"direction": "at_most", "target": 3, "valid_to": "2020-01-01", "feature": "x", "process": "y"}

    refused = await api.put("/v1/standards/short_wait", standard(survey.id, **wrong), status=422)

    assert {fault["pointer"] for fault in refused.json()["errors"]} == {
        "/direction",
        "/target",
        "/valid_to",
        "/feature",
        "/process",
    }


async def test_of_a_kpi_without_a_direction_either_side_may_be_asked_for(api: Api, survey: PublishedSurvey) -> None:
    metric = {"kind": "kpi", "survey_id": survey.id, "kpi": "mean", "question": "wait"}

    for direction in ("at_least", "at_most"):
        body = standard(survey.id, metric=metric, direction=direction, target=3)
        await api.put(f"/v1/standards/{direction}", body, status=201)


async def test_a_feature_that_a_standard_is_about_stays(api: Api, survey: PublishedSurvey) -> None:
    await api.put("/v1/features/calm", {"name": "Calm"}, status=201)
    await api.put("/v1/standards/short_wait", standard(survey.id, feature="calm"), status=201)

    refused = await api.call("DELETE", "/v1/features/calm", status=409)

    assert refused.json()["code"] == "feature_in_use"


async def test_a_survey_of_another_organisation_is_not_there(api: Api, other_api: Api, survey: PublishedSurvey) -> None:
    await other_api.put("/v1/standards/short_wait", standard(survey.id), status=404)
    await api.put("/v1/standards/short_wait", standard(survey.id), status=201)

    await other_api.get("/v1/standards/short_wait", status=404)
    assert (await other_api.get("/v1/standards")).json()["items"] == []
