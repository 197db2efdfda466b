"""Sampling-bias assessments, from the request to the finding, by the real worker."""

import pytest
from pydantic import TypeAdapter

from feedback_api.schemas.analyses.bias import SamplingBiasAnalysisOut
from feedback_core.bias.types import BiasDiagnostic, KpiUse, Representation, Usability
from feedback_core.db.session import Database
from tests.support.analyses import Json, ended, made, requested, scores
from tests.support.api import Api
from tests.support.cells import answer, fold
from tests.support.surveys import PublishedSurvey, publish, survey_body

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]

HALVES = {"margins": {"region": {"north": 0.5, "south": 0.5}}}
TRUTH = 10.0


def asked(survey: PublishedSurvey, **fields: object) -> Json:
    return {"kind": "sampling_bias", "survey_id": survey.id, "kpi": "nps", "frame": HALVES, **fields}


async def test_an_under_represented_region_is_named_and_weighting_comes_nearer_to_the_truth(
    api: Api, lopsided: PublishedSurvey
) -> None:
    run = await made(api, asked(lopsided))

    outcome = TypeAdapter(SamplingBiasAnalysisOut).validate_python(run).result
    assert outcome is not None
    found = outcome.bias
    under = [category for category in found.by_gap if category.representation is Representation.UNDER]
    assert [(category.category, category.n, category.share) for category in under] == [("south", 100, 0.2)]
    assert found.state is Usability.WEIGHTED
    assert found.weighted is not None
    assert found.unweighted.value == pytest.approx(28.0)
    assert found.weighted.value == pytest.approx(TRUTH)
    assert "region south (20.0% of the answers, 50.0% of the frame) is under-represented" in run["sentence"]


async def test_the_unweighted_figure_is_that_of_the_kpi_route(api: Api, lopsided: PublishedSurvey) -> None:
    run = await made(api, asked(lopsided))

    kpi = (await api.get(f"/v1/kpis/nps/value?survey={lopsided.id}")).json()
    unweighted = run["result"]["bias"]["unweighted"]
    assert (unweighted["value"], unweighted["interval"], unweighted["n"]) == (kpi["value"], kpi["interval"], kpi["n"])


async def test_answers_count_alike_before_and_after_they_are_folded(
    api: Api, database: Database, lopsided: PublishedSurvey
) -> None:
    await fold(database, api.organisation.organisation_id, lopsided.id)
    await answer(api, lopsided.id, scores("south", promoters=0, passives=0, detractors=100))

    run = await made(api, asked(lopsided))

    south = next(c for c in run["result"]["bias"]["margins"][0]["categories"] if c["category"] == "south")
    assert south["n"] == 200
    assert run["result"]["bias"]["weighted"]["value"] == pytest.approx((40 - 60) / 2)


async def test_a_period_is_taken_by_its_instants(api: Api) -> None:
    survey = await publish(api)
    early = [
        {**a, "submitted_at": "2026-03-01T09:59:59Z"} for a in scores("north", promoters=40, passives=0, detractors=0)
    ]
    late = [
        {**a, "submitted_at": "2026-03-01T10:00:00Z"} for a in scores("south", promoters=0, passives=20, detractors=20)
    ]
    both = [
        {**a, "submitted_at": "2026-03-01T12:00:00Z"} for a in scores("north", promoters=30, passives=0, detractors=0)
    ]
    await answer(api, survey.id, early + late + both)

    run = await made(api, asked(survey, **{"from": "2026-03-01T10:00:00Z", "to": "2026-03-02"}))

    assert run["result"]["bias"]["n"] == 70
    assert [c["n"] for c in run["result"]["bias"]["margins"][0]["categories"]] == [30, 40]


async def test_small_regions_are_shown_as_one(api: Api) -> None:
    attribute = {"key": "region", "label": "Region", "values": ["north", "south", "east", "west"]}
    survey = await publish(api, attributes=[attribute])
    await answer(
        api,
        survey.id,
        scores("north", promoters=50, passives=20, detractors=30)
        + scores("south", promoters=30, passives=20, detractors=10)
        + scores("east", promoters=2, passives=1, detractors=0)
        + scores("west", promoters=10, passives=10, detractors=10),
    )
    frame = {"margins": {"region": {"north": 0.4, "south": 0.3, "east": 0.2, "west": 0.1}}}

    run = await made(api, asked(survey, frame=frame))

    breakdown = (await api.get(f"/v1/kpis/nps/breakdown?survey={survey.id}&by=region")).json()
    hidden = {group["group"] for group in breakdown["groups"] if group["withheld"]}
    assert hidden == {"east", "west"} == set(run["result"]["merged"][0]["categories"])
    categories = {c["category"]: c["n"] for c in run["result"]["bias"]["margins"][0]["categories"]}
    assert categories == {"north": 100, "south": 60, "east + west": 33}
    assert '"east"' not in str(run["result"]["bias"]).replace("'", '"')


async def test_too_few_answers_are_told_without_their_number(api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, scores("north", promoters=2, passives=1, detractors=0))

    run = await ended(api, (await requested(api, asked(survey)))["id"])

    assert run["error"] == {
        "code": "not_estimable",
        "detail": "Fewer than 5 answered; that is too few to show anything.",
    }


async def test_a_region_that_the_frame_forgets_fails_in_words(api: Api) -> None:
    attribute = {"key": "region", "label": "Region", "values": ["north", "south", "east"]}
    survey = await publish(api, attributes=[attribute])
    await answer(
        api,
        survey.id,
        [a for r in ("north", "south", "east") for a in scores(r, promoters=20, passives=9, detractors=9)],
    )

    run = await ended(api, (await requested(api, asked(survey)))["id"])

    assert (run["status"], run["error"]["code"]) == ("failed", "margins_unusable")
    assert "'east'" in run["error"]["detail"]


@pytest.mark.parametrize(
    ("frame", "pointer", "code"),
    [
        ({"region": {"north": 0.6, "south": 0.3}}, "/frame/margins/region", "shares_do_not_sum"),
        ({"region": {"north": 1.2, "south": -0.2}}, "/frame/margins/region/south", "not_a_positive_number"),
        ({"region": {"north": 0.5, "mars": 0.5}}, "/frame/margins/region/mars", "unknown_value"),
        ({"age": {"young": 0.5, "old": 0.5}}, "/frame/margins/age", "unknown_attribute"),
        ({"region": {"north": 1.0}}, "/frame/margins/region", "too_few_categories"),
        ({"region": {"north": "half", "south": 0.5}}, "/frame/margins/region/north", "float_type"),
        ({}, "/frame/margins", "no_margins"),
    ],
)
async def test_a_frame_that_cannot_be_is_refused_at_once(api: Api, frame: Json, pointer: str, code: str) -> None:
    survey = await publish(api)

    refused = await api.post("/v1/analyses", asked(survey, frame={"margins": frame}), status=422)

    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [(pointer, code)]


async def test_a_count_of_responses_has_no_answers_to_weight(api: Api) -> None:
    survey = await publish(api)

    refused = await api.post("/v1/analyses", asked(survey, kpi="responses"), status=422)

    assert refused.json()["errors"][0] == {
        "pointer": "/kpi",
        "code": "unfit_kpi",
        "detail": "Only a KPI that is a mean of answers can be weighted: an NPS, a share or a mean.",
    }


async def test_answers_to_an_earlier_version_keep_their_region(api: Api, lopsided: PublishedSurvey) -> None:
    attribute = {"key": "region", "label": "Region", "values": ["north", "centre"]}
    await api.post(f"/v1/surveys/{lopsided.id}/versions", status=201)
    read = await api.get(f"/v1/surveys/{lopsided.id}")
    body = survey_body(key=lopsided.key, attributes=[attribute])
    await api.put(f"/v1/surveys/{lopsided.id}", body, status=200, headers={"If-Match": read.headers["ETag"]})
    await api.post(f"/v1/surveys/{lopsided.id}/publish", status=200)
    await answer(api, lopsided.id, scores("centre", promoters=40, passives=40, detractors=20))
    frame = {"margins": {"region": {"north": 0.5, "south": 0.4, "centre": 0.1}}}

    run = await made(api, asked(lopsided, frame=frame))

    categories = {c["category"]: c["n"] for c in run["result"]["bias"]["margins"][0]["categories"]}
    assert categories == {"north": 400, "centre": 100, "south": 100}


async def test_early_and_late_answers_and_methods_are_compared(api: Api) -> None:
    survey = await publish(api)
    web = [
        {**a, "submitted_at": f"2026-03-{1 + day:02d}T12:00:00Z", "method": "online_questionnaire"}
        for day in range(8)
        for a in scores("north", promoters=16 - 2 * day, passives=4, detractors=2 * day)
        + scores("south", promoters=16 - 2 * day, passives=4, detractors=2 * day)
    ]
    phone = [
        {**a, "submitted_at": "2026-03-04T12:00:00Z", "method": "telephone"}
        for region in ("north", "south")
        for a in scores(region, promoters=50, passives=10, detractors=0)
    ]
    await answer(api, survey.id, web + phone)

    run = await made(api, asked(survey))

    outcome = TypeAdapter(SamplingBiasAnalysisOut).validate_python(run).result
    assert outcome is not None
    found = outcome.bias
    assert found.early_late is not None
    assert (found.early_late.n_early, found.early_late.n_late) == (120, 120)
    assert (found.early_late.mean_early, found.early_late.mean_late) == pytest.approx((60.0, -40.0))
    (by_phone,) = found.methods
    assert (by_phone.method, by_phone.reference, by_phone.n, by_phone.n_reference) == (
        "telephone",
        "online_questionnaire",
        120,
        320,
    )
    assert by_phone.difference == pytest.approx(100 * 50 / 60 - 10)
    assert found.not_usable_for == (KpiUse.NONRESPONDENTS, KpiUse.COMPARING_METHODS)
    assert [reason.diagnostic for reason in found.evidence] == [BiasDiagnostic.EARLY_LATE, BiasDiagnostic.METHODS]
    assert "but not for what those who did not answer think and comparing groups" in run["sentence"]


async def test_a_question_that_many_left_out_speaks_for_the_others_only(api: Api) -> None:
    survey = await publish(api)
    left_out = [{"attributes": {"region": "north"}, "answers": {"nps": None}} for _ in range(40)]
    await answer(
        api,
        survey.id,
        scores("north", promoters=30, passives=10, detractors=10)
        + scores("south", promoters=30, passives=10, detractors=10)
        + left_out,
    )

    run = await made(api, asked(survey))

    found = run["result"]["bias"]
    assert (found["left_out"]["value"], found["left_out"]["n"]) == (pytest.approx(40 / 140), 140)
    assert found["not_usable_for"] == ["those_who_left_it_out"]
    assert found["methods"] == []
    assert any("one method only" in sentence for sentence in found["not_assessed"])
