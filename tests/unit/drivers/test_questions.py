"""Which questions of a survey are outcome and drivers, and what is refused."""

from typing import Any

import pytest

from feedback_core.drivers.questions import chosen_questions
from feedback_core.drivers.types import DriversParameters
from feedback_core.kit.errors import Invalid
from feedback_core.surveys.types import questionnaire_from_json
from tests.unit.surveys.builders import NPS, WAIT, WHY

EASE: dict[str, Any] = {"key": "ease", "type": "ces", "text": "How easy was it?", "feature": "effort"}
STAFF: dict[str, Any] = {
    "key": "staff",
    "type": "matrix",
    "text": "How were the staff?",
    "feature": "staff",
    "scale": {"min": 1, "max": 5},
    "rows": [{"key": "polite", "label": "Polite"}, {"key": "quick", "label": "Quick"}],
}
SURVEY = questionnaire_from_json({"title": "Visit", "language": "en", "questions": [NPS, WAIT, EASE, STAFF, WHY]})


def names(parameters: DriversParameters) -> list[str]:
    return [driver.about.name for driver in chosen_questions(SURVEY, parameters).drivers]


def codes(parameters: DriversParameters) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        chosen_questions(SURVEY, parameters)
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


def test_without_names_every_other_scale_question_is_a_driver() -> None:
    assert names(DriversParameters("nps")) == ["wait", "ease", "staff.polite", "staff.quick"]
    assert names(DriversParameters("staff.quick")) == ["wait", "ease", "staff.polite"]


def test_questions_and_features_add_up_without_the_outcome_and_without_doubles() -> None:
    assert names(DriversParameters("nps", drivers=("wait", "staff.quick"), features=("staff",))) == [
        "wait",
        "staff.quick",
        "staff.polite",
    ]
    assert names(DriversParameters("staff.quick", features=("staff",))) == ["staff.polite"]


def test_a_question_knows_its_scale_feature_and_top_boxes() -> None:
    chosen = chosen_questions(SURVEY, DriversParameters("nps", drivers=("staff.polite",)))

    assert (chosen.outcome.about.minimum, chosen.outcome.about.maximum, chosen.outcome.top) == (0, 10, 9)
    (driver,) = chosen.drivers
    assert (driver.question, driver.item, driver.about.feature, driver.top) == ("staff", "polite", "staff", 4)


@pytest.mark.parametrize(
    ("parameters", "faults"),
    [
        (DriversParameters("why"), [("/outcome", "unknown_question")]),
        (DriversParameters("staff"), [("/outcome", "unknown_question")]),
        (DriversParameters("nps", drivers=("wait", "gone")), [("/drivers/1", "unknown_question")]),
        (DriversParameters("nps", drivers=("nps", "wait")), [("/drivers/0", "outcome_is_driver")]),
        (DriversParameters("nps", features=("parking",)), [("/features/0", "unknown_feature")]),
        (DriversParameters("ease", features=("effort",)), [("/drivers", "no_drivers")]),
    ],
)
def test_what_is_not_there_is_named(parameters: DriversParameters, faults: list[tuple[str, str]]) -> None:
    assert codes(parameters) == faults


def test_more_drivers_than_the_method_can_weigh_are_refused() -> None:
    rows = [{"key": f"r{i}", "label": "Row"} for i in range(41)]
    survey = questionnaire_from_json({"title": "Visit", "language": "en", "questions": [NPS, {**STAFF, "rows": rows}]})

    for parameters in (DriversParameters("nps"), DriversParameters("nps", method="lmg")):
        with pytest.raises(Invalid) as refused:
            chosen_questions(survey, parameters)
        assert refused.value.faults[0].code == "too_many_drivers"
    sixteen = tuple(f"staff.r{i}" for i in range(16))
    assert len(chosen_questions(survey, DriversParameters("nps", drivers=sixteen)).drivers) == 16
    with pytest.raises(Invalid, match="more than the 15"):
        chosen_questions(survey, DriversParameters("nps", drivers=sixteen, method="lmg"))
