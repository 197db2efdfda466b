"""What is to be expected of following a recommendation: derived, never guessed."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.drivers.types import (
    Coefficient,
    DriverFinding,
    DriverQuestion,
    DriversOutcome,
    DriversResult,
)
from feedback_core.kit.estimates import Interval
from feedback_core.recommendations.calc import Course, candidates
from feedback_core.recommendations.expected import ASK_FIRST, through_drivers, to_threshold
from feedback_core.recommendations.types import Candidate
from tests.unit.recommendations.test_candidates import GOOD, MISSED, POOR, finding, unmet

RUN = UUID(int=7)


def slope(estimate: float, low: float, high: float) -> Coefficient:
    return Coefficient("wait", estimate, 0.1, 5.0, 0.001, Interval(low, high, 0.95, "wald"))


def drivers(found: Coefficient, feature: str = "wait") -> DriversOutcome:
    driver = DriverFinding(
        DriverQuestion("wait", feature, 1, 5), 0.3, None, 0.6, None, None, None, None, 0.5, found, 0.5, 1.1, None, None,
        None, False,
    )  # fmt: skip
    outcome = DriverQuestion("nps", "overall", 0, 10)
    result = DriversResult(400, 400.0, "johnson", 0.5, 0.5, (driver,), None, None, None, 0, (), "Found.", ())
    return DriversOutcome(outcome, datetime(2026, 1, 1, tzinfo=UTC), 1, 400, 0, False, result)


def missed() -> Candidate:
    (found,) = candidates([finding("wait", POOR, **MISSED)])
    return found


def through(found: Candidate, outcome: DriversOutcome) -> Candidate:
    (changed,) = through_drivers([found], outcome, run_id=RUN, data_version="1-0")
    return changed


def test_a_standard_that_is_missed_gives_the_gap_with_the_interval_of_the_gap() -> None:
    effect = missed().expected_effect

    assert effect is not None
    assert (effect.value, effect.low, effect.high) == pytest.approx((0.29, 0.25, 0.33))
    assert effect.derivation.startswith("From 0.41 (0.37 to 0.45) to 0.7, which the standard asks for")


def test_a_feature_below_the_others_is_to_come_up_to_them() -> None:
    (found,) = candidates([finding("wait", POOR), finding("staff", GOOD), finding("place", GOOD)])

    assert found.expected_effect is not None
    assert found.expected_effect.value == pytest.approx(0.41)
    assert "the other features reach on average" in found.expected_effect.derivation


def test_what_was_lost_can_be_regained() -> None:
    course = Course(0.2, "It fell.", 0.1, 0.3)
    (found,) = candidates([finding("wait", POOR, has_standard=True, course=course)])

    assert found.expected_effect is not None
    assert (found.expected_effect.value, found.expected_effect.low, found.expected_effect.high) == (0.2, 0.1, 0.3)


def test_where_others_must_be_asked_first_there_is_none_and_it_says_why() -> None:
    (found,) = candidates([finding("wait", None)])

    assert (found.expected_effect, found.expected_effect_reason) == (None, ASK_FIRST)


def test_drivers_carry_the_gap_on_to_the_overall_figure_as_one_more_piece_of_evidence() -> None:
    found = through(missed(), drivers(slope(1.5, 1.2, 1.8)))

    effect, piece = found.expected_effect, found.evidence[-1]
    assert effect is not None
    assert (effect.value, effect.low, effect.high) == pytest.approx((0.29 * 1.5, 0.25 * 1.2, 0.33 * 1.8))
    assert effect.unit == "points of nps"
    assert (piece.run_id, piece.pointer, piece.value) == (RUN, "/drivers/drivers/0/slope/estimate", 1.5)


@pytest.mark.parametrize(
    "outcome",
    [drivers(slope(0.2, -0.1, 0.5)), drivers(slope(1.5, 1.2, 1.8), feature="staff")],
    ids=["unclear", "other"],
)
def test_a_driver_that_is_not_clear_or_of_something_else_changes_nothing(outcome: DriversOutcome) -> None:
    assert through(missed(), outcome) == missed()


def test_points_of_another_kind_of_figure_are_not_taken_for_answers() -> None:
    of_nps = replace(unmet(), kpi="nps")
    (found,) = candidates([finding("wait", POOR, has_standard=True, unmet=(of_nps,))])

    assert through(found, drivers(slope(1.5, 1.2, 1.8))) == found


@given(st.tuples(*[st.floats(-1e3, 1e3)] * 3).map(sorted), st.floats(-1e3, 1e3))
def test_a_gap_lies_within_its_interval(limits: list[float], threshold: float) -> None:
    low, value, high = limits
    effect = to_threshold(value, low, high, threshold=threshold, unit="")

    assert effect.low is not None
    assert effect.high is not None
    assert effect.low <= effect.value <= effect.high
