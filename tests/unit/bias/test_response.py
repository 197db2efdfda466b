"""Response of the invited from counts: what is merged, left out and refused."""

import pytest

from feedback_core.bias.calc import r_indicator, response_patterns
from feedback_core.bias.frames import faults_of_response
from feedback_core.bias.types import InvitedGroup
from feedback_core.fieldwork.calc.response import assess_response
from feedback_core.kit.errors import NotEstimable

INVITED = [
    InvitedGroup({"region": region, "age": age}, n)
    for region, age, n in [
        ("north", "young", 400),
        ("north", "old", 500),
        ("south", "young", 300),
        ("south", "old", 600),
    ]
]
HEARD = [
    ({"region": "north", "age": "young", "method": "sms"}, 60),
    ({"region": "north", "age": "young"}, 20),
    ({"region": "north", "age": "old"}, 150),
    ({"region": "south", "age": "young"}, 40),
    ({"region": "south", "age": "old"}, 200),
]


def test_counts_give_the_indicator_of_the_people_counted() -> None:
    found = assess_response(INVITED, HEARD, standard_deviation=2.0)
    by_person = r_indicator(
        response_patterns(
            [1] * 80 + [0] * 320 + [1] * 150 + [0] * 350 + [1] * 40 + [0] * 260 + [1] * 200 + [0] * 400,
            {
                "region": ["north"] * 900 + ["south"] * 900,
                "age": ["young"] * 400 + ["old"] * 500 + ["young"] * 300 + ["old"] * 600,
            },
        )
    )
    assert found.r.value == pytest.approx(by_person.r.value)
    assert found.largest_bias == pytest.approx(2 * by_person.coefficient_of_variation)
    assert [partial.variable for partial in found.partials] == ["region", "age"]
    assert [(rate.variable, rate.category, rate.invited, rate.responded) for rate in found.by_category] == [
        ("region", "north", 900, 230),
        ("region", "south", 900, 240),
        ("age", "old", 1100, 350),
        ("age", "young", 700, 120),
    ]
    assert found.merged == ()


def test_a_variable_that_would_give_few_away_is_left_out() -> None:
    few = [
        ({"region": "north", "age": "young"}, 3),
        ({"region": "north", "age": "old"}, 90),
        ({"region": "south", "age": "old"}, 120),
    ]
    found = assess_response(INVITED, few, standard_deviation=1.0)
    assert found.variables == ("region",)
    assert "age is left out" in found.warnings[0]
    assert {rate.variable for rate in found.by_category} == {"region"}


def test_unknown_respondents_are_told_of_and_many_are_refused() -> None:
    some = assess_response(INVITED, [*HEARD, ({"region": "north"}, 20)], standard_deviation=1.0)
    assert "not every variable is known" in some.warnings[0]
    assert some.responded == 470
    with pytest.raises(NotEstimable, match="region or age is not known"):
        assess_response(INVITED, [*HEARD, ({"region": "north"}, 100)], standard_deviation=1.0)


def test_where_more_responded_than_were_invited_is_pointed_at() -> None:
    heard = [*HEARD, ({"region": "south", "age": "young"}, 300), ({"region": "east", "age": "old"}, 1)]
    faults = faults_of_response(INVITED, heard)
    assert [(fault.pointer, fault.code) for fault in faults] == [
        ("/frame/invited", "category_not_in_frame"),
        ("/frame/invited/2/invited", "more_than_invited"),
    ]
    assert "340" not in faults[1].detail
