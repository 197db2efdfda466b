"""Recommendations that people write, what they stand on, and when that is overtaken."""

from datetime import UTC, datetime
from typing import Any

from tests.integration.recommendations.conftest import RESULT, Ground

Json = dict[str, Any]


def written(ground: Ground, **fields: Any) -> Json:
    link = {"analysis_id": ground.run_id, "pointer": "/features/0/figure", "value": 0.41}
    return {
        "kind": "improve",
        "title": "Open a second desk",
        "rationale": "Mornings are where the wait is longest.",
        "evidence": [link],
        **fields,
    }


def now() -> str:
    return datetime.now(UTC).isoformat()


async def test_R3_7_O_AC4_a_recommendation_of_ones_own_has_evidence_effect_cost_and_priority(ground: Ground) -> None:
    await ground.api.put("/v1/processes/reception", {"name": "Reception", "owner": "Head of front desk"}, status=201)
    feature = {"name": "Waiting time", "process": "reception", "owner": "Iris"}
    tag = (await ground.api.get("/v1/features/waiting_time")).headers["ETag"]
    await ground.api.put("/v1/features/waiting_time", feature, status=200, headers={"If-Match": tag})
    effect = {"value": 0.1, "low": 0.02, "high": 0.18, "unit": "share satisfied", "derivation": "As in the north."}
    body = written(
        ground,
        feature="waiting_time",
        gap=0.2,
        expected_effect=effect,
        cost={"amount": 1250000, "currency": "EUR"},
        effort_hours=80,
        owner="Grace",
        on_behalf_of="Ada",
    )

    made = await ground.api.post("/v1/recommendations", body, status=201)
    again = (await ground.api.get(made.headers["Location"])).json()
    run = (await ground.api.get(f"/v1/analyses/{ground.run_id}")).json()

    found = made.json()
    (piece,) = found["evidence"]
    assert again == found
    assert (piece["run_id"], piece["data_version"]) == (ground.run_id, run["data_version"])
    assert (piece["value"], piece["low"], piece["high"], piece["n"]) == (0.41, 0.35, 0.47, 240)
    assert piece["statement"] == "0.41 (0.35 to 0.47, n = 240)"
    assert (found["expected_effect"], found["cost"]["amount"], found["effort_hours"]) == (effect, 1250000, 80)
    assert (found["process"], found["process_owner"], found["owner"]) == ("reception", "Head of front desk", "Grace")
    assert (found["written_by"], found["survey_id"], found["confidence"]) == ("Ada", ground.survey_id, "medium")
    assert found["priority"] == 0.2 * 0.6
    assert found["priority_reason"] == "Gap 0.200 of the range, as entered, × 0.6 for medium confidence = 0.120."
    assert (found["evidence_state"], found["evidence_reasons"]) == ("current", [])


async def test_G3_5_without_evidence_or_with_links_that_do_not_hold_it_is_refused(ground: Ground) -> None:
    def link(**fields: Any) -> Json:
        return {"analysis_id": ground.run_id, "pointer": "/features/0/figure", **fields}

    async def told(*links: Json) -> tuple[str, list[tuple[str, str]]]:
        answer = (await ground.api.post("/v1/recommendations", written(ground, evidence=list(links)))).json()
        return answer["code"], [(fault["pointer"], fault["code"]) for fault in answer.get("errors", [])]

    waiting = await ground.api.post("/v1/analyses", {"kind": "review", "survey_id": ground.survey_id}, status=202)
    assert await told() == ("evidence_missing", [("/evidence", "evidence_missing")])
    assert await told(link(), link(pointer="/features/7/figure"), link(value=0.5)) == (
        "invalid",
        [("/evidence/1/pointer", "evidence_not_found"), ("/evidence/2/value", "evidence_differs")],
    )
    assert await told(link(analysis_id=waiting.json()["id"])) == (
        "invalid",
        [("/evidence/0/analysis_id", "run_without_result")],
    )
    assert (await told(link(analysis_id=ground.survey_id)))[0] == "not_found"
    assert not (await ground.api.get("/v1/recommendations")).json()["items"]


async def test_evidence_says_when_a_newer_run_differs_beyond_sampling_error(ground: Ground) -> None:
    made = (await ground.api.post("/v1/recommendations", written(ground), status=201)).json()
    path = f"/v1/recommendations/{made['id']}"

    def figures(value: float) -> Json:
        interval = {"low": value - 0.06, "high": value + 0.06, "level": 0.95, "method": "wilson"}
        other = {"feature_key": "staff", "question": "staff", "item": None, "figure": None}
        wait = {**RESULT["features"][0], "figure": {"value": value, "interval": interval, "n": 240}}
        return {"as_of": now(), "features": [other, wait]}

    await ground.finished_run(figures(0.45), **{"from": "2026-01-01"})
    near = (await ground.api.get(path)).json()
    newer = await ground.finished_run(figures(0.62), **{"from": "2026-02-01"})
    far = (await ground.api.get(path)).json()
    (listed,) = (await ground.api.get("/v1/recommendations")).json()["items"]
    await ground.finished_run(figures(0.41), bucket="week")
    other_question = (await ground.api.get(path)).json()

    assert near["evidence_state"] == "current"
    assert far["evidence_state"] == listed["evidence_state"] == "overtaken"
    assert newer in far["evidence_reasons"][0]
    assert "0.62 (0.56 to 0.68)" in far["evidence_reasons"][0]
    assert (far["evidence"][0]["value"], other_question["evidence_state"]) == (0.41, "overtaken")


async def test_evidence_says_when_responses_behind_it_are_taken_away(ground: Ground) -> None:
    path = f"/v1/surveys/{ground.survey_id}/responses"
    body = {"submitted_at": "2026-02-10T10:00:00Z", "answers": {"nps": 9}}
    inside, kept = [(await ground.api.post(path, body, status=201)).json()["id"] for _ in range(2)]
    await ground.finished_run({**RESULT, "as_of": now()}, kpi="nps", to="2026-02-01")
    early = await ground.finished_run(
        {**RESULT, "as_of": now()}, kpi="nps", **{"from": "2020-01-01", "to": "2021-01-01"}
    )
    made = (await ground.api.post("/v1/recommendations", written(ground), status=201)).json()
    link = {"analysis_id": early, "pointer": "/features/0/figure"}
    other = (await ground.api.post("/v1/recommendations", written(ground, evidence=[link]), status=201)).json()

    async def reasons(found: Json) -> list[str]:
        read = (await ground.api.get(f"/v1/recommendations/{found['id']}")).json()
        assert (read["evidence_state"] == "overtaken") == bool(read["evidence_reasons"])
        told: list[str] = read["evidence_reasons"]
        return told

    await ground.api.post(f"{path}/{inside}/exclude", {"reason": "A test entry"}, status=200)
    assert await reasons(made) == ["Since the run, 1 responses behind it were excluded or put back."]
    assert await reasons(other) == []
    await ground.api.post(f"{path}/{inside}/restore", {"reason": "It was none"}, status=200)
    assert await reasons(made) == []
    await ground.api.post(f"{path}/{kept}/erase", {"reason": "As asked for"}, status=204)
    assert await reasons(made) == ["Since the run, 1 responses of the survey were erased."]


async def test_each_run_that_met_it_again_is_kept_with_its_figures(ground: Ground) -> None:
    first = await ground.propose("improve:waiting_time")
    body = {"to": "accepted", "reason": "Agreed."}
    await ground.api.post(f"/v1/recommendations/{first}/transitions", body, status=200)
    newer = await ground.finished_run({**RESULT, "as_of": now()}, bucket="week")
    later = Ground(ground.api, ground.database, ground.survey_id, newer)

    again = await later.propose("improve:waiting_time")
    read = (await ground.api.get(f"/v1/recommendations/{first}")).json()

    assert again == first
    assert [(one["run_id"], one["evidence"][0]["value"]) for one in read["sightings"]] == [
        (ground.run_id, 0.41),
        (newer, 0.41),
    ]
    assert (read["state"], read["run_id"]) == ("accepted", ground.run_id)


async def test_cost_and_effort_are_entered_as_it_was_read(ground: Ground) -> None:
    path = f"/v1/recommendations/{await ground.propose()}"
    tag = (await ground.api.get(path)).headers["ETag"]
    costs = {"cost": {"amount": 99, "currency": "JPY"}, "effort_hours": 2.5, "owner": "Grace"}

    unread = await ground.api.put(path, costs)
    done = await ground.api.put(path, costs, headers={"If-Match": tag}, status=200)
    late = await ground.api.put(path, {}, headers={"If-Match": tag})
    odd = await ground.api.put(path, {"cost": {"amount": 1.5, "currency": "EUR"}}, headers={"If-Match": tag})

    assert (unread.status_code, late.status_code, odd.status_code) == (428, 412, 422)
    assert {name: done.json()[name] for name in costs} == costs


async def test_an_unknown_procedure_is_not_there(ground: Ground) -> None:
    answer = await ground.api.post("/v1/recommendations", written(ground, procedure="nobodys"), status=404)

    assert answer.json()["code"] == "not_found"
