"""3: the same user submits the NPS several times."""

import pytest

from tests.support.api import Api
from tests.support.surveys import Json, PublishedSurvey, publish

FIRST, MIDDLE, LATEST = 0, 7, 10
NPS: Json = {"name": "NPS", "unit": "points", "measure": "nps", "question_types": ["nps"], "question": "nps"}


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """Six people answered three times each: first as detractors, at last as promoters."""
    survey = await publish(api)
    items = [
        {
            "respondent": {"id": f"person-{person}"},
            "submitted_at": f"2026-03-0{number + 1}T10:00:00Z",
            "answers": {"nps": score},
        }
        for person in range(6)
        for number, score in enumerate((FIRST, MIDDLE, LATEST))
    ]
    await api.post(f"/v1/surveys/{survey.id}/responses/batch", {"items": items}, status=200)
    return survey


async def settle(api: Api, survey: PublishedSurvey, policy: str) -> None:
    etag = (await api.get(f"/v1/surveys/{survey.id}")).headers["etag"]
    body = {"responses_per_respondent": policy}
    await api.put(f"/v1/surveys/{survey.id}/settings", body, headers={"If-Match": etag}, status=200)


@pytest.mark.parametrize(
    ("policy", "value", "answered"), [("all", 0.0, 18), ("first", -100.0, 6), ("latest", 100.0, 6)]
)
async def test_03_the_surveys_policy_says_which_count_and_the_figure_which_it_used(
    policy: str, value: float, answered: int, api: Api, survey: PublishedSurvey
) -> None:
    await settle(api, survey, policy)

    kpi = (await api.get(f"/v1/kpis/nps/value?survey={survey.id}")).json()
    series = (await api.get(f"/v1/kpis/nps/series?survey={survey.id}&bucket=month")).json()
    people = (await api.get(f"/v1/kpis/responses/value?survey={survey.id}")).json()

    assert (kpi["value"], kpi["answered"], kpi["responses_per_respondent"]) == (value, answered, policy)
    assert (series["points"][0]["value"], series["responses_per_respondent"]) == (value, policy)
    assert (f"the {policy} one" in kpi["inclusion"]) is (policy != "all")
    assert (people["value"], people["responses_per_respondent"]) == (18, "all")


async def test_03_a_kpi_that_says_so_itself_keeps_to_it(api: Api, survey: PublishedSurvey) -> None:
    await settle(api, survey, "latest")
    for take in ("first", "all", None):
        await api.put(f"/v1/kpis/nps_{take or 'open'}".lower(), {**NPS, "take": take}, status=201)

    used = {
        key: (await api.get(f"/v1/kpis/{key}/value?survey={survey.id}")).json()
        for key in ("nps_first", "nps_all", "nps_open")
    }

    assert {key: kpi["responses_per_respondent"] for key, kpi in used.items()} == {
        "nps_first": "first", "nps_all": "all", "nps_open": "latest",
    }  # fmt: skip
    assert [kpi["value"] for kpi in used.values()] == [-100.0, 0.0, 100.0]
