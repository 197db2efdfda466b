"""One way of collecting against what is wanted: what it needs, what it costs, how far one gets, why it does not do."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from feedback_core.kit.money import Money, in_words
from feedback_core.planning.calc.methods.costs import taken_by
from feedback_core.planning.calc.methods.precision import Precision
from feedback_core.planning.calc.methods.ways import Way, way_at
from feedback_core.planning.calc.plans import plan_sample
from feedback_core.planning.calc.plans.refusals import NotPlannable
from feedback_core.planning.types import Rates
from feedback_core.planning.types.method_choices import (
    CostRange,
    MethodOption,
    MethodsRequest,
    Misfit,
    Purpose,
    Reached,
    Reason,
)
from feedback_core.planning.types.methods import Depth, Grade, Method

_ORDER = (Grade.POOR, Grade.FAIR, Grade.GOOD)


@dataclass(frozen=True, slots=True)
class Need:
    """What a way needs: people chosen, of whom so many usable answers follow."""

    people: int
    answers: int


def suits(method: Method, request: MethodsRequest) -> tuple[Reason, ...]:
    """Why a method cannot serve the purpose, whatever is spent on it."""
    return tuple(_misfits(method, request))


def fit_of(methods: tuple[Method, ...], request: MethodsRequest) -> Grade:
    """How well the methods of a way serve the purpose: as the one does that serves it least."""
    grades = [Grade.GOOD]
    for method in methods:
        if request.purpose is Purpose.TRACK:
            grades.append(method.profile.trend.grade)
        if request.purpose is Purpose.EXPLORE and not method.profile.is_deep:
            grades.append(Grade.FAIR)
        if request.sensitive:
            grades.append(method.profile.sensitivity.grade)
    return min(grades, key=_ORDER.index)


def assess(way: Way, request: MethodsRequest, precision: Precision | None) -> MethodOption:
    """A way as an option, not ranked yet."""
    effect = request.design_effect * way.design_effect
    reasons = [reason for method in way.methods for reason in suits(method, request)]
    # Of what does not suit, no precision is told: no figure follows from it, however many answer.
    known = None if reasons else precision
    try:
        need = _need(way, request, precision)
    except NotPlannable as refusal:
        # Of this way alone: that the goal can be reached at all has been found out before.
        reasons.append(Reason(Misfit.NO_SAMPLE_DOES_IT, refusal.detail))
        need = Need(0, 0)
    cost = way.cost(need.people, request.open_answers)
    days = way.days(need.people, request)
    reasons += _limits(way, need, cost, days, request)
    contacted = way.contacted(need.people)
    usable = max(need.answers, 1)
    return MethodOption(
        methods=tuple(method.method for method in way.methods),
        rank=0,
        why="",
        is_feasible=not reasons,
        reasons=tuple(reasons),
        fits=fit_of(way.methods, request),
        answers=need.answers,
        people=need.people,
        contacted=contacted,
        response_rate=way.rate if any(method.rate for method in way.methods) else None,
        design_effect=effect,
        cost=cost,
        cost_lines=way.lines(need.people, request.open_answers),
        cost_range=_cost_range(way, request, precision),
        cost_per_answer=cost.amount / usable,
        cost_per_effective_answer=cost.amount / usable * effect,
        days=days,
        taken=taken_by(way.methods, contacted, request.open_answers),
        within_limits=reached_within(way, request, known),
    )


def reached_within(way: Way, request: MethodsRequest, precision: Precision | None) -> Reached:
    """The most people that budget, time and population allow, and what their answers are worth."""
    low, high = 0, way.pool
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _is_within(way, middle, request) else (low, middle - 1)
    answers = math.floor(low * way.rate * request.usable + 1e-9) if _is_within(way, low, request) else 0
    cost = way.cost(low, request.open_answers)
    worth = precision.of(answers, request.design_effect * way.design_effect) if precision else None
    return Reached(low, answers, cost, worth)


def _is_within(way: Way, people: int, request: MethodsRequest) -> bool:
    budget = request.budget
    if budget is not None:
        cost = way.cost(people, request.open_answers)
        if cost.currency != budget.currency or cost.amount > budget.amount:
            return False
    return request.days is None or way.days(people, request) <= request.days


def _need(way: Way, request: MethodsRequest, precision: Precision | None) -> Need:
    if precision is None:
        answers = request.answers or 0
        return Need(math.ceil(answers / (way.rate * request.usable) - 1e-9), answers)
    rates = Rates(response_rate=way.rate, usable=request.usable)
    effect = request.design_effect * way.design_effect
    plan = plan_sample(replace(precision.request, design_effect=effect, rates=rates))
    return Need(plan.invitations, plan.answers)


def _cost_range(way: Way, request: MethodsRequest, precision: Precision | None) -> CostRange | None:
    """At the ends of the range of a single method's rate."""
    method = way.methods[0]
    if len(way.parts) > 1 or method.rate is None or not method.rate.low > 0.0:
        return None
    costs = []
    for rate in (method.rate.high, method.rate.low):
        other = way_at(method, rate, request.population)
        try:
            costs.append(other.cost(_need(other, request, precision).people, request.open_answers))
        except NotPlannable:
            return None
    # Where each answer costs more than a contact, a higher rate need not be the cheaper one.
    return CostRange(*sorted(costs, key=lambda cost: cost.amount))


def _misfits(method: Method, request: MethodsRequest) -> Iterator[Reason]:
    profile, name = method.profile, method.profile.name
    if request.purpose is Purpose.EXPLORE:
        if profile.depth is Depth.QUANTITATIVE:
            yield Reason(Misfit.DEPTH, f"{name}: gives figures, not the reasons that are wanted.")
    else:
        if profile.depth is Depth.QUALITATIVE:
            yield Reason(
                Misfit.DEPTH, f"{name}: gives words and reasons, from which no figure of all customers follows."
            )
        if not profile.is_asked:
            yield Reason(
                Misfit.NOBODY_IS_ASKED, f"{name}: hears those who come by themselves; nobody is chosen and asked."
            )
    if request.purpose is Purpose.TRACK and profile.trend.grade is Grade.POOR:
        yield Reason(Misfit.TREND, f"{name}: figures of different times cannot be compared. {profile.trend.why}.")
    if request.sensitive and profile.sensitivity.grade is Grade.POOR:
        yield Reason(
            Misfit.SENSITIVITY, f"{name}: people will not say here what is awkward. {profile.sensitivity.why}."
        )


def _limits(way: Way, need: Need, cost: Money, days: int, request: MethodsRequest) -> Iterator[Reason]:
    if need.people > way.pool:
        detail = f"It takes {need.people} people, and {way.pool} can be reached."
        yield Reason(Misfit.TOO_FEW_PEOPLE, detail)
    budget = request.budget
    if budget is not None and budget.currency != cost.currency:
        detail = f"Its prices are in {cost.currency}, the budget is in {budget.currency}: put prices in that currency."
        yield Reason(Misfit.CURRENCY_DIFFERS, detail)
    elif budget is not None and cost.amount > budget.amount:
        more = in_words(cost.amount - budget.amount, cost.currency)
        yield Reason(Misfit.OVER_BUDGET, f"It costs {in_words(cost.amount, cost.currency)}, {more} too much.")
    if request.days is not None and days > request.days:
        yield Reason(Misfit.TOO_LATE, f"It takes {days} days, and there are {request.days}.")
