"""What a new version of a survey may not say, because an earlier one said otherwise."""

import pytest

from feedback_core.surveys.faults import find_contradictions
from tests.unit.surveys.builders import CHANNEL, MINUTES, NPS, WAIT, WHY, Json, named, questionnaire


def contradictions(draft: Json, *former: Json) -> list[tuple[str, str]]:
    """Pointer and code of each contradiction between a question and its former selves, latest first."""
    versions = [questionnaire(question) for question in former]
    return named(find_contradictions(questionnaire(NPS, draft), versions))


@pytest.mark.parametrize(
    ("draft", "former", "below", "code"),
    [
        ({**WHY, "key": "wait"}, WAIT, "/type", "type_changed"),
        ({**WAIT, "scale": {"min": 1, "max": 7}}, WAIT, "/scale", "scale_changed"),
        ({**WAIT, "type": "ces", "scale": None}, {**WAIT, "type": "ces"}, "/scale", "scale_changed"),
        ({**MINUTES, "unit": "hours"}, MINUTES, "/unit", "unit_changed"),
        ({**MINUTES, "unit": None}, MINUTES, "/unit", "unit_changed"),
    ],
)
def test_a_key_keeps_its_type_scale_and_unit(draft: Json, former: Json, below: str, code: str) -> None:
    assert contradictions(draft, former) == [("/questions/1" + below, code)]


@pytest.mark.parametrize(
    ("draft", "former"),
    [
        ({**WAIT, "text": "Was the wait short?", "feature": "waiting_time", "required": True}, WAIT),
        ({**CHANNEL, "choices": CHANNEL["choices"][:2]}, CHANNEL),
        ({**WAIT, "type": "ces", "scale": {"min": 1, "max": 7}}, {**WAIT, "type": "ces", "scale": None}),
        ({**WAIT, "scale": None}, WAIT),
        ({**MINUTES, "max": 60}, MINUTES),
    ],
)
def test_all_else_may_change(draft: Json, former: Json) -> None:
    assert contradictions(draft, former) == []


def test_a_question_left_out_for_a_while_is_remembered() -> None:
    assert contradictions({**WHY, "key": "wait"}, WHY, WAIT) == [("/questions/1/type", "type_changed")]
