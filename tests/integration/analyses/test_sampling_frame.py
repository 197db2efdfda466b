"""Sampling bias with the invited, the reach, the outcomes and a stored scheme: figures, verdict, contradictions."""

from typing import Any

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.integration.analyses.test_sampling_bias import TRUTH, asked
from tests.support.analyses import Json, ended, made, requested, scores
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.refusals import refused
from tests.support.surveys import PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]

INVITED = [
    {"attributes": {"region": "north"}, "invited": 1200},
    {"attributes": {"region": "south"}, "invited": 800},
]
REACH = {
    "attribute": "region",
    "population": {"north": 3000, "south": 2000},
    "stages": [{"name": "no address", "left": {"north": 2700, "south": 1000}}],
}
DISPOSITIONS = {"complete": 500, "refusal": 300, "non_contact": 100, "unknown_other": 1000, "ineligible": 100}
RAKING = {"name": "Halves", "kind": "raking", "frame": {"margins": {"region": {"north": 0.5, "south": 0.5}}}}


async def test_response_of_the_invited_is_assessed_and_bears_on_the_verdict(
    api: Api, lopsided: PublishedSurvey
) -> None:
    # 400 of 1200 and 100 of 800 responded. Held against the respondents' own composition, all would be well.
    frame = {"margins": {"region": {"north": 0.8, "south": 0.2}}}
    plain = (await made(api, asked(lopsided, frame=frame)))["result"]["bias"]
    found = (await made(api, asked(lopsided, frame={**frame, "invited": INVITED})))["result"]["bias"]

    response = found["response"]
    people, rates = np.array([1200, 800]), np.array([400 / 1200, 100 / 800])
    mean = 500 / 2000
    spread = np.sqrt((people * (rates - mean) ** 2).sum() / 1999)
    assert (response["invited"], response["responded"]) == (2000, 500)
    assert response["response_rate"]["value"] == 0.25
    assert [response["response_rate"]["interval"][end] for end in ("low", "high")] == pytest.approx(
        list(proportion_confint(500, 2000, method="wilson"))
    )
    assert response["propensities"] == pytest.approx([1 / 8, 1 / 3], rel=1e-6)
    assert response["r_unadjusted"] == pytest.approx(1 - 2 * spread, rel=1e-6)
    assert response["cv_unadjusted"] == pytest.approx(spread / mean, rel=1e-6)
    assert response["r_unadjusted"] < response["r"]["value"] < 1
    assert response["r"]["interval"]["low"] < response["r"]["value"] < response["r"]["interval"]["high"]
    (partial,) = response["partials"]
    north, south = partial["categories"]
    assert north["unconditional"] == pytest.approx((rates[0] - mean) * np.sqrt(0.6), rel=1e-6)
    assert south["unconditional"] == pytest.approx((rates[1] - mean) * np.sqrt(0.4), rel=1e-6)
    assert partial["conditional_unadjusted"] == pytest.approx(partial["unconditional_unadjusted"])
    # The largest bias of the NPS: the coefficient of variation times the spread of its scores.
    nps = np.array([100] * 240 + [0] * 160 + [-100] * 100)
    assert response["largest_bias"] == pytest.approx(response["coefficient_of_variation"] * nps.std(ddof=1))
    assert response["assumes"]
    assert (plain["state"], found["state"]) == ("usable_as_is", "usable_weighted")
    assert found["evidence"][0]["diagnostic"] == "response_propensity"


async def test_coverage_and_outcome_rates_are_told(api: Api, lopsided: PublishedSurvey) -> None:
    frame = {
        "invited": INVITED,
        "reach": {**REACH, "stages": REACH["stages"]},
        "outcomes": {"dispositions": DISPOSITIONS},
    }

    found = (await made(api, asked(lopsided, frame=frame)))["result"]["bias"]

    assert found["coverage"]["rate"] == pytest.approx(3700 / 5000)
    assert found["coverage"]["lost"] == {"no address": 1300}
    assert "unreachable" in found["not_usable_for"]
    rates = found["fieldwork"]["rates"]
    # AAPOR: of 900 known to be eligible and e = 900/1000 of 1000 others.
    assert rates["rates"]["rr1"]["value"] == pytest.approx(500 / 1900)
    assert rates["rates"]["rr3"]["value"] == pytest.approx(500 / (900 + 0.9 * 1000))
    assert rates["rates"]["coop1"]["value"] == pytest.approx(500 / 800)
    assert (rates["e"], rates["e_method"]) == (pytest.approx(0.9), "proportional_allocation")
    unseen, share = found["fieldwork"]["unseen"], 500 / 1800
    assert unseen["low"] == pytest.approx(share * found["unweighted"]["value"] - 100 * (1 - share))
    assert unseen["high"] == pytest.approx(share * found["unweighted"]["value"] + 100 * (1 - share))
    assert found["fieldwork"]["warnings"] == []
    # Without margins, respondents are held against the invited.
    assert [category["frame_share"] for category in found["margins"][0]["categories"]] == [0.6, 0.4]


async def test_a_stored_scheme_weighs_instead_of_the_margins(api: Api, lopsided: PublishedSurvey) -> None:
    await api.put(f"/v1/surveys/{lopsided.id}/weighting-schemes/halves", RAKING, status=201)

    by_scheme = (await made(api, asked(lopsided, frame={}, weighting="halves")))["result"]["bias"]
    other = {"margins": {"region": {"north": 0.6, "south": 0.4}}}
    contradicting = (await made(api, asked(lopsided, frame=other, weighting="halves")))["result"]["bias"]
    kpi = (await api.get(f"/v1/kpis/nps/value?survey={lopsided.id}&weighting=halves")).json()

    assert by_scheme["weighted"]["value"] == pytest.approx(TRUTH) == kpi["value"]
    assert by_scheme["weighted"]["interval"]["low"] == pytest.approx(kpi["interval"]["low"])
    assert (by_scheme["weighting"]["scheme"], by_scheme["weighting"]["scheme_version"]) == ("halves", 1)
    assert by_scheme["state"] == "usable_weighted"
    # Its weights miss another frame by ten points.
    assert contradicting["weighting"]["largest_gap"] == pytest.approx(10.0)
    assert contradicting["state"] == "not_usable"
    assert "halves" in contradicting["reasons"][0]


async def test_a_scheme_that_does_not_fit_the_respondents_leaves_the_kpi_unusable(
    api: Api, lopsided: PublishedSurvey
) -> None:
    cells = [{"categories": {"region": "north"}, "count": 300}, {"categories": {"region": "south"}, "count": 900}]
    scheme = {"name": "Invited", "kind": "propensity", "frame": {"cells": cells}}
    await api.put(f"/v1/surveys/{lopsided.id}/weighting-schemes/invited", scheme, status=201)

    found = (await made(api, asked(lopsided, weighting="invited")))["result"]["bias"]

    assert found["state"] == "not_usable"
    assert "More people who are north responded" in found["reasons"][0]


async def test_groups_of_whom_few_responded_are_modelled_as_one(api: Api) -> None:
    attribute = {"key": "region", "label": "Region", "values": ["north", "south", "east", "west"]}
    survey = await publish(api, attributes=[attribute])
    given = {"north": (50, 20, 30), "south": (30, 20, 10), "east": (2, 1, 0), "west": (10, 10, 10)}
    said = [one for region, (p, q, d) in given.items() for one in scores(region, promoters=p, passives=q, detractors=d)]
    await answer(api, survey.id, said)
    invited = [
        {"attributes": {"region": region}, "invited": n}
        for region, n in {"north": 200, "south": 200, "east": 100, "west": 200}.items()
    ]

    run = await made(api, asked(survey, frame={"invited": invited}))

    response = run["result"]["bias"]["response"]
    assert [category["category"] for category in response["by_category"]] == ["east + west", "north", "south"]
    assert response["merged"][0]["categories"] == ["east", "west"]
    assert '"east"' not in str(response["partials"]).replace("'", '"')


async def test_what_cannot_be_assessed_is_said(api: Api, lopsided: PublishedSurvey) -> None:
    everybody = [
        {"attributes": {"region": "north"}, "invited": 400},
        {"attributes": {"region": "south"}, "invited": 900},
    ]

    found = (await made(api, asked(lopsided, frame={"invited": everybody})))["result"]["bias"]

    assert found["response"] is None
    assert any("All of the 400 invited with region north responded" in why for why in found["not_assessed"])


async def test_more_responses_than_invitations_that_came_later_fail_in_words(
    api: Api, lopsided: PublishedSurvey
) -> None:
    invited = [{"attributes": {"region": "north"}, "invited": 399}, {"attributes": {"region": "south"}, "invited": 800}]

    answered = await api.post("/v1/analyses", asked(lopsided, frame={"invited": invited}))

    refused(answered, 422, "invalid", "/frame/invited/0/invited")
    assert answered.json()["errors"][0]["code"] == "more_than_invited"
    assert "400" not in answered.text


@pytest.mark.parametrize(
    ("frame", "pointer", "code"),
    [
        ({"invited": []}, "/frame/margins", "no_margins"),
        ({"invited": [{"attributes": {}, "invited": 5}]}, "/frame/invited/0/attributes", "too_short"),
        (
            {"invited": [{"attributes": {"region": "north"}, "invited": 0}]},
            "/frame/invited/0/invited",
            "greater_than_equal",
        ),
        (
            {"invited": [{"attributes": {"region": "mars"}, "invited": 5}]},
            "/frame/invited/0/attributes/region",
            "unknown_value",
        ),
        (
            {"invited": [{"attributes": {"age": "old"}, "invited": 5}]},
            "/frame/invited/0/attributes/age",
            "unknown_attribute",
        ),
        ({"invited": [*INVITED, INVITED[0]]}, "/frame/invited/2", "named_twice"),
        (
            {"invited": INVITED, "margins": {"region": {"north": 1000, "south": 2000}}},
            "/frame/invited",
            "more_invited_than_people",
        ),
        (
            {
                "invited": INVITED,
                "reach": {**REACH, "stages": [{"name": "no address", "left": {"north": 3001, "south": 900}}]},
            },
            "/frame/reach/stages/0/left/north",
            "more_left_than_before",
        ),
        (
            {
                "invited": INVITED,
                "reach": {**REACH, "stages": [{"name": "no address", "left": {"north": 900, "south": 900}}]},
            },
            "/frame/invited",
            "more_invited_than_people",
        ),
        ({"invited": INVITED, "reach": {**REACH, "attribute": "age"}}, "/frame/reach/attribute", "unknown_attribute"),
        (
            {"invited": INVITED, "outcomes": {"dispositions": {**DISPOSITIONS, "complete": 900}}},
            "/frame/outcomes/dispositions",
            "totals_contradict",
        ),
        (
            {"invited": INVITED, "outcomes": {"dispositions": {"complete": 0}}},
            "/frame/outcomes/dispositions",
            "nobody_invited",
        ),
        (
            {"invited": INVITED, "outcomes": {"dispositions": {"complete": -1}}},
            "/frame/outcomes/dispositions/complete",
            "greater_than_equal",
        ),
        (
            {"invited": INVITED, "outcomes": {"dispositions": DISPOSITIONS, "e": 1.5}},
            "/frame/outcomes/e",
            "less_than_equal",
        ),
    ],
)
async def test_a_frame_that_contradicts_itself_is_refused_at_once(
    frame: Any, pointer: str, code: str, api: Api
) -> None:
    survey = await publish(api)

    answered = await api.post("/v1/analyses", asked(survey, frame=frame), status=422)

    assert [(fault["pointer"], fault["code"]) for fault in answered.json()["errors"]] == [(pointer, code)]


async def test_people_whom_the_invited_lack_are_named(api: Api, lopsided: PublishedSurvey) -> None:
    invited: list[Json] = [{"attributes": {"region": "north"}, "invited": 900}]
    frame = {"invited": invited, "margins": {"region": {"north": 0.5, "south": 0.5}}}

    answered = await api.post("/v1/analyses", asked(lopsided, frame=frame))

    refused(answered, 422, "invalid", "/frame/invited")
    assert "region south" in answered.json()["detail"]


async def test_an_unknown_scheme_is_refused(api: Api, lopsided: PublishedSurvey) -> None:
    answered = await api.post("/v1/analyses", asked(lopsided, weighting="nobody"))
    refused(answered, 422, "invalid", "/weighting")


async def test_a_schedule_keeps_the_whole_frame(api: Api, lopsided: PublishedSurvey) -> None:
    frame = {"invited": INVITED, "reach": REACH, "outcomes": {"dispositions": DISPOSITIONS, "e": 0.5}}
    body = {"analysis": asked(lopsided, frame=frame), "cadence": "daily", "hour": 6}
    kept = (await api.post("/v1/analysis-schedules", body, status=201)).json()["analysis"]

    again = await requested(api, {key: value for key, value in kept.items() if value is not None})

    assert (await ended(api, again["id"]))["status"] == "succeeded"
    assert kept["frame"]["invited"] == INVITED
