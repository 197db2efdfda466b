"""Plans: their waves, what they may not say, what they are warned of, what they lack, how they have changed."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_core.kit.money import Money
from feedback_core.planning.calc.conduct import (
    PlanContext,
    check_plan,
    differences_between,
    faults_of,
    shortfalls_of,
    waves_of,
)
from feedback_core.planning.documents import details_of, document_of
from feedback_core.planning.types import CollectionMethod, CompareMeans, CompareNps, CompareProportions
from feedback_core.planning.types.plan_findings import Severity
from feedback_core.planning.types.plans import (
    AnalysisPlan,
    Between,
    Design,
    Every,
    MethodDecision,
    Need,
    Person,
    PlanDetails,
    PlanKind,
    PlannedComparison,
    PlannedKpi,
    PlannedMethod,
    PlanStep,
    Recurrence,
    Sampling,
    Script,
)
from feedback_core.surveys.types import Confidentiality

EUROS = Money(500_000, "EUR")
EMAIL, POST = PlannedMethod(CollectionMethod.EMAIL), PlannedMethod(CollectionMethod.POSTAL_QUESTIONNAIRE)
SAMPLE = Sampling(
    "CRM", Design.SIMPLE, population=9000, answers=400, invitations=2000, response_rate=0.2, non_response="Reminders"
)
COMPARED = PlannedComparison("nps", Between.GROUPS, CompareNps(30, 0.5, 0.2), by="region")
PLAN = PlanDetails(
    kind=PlanKind.COLLECTION,
    title="Visits",
    purpose="Know the wait",
    owner="Ada",
    survey_id=UUID(int=1),
    features=("wait",),
    needs=(Need("wait", "How the wait is", "wait", ("wait", "why")),),
    methods=(EMAIL, POST),
    decision=MethodDecision("Cheapest", "Ada", date(2026, 1, 2)),
    sampling=SAMPLE,
    starts_on=date(2027, 1, 11),
    ends_on=date(2027, 1, 24),
    budget=EUROS,
    confidentiality=Confidentiality.IDENTIFIED,
    retention_days=365,
    analysis=AnalysisPlan(kpis=(PlannedKpi("nps"),), comparisons=(COMPARED,)),
)
CONTEXT = PlanContext({"wait": "wait", "why": None}, Confidentiality.IDENTIFIED, frozenset({"wait"}))
STEP = PlanStep("order", "Order it", "Ada", date(2027, 1, 11), date(2027, 1, 15), hours=6, cost=Money(100, "EUR"))
WORK = PlanDetails(
    kind=PlanKind.IMPLEMENTATION,
    title="A desk",
    purpose="Nobody waits",
    owner="Ada",
    starts_on=date(2027, 1, 11),
    ends_on=date(2027, 3, 31),
    budget=EUROS,
    people=(Person("Ada", 10),),
    steps=(STEP,),
)


def codes(details: PlanDetails, context: PlanContext = CONTEXT) -> dict[str, str]:
    return {finding.code: finding.pointer for finding in check_plan(details, context)}


def sampled(**changes: Any) -> dict[str, Any]:
    return {"sampling": replace(SAMPLE, **changes)}


def test_a_plan_that_lacks_nothing_is_warned_of_nothing() -> None:
    assert codes(PLAN) == {}
    assert codes(WORK) == {}
    assert faults_of(PLAN) == faults_of(WORK) == []


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"methods": (EMAIL,)}, "one_method_only", "/methods"),
        ({"methods": ()}, "no_method", "/methods"),
        ({"decision": None}, "no_decision", "/decision"),
        ({"methods": (EMAIL, PlannedMethod(CollectionMethod.TELEPHONE))}, "no_script", "/scripts"),
        (
            {"methods": (PlannedMethod(CollectionMethod.FOCUS_GROUP),), "scripts": (Script("Guide", "Ask"),)},
            "no_figures_from_methods",
            "/methods",
        ),
        ({"needs": ()}, "no_need", "/needs"),
        ({"needs": (*PLAN.needs, Need("b", "Price"))}, "need_without_question", "/needs/1"),
        ({"needs": (Need("wait", "It", "wait", ("wait",)),)}, "question_without_need", "/needs"),
        (
            {"needs": (replace(PLAN.needs[0], questions=("wait", "gone", "why")),)},
            "question_not_in_survey",
            "/needs/0/questions/1",
        ),
        ({"features": ()}, "no_feature", "/features"),
        ({"features": ("wait", "gone")}, "feature_gone", "/features/1"),
        ({"sampling": None}, "no_sampling", "/sampling"),
        (sampled(non_response=None), "no_non_response_plan", "/sampling/non_response"),
        (sampled(design=Design.CONVENIENCE), "convenience_sample", "/sampling/design"),
        (sampled(answers=None), "no_answers_wanted", "/sampling/answers"),
        (sampled(invitations=1999), "too_few_invitations", "/sampling/invitations"),
        (sampled(population=1999), "more_than_there_are", "/sampling/population"),
        ({"analysis": None}, "no_analysis_plan", "/analysis"),
        ({"starts_on": None}, "no_dates", "/starts_on"),
        ({"budget": None}, "no_budget", "/budget"),
        ({"budget": Money(0, "EUR")}, "budget_zero", "/budget"),
        ({"confidentiality": None}, "no_confidentiality", "/confidentiality"),
        ({"confidentiality": Confidentiality.ANONYMOUS}, "survey_less_strict", "/confidentiality"),
        ({"retention_days": None}, "no_retention", "/retention_days"),
    ],
)
def test_what_is_missing_is_warned_of_at_its_place(changes: dict[str, Any], code: str, pointer: str) -> None:
    assert codes(replace(PLAN, **changes)).get(code) == pointer


def test_without_a_survey_needs_cannot_be_held_against_questions() -> None:
    found = codes(replace(PLAN, survey_id=None), PlanContext(None, None, frozenset({"wait"})))
    assert found == {"no_survey": "/survey_id"}


def test_a_feature_that_nothing_is_about_is_named() -> None:
    context = replace(CONTEXT, features=frozenset({"wait", "price"}))
    assert codes(replace(PLAN, features=("wait", "price")), context) == {"feature_not_covered": "/features/1"}


def test_a_sample_too_small_for_the_comparison_planned_says_how_large_it_must_be() -> None:
    periods = replace(COMPARED, between=Between.PERIODS, by=None, goal=CompareNps(5, 0.57, 0.2))
    plan = replace(PLAN, analysis=AnalysisPlan(comparisons=(periods,)), recurrence=Recurrence(Every.QUARTER, 4))

    (finding,) = check_plan(plan, CONTEXT)

    assert (finding.code, finding.pointer) == ("sample_too_small", "/analysis/comparisons/0")
    # 2 × (1.96 + 0.8416)² × 79.57² / 5²
    assert finding.detail.startswith("It takes 3976 answers in each wave")


def test_groups_of_one_wave_share_its_answers() -> None:
    # Thirty points take 107 answers of each group, 214 together.
    small = replace(PLAN, **sampled(answers=213, invitations=1100))
    assert codes(small) == {"sample_too_small": "/analysis/comparisons/0"}
    assert codes(replace(PLAN, **sampled(answers=214, invitations=1100))) == {}


def test_periods_are_compared_where_there_are_two() -> None:
    periods = replace(COMPARED, between=Between.PERIODS, by=None)
    plan = replace(PLAN, analysis=AnalysisPlan(comparisons=(periods,)))
    assert codes(plan) == {"comparison_without_waves": "/analysis/comparisons/0"}


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"steps": ()}, "no_step", "/steps"),
        ({"steps": (replace(STEP, owner=None),)}, "step_without_owner", "/steps/0/owner"),
        ({"steps": (replace(STEP, ends_on=date(2027, 4, 1)),)}, "step_outside_plan", "/steps/0"),
        (
            {"steps": (STEP, replace(STEP, key="staff", hours=0, starts_on=date(2027, 1, 14), after=("order",)))},
            "step_too_early",
            "/steps/1/starts_on",
        ),
        ({"budget": Money(99, "EUR")}, "money_short", "/budget"),
        ({"people": (Person("Ada", 5),)}, "hours_short", "/people"),
        ({"people": ()}, "hours_short", "/people"),
    ],
)
def test_an_implementation_plan_says_what_is_short(changes: dict[str, Any], code: str, pointer: str) -> None:
    assert codes(replace(WORK, **changes)).get(code) == pointer


def test_faults_come_first() -> None:
    found = check_plan(replace(PLAN, methods=(), needs=(), budget=None), CONTEXT)
    assert [finding.severity for finding in found][:2] == [Severity.FAULT] * 2
    assert {finding.code for finding in found if finding.severity is Severity.FAULT} == {"no_method", "no_need"}


@pytest.mark.parametrize(
    ("details", "code", "pointer"),
    [
        (replace(PLAN, ends_on=date(2027, 1, 10)), "ends_before_it_begins", "/ends_on"),
        (replace(PLAN, ends_on=None, recurrence=Recurrence(Every.MONTH, 2)), "days_missing", "/recurrence"),
        (replace(PLAN, recurrence=Recurrence(Every.WEEK, 2)), "waves_overlap", "/recurrence"),
        (replace(PLAN, recurrence=Recurrence(Every.YEAR, 300)), "too_many_waves", "/recurrence/waves"),
        (replace(PLAN, methods=(EMAIL, EMAIL)), "named_twice", "/methods/1/method"),
        (replace(PLAN, needs=(PLAN.needs[0], PLAN.needs[0])), "named_twice", "/needs/1/key"),
        (replace(PLAN, features=("wait", "wait")), "named_twice", "/features/1"),
        (replace(WORK, steps=(STEP, STEP)), "named_twice", "/steps/1/key"),
        (replace(WORK, people=(Person("Ada", 1), Person("Ada", 2))), "named_twice", "/people/1/name"),
        (replace(WORK, steps=(replace(STEP, ends_on=date(2027, 1, 1)),)), "ends_before_it_begins", "/steps/0/ends_on"),
        (replace(WORK, steps=(replace(STEP, after=("gone",)),)), "unknown_step", "/steps/0/after/0"),
        (replace(WORK, steps=(replace(STEP, after=("order",)),)), "steps_in_a_circle", "/steps"),
        (replace(WORK, budget=Money(1, "CHF")), "currency_differs", "/steps/0/cost/currency"),
        (
            replace(PLAN, analysis=AnalysisPlan(comparisons=(replace(COMPARED, by=None),))),
            "groups_unclear",
            "/analysis/comparisons/0/by",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(details: PlanDetails, code: str, pointer: str) -> None:
    assert [(fault.code, fault.pointer) for fault in faults_of(details)] == [(code, pointer)]


def test_the_last_of_a_month_stays_the_last_of_each() -> None:
    last = replace(PLAN, starts_on=date(2027, 1, 31), ends_on=date(2027, 2, 6), recurrence=Recurrence(Every.MONTH, 4))
    waves = waves_of(last)
    assert [wave.starts_on for wave in waves] == [
        date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)
    ]  # fmt: skip
    assert {wave.ends_on - wave.starts_on for wave in waves} == {timedelta(days=6)}
    assert [(wave.number, wave.answers, wave.invitations) for wave in waves][3] == (4, 400, 2000)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 6), st.sampled_from(Every), st.integers(1, 50))
def test_waves_follow_one_another(first: date, days: int, every: Every, number: int) -> None:
    plan = replace(PLAN, starts_on=first, ends_on=first + timedelta(days=days), recurrence=Recurrence(every, number))
    waves = waves_of(plan)
    assert [wave.number for wave in waves] == list(range(1, number + 1))
    assert (waves[0].starts_on, waves[0].ends_on) == (plan.starts_on, plan.ends_on)
    assert all(before.ends_on < after.starts_on for before, after in itertools.pairwise(waves))
    assert faults_of(plan) == []


def test_money_of_methods_is_spent_in_each_wave_and_that_of_steps_once() -> None:
    priced = replace(EMAIL, cost=Money(120_000, "EUR"))
    plan = replace(PLAN, methods=(priced, POST), recurrence=Recurrence(Every.QUARTER, 4), steps=(STEP,))
    money, ada = shortfalls_of(plan)
    assert (money.needed, money.there, money.short) == (480_100, 500_000, 0)
    assert (ada.of, ada.needed, ada.there, ada.short) == ("Ada", 6, 0, 6)


@pytest.mark.parametrize(
    "goal", [CompareNps(5, 0.5, 0.2), CompareMeans(0.2, 1.1, test="t"), CompareProportions(0.5, 0.6)], ids=str
)
def test_a_plan_is_stored_as_it_is(goal: Any) -> None:
    plan = replace(PLAN, analysis=AnalysisPlan(comparisons=(replace(COMPARED, goal=goal),)), steps=(STEP,))
    assert details_of(document_of(plan)) == plan


def test_revisions_differ_where_they_differ() -> None:
    after = replace(
        PLAN,
        title="Visits, dearer",
        needs=(*PLAN.needs, Need("price", "The price")),
        sampling=replace(SAMPLE, invitations=3000),
        methods=(POST, replace(EMAIL, role="First")),
    )
    found = {
        each.path: (each.before, each.after) for each in differences_between(document_of(PLAN), document_of(after))
    }
    assert found == {
        "/title": ("Visits", "Visits, dearer"),
        "/needs/price": (None, {"key": "price", "text": "The price", "feature": None, "questions": []}),
        "/sampling/invitations": (2000, 3000),
        "/methods/email/role": (None, "First"),
    }
    assert differences_between(document_of(PLAN), document_of(PLAN)) == ()


def test_lists_without_keys_differ_as_wholes() -> None:
    before, after = {"tests": ["a"]}, {"tests": ["a", "b"]}
    (found,) = differences_between(before, after)
    assert (found.path, found.before, found.after) == ("/tests", ["a"], ["a", "b"])
