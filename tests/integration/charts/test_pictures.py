"""Charts through the API: specifications in the answers, pictures of them, and what refuses to be drawn."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI

from feedback_core.charts.renderer import DrawingUnavailable, Renderer
from feedback_core.charts.types import Chart, ImageFormat
from tests.support.analyses import ended, made, months, requested, scores
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.comments import put_codebook
from tests.support.refusals import refused
from tests.support.responses import batch
from tests.support.surveys import PublishedSurvey, publish
from tests.unit.charts.builders import faults_of

pytestmark = pytest.mark.xdist_group("analyses")

SVG = "{http://www.w3.org/2000/svg}"
QUESTIONS = {
    "value": "",
    "series": "&bucket=month",
    "breakdown": "&by=region",
    "compare": "&by=region&first=north&second=south",
    "comparisons": "&by=region",
}


def chart(spec: dict[str, Any]) -> Chart:
    return Chart("of an answer", "", "", spec)


@pytest.fixture
async def lopsided(api: Api) -> PublishedSurvey:
    survey = await publish(api)
    north = scores("north", promoters=40, passives=20, detractors=10)
    south = scores("south", promoters=10, passives=10, detractors=20)
    await answer(api, survey.id, [{**item, "submitted_at": "2026-01-10T12:00:00Z"} for item in north + south])
    return survey


@pytest.fixture
async def renderer(app: FastAPI) -> AsyncIterator[Renderer]:
    """The application's own, to be put back after a test that replaces it."""
    own: Renderer = app.state.renderer
    yield own
    app.state.renderer = own


class Refusing(Renderer):
    """Draws nothing, and notes how many connections are in use meanwhile."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__()
        self.app = app
        self.connections = -1

    async def picture(self, chart: Chart, image: ImageFormat) -> bytes:
        self.connections = self.app.state.database.engine.pool.checkedout()
        raise DrawingUnavailable(f"No {image} of {chart.key} now.")


@pytest.mark.parametrize(("question", "more"), QUESTIONS.items())
async def test_every_answer_of_a_kpi_carries_its_chart_and_is_a_picture_too(
    api: Api, lopsided: PublishedSurvey, question: str, more: str
) -> None:
    asked = f"?survey={lopsided.id}{more}"

    answered = (await api.get(f"/v1/kpis/nps/{question}{asked}")).json()
    svg = await api.get(f"/v1/kpis/nps/{question}.svg{asked}")
    png = await api.get(f"/v1/kpis/nps/{question}.png{asked}")

    assert faults_of(chart(answered["chart"])) == []
    assert svg.headers["content-type"] == "image/svg+xml"
    assert ET.fromstring(svg.text).findtext(f"{SVG}desc") == answered["chart"]["description"]
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(b"\x89PNG")


async def test_a_ranking_is_drawn_in_tiers(api: Api) -> None:
    sites = [f"site_{number}" for number in range(4)]
    survey = await publish(api, attributes=[{"key": "site", "label": "Site", "values": sites}])
    sent = [
        {"attributes": {"site": site}, "answers": {"nps": 10 if i % 4 < number else 2}}
        for number, site in enumerate(sites)
        for i in range(40)
    ]
    await answer(api, survey.id, sent)

    found = (await api.get(f"/v1/kpis/nps/ranking?survey={survey.id}&by=site")).json()
    svg = await api.get(f"/v1/kpis/nps/ranking.svg?survey={survey.id}&by=site")

    assert faults_of(chart(found["chart"])) == []
    assert "above the overall figure" in svg.text


async def test_what_is_withheld_is_drawn_as_withheld_and_its_figure_is_nowhere(api: Api) -> None:
    survey = await publish(api)
    sent = scores("north", promoters=40, passives=0, detractors=0) + scores(
        "south", promoters=0, passives=0, detractors=2
    )
    await answer(api, survey.id, sent + [{"answers": {"nps": 8}}] * 9)

    svg = (await api.get(f"/v1/kpis/nps/breakdown.svg?survey={survey.id}&by=region")).text

    assert "withheld: too few answers to be shown" in svg
    assert "\u2212100" not in svg


async def test_a_picture_that_the_caller_has_is_not_drawn_again(
    api: Api, app: FastAPI, renderer: Renderer, lopsided: PublishedSurvey
) -> None:
    path = f"/v1/kpis/nps/value.svg?survey={lopsided.id}"
    tag = (await api.get(path)).headers["etag"]
    app.state.renderer = Refusing(app)

    again = await api.call("GET", path, status=304, headers={"If-None-Match": tag})
    await answer(api, lopsided.id, scores("north", promoters=9, passives=0, detractors=0))
    changed = await api.call("GET", path, headers={"If-None-Match": tag})

    assert (again.content, again.headers["etag"], again.headers["cache-control"]) == (b"", tag, "private, no-cache")
    assert changed.status_code == 503


async def test_drawing_that_cannot_be_had_is_a_problem_and_no_connection_waits_for_it(
    api: Api, app: FastAPI, renderer: Renderer, lopsided: PublishedSurvey
) -> None:
    app.state.renderer = refusing = Refusing(app)

    found = await api.get(f"/v1/kpis/nps/value.png?survey={lopsided.id}", status=503)

    assert (found.json()["code"], found.headers["retry-after"]) == ("drawing_unavailable", "1")
    assert found.headers["content-type"] == "application/problem+json"
    assert refusing.connections == 0


async def test_what_is_refused_as_json_is_refused_as_a_picture(api: Api, lopsided: PublishedSurvey) -> None:
    path = f"/v1/kpis/nps/ranking.svg?survey={lopsided.id}&by=region"
    assert (await api.get(path, status=422)).json()["code"] == "not_estimable"
    unclear = await api.get(f"/v1/kpis/nps/compare.png?survey={lopsided.id}&by=region", status=422)
    refused(unclear, 422, "invalid", "/query/by")


async def test_there_are_two_formats(api: Api, lopsided: PublishedSurvey) -> None:
    found = await api.get(f"/v1/kpis/nps/value.gif?survey={lopsided.id}", status=422)
    refused(found, 422, "invalid", "/path/form")


async def test_a_csv_has_no_column_for_the_chart(api: Api, lopsided: PublishedSurvey) -> None:
    for question, more in QUESTIONS.items():
        path = f"/v1/kpis/nps/{question}?survey={lopsided.id}{more}"
        head = (await api.get(path, headers={"Accept": "text/csv"})).text.splitlines()[0]
        assert "chart" not in head


async def test_a_run_that_waits_has_no_charts_yet(api: Api, lopsided: PublishedSurvey) -> None:
    run = await requested(api, {"kind": "trend", "survey_id": lopsided.id, "kpi": "nps"})

    found = await api.get(f"/v1/analyses/{run['id']}/charts/series.svg", status=409)

    assert run["charts"] == []
    assert found.json()["code"] == "analysis_not_succeeded"


@pytest.mark.usefixtures("worker_process")
@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ({"kind": "trend", "kpi": "nps"}, ["series"]),
        (
            {"kind": "sampling_bias", "kpi": "nps", "frame": {"margins": {"region": {"north": 0.5, "south": 0.5}}}},
            ["composition", "weighted"],
        ),
        ({"kind": "review"}, ["features_nps", "features_csat", "features_ces"]),
    ],
    ids=["trend", "sampling_bias", "review"],
)
async def test_a_run_that_succeeded_carries_its_charts_and_their_pictures(
    api: Api, lopsided: PublishedSurvey, asked: dict[str, Any], keys: list[str]
) -> None:
    run = await made(api, {**asked, "survey_id": lopsided.id})

    assert [found["key"] for found in run["charts"]] == keys
    for found in run["charts"]:
        assert faults_of(chart(found["spec"])) == []
        svg = await api.get(found["svg"])
        assert ET.fromstring(svg.text).findtext(f"{SVG}title") == found["title"]
        assert ET.fromstring(svg.text).findtext(f"{SVG}desc") == found["description"]
        assert (await api.get(found["png"])).content.startswith(b"\x89PNG")
        unchanged = await api.call("GET", found["svg"], headers={"If-None-Match": svg.headers["etag"]})
        assert unchanged.status_code == 304


@pytest.mark.usefixtures("worker_process")
async def test_an_event_is_drawn_with_the_course_that_it_left(api: Api) -> None:
    survey = await publish(api)
    for number, month in enumerate(months(date(2024, 1, 1), 24)):
        low = 8 + number % 3 + (14 if number >= 12 else 0)
        scored = [3] * low + [4] * (30 - low)
        await answer(api, survey.id, [{"submitted_at": f"{month}T12:00:00Z", "answers": {"wait": s}} for s in scored])
    event = {"at": "2025-01-01", "label": "the new rota", "errors": "ols"}
    asked = {"kind": "trend", "survey_id": survey.id, "kpi": "mean", "question": "wait", "to": "2026-01-01"}

    run = await made(api, {**asked, "interruption": event})

    found = next(one for one in run["charts"] if one["key"] == "interruption")
    assert faults_of(chart(found["spec"])) == []
    assert run["result"]["trend"]["interruption"]["sentence"] in found["description"]
    assert "the new rota" in (await api.get(found["svg"])).text


@pytest.mark.usefixtures("worker_process")
async def test_the_invited_are_drawn_with_who_of_them_to_chase(api: Api, lopsided: PublishedSurvey) -> None:
    frame: dict[str, Any] = {"margins": {"region": {"north": 0.5, "south": 0.5}}}
    frame["invited"] = [
        {"attributes": {"region": "north"}, "invited": 200},
        {"attributes": {"region": "south"}, "invited": 300},
    ]
    counts = {"complete": 110, "refusal": 40, "non_contact": 250, "unknown_other": 90, "ineligible": 10}
    frame["outcomes"] = {"dispositions": counts}

    run = await made(api, {"kind": "sampling_bias", "survey_id": lopsided.id, "kpi": "nps", "frame": frame})

    drawn = {one["key"]: one for one in run["charts"]}
    assert list(drawn)[-3:] == ["partial_indicators", "response", "outcome_rates"]
    assert all(faults_of(chart(one["spec"])) == [] for one in drawn.values())
    assert "To chase first: region: south." in drawn["partial_indicators"]["description"]
    assert "responds less: chase" in (await api.get(drawn["partial_indicators"]["svg"])).text
    assert "response, RR1" in (await api.get(drawn["outcome_rates"]["svg"])).text


@pytest.mark.usefixtures("worker_process")
async def test_themes_are_drawn_with_their_course_and_scores(api: Api) -> None:
    survey = await publish(api)
    await put_codebook(api, survey)
    for number, month in enumerate(months(date(2025, 1, 1), 6)):
        waiting = [{"why": "We waited for more than two hours.", "nps": 3 + i % 2} for i in range(6 + number)]
        staff = [{"why": "The nurse was kind and very helpful.", "nps": 9 + i % 2} for i in range(12)]
        at = f"{month}T12:00:00Z"
        await batch(api, survey, [{"submitted_at": at, "answers": given} for given in waiting + staff])

    run = await made(api, {"kind": "themes", "survey_id": survey.id, "kpi": "nps", "suggestions": False})

    drawn = {one["key"]: one for one in run["charts"]}
    assert {"themes", "theme_waiting", "theme_staff", "scores", "tones"} <= set(drawn)
    assert all(faults_of(chart(one["spec"])) == [] for one in drawn.values())
    assert run["sentence"] in drawn["themes"]["description"]
    assert run["result"]["subject"] == "NPS"
    assert "Difference (points)" in (await api.get(drawn["scores"]["svg"])).text


@pytest.mark.usefixtures("worker_process")
async def test_data_quality_is_drawn_with_missing_answers_and_the_kpi(api: Api, lopsided: PublishedSurvey) -> None:
    run = await made(api, {"kind": "data_quality", "survey_id": lopsided.id, "kpi": "nps"})

    drawn = {one["key"]: one for one in run["charts"]}
    assert {"missing_answers", "kpi"} <= set(drawn)
    assert all(faults_of(chart(one["spec"])) == [] for one in drawn.values())
    assert run["result"]["kpi"]["bounds"] == [-100.0, 100.0]
    assert "NPS (points)" in (await api.get(drawn["kpi"]["svg"])).text


@pytest.mark.usefixtures("worker_process")
async def test_drivers_are_drawn_with_their_quadrants(api: Api) -> None:
    survey = await publish(api)
    sent = [
        {"answers": {"nps": min(10, 2 * (i % 5) + i % 3), "wait": i % 5 + 1, "ease": (i * 3) % 7 + 1}}
        for i in range(210)
    ]
    await answer(api, survey.id, sent)

    run = await made(api, {"kind": "drivers", "survey_id": survey.id, "outcome": "nps"})

    assert {"importance", "quadrants"} <= {found["key"] for found in run["charts"]}
    assert all(faults_of(chart(found["spec"])) == [] for found in run["charts"])


@pytest.mark.usefixtures("worker_process")
async def test_a_chart_that_a_run_has_not_and_a_run_of_others_are_not_found(
    api: Api, other_api: Api, lopsided: PublishedSurvey
) -> None:
    run = await made(api, {"kind": "trend", "survey_id": lopsided.id, "kpi": "nps"})

    unknown = await api.get(f"/v1/analyses/{run['id']}/charts/quadrants.svg", status=404)
    others = await other_api.get(f"/v1/analyses/{run['id']}/charts/series.svg", status=404)

    assert unknown.json()["detail"] == "There is no chart quadrants here."
    assert others.json()["code"] == "not_found"


@pytest.mark.usefixtures("worker_process")
async def test_a_run_that_failed_has_no_charts(api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, [{"answers": {"nps": 9}}] * 9)

    run = await ended(api, (await requested(api, {"kind": "trend", "survey_id": survey.id, "kpi": "nps"}))["id"])
    found = await api.get(f"/v1/analyses/{run['id']}/charts/series.svg", status=409)

    assert (run["status"], run["charts"]) == ("failed", [])
    assert "failed" in found.json()["detail"]


async def test_many_pictures_at_once_are_all_drawn(api: Api, lopsided: PublishedSurvey) -> None:
    paths = [f"/v1/kpis/nps/value.svg?survey={lopsided.id}&level=0.{90 + i}" for i in range(6)]
    answers = await asyncio.gather(*(api.get(path) for path in paths))
    assert len({found.headers["etag"] for found in answers}) == 6
