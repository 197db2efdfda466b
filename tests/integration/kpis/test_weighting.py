"""Weighted figures: a scheme of the survey, named in any KPI query."""

import pytest

from tests.support.api import Api
from tests.support.cells import answer
from tests.support.refusals import refused
from tests.support.surveys import Json, PublishedSurvey, publish

ATTRIBUTES: list[Json] = [{"key": "region", "label": "Region", "values": ["north", "south", "islands"]}]
RAKING: Json = {
    "name": "Customers by region",
    "kind": "raking",
    "frame": {"margins": {"region": {"north": 0.25, "south": 0.75}}},
}


def schemes(survey: PublishedSurvey, key: str = "customers") -> str:
    return f"/v1/surveys/{survey.id}/weighting-schemes/{key}"


async def heard(api: Api) -> PublishedSurvey:
    """A survey that heard the north three times as often as the south: NPS 100 there, -100 here."""
    survey = await publish(api, attributes=ATTRIBUTES)
    north = [{"answers": {"nps": 10}, "attributes": {"region": "north"}, "submitted_at": "2026-02-10T10:00:00Z"}] * 15
    south = [{"answers": {"nps": 0}, "attributes": {"region": "south"}, "submitted_at": "2026-02-10T10:00:00Z"}] * 5
    nobody = [{"answers": {"nps": 5}, "submitted_at": "2026-02-10T10:00:00Z"}] * 5
    await answer(api, survey.id, [*north, *south, *nobody])
    return survey


async def test_a_figure_is_weighted_by_name_with_its_unweighted_twin(api: Api) -> None:
    survey = await heard(api)
    made = await api.put(schemes(survey), RAKING, status=201)

    kpi = (await api.get(f"/v1/kpis/nps/value?survey={survey.id}&weighting=customers")).json()
    plain = (await api.get(f"/v1/kpis/nps/value?survey={survey.id}")).json()

    assert (made.headers["ETag"], made.json()["frame"]["margins"]) == ('"1"', RAKING["frame"]["margins"])
    # A quarter of the frame gives 100, three quarters -100; of those whose region is known.
    assert (kpi["value"], kpi["n"], kpi["answered"], kpi["weighting"]) == (pytest.approx(-50), 20, 25, "customers")
    by = kpi["weighted_by"]
    assert (by["scheme"], by["version"], by["left_out"]) == ("customers", 1, 5)
    assert by["unweighted"]["value"] == plain["value"] == 20.0
    # Kish: 20 (15 (1/3)^2 + 5 3^2) / (15 / 3 + 5 3)^2.
    assert by["design_effect"] == pytest.approx(20 * (15 / 9 + 45) / 400)
    assert kpi["n_effective"] == pytest.approx(20 / by["design_effect"])
    assert any("5 answers are left out" in told for told in kpi["warnings"])
    assert (plain["weighting"], plain["weighted_by"]) == ("none", None)


async def test_groups_and_periods_are_weighted_too(api: Api) -> None:
    survey = await heard(api)
    march = [
        {"answers": {"nps": score}, "attributes": {"region": region}, "submitted_at": "2026-03-10T10:00:00Z"}
        for region, score in (("north", 10), ("south", 0))
        for _ in range(10)
    ]
    await answer(api, survey.id, march)
    await api.put(schemes(survey), RAKING, status=201)
    query = f"survey={survey.id}&weighting=customers"

    series = (await api.get(f"/v1/kpis/nps/series?{query}&bucket=month")).json()["points"]
    groups = (await api.get(f"/v1/kpis/nps/breakdown?{query}&by=region")).json()["groups"]
    south = (await api.get(f"/v1/kpis/nps/value?{query}&where=region:south")).json()
    compared = (await api.get(f"/v1/kpis/nps/compare?{query}&by=region&first=north&second=south")).json()

    # Who answered changed from month to month; what they said did not.
    assert [point["value"] for point in series] == [pytest.approx(-50), pytest.approx(-50)]
    assert [group["weighted_by"]["unweighted"]["value"] for group in groups if group["value"]] == [100.0, -100.0]
    assert south["value"] == pytest.approx(-100)
    assert compared["comparison"]["difference"] == pytest.approx(200)


async def test_what_cannot_be_weighted_says_why(api: Api) -> None:
    survey = await heard(api)
    with_islands = {"region": {"north": 0.2, "south": 0.7, "islands": 0.1}}
    await api.put(schemes(survey), {**RAKING, "frame": {"margins": with_islands}}, status=201)

    kpi = (await api.get(f"/v1/kpis/nps/value?survey={survey.id}&weighting=customers")).json()
    count = await api.get(f"/v1/kpis/responses/value?survey={survey.id}&weighting=customers", status=422)
    unknown = await api.get(f"/v1/kpis/nps/value?survey={survey.id}&weighting=members", status=422)

    assert (kpi["value"], kpi["answered"]) == (None, 25)
    assert "islands" in kpi["warnings"][0]
    refused(count, 422, "invalid", "/query/weighting")
    refused(unknown, 422, "invalid", "/query/weighting")
    assert unknown.json()["errors"][0]["code"] == "unknown_scheme"


async def test_schemes_are_versions(api: Api, other_api: Api) -> None:
    survey = await heard(api)
    await api.put(schemes(survey), RAKING, status=201)
    capped = {**RAKING, "cap": 1.5}

    await api.put(schemes(survey), capped, status=428)
    await api.put(schemes(survey), capped, status=200, headers={"If-Match": '"1"'})
    await api.put(schemes(survey), RAKING, status=412, headers={"If-Match": '"1"'})

    versions = (await api.get(f"{schemes(survey)}/versions")).json()["items"]
    assert [(one["version"], one["cap"]) for one in versions] == [(2, 1.5), (1, None)]
    listed = (await api.get(f"/v1/surveys/{survey.id}/weighting-schemes")).json()["items"]
    assert [(one["key"], one["version"]) for one in listed] == [("customers", 2)]
    await other_api.get(schemes(survey), status=404)
    await other_api.put(schemes(survey), RAKING, status=404)


async def test_a_scheme_that_contradicts_itself_or_the_survey_is_refused(api: Api) -> None:
    survey = await heard(api)
    cell = {"categories": {"region": "north"}, "count": 5}
    other = {"categories": {"age": "old"}, "count": 5}
    refusals: list[tuple[Json, str]] = [
        ({**RAKING, "frame": {}}, "/frame/margins"),
        ({**RAKING, "kind": "cell"}, "/frame/cells"),
        ({**RAKING, "kind": "calibration"}, "/distance"),
        ({**RAKING, "kind": "calibration", "distance": "logit"}, "/bounds"),
        ({**RAKING, "kind": "calibration", "distance": "linear", "bounds": [2, 3]}, "/bounds"),
        ({**RAKING, "distance": "linear"}, "/distance"),
        ({**RAKING, "frame": {"margins": {"age": {"old": 0.5, "young": 0.5}}}}, "/frame/margins"),
        ({**RAKING, "frame": {"margins": {"region": {"north": 0.5, "west": 0.5}}}}, "/frame/margins"),
        ({"name": "x", "kind": "cell", "frame": {"cells": [cell, other]}}, "/frame/cells/1/categories"),
        ({"name": "x", "kind": "cell", "frame": {"cells": [cell, cell]}}, "/frame/cells/1"),
    ]
    for body, pointer in refusals:
        answered = await api.put(schemes(survey), body)
        assert answered.status_code == 422, body
        assert answered.json()["errors"][0]["pointer"] == pointer, (body, answered.text)
    one_sum = {**RAKING, "frame": {"margins": {"region": {"north": 0.3, "south": 0.3}}}}
    refused(await api.put(schemes(survey), one_sum), 422, "margins_unusable", "/frame/margins/region")
