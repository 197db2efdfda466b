"""Asking for analyses: who may, what is refused, and when a run is a new one."""

import pytest

from feedback_core.db.session import Database
from feedback_core.organisations.types import Scope
from tests.support.analyses import Json, ended, made, requested, scores
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.organisations import TestOrganisation, new_token
from tests.support.surveys import PublishedSurvey, publish, survey_body

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]


def trend(survey: PublishedSurvey, **fields: object) -> Json:
    return {"kind": "trend", "survey_id": survey.id, "kpi": "nps", **fields}


def bias(survey: PublishedSurvey) -> Json:
    frame = {"margins": {"region": {"north": 0.5, "south": 0.5}}}
    return {"kind": "sampling_bias", "survey_id": survey.id, "kpi": "nps", "frame": frame}


async def test_a_new_run_says_where_it_is_and_when_to_look(api: Api, lopsided: PublishedSurvey) -> None:
    answered = await api.post("/v1/analyses", bias(lopsided), status=202)

    run = answered.json()
    assert answered.headers["Location"] == f"/v1/analyses/{run['id']}"
    assert int(answered.headers["Retry-After"]) > 0
    done = await ended(api, run["id"])
    asked = {**bias(lopsided)["frame"], "invited": [], "reach": None, "outcomes": None}
    assert done["parameters"]["frame"] == asked
    assert done["parameters"]["question"] == "nps"


async def test_an_identical_request_on_unchanged_data_returns_the_same_run(api: Api, lopsided: PublishedSurvey) -> None:
    first = await made(api, bias(lopsided))

    again = await api.post("/v1/analyses", {**bias(lopsided), "level": 0.95, "question": "nps"}, status=200)

    assert again.json() == first
    assert again.headers["Location"] == f"/v1/analyses/{first['id']}"


async def test_new_answers_and_other_parameters_are_other_runs(api: Api, lopsided: PublishedSurvey) -> None:
    first = await made(api, bias(lopsided))

    other = await requested(api, {**bias(lopsided), "level": 0.9})
    await answer(api, lopsided.id, scores("south", promoters=1, passives=0, detractors=0))
    newer = await made(api, bias(lopsided))

    assert len({first["id"], other["id"], newer["id"]}) == 3
    assert newer["result"]["bias"]["n"] == first["result"]["bias"]["n"] + 1
    assert newer["data_version"] != first["data_version"]


async def test_an_excluded_answer_makes_a_new_run(api: Api, lopsided: PublishedSurvey) -> None:
    first = await made(api, bias(lopsided))
    listed = (await api.get(f"/v1/surveys/{lopsided.id}/responses?limit=1")).json()["items"]

    await api.post(
        f"/v1/surveys/{lopsided.id}/responses/{listed[0]['id']}/exclude", {"reason": "a test order"}, status=200
    )
    second = await made(api, bias(lopsided))

    assert second["result"]["bias"]["n"] == first["result"]["bias"]["n"] - 1


async def test_a_run_that_has_not_changed_is_not_sent_again(api: Api, lopsided: PublishedSurvey) -> None:
    run = await made(api, bias(lopsided))
    read = await api.get(f"/v1/analyses/{run['id']}")

    again = await api.get(f"/v1/analyses/{run['id']}", headers={"If-None-Match": read.headers["ETag"]}, status=304)

    assert "Retry-After" not in read.headers
    assert again.content == b""


async def test_runs_are_listed_newest_first_page_by_page(api: Api, lopsided: PublishedSurvey) -> None:
    runs = [await requested(api, {**bias(lopsided), "level": level}) for level in (0.8, 0.9, 0.95)]
    await requested(api, trend(lopsided))

    first = (await api.get("/v1/analyses?kind=sampling_bias&limit=2")).json()
    second = (await api.get(f"/v1/analyses?kind=sampling_bias&limit=2&cursor={first['next_cursor']}")).json()

    assert [item["id"] for item in first["items"] + second["items"]] == [run["id"] for run in reversed(runs)]
    assert second["next_cursor"] is None
    assert "result" not in first["items"][0]
    await api.get(f"/v1/analyses?kind=trend&cursor={first['next_cursor']}", status=422)


async def test_another_organisation_sees_nothing_of_it(api: Api, other_api: Api, lopsided: PublishedSurvey) -> None:
    run = await requested(api, bias(lopsided))
    schedule = {"analysis": bias(lopsided), "cadence": "daily", "hour": 6}

    for path in ("", "/events"):
        await other_api.get(f"/v1/analyses/{run['id']}{path}", status=404)
    await other_api.post(f"/v1/analyses/{run['id']}/cancel", status=404)
    await other_api.post("/v1/analyses", bias(lopsided), status=404)
    await other_api.post("/v1/analysis-schedules", schedule, status=404)
    assert (await other_api.get("/v1/analyses")).json()["items"] == []


async def test_a_key_without_the_scope_is_refused(api: Api, database: Database, lopsided: PublishedSurvey) -> None:
    organisation_id = api.organisation.organisation_id
    token = await new_token(database, organisation_id, [Scope.ANALYSES_READ])
    reader = Api(api.client, TestOrganisation(organisation_id, token))
    run = await requested(api, bias(lopsided))

    await reader.get(f"/v1/analyses/{run['id']}")
    for path in ("/v1/analyses", "/v1/analysis-schedules"):
        refused = await reader.post(path, bias(lopsided), status=403)
        assert refused.json()["code"] == "missing_scope"
    await reader.post(f"/v1/analyses/{run['id']}/cancel", status=403)


async def test_a_survey_that_was_never_published_is_a_conflict(api: Api) -> None:
    draft = (await api.post("/v1/surveys", survey_body(), status=201)).json()

    await api.post("/v1/analyses", {"kind": "trend", "survey_id": draft["id"], "kpi": "nps"}, status=409)


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"kpi": "happiness"}, "/kpi", "unknown_kpi"),
        ({"question": "nothing"}, "/question", "unknown_question"),
        ({"question": "wait"}, "/question", "unfit_question"),
        ({"kpi": "mean"}, "/question", "question_required"),
        ({"item": "row"}, "/item", "not_applicable"),
        ({"tz": "Europe/Atlantis"}, "/tz", "unknown_time_zone"),
        ({"where": {"age": ["young"]}}, "/where", "unknown_attribute"),
        ({"where": {"region": ["mars"]}}, "/where", "unknown_value"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "/to", "empty_period"),
        ({"from": "yesterday"}, "/from", "value_error"),
        ({"bucket": "decade"}, "/bucket", "enum"),
        ({"level": 1.5}, "/level", "less_than_equal"),
        ({"target": "high"}, "/target", "float_type"),
        ({"frame": {}}, "/frame", "extra_forbidden"),
        ({"kind": "astrology"}, "/kind", "enum"),
    ],
)
async def test_a_wrong_field_is_named(api: Api, fields: Json, pointer: str, code: str) -> None:
    survey = await publish(api)

    refused = await api.post("/v1/analyses", trend(survey, **fields), status=422)

    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [(pointer, code)]


async def test_an_unknown_kind_is_answered_with_the_kinds_there_are(api: Api) -> None:
    refused = await api.post("/v1/analyses", {"kind": "guess"}, status=422)

    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/kind", "enum")
    assert "'trend', 'sampling_bias', 'drivers', 'data_quality', 'themes', 'review'" in fault["detail"]
