"""What rules judge and what they propose; rules that contradict themselves; where people stop; what it costs."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.fieldwork.calc.composing import composition
from feedback_core.fieldwork.calc.costs import cost_so_far
from feedback_core.fieldwork.calc.leaving import drop_off
from feedback_core.fieldwork.calc.proposals import proposed_plan, signal_of
from feedback_core.fieldwork.calc.rules import judge
from feedback_core.fieldwork.rules import faults_of
from feedback_core.fieldwork.types.live import GroupedBy
from feedback_core.fieldwork.types.outlook import Spending
from feedback_core.fieldwork.types.rules import (
    APPLIES,
    SIGNALS,
    AlertState,
    FieldworkAlert,
    FieldworkRule,
    FieldworkRules,
    RuleKind,
    Verdict,
)
from feedback_core.kit.estimates import Estimate, Interval
from feedback_core.kit.money import Money
from feedback_core.planning.types.plans import Design, PlanDetails, PlanKind, Sampling

SAMPLING = Sampling("CRM", Design.SIMPLE, population=3_000, answers=400, invitations=2_000, response_rate=0.2)
PLAN = PlanDetails(
    PlanKind.COLLECTION,
    "Visits",
    "Know",
    "Ada",
    sampling=SAMPLING,
    budget=Money(10_000, "EUR"),
)


def alert(kind: RuleKind, value: float, limit: float, subject: str = "") -> FieldworkAlert:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    return FieldworkAlert(
        id=UUID(int=7),
        survey_id=UUID(int=8),
        rule="rule",
        kind=kind,
        subject=subject,
        rules_version=1,
        state=AlertState.OPEN,
        value=value,
        low=None,
        high=None,
        limit=limit,
        n=100,
        sentence="It is so.",
        opened_at=now,
        checked_at=now,
        over_at=None,
        acknowledged=None,
        resolved=None,
        plan_id=None,
        plan_revision=None,
        revision=1,
    )


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_only_a_whole_interval_decides(one: float, other: float, limit: float) -> None:
    low, high = min(one, other), max(one, other)
    estimate = Estimate((low + high) / 2, Interval(low, high, 0.95, "wilson"), None, 50, 50.0)

    up, down = judge(estimate, limit, good_below=False), judge(estimate, limit, good_below=True)

    assert (up is Verdict.UNSURE) == (low <= limit <= high) == (down is Verdict.UNSURE)
    assert up is Verdict.UNSURE or up is not down


def test_fewer_answers_ask_for_more_invitations_up_to_everybody() -> None:
    slow = proposed_plan(alert(RuleKind.RESPONSE_RATE, 0.16, 0.2), PLAN)
    slower = proposed_plan(alert(RuleKind.RESPONSE_RATE, 0.01, 0.2), PLAN)
    lagging = proposed_plan(alert(RuleKind.PACE, 80, 100), PLAN)
    dear = proposed_plan(alert(RuleKind.COST, 1.3, 1.0), PLAN)

    assert slow is not None
    assert slow.sampling is not None
    assert (slow.sampling.invitations, slow.sampling.response_rate) == (2_500, 0.16)
    assert slower is not None
    assert slower.sampling is not None
    assert slower.sampling.invitations == 3_000
    assert lagging == replace(PLAN, sampling=replace(SAMPLING, invitations=2_500))
    assert dear == replace(PLAN, budget=Money(13_000, "EUR"))


@pytest.mark.parametrize("kind", [RuleKind.COMPOSITION, RuleKind.SILENCE, RuleKind.DROP_OFF, RuleKind.INTERVIEWER])
def test_what_a_person_has_to_say_is_not_proposed(kind: RuleKind) -> None:
    found = alert(kind, 0.3, 0.1, "north")

    assert proposed_plan(found, PLAN) is None
    assert proposed_plan(alert(RuleKind.RESPONSE_RATE, 0.1, 0.2, "north"), PLAN) is None
    assert signal_of(found).kind is SIGNALS[kind]
    assert signal_of(found).observed == "It is so."


def test_a_rule_with_what_its_kind_lacks_or_without_what_it_needs_is_named() -> None:
    rules = (
        FieldworkRule("a", RuleKind.PACE, threshold=0.3),
        FieldworkRule("a", RuleKind.DROP_OFF),
        FieldworkRule("b", RuleKind.OFF_TOPIC, threshold=1.5, by=GroupedBy.METHOD),
        FieldworkRule("c", RuleKind.PACE, by=GroupedBy.WAVE),
        FieldworkRule("d", RuleKind.COST, threshold=1.5),
    )

    found = {(fault.pointer, fault.code) for fault in faults_of(FieldworkRules(rules))}

    assert found == {
        ("/rules/0/key", "named_twice"),
        ("/rules/0/threshold", "not_applicable"),
        ("/rules/1/key", "named_twice"),
        ("/rules/1/threshold", "required"),
        ("/rules/2/threshold", "off_scale"),
        ("/rules/2/by", "not_applicable"),
        ("/rules/3/by", "not_applicable"),
    }
    assert set(APPLIES) == set(RuleKind) == set(SIGNALS)


@given(st.integers(0, 50), st.dictionaries(st.integers(-1, 3), st.integers(0, 50)))
def test_whoever_left_is_not_among_those_who_reached_the_next_question(completed: int, last: dict[int, int]) -> None:
    found = drop_off(["a", "b", "c", "d"], completed, last, answering=3, seconds={"b": (4.0, 9)}, minimum=10)

    reached = [question.reached for question in found.questions]
    assert found.begun == completed + sum(last.values())
    assert reached[0] == found.begun - last.get(-1, 0)
    assert all(
        after == before - question.left
        for before, after, question in zip(reached, reached[1:], found.questions, strict=False)
    )
    assert reached[-1] - found.questions[-1].left == completed
    assert found.questions[1].seconds is None, "nine answers are fewer than may be told"


def test_what_there_are_too_few_answers_for_is_left_out_of_the_composition_and_said() -> None:
    people = [
        ({"region": region, "branch": f"{region}{place}"}, 20, done)
        for region, done in (("n", 15), ("s", 5))
        for place in range(8)
    ]

    found = composition(people, minimum=5)
    none = composition([({"region": "n"}, 40, 1), ({"region": "s"}, 40, 1)], minimum=5)

    assert found.response is not None
    assert {gap.attribute: gap.gap.value for gap in found.gaps if gap.category == "n"} == {
        "region": pytest.approx(0.25)
    }
    assert none.response is None
    assert none.not_told
    assert composition([], minimum=5).not_told


def test_prices_in_another_currency_are_left_out_and_said() -> None:
    spent = [Spending("sms", 100, 0, 500.0, "EUR"), Spending("email", 100, 0, 900.0, "USD")]

    by_budget = cost_so_far(spent, {}, budget=Money(1_000, "EUR"), more=None)
    without = cost_so_far(spent, {}, budget=None, more=None)

    assert (by_budget.spent, by_budget.share) == (Money(500, "EUR"), 0.5)
    assert by_budget.warnings == ("Prices of email are in another currency, and are left out.",)
    assert (without.spent, len(without.warnings)) == (None, 1)
