"""Reviews by the real worker, and the recommendations that follow, through the API."""

from itertools import cycle
from typing import Any

import pytest

from tests.support.analyses import made
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.surveys import PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]

QUESTIONS: list[dict[str, Any]] = [
    {"key": key, "type": "rating", "scale": {"min": 1, "max": 5}, "text": f"{key}?", "feature": feature}
    for key, feature in (("wait", "waiting_time"), ("staff", "staff"), ("place", "place"))
]
FRAME = {"margins": {"region": {"north": 0.5, "south": 0.5}}}


def months(n_north: int, n_south: int) -> list[dict[str, Any]]:
    """Fourteen months: waits get longer from 2025-08 on; staff and place stay good."""
    staff, place = cycle([5, 4, 4, 5, 3]), cycle([4, 5, 5, 4, 3])
    good, poor = cycle([4, 5, 4, 3, 5]), cycle([2, 3, 2, 1, 4])
    return [
        {
            "submitted_at": f"{2025 + month // 12}-{month % 12 + 1:02}-10T12:00:00Z",
            "attributes": {"region": region},
            "answers": {"wait": next(poor if month >= 7 else good), "staff": next(staff), "place": next(place)},
        }
        for month in range(14)
        for region, n in (("north", n_north), ("south", n_south))
        for _ in range(n)
    ]


@pytest.fixture
async def slower(api: Api) -> PublishedSurvey:
    survey = await publish(api, questions=QUESTIONS)
    await answer(api, survey.id, months(20, 20))
    return survey


async def test_what_got_worse_is_recommended_with_its_evidence(api: Api, slower: PublishedSurvey) -> None:
    run = await made(api, {"kind": "review", "survey_id": slower.id, "frame": FRAME})

    (found,) = (await api.get(f"/v1/recommendations?survey_id={slower.id}")).json()["items"]
    evidence = {piece["pointer"]: piece for piece in found["evidence"]}
    figure = evidence["/features/0/figure"]
    wait = (await api.get(f"/v1/kpis/csat/value?survey={slower.id}&question=wait")).json()
    assert (found["kind"], found["feature_key"], found["state"]) == ("improve", "waiting_time", "proposed")
    assert found["run_id"] == run["id"]
    assert found["confidence"] == "high"
    assert (figure["value"], figure["n"]) == (wait["value"], wait["n"])
    assert run["result"]["features"][0]["figure"]["value"] == figure["value"]
    assert "2025-08" in evidence["/features/0/trend"]["statement"]
    assert "Ranks 1 of 1." in found["priority_reason"]
    assert run["sentence"] == "3 features measured; to be improved, in this order: Waiting time."


async def test_a_sample_without_one_group_leads_to_asking_better(api: Api) -> None:
    survey = await publish(api, questions=QUESTIONS)
    await answer(api, survey.id, months(40, 0))

    await made(api, {"kind": "review", "survey_id": survey.id, "frame": FRAME})

    found = (await api.get(f"/v1/recommendations?survey_id={survey.id}")).json()["items"]
    assert found
    assert {one["kind"] for one in found} == {"ask_better"}
    assert all("south" in one["rationale"] for one in found)
    assert all(one["gap"] is None for one in found)


async def test_a_second_review_renews_a_proposal_and_leaves_what_was_decided(api: Api, slower: PublishedSurvey) -> None:
    await made(api, {"kind": "review", "survey_id": slower.id, "frame": FRAME})
    (first,) = (await api.get(f"/v1/recommendations?survey_id={slower.id}")).json()["items"]

    again = await made(api, {"kind": "review", "survey_id": slower.id, "frame": FRAME, "level": 0.9})
    (renewed,) = (await api.get(f"/v1/recommendations?survey_id={slower.id}")).json()["items"]
    await api.post(
        f"/v1/recommendations/{first['id']}/transitions", {"to": "accepted", "reason": "Agreed."}, status=200
    )
    await made(api, {"kind": "review", "survey_id": slower.id, "frame": FRAME, "level": 0.8})
    (kept,) = (await api.get(f"/v1/recommendations?survey_id={slower.id}")).json()["items"]

    assert (renewed["id"], renewed["run_id"]) == (first["id"], again["id"])
    assert (kept["state"], kept["run_id"]) == ("accepted", again["id"])


async def test_a_recommendation_goes_through_its_states_with_who_and_why(api: Api, slower: PublishedSurvey) -> None:
    await made(api, {"kind": "review", "survey_id": slower.id, "frame": FRAME})
    (found,) = (await api.get(f"/v1/recommendations?survey_id={slower.id}&state=proposed")).json()["items"]
    path = f"/v1/recommendations/{found['id']}"
    read = await api.get(path)

    early = await api.post(f"{path}/transitions", {"to": "done", "reason": "Already?"})
    nothing_said = await api.post(f"{path}/transitions", {"to": "accepted"})
    await api.post(f"{path}/transitions", {"to": "accepted", "reason": "Agreed on 3 March."}, status=200)
    stale = await api.post(
        f"{path}/transitions", {"to": "done", "reason": "Late."}, headers={"If-Match": read.headers["ETag"]}
    )
    done = await api.post(f"{path}/transitions", {"to": "done", "reason": "Two more desks."}, status=200)

    assert (early.status_code, early.json()["code"]) == (409, "move_not_allowed")
    assert (nothing_said.status_code, nothing_said.json()["errors"][0]["pointer"]) == (422, "/reason")
    assert stale.status_code == 412
    assert [(step["from_state"], step["to_state"], step["decided_by"]) for step in done.json()["transitions"]] == [
        ("proposed", "accepted", "test"),
        ("accepted", "done", "test"),
    ]
    assert not (await api.get(f"/v1/recommendations?survey_id={slower.id}&state=proposed")).json()["items"]


async def test_a_survey_with_neither_features_nor_standards_has_nothing_to_review(api: Api) -> None:
    nothing = await publish(api, questions=[{"key": "why", "type": "text", "text": "Why?"}])

    empty = await api.post("/v1/analyses", {"kind": "review", "survey_id": nothing.id}, status=422)

    assert empty.json()["errors"][0]["code"] == "nothing_to_review"


async def test_a_survey_with_few_answers_leads_to_asking_more(api: Api) -> None:
    survey = await publish(api, questions=QUESTIONS)
    await answer(api, survey.id, months(0, 0) + [{"answers": {"wait": 1}}] * 3)

    await made(api, {"kind": "review", "survey_id": survey.id})

    found = (await api.get(f"/v1/recommendations?survey_id={survey.id}&kind=ask_better")).json()["items"]
    assert {one["feature_key"] for one in found} == {"waiting_time", "staff", "place"}


async def test_figures_are_weighted_by_a_stored_scheme(api: Api) -> None:
    survey = await publish(api, questions=QUESTIONS)
    await answer(api, survey.id, months(30, 10))
    scheme = {"name": "Halves", "kind": "raking", "frame": FRAME}
    await api.put(f"/v1/surveys/{survey.id}/weighting-schemes/halves", scheme, status=201)

    run = await made(api, {"kind": "review", "survey_id": survey.id, "weighting": "halves"})
    both = await api.post(
        "/v1/analyses", {"kind": "review", "survey_id": survey.id, "weighting": "halves", "frame": FRAME}, status=422
    )

    kpi = (await api.get(f"/v1/kpis/csat/value?survey={survey.id}&question=wait&weighting=halves")).json()
    feature = run["result"]["features"][0]
    assert feature["figure"]["value"] == kpi["value"]
    assert feature["figure"]["n_effective"] == pytest.approx(kpi["n_effective"])
    assert kpi["n_effective"] < kpi["n"]
    assert feature["sampling_bias"]["bias"]["weighting"]["scheme"] == "halves"
    assert feature["trend"]["weighting"] == "halves"
    assert both.json()["errors"][0]["pointer"] == "/weighting"
