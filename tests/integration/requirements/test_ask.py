"""The rows "Ask" of what is required, each driven through the API."""

from typing import Any

import pytest

from tests.support.api import Api
from tests.support.surveys import survey_body

Json = dict[str, Any]


def choices(*labels: str) -> Json:
    offered = [{"key": f"c{place}", "label": label} for place, label in enumerate(labels)]
    return {"type": "single_choice", "choices": offered}


SCALE: Json = {"type": "rating", "scale": {"min": 1, "max": 5}}
ASKED = [
    ("leading", {"type": "boolean", "text": "Don't you think that our staff were polite?"}),
    ("loaded", {"type": "text", "text": "What do you think of the outrageous new fee?"}),
    ("double_barrelled", {"type": "boolean", "text": "Was the adviser polite and competent?"}),
    ("absolute", {"type": "boolean", "text": "Do you always come by car?"}),
    ("double_negative", {"type": "boolean", "text": "Is it not impossible to park here?"}),
    ("jargon", {"type": "boolean", "text": "Was your onboarding complete?"}),
    (
        "hard_to_read",
        {
            "type": "text",
            "text": "Characterise the administrative communications regarding procedural eligibility determinations.",
        },
    ),
    ("unbalanced_scale", {**choices("Excellent", "Very good", "Good", "Poor"), "text": "How was it?"}),
    ("unlabelled_scale", {**SCALE, "text": "How was the wait?"}),
    ("overlapping_options", {**choices("18-25", "25-35", "36 or over"), "text": "How old are you?"}),
    ("missing_way_out", {**choices("Car", "Bus"), "text": "How did you come here today?"}),
]


async def linted(api: Api, *questions: Json) -> Json:
    asked = [{"key": f"q{place}", **question} for place, question in enumerate(questions)]
    made = (await api.post("/v1/surveys", survey_body(questions=asked), status=201)).json()
    report: Json = (await api.post(f"/v1/surveys/{made['id']}/lint", {}, status=200)).json()
    return report


@pytest.mark.parametrize(("rule", "question"), ASKED)
async def test_G4_2_each_fault_of_a_question_is_named_with_rule_place_why_and_better(
    api: Api, rule: str, question: Json
) -> None:
    report = await linted(api, question)

    (found,) = [finding for finding in report["findings"] if finding["rule"] == rule]
    assert found["pointer"].startswith("/questions/0/")
    assert found["why"]
    assert found["source"]
    assert found["how"]
    assert found["waived"] is False


async def test_G4_2_order_length_and_burden_are_told(api: Api) -> None:
    rated = [{**SCALE, "text": f"How was the {part}? (1 = bad, 5 = good)"} for part in ("food", "room", "desk")]
    written = [{"type": "text", "text": f"What did you see on day {day}?"} for day in range(20)]

    report = await linted(api, *rated, {"type": "nps", "text": "How likely are you to recommend us?"}, *written)

    rules = {finding["rule"] for finding in report["findings"]}
    assert {"overall_after_specifics", "too_long"} <= rules
    burden = report["burden"]
    assert burden["seconds"] > 600
    assert burden["open_questions"] == 20
    assert "Pew" in burden["method"]


async def test_G1_5_it_is_told_which_questions_serve_no_feature_and_no_standard(api: Api) -> None:
    text = {"type": "boolean", "text": "Was your question answered?"}

    report = await linted(api, {**text, "feature": "answers"}, text)

    assert report["focus"]["unserving"] == ["q1"]
    (found,) = [finding for finding in report["findings"] if finding["rule"] == "serves_nothing"]
    assert (found["pointer"], found["place"]) == ("/questions/1", "/questions/q1")
