"""From a recommendation to the counts behind it by the API alone, and the same bytes again."""

import asyncio
import json
from itertools import cycle
from typing import Any

import pytest

from feedback_core.analyses.types import AnalysisKind
from tests.integration.recommendations.test_review import FRAME, QUESTIONS, months
from tests.support.analyses import made
from tests.support.api import Api
from tests.support.cells import answer
from tests.support.standards import standard
from tests.support.surveys import PublishedSurvey, publish

pytestmark = [pytest.mark.xdist_group("analyses"), pytest.mark.usefixtures("worker_process")]

CUT = {"from": "2025-01-01", "to": "2026-03-01"}


async def test_O_AC4_a_recommendation_can_be_followed_to_raw_counts_and_reproduced(api: Api) -> None:
    survey = await publish(api, questions=QUESTIONS)
    await answer(api, survey.id, months(20, 20))
    # A cut that stays as it is, whatever comes in later.
    cut = {"kind": "review", "survey_id": survey.id, "frame": FRAME, **CUT}
    await made(api, cut)
    (found,) = (await api.get(f"/v1/recommendations?survey_id={survey.id}")).json()["items"]
    figure = next(piece for piece in found["evidence"] if piece["pointer"].endswith("/figure"))

    run = (await api.get(f"/v1/analyses/{figure['run_id']}")).json()
    feature = run["result"]
    for step in figure["pointer"].split("/")[1:-1]:
        feature = feature[int(step)] if isinstance(feature, list) else feature[step]
    asked = {"survey": survey.id, "question": feature["question"], "from": cut["from"], "to": cut["to"]}
    kpi = (await api.get(f"/v1/kpis/{feature['kpi']}/value", params=asked)).json()
    page = (await api.get(f"/v1/surveys/{survey.id}/responses?limit=1000")).json()
    given = [each["answers"][feature["question"]] for each in page["items"]]

    assert page["next_cursor"] is None
    assert (figure["value"], figure["n"]) == (kpi["value"], kpi["n"])
    assert (len(given), sum(value >= 4 for value in given) / len(given)) == (figure["n"], figure["value"])

    await answer(api, survey.id, [{"submitted_at": "2026-03-05T12:00:00Z", "answers": {"wait": 1}}])
    again = await made(api, cut)

    assert again["id"] != run["id"]
    assert again["data_version"] != run["data_version"]
    assert _bytes(again) == _bytes(run)


KINDS: dict[str, dict[str, Any]] = {
    "trend": {"kpi": "csat", "question": "wait"},
    "sampling_bias": {"kpi": "csat", "question": "wait", "frame": FRAME},
    "drivers": {"outcome": "wait", "drivers": ["staff", "place"]},
    "themes": {"kpi": "csat", "question": "wait"},
    "review": {"frame": FRAME},
    "data_quality": {"kpi": "csat", "question": "wait"},
    "effect": {"kpi": "csat", "question": "wait", "change_on": "2026-02-20", "label": "the desk", "smallest": 0.05},
    "method_effectiveness": {"kpi": "csat", "question": "wait"},
}


async def test_a_run_of_any_kind_on_a_period_that_is_over_gives_the_same_bytes(api: Api) -> None:
    survey = await _commented(api)
    asked = [{"kind": kind, "survey_id": survey.id, **CUT, **of_kind} for kind, of_kind in KINDS.items()]
    first = await asyncio.gather(*(made(api, body) for body in asked))
    await answer(api, survey.id, [{"submitted_at": "2026-03-05T12:00:00Z", "answers": {"wait": 1, "why": "Slow."}}])

    again = await asyncio.gather(*(made(api, body) for body in asked))

    assert KINDS.keys() == set(AnalysisKind)
    for before, after in zip(first, again, strict=True):
        assert before["id"] != after["id"]
        assert before["data_version"] != after["data_version"]
        assert _bytes(before) == _bytes(after), before["kind"]
        assert after["result"]["as_of"] == "2026-03-01T00:00:00Z"


async def test_what_was_taken_out_before_a_run_looked_back_is_not_taken_out_of_its_evidence(api: Api) -> None:
    survey = await publish(api, questions=QUESTIONS)
    await answer(api, survey.id, months(20, 20))
    path = f"/v1/surveys/{survey.id}/responses"
    before, since = [each["id"] for each in (await api.get(f"{path}?limit=2")).json()["items"]]
    await api.post(f"{path}/{before}/exclude", {"reason": "A test entry"}, status=200)
    run = await made(api, {"kind": "review", "survey_id": survey.id, **CUT})
    (found,) = (await api.get(f"/v1/recommendations?survey_id={survey.id}")).json()["items"]

    await api.post(f"{path}/{since}/exclude", {"reason": "Another"}, status=200)
    then = (await api.get(f"/v1/recommendations/{found['id']}")).json()

    assert run["result"]["as_of"] < run["created_at"]
    assert (found["evidence_state"], found["evidence_reasons"]) == ("current", [])
    assert then["evidence_reasons"] == ["Since the run, 1 responses behind it were excluded or put back."]


def _bytes(run: dict[str, Any]) -> bytes:
    """The whole result, in the order in which it is given."""
    return json.dumps([run["result"], run["sentence"]], ensure_ascii=False).encode()


async def _commented(api: Api) -> PublishedSurvey:
    """Fourteen months of answers with comments, by two methods, held to a standard."""
    why = {"key": "why", "type": "text", "text": "Why?"}
    survey = await publish(api, questions=[*QUESTIONS, why])
    said = cycle(["The wait was far too long.", "Friendly staff, thank you.", "Nobody answered the telephone."])
    by = cycle(["online_questionnaire", "telephone", "online_questionnaire"])
    given = months(10, 10)
    for one in given:
        one["answers"]["why"], one["method"] = next(said), next(by)
    await answer(api, survey.id, given)
    await api.put("/v1/standards/short_waits", standard(survey.id), status=201)
    return survey
