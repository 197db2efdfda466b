"""Methods compared: laws that hold whatever is asked, and answers that one can work out."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedback_core.kit.money import Money
from feedback_core.planning.calc import plan_sample
from feedback_core.planning.calc.methods import compare_methods, method_here
from feedback_core.planning.calc.methods.precision import precision_of
from feedback_core.planning.catalogue import CATALOGUE
from feedback_core.planning.types import (
    CollectionMethod,
    CompareNps,
    MeanGoal,
    NpsGoal,
    ProportionGoal,
    Rates,
    SampleRequest,
)
from feedback_core.planning.types.method_choices import MethodComparison, MethodOption, MethodsRequest, Misfit, Purpose
from feedback_core.planning.types.methods import CostModel

METHODS = {method: method_here(profile, None, None) for method, profile in CATALOGUE.items()}
EMAIL, POST, PHONE = CollectionMethod.EMAIL, CollectionMethod.POSTAL_QUESTIONNAIRE, CollectionMethod.TELEPHONE
SMS = CollectionMethod.SMS
SCORE = NpsGoal(0.5, 0.2, 4)

GOALS = st.one_of(
    st.builds(ProportionGoal, st.floats(0.05, 0.95), st.floats(0.02, 0.2)),
    st.builds(MeanGoal, st.floats(0.2, 3), st.floats(0.1, 1)),
    st.builds(NpsGoal, st.floats(0.3, 0.6), st.floats(0.1, 0.3), st.floats(2, 15)),
    st.builds(CompareNps, st.floats(5, 30), st.floats(0.3, 0.6), st.floats(0.1, 0.3)),
)
REQUESTS = st.builds(
    MethodsRequest,
    purpose=st.sampled_from([Purpose.MEASURE, Purpose.TRACK]),
    population=st.integers(50, 100_000),
    goal=GOALS,
    design_effect=st.floats(0.8, 3),
    usable=st.floats(0.5, 1),
    budget=st.none() | st.builds(Money, st.integers(0, 10_000_000), st.just("EUR")),
    days=st.none() | st.integers(0, 120),
    staff_hours_per_day=st.none() | st.floats(1, 80),
    sensitive=st.booleans(),
    open_answers=st.integers(0, 3),
)


def compared(request: MethodsRequest) -> MethodComparison:
    return compare_methods(METHODS, request)


def option(found: MethodComparison, *methods: CollectionMethod) -> MethodOption:
    return next(each for each in found.options if each.methods == methods)


@settings(max_examples=40, deadline=None)
@given(REQUESTS)
def test_costs_add_up_and_limits_are_kept(request: MethodsRequest) -> None:
    for each in compared(request).options:
        lines = sum(line.amount for line in each.cost_lines)
        assert lines - 1e-6 <= each.cost.amount < lines + 1 + 1e-6
        assert each.cost_per_effective_answer == pytest.approx(each.cost_per_answer * each.design_effect)
        reached = each.within_limits
        affordable = request.budget is None or each.cost.amount <= request.budget.amount
        assert request.budget is None or reached.answers == 0 or reached.cost.amount <= request.budget.amount
        assert not each.is_feasible or (affordable and reached.people >= each.people)
        assert not each.is_feasible or request.days is None or each.days <= request.days


@settings(max_examples=40, deadline=None)
@given(REQUESTS)
# Of so few that the population's correction tells.
@example(MethodsRequest(purpose=Purpose.MEASURE, population=50, goal=MeanGoal(0.734375, 1.0), usable=0.5))
def test_what_is_needed_is_what_the_sample_size_says_and_reaches_the_goal(request: MethodsRequest) -> None:
    assert request.goal is not None
    sample = SampleRequest(request.goal, population=request.population)
    precision = precision_of(sample)
    for each in compared(request).options:
        if each.response_rate is None or not each.answers:
            continue
        plan = plan_sample(
            replace(sample, design_effect=each.design_effect, rates=Rates(each.response_rate, usable=request.usable))
        )
        assert (each.answers, each.people) == (plan.answers, plan.invitations)
        asked = float(getattr(request.goal, "margin", None) or getattr(request.goal, "difference", None) or 0.0)
        reached = precision.of(each.answers, each.design_effect)
        assert reached is None or reached <= asked * (1 + 1e-6)


@settings(max_examples=40, deadline=None)
@given(REQUESTS, st.integers(0, 10_000_000), st.integers(0, 60))
def test_more_money_or_time_is_never_worse(request: MethodsRequest, money: int, days: int) -> None:
    request = replace(request, mixed=False)
    more = replace(
        request,
        budget=request.budget and Money(request.budget.amount + money, "EUR"),
        days=None if request.days is None else request.days + days,
    )
    before, after = compared(request), compared(more)
    for each in before.options:
        same = option(after, *each.methods)
        assert same.is_feasible or not each.is_feasible
        assert same.within_limits.answers >= each.within_limits.answers
        if each.within_limits.precision is not None:
            assert same.within_limits.precision is not None
            assert same.within_limits.precision <= each.within_limits.precision


@settings(max_examples=40, deadline=None)
@given(REQUESTS)
def test_whoever_does_it_comes_before_whoever_does_not_and_each_has_a_reason(request: MethodsRequest) -> None:
    found = compared(request)
    assert [each.rank for each in found.options] == list(range(1, len(found.options) + 1))
    feasible = [each.is_feasible for each in found.options]
    assert feasible == sorted(feasible, reverse=True)
    assert all(each.why for each in found.options)
    assert all(bool(each.reasons) is not each.is_feasible for each in found.options)
    assert (found.verdict == "none") is not any(feasible)
    does = [each for each in found.options if each.is_feasible and each.fits is found.options[0].fits]
    costs = [each.cost_per_effective_answer for each in does]
    assert costs == sorted(costs)


@settings(max_examples=40, deadline=None)
@given(REQUESTS)
def test_two_methods_bring_more_answers_of_the_same_people_than_the_first_alone(request: MethodsRequest) -> None:
    for each in compared(request).options:
        if len(each.methods) == 2:
            assert each.response_rate is not None
            first, second = (METHODS[name] for name in each.methods)
            assert first.rate is not None
            assert second.rate is not None
            assert first.rate.value < each.response_rate <= 1.0
            assert each.contacted[1].contacts <= each.people
            assert each.contacted[1].completes <= each.contacted[1].contacts


def test_a_worked_comparison() -> None:
    own = CostModel("EUR", fixed=10_000, per_contact=2, per_complete=100)
    methods = {EMAIL: replace(METHODS[EMAIL], costs=own)}

    (found,) = compare_methods(methods, MethodsRequest(Purpose.MEASURE, 12_000, SCORE)).options

    # 1306 answers of 12,000 people (s28's formula); a fifth of those mailed answers.
    assert (found.answers, found.people) == (1306, 6527)
    assert [(done.contacts, done.completes) for done in found.contacted] == [(6527, 1306)]
    assert found.cost == Money(10_000 + 2 * 6527 + 100 * 1306, "EUR")
    assert found.cost_per_answer == pytest.approx(153_654 / 1306)


def test_within_a_budget_the_precision_is_that_of_the_answers_it_buys() -> None:
    own = CostModel("EUR", per_contact=100)
    methods = {EMAIL: replace(METHODS[EMAIL], costs=own)}
    request = MethodsRequest(Purpose.MEASURE, 1_000_000, ProportionGoal(0.5, 0.02), budget=Money(200_000, "EUR"))

    (found,) = compare_methods(methods, request).options

    assert found.within_limits.people == 2000
    assert found.within_limits.answers == 400
    # 1.96 × √(.25 / 400)
    assert found.within_limits.precision == pytest.approx(0.049, abs=2e-5)
    assert [reason.code for reason in found.reasons] == [Misfit.OVER_BUDGET]
    assert "± 0.049" in found.why


def test_no_single_method_meets_it_and_two_together_do() -> None:
    found = compared(MethodsRequest(Purpose.MEASURE, 900, NpsGoal(0.5, 0.2, 7.6), methods=(EMAIL, POST)))

    assert found.verdict == "mixed"
    assert found.options[0].methods == (EMAIL, POST)
    assert found.sentence.startswith("No single method meets this. E-mail followed by postal questionnaire does")
    assert all(not each.is_feasible for each in found.options[1:])
    # .2 by mail; of the other .8 half of .3 by post.
    assert found.options[0].response_rate == pytest.approx(0.2 + 0.8 * 0.5 * 0.3)


def test_that_nothing_meets_it_is_an_answer() -> None:
    found = compared(MethodsRequest(Purpose.MEASURE, 900, SCORE, budget=Money(0, "EUR")))
    assert (found.verdict, found.options[0].rank) == ("none", 1)
    assert found.sentence.startswith("No method meets this, nor do two together. The nearest is ")


def test_whom_the_first_does_not_reach_the_second_asks_at_its_full_rate() -> None:
    methods = {EMAIL: replace(METHODS[EMAIL], coverage=0.6), PHONE: replace(METHODS[PHONE], coverage=0.5)}
    mixed = option(compare_methods(methods, MethodsRequest(Purpose.MEASURE, 9000, SCORE)), EMAIL, PHONE)

    by_mail, by_phone = 0.6 * 0.2, 0.5 * 0.2 * (0.6 * 0.8 * 0.5 + 0.4)
    assert mixed.response_rate == pytest.approx(by_mail + by_phone)
    effect = (by_mail + by_phone * METHODS[PHONE].design_effect) / (by_mail + by_phone)
    assert mixed.design_effect == pytest.approx(effect)


def test_what_does_not_suit_is_refused_whatever_is_spent_and_no_precision_is_told() -> None:
    found = compared(MethodsRequest(Purpose.TRACK, 12_000, SCORE, sensitive=True))
    codes = {
        each.methods[0]: {reason.code for reason in each.reasons} for each in found.options if len(each.methods) == 1
    }

    assert Misfit.SENSITIVITY in codes[PHONE]
    assert Misfit.NOBODY_IS_ASKED in codes[CollectionMethod.COMPLAINT_OR_COMPLIMENT]
    assert {Misfit.DEPTH, Misfit.TREND} <= codes[CollectionMethod.FOCUS_GROUP]
    assert option(found, CollectionMethod.FOCUS_GROUP).within_limits.precision is None
    assert found.options[0].is_feasible


def test_reasons_are_explored_by_listening() -> None:
    found = compared(MethodsRequest(Purpose.EXPLORE, 5000, answers=24))
    codes = {each.methods[0]: [reason.code for reason in each.reasons] for each in found.options}
    assert codes[CollectionMethod.KIOSK] == [Misfit.DEPTH]
    assert codes[CollectionMethod.FOCUS_GROUP] == []
    group = option(found, CollectionMethod.FOCUS_GROUP)
    assert (group.answers, group.people, group.within_limits.precision) == (24, 300, None)
    asked = option(found, EMAIL)
    assert group.rank < asked.rank  # an answer by mail is cheaper, and nobody can ask why


def test_prices_in_another_currency_are_not_held_against_the_budget() -> None:
    methods = {EMAIL: replace(METHODS[EMAIL], costs=CostModel("CHF", per_contact=1))}
    (found,) = compare_methods(
        methods, MethodsRequest(Purpose.MEASURE, 12_000, SCORE, budget=Money(10**9, "EUR"))
    ).options
    assert [reason.code for reason in found.reasons] == [Misfit.CURRENCY_DIFFERS]


def test_few_hours_of_staff_take_many_days() -> None:
    request = MethodsRequest(Purpose.MEASURE, 12_000, SCORE, methods=(PHONE,), days=60, mixed=False)
    (plenty,) = compared(request).options
    (few,) = compared(replace(request, staff_hours_per_day=8)).options
    assert (plenty.days, plenty.is_feasible) == (35, True)
    assert few.days == 14 + -(-1271 // 8)
    assert [reason.code for reason in few.reasons] == [Misfit.TOO_LATE]
    assert few.within_limits.answers < few.answers


def test_what_a_part_takes_is_unknown_and_so_is_the_whole() -> None:
    found = compared(MethodsRequest(Purpose.MEASURE, 12_000, SCORE, methods=(EMAIL, POST, SMS)))
    post, mixed = option(found, POST), option(found, EMAIL, POST)
    assert post.taken.paper_sheets == 6 * post.people
    assert post.taken.travel_km is None
    assert mixed.taken.travel_km is None
    assert mixed.taken.paper_sheets == 6 * mixed.contacted[1].contacts
    assert option(found, EMAIL).taken.travel_km == 0.0
    assert post.taken.carbon_kg == pytest.approx(0.0046 * 6 * post.people)
    assert not post.taken.carbon_is_whole
