"""Data and frames that bear no figure, through every analysis and KPI route: refused in words, or told with a warning.

Each case says what is wrong, what is asked, and which words a reader gets; nothing may fail without a code, and no
answer may hold a number that is none.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from tests.support.analyses import Json, ended, months, scores
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.surveys import POST_VISIT, PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]

HALVES = {"margins": {"region": {"north": 0.5, "south": 0.5}}}
Said = Callable[[], list[Json]]


def alike() -> list[Json]:
    """Everybody answers everything alike, in both regions."""
    said: Json = {"nps": 9, "wait": 5, "ease": 7, "used": ["web"]}
    return [{"attributes": {"region": region}, "answers": said} for region in ("north", "south") for _ in range(30)]


def alike_over_time() -> list[Json]:
    """The same, over 16 months."""
    return [{**one, "submitted_at": f"{month}T12:00:00Z"} for month in months(date(2024, 1, 1), 16) for one in alike()]


def one_period() -> list[Json]:
    """Mixed scores of one past month."""
    mixed = scores("north", promoters=20, passives=9, detractors=9) + scores(
        "south", promoters=9, passives=9, detractors=9
    )
    return [{**one, "submitted_at": "2024-03-05T12:00:00Z"} for one in mixed]


def all_missing() -> list[Json]:
    """Everybody was asked, and left everything out."""
    nothing = {"nps": None, "wait": None, "ease": None, "used": None}
    return [{"attributes": {"region": "north"}, "answers": nothing} for _ in range(30)]


def nobody() -> list[Json]:
    """No response at all."""
    return []


def collinear() -> list[Json]:
    """Two drivers that say the same: ease is wait, plus two."""
    pairs = [(3, 1), (5, 2), (8, 3), (9, 4), (10, 5)]
    return [
        {"attributes": {"region": region}, "answers": {"nps": score, "wait": wait, "ease": wait + 2}}
        for region in ("north", "south")
        for score, wait in pairs
        for _ in range(10)
    ]


def one_region() -> list[Json]:
    """Nobody of the south."""
    return scores("north", promoters=40, passives=20, detractors=20)


def few_in_the_south() -> list[Json]:
    """A hundred from the north for each from the south."""
    return scores("north", promoters=300, passives=150, detractors=150) + scores(
        "south", promoters=2, passives=2, detractors=2
    )


def finite(document: Any) -> None:
    """Assert that JSON holds no NaN and no Infinity, which Python would read."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in an answer")

    json.loads(json.dumps(document), parse_constant=refuse)


def body_of(kind: str, survey: PublishedSurvey, fields: Json) -> Json:
    about = {"trend": {"kpi": "nps"}, "sampling_bias": {"kpi": "nps"}, "drivers": {"outcome": "nps"}, "review": {}}[
        kind
    ]
    return {"kind": kind, "survey_id": survey.id, **about, **fields}


# What was said, the analysis with its fields, the code of a failure (None: it succeeds), and words of what is told.
TOLD: dict[str, tuple[Said, str, Json, str | None, str]] = {
    "trend of constant answers": (alike_over_time, "trend", {}, None, "was 100.00 in each of the 16 months"),
    "trend of one period": (one_period, "trend", {}, None, "1 period with a value, too few"),
    "trend with all missing": (all_missing, "trend", {}, "not_estimable", "No complete period has a value"),
    "trend of nobody": (nobody, "trend", {}, "not_estimable", "No complete period has a value"),
    "event in constant answers": (
        alike_over_time,
        "trend",
        {"interruption": {"at": "2024-09-01", "label": "the move"}},
        None,
        "The effect of the move cannot be told",
    ),
    "event of one period": (
        one_period,
        "trend",
        {"interruption": {"at": "2024-03-01", "label": "the move"}},
        None,
        "at least 8 on each side",
    ),
    "forecast of constant answers": (alike_over_time, "trend", {"horizon": 2, "bucket": "month"}, None, "forecast"),
    "bias of constant answers": (alike, "sampling_bias", {"frame": HALVES}, None, "no spread"),
    "bias with all missing": (all_missing, "sampling_bias", {"frame": HALVES}, "not_estimable", "too few to show"),
    "bias of nobody": (nobody, "sampling_bias", {"frame": HALVES}, "not_estimable", "too few to show"),
    "bias with an empty group": (one_region, "sampling_bias", {"frame": HALVES}, None, "south"),
    "bias with weights that must be capped": (
        few_in_the_south,
        "sampling_bias",
        {"frame": {"margins": {"region": {"north": 0.1, "south": 0.9}}}},
        None,
        "times the mean",
    ),
    "bias where everybody responded": (
        alike,
        "sampling_bias",
        {
            "frame": {
                "invited": [
                    {"attributes": {"region": "north"}, "invited": 30},
                    {"attributes": {"region": "south"}, "invited": 30},
                ]
            }
        },
        None,
        "Response was not assessed. Everybody responded",
    ),
    "bias where nobody could be reached": (
        alike,
        "sampling_bias",
        {
            "frame": {
                **HALVES,
                "reach": {
                    "attribute": "region",
                    "population": {"north": 9, "south": 9},
                    "stages": [{"name": "no address", "left": {"north": 0, "south": 0}}],
                },
            }
        },
        None,
        "Coverage was not assessed. Nobody of the population can be reached",
    ),
    "bias where eligibility is unknown": (
        alike,
        "sampling_bias",
        {"frame": {**HALVES, "outcomes": {"dispositions": {"complete": 60, "unknown_other": 60}}}},
        None,
        "No ineligible case was recorded",
    ),
    "drivers of constant answers": (alike, "drivers", {}, "not_estimable", "the same"),
    "drivers that say the same": (
        collinear,
        "drivers",
        {},
        "not_estimable",
        "Of wait and ease, one follows exactly from the others",
    ),
    "drivers with all missing": (all_missing, "drivers", {}, "not_estimable", "too few to show"),
    "drivers of nobody": (nobody, "drivers", {}, "not_estimable", "too few to show"),
    "drivers weighted to an empty group": (
        lambda: [{**one, "attributes": {"region": "north"}} for one in collinear()],
        "drivers",
        {"frame": HALVES},
        "margins_unusable",
        "south",
    ),
    "review of constant answers": (alike_over_time, "review", {"frame": HALVES}, None, "features measured"),
    "review with all missing": (all_missing, "review", {"frame": HALVES}, None, "features measured"),
    "review of nobody": (nobody, "review", {}, None, "features measured"),
}


@pytest.mark.parametrize(("said", "kind", "fields", "code", "words"), TOLD.values(), ids=list(TOLD))
async def test_data_that_bear_no_figure_are_told_in_words(
    said: Said, kind: str, fields: Json, code: str | None, words: str, api: Api
) -> None:
    survey = await publish(api)
    await answer(api, survey.id, said())

    requested = await api.post("/v1/analyses", body_of(kind, survey, fields), status=202)
    run = await ended(api, requested.json()["id"])

    finite(run)
    assert run["status"] == ("succeeded" if code is None else "failed"), run["error"]
    if code is None:
        assert run["sentence"]
        assert words in json.dumps(run["result"], ensure_ascii=False) + run["sentence"]
    else:
        assert run["error"]["code"] == code
        assert words in run["error"]["detail"]


# Frames that are wrong whatever was answered: refused when asked for, with the place.
WRONG_FRAMES: dict[str, tuple[Json, str]] = {
    "that do not sum": ({"region": {"north": 0.5, "south": 0.4}}, "shares_do_not_sum"),
    "with a zero": ({"region": {"north": 1.0, "south": 0.0}}, "not_a_positive_number"),
    "below zero": ({"region": {"north": 1.2, "south": -0.2}}, "not_a_positive_number"),
    "of one category": ({"region": {"north": 1.0}}, "too_few_categories"),
    "of a category that is not declared": ({"region": {"north": 0.5, "east": 0.5}}, "unknown_value"),
    "of an attribute that is not declared": ({"age": {"young": 0.5, "old": 0.5}}, "unknown_attribute"),
    "with a vanishing share": ({"region": {"north": 1e12, "south": 1e-6}}, "share_too_small"),
    "that contradict each other": (
        {"region": {"north": 500, "south": 500}, "age": {"young": 400, "old": 400}},
        "totals_contradict",
    ),
}


@pytest.mark.parametrize("kind", ["sampling_bias", "drivers", "review"])
@pytest.mark.parametrize(("margins", "code"), WRONG_FRAMES.values(), ids=list(WRONG_FRAMES))
async def test_margins_that_cannot_be_are_refused_by_every_analysis(
    kind: str, margins: Json, code: str, api: Api
) -> None:
    ages = {"key": "age", "label": "Age", "values": ["young", "old"]}
    attributes = [*POST_VISIT["attributes"], *([ages] if code == "totals_contradict" else [])]
    survey = await publish(api, attributes=attributes)

    refused = await api.post("/v1/analyses", body_of(kind, survey, {"frame": {"margins": margins}}), status=422)

    faults = refused.json()["errors"]
    assert faults[0]["code"] == code
    assert all(fault["pointer"].startswith("/frame/margins") and fault["detail"] for fault in faults)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
@pytest.mark.parametrize("kind", ["sampling_bias", "drivers", "review"])
async def test_no_share_that_is_no_number_is_taken(kind: str, number: str, api: Api) -> None:
    survey = await publish(api)
    body = json.dumps(body_of(kind, survey, {"frame": {"margins": {"region": {"north": 0.5, "south": "?"}}}}))

    refused = await api.call(
        "POST", "/v1/analyses", content=body.replace('"?"', number), headers={"Content-Type": "application/json"}
    )

    assert refused.status_code in {400, 422}, refused.text


# Weighting schemes that a survey may have, whatever responded, and the KPI that nobody can then be told.
SCHEMES: dict[str, tuple[Json, str]] = {
    "a category without respondents": (
        {"kind": "raking", "frame": {"margins": {"region": {"north": 0.5, "south": 0.5}}}},
        "south",
    ),
    "fewer invited than responded": (
        {
            "kind": "propensity",
            "frame": {
                "cells": [
                    {"categories": {"region": "north"}, "count": 10},
                    {"categories": {"region": "south"}, "count": 9},
                ]
            },
        },
        "More people who are north responded",
    ),
    "bounds that cannot be met": (
        {
            "kind": "calibration",
            "distance": "logit",
            "bounds": [0.99, 1.01],
            "frame": {"margins": {"region": {"north": 0.01, "south": 0.99}}},
        },
        "",
    ),
}
KPI_ROUTES = {
    "value": "/v1/kpis/nps/value?survey={id}",
    "series": "/v1/kpis/nps/series?survey={id}&bucket=year",
    "breakdown": "/v1/kpis/nps/breakdown?survey={id}&by=region",
    "compare": "/v1/kpis/nps/compare?survey={id}&by=region&first=north&second=south",
    "comparisons": "/v1/kpis/nps/comparisons?survey={id}&by=region",
    "comparisons of periods": "/v1/kpis/nps/comparisons?survey={id}&bucket=month",
    "ranking": "/v1/kpis/nps/ranking?survey={id}&by=region",
    "cross-tab": "/v1/surveys/{id}/cross-tab?rows=nps&columns=region",
    "cross-tab of questions": "/v1/surveys/{id}/cross-tab?rows=wait&columns=ease",
}
SAID: dict[str, Said] = {
    "constant answers": alike,
    "one period": one_period,
    "all missing": all_missing,
    "nobody": nobody,
    "one group": one_region,
}


def told(answered: httpx.Response) -> None:
    """Assert that it is an answer without a number that is none, or a refusal in words."""
    finite(answered.json())
    if answered.status_code != 200:
        assert answered.status_code == 422, answered.text
        assert answered.json()["code"] in {"not_estimable", "invalid", "margins_unusable", "bounds_impossible"}
        assert answered.json()["detail"]


@pytest.mark.parametrize("said", SAID.values(), ids=list(SAID))
async def test_every_kpi_route_tells_what_it_cannot_tell(said: Said, api: Api) -> None:
    survey = await publish(api)
    await answer(api, survey.id, said())

    for name, path in KPI_ROUTES.items():
        for extra in ("", "&weighting=halves"):
            if extra and name == "value":
                scheme = {"name": "Halves", "kind": "raking", "frame": HALVES}
                await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/halves", scheme, status=201)
            told(await api.get(path.format(id=survey.id) + extra, status=None))


@pytest.mark.parametrize(("scheme", "words"), SCHEMES.values(), ids=list(SCHEMES))
async def test_weights_that_nobody_can_be_given_are_told(scheme: Json, words: str, api: Api) -> None:
    survey = await publish(api)
    south = [] if "without" in words or words == "south" else scores("south", promoters=9, passives=9, detractors=9)
    await answer(api, survey.id, one_region() + south)
    await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/bad", {"name": "Bad", **scheme}, status=201)

    value = await api.get(f"/v1/kpis/nps/value?survey={survey.id}&weighting=bad")
    told(value)
    assert value.json()["value"] is None
    assert words in " ".join(value.json()["warnings"])
    for path in KPI_ROUTES.values():
        told(await api.get(f"{path.format(id=survey.id)}&weighting=bad", status=None))
    for kind in ("trend", "sampling_bias", "drivers", "review"):
        answered = await api.post("/v1/analyses", body_of(kind, survey, {"weighting": "bad"}))
        assert answered.status_code == 202, answered.text
        run = await ended(api, answered.json()["id"])
        finite(run)
        assert run["status"] == "succeeded" or run["error"]["code"] in {
            "not_estimable",
            "margins_unusable",
            "bounds_impossible",
        }


def by_age(region: str, age: str, n: int) -> list[Json]:
    """Mixed scores of one region and age."""
    said = scores(region, promoters=n, passives=n, detractors=n)
    return [{**one, "attributes": {**one["attributes"], "age": age}} for one in said]


async def test_margins_that_no_weights_meet_together_are_told_by_all(api: Api) -> None:
    # The north is young and the south is old, so that the margins contradict each other among those who answered.
    ages = {"key": "age", "label": "Age", "values": ["young", "old"]}
    survey = await publish(api, attributes=[*POST_VISIT["attributes"], ages])
    await answer(api, survey.id, by_age("north", "young", 20) + by_age("south", "old", 20))
    margins = {"region": {"north": 0.5, "south": 0.5}, "age": {"young": 0.9, "old": 0.1}}
    scheme = {"name": "Both", "kind": "raking", "frame": {"margins": margins}}
    await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/both", scheme, status=201)

    value = (await api.get(f"/v1/kpis/nps/value?survey={survey.id}&weighting=both")).json()
    crossed = await api.get(f"/v1/surveys/{survey.id}/cross-tab?rows=nps&columns=region&weighting=both", status=422)
    runs = [
        await ended(api, (await api.post("/v1/analyses", body_of(kind, survey, fields))).json()["id"])
        for kind in ("sampling_bias", "drivers", "review")
        for fields in ({"frame": {"margins": margins}}, {"weighting": "both"})
    ]
    invited = [
        {"attributes": {"region": "north", "age": "young"}, "invited": 200},
        {"attributes": {"region": "south", "age": "old"}, "invited": 300},
    ]
    asked = await api.post("/v1/analyses", body_of("sampling_bias", survey, {"frame": {"invited": invited}}))
    response = await ended(api, asked.json()["id"])

    assert value["value"] is None
    assert value["warnings"]
    assert crossed.json()["detail"]
    for run in runs:
        finite(run)
        assert run["status"] == "succeeded" or run["error"]["code"] in {
            "not_estimable",
            "margins_unusable",
            "raking_did_not_converge",
        }, run["error"]
    assert [run["result"]["bias"]["state"] for run in runs[:2]] == ["not_usable", "not_usable"]
    assert "The other variables before it determine categories" in " ".join(response["result"]["bias"]["not_assessed"])


@pytest.mark.parametrize("size", [0, -1, "1", True])
async def test_a_frame_of_zero_or_worse_is_refused_by_a_scheme(size: Any, api: Api) -> None:
    survey = await publish(api)
    cells = [{"categories": {"region": "north"}, "count": size}, {"categories": {"region": "south"}, "count": 5}]
    scheme = {"name": "Bad", "kind": "cell", "frame": {"cells": cells}}

    refused = await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/bad", scheme, status=422)

    assert refused.json()["errors"][0]["pointer"] == "/frame/cells/0/count"
