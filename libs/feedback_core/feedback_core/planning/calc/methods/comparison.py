"""Ways of collecting side by side, ranked, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from feedback_core.kit.money import in_words
from feedback_core.planning.calc.methods.assessment import assess, suits
from feedback_core.planning.calc.methods.precision import Precision, precision_of
from feedback_core.planning.calc.methods.ways import Way, mixed_way, single_way
from feedback_core.planning.calc.plans import plan_sample
from feedback_core.planning.types import CollectionMethod, SampleRequest
from feedback_core.planning.types.method_choices import MethodComparison, MethodOption, MethodsRequest, Misfit, Purpose
from feedback_core.planning.types.methods import CostBasis, Grade, Method, RateBasis

MOST_COMBINATIONS = 5
"""Combinations shown: the best."""

_ORDER = (Grade.GOOD, Grade.FAIR, Grade.POOR)
_HOW = {Grade.GOOD: "well", Grade.FAIR: "with care", Grade.POOR: "poorly"}


def compare_methods(methods: Mapping[CollectionMethod, Method], request: MethodsRequest) -> MethodComparison:
    """What each method, and each two of which one follows up the other, comes to for what is wanted.

    Those that meet everything come first: by how well they serve the purpose, then by what an effective answer costs.
    Of the others comes first what gets nearest within budget, time and population. That several do not do is an answer
    like any other.

    Raises:
        NotPlannable: no number of answers reaches the goal; the pointer says where.

    Source: Groves (1989), Survey Errors and Survey Costs; Dillman, Smyth & Christian (2014), Internet, Phone, Mail and
    Mixed-Mode Surveys, 4th ed., ch. 11. Golden: none; laws, and sample sizes by s28.
    """
    precision = _precision(request)
    chosen = [methods[name] for name in (request.methods or tuple(methods))]
    singles = [assess(single_way(method, request.population), request, precision) for method in chosen]
    mixed = [assess(way, request, precision) for way in _mixed(chosen, request)] if request.mixed else []
    best = sorted(mixed, key=_key)[:MOST_COMBINATIONS]
    ranked = sorted([*singles, *best], key=_key)
    told = tuple(
        replace(option, rank=rank, why=_why(option, ranked[0], precision))
        for rank, option in enumerate(ranked, start=1)
    )
    return MethodComparison(
        verdict=_verdict(told),
        sentence=_sentence(told, methods, precision),
        options=told,
        combinations=len(mixed),
        assumes=_assumptions(request, chosen, is_mixed=bool(mixed)),
        warnings=_warnings(told, chosen),
    )


def _verdict(options: Sequence[MethodOption]) -> Literal["single", "mixed", "none"]:
    does = [len(option.methods) for option in options if option.is_feasible]
    if not does:
        return "none"
    return "single" if 1 in does else "mixed"


def _precision(request: MethodsRequest) -> Precision | None:
    if request.goal is None:
        return None
    sample = SampleRequest(request.goal, level=request.level, population=request.population)
    plan_sample(replace(sample, design_effect=request.design_effect))
    return precision_of(sample)


def _mixed(methods: Sequence[Method], request: MethodsRequest) -> list[Way]:
    """The cheaper of two first, the dearer for whom it did not reach."""
    if request.purpose is Purpose.EXPLORE:
        return []
    found = []
    able = [method for method in methods if method.rate is not None and not suits(method, request)]
    for first in able:
        for second in able:
            if first is second or first.rate is None or second.rate is None:
                continue
            if first.costs.currency == second.costs.currency and _each(first, request) < _each(second, request):
                found.append(mixed_way(first, second, first.rate, second.rate, request))
    return found


def _each(method: Method, request: MethodsRequest) -> float:
    """What one more answer costs."""
    costs = method.costs
    hours = costs.hours_per_complete + request.open_answers * costs.coding_hours
    of_complete = costs.per_complete + costs.incentive + hours * costs.hourly_rate
    of_contact = costs.per_contact + costs.hours_per_contact * costs.hourly_rate
    return of_complete + of_contact / (method.rate.value if method.rate else 1.0)


def _key(option: MethodOption) -> tuple[bool, int, float, float, int, tuple[CollectionMethod, ...]]:
    """Whoever does it; then the better fit and the cheaper; of those that do not, who gets nearest."""
    if option.is_feasible:
        return False, _ORDER.index(option.fits), option.cost_per_effective_answer, 0.0, option.days, option.methods
    hopeless = {reason.code for reason in option.reasons} & _WHATEVER_IS_SPENT
    reached = option.within_limits
    precision = float("inf") if reached.precision is None else reached.precision
    return True, int(bool(hopeless)), precision, -float(reached.answers), option.cost.amount, option.methods


_WHATEVER_IS_SPENT = {Misfit.DEPTH, Misfit.TREND, Misfit.SENSITIVITY, Misfit.NOBODY_IS_ASKED, Misfit.NO_SAMPLE_DOES_IT}


def _why(option: MethodOption, first: MethodOption, precision: Precision | None) -> str:
    if not option.is_feasible:
        near = _reaches(option, precision)
        return " ".join([*(reason.sentence for reason in option.reasons), *([near] if near else [])])
    if option.methods == first.methods:
        serving = f"the least of those that serve the purpose {_HOW[option.fits]}"
        return f"Does all that is asked, for {serving}: {_each_costs(option)}."
    if option.fits is not first.fits:
        return f"Does all that is asked, and serves the purpose only {_HOW[option.fits]}: {_each_costs(option)}."
    more = option.cost_per_effective_answer / first.cost_per_effective_answer - 1.0 if first.cost_per_answer else 0.0
    return f"Does all that is asked, {100 * more:.0f} % dearer than the first: {_each_costs(option)}."


def _each_costs(option: MethodOption) -> str:
    return f"{in_words(option.cost_per_effective_answer, option.cost.currency)} an effective answer"


def _reaches(option: MethodOption, precision: Precision | None) -> str | None:
    reached = option.within_limits
    if precision is None or reached.precision is None or reached.answers >= option.answers:
        return None
    return f"Within the limits {reached.answers} answers give {precision.words} {reached.precision:.3g}."


def _sentence(
    options: Sequence[MethodOption], methods: Mapping[CollectionMethod, Method], precision: Precision | None
) -> str:
    def named(option: MethodOption) -> str:
        return " followed by ".join(methods[name].profile.name.lower() for name in option.methods)

    does = [option for option in options if option.is_feasible]
    singles = [option for option in does if len(option.methods) == 1]
    if not options:
        return "Nothing was compared."
    best = options[0]
    cost = in_words(best.cost.amount, best.cost.currency)
    told = f"{best.people} people chosen, {best.answers} answers, {cost}, {best.days} days"
    if singles:
        others = f"; {len(does) - 1} more do" if len(does) > 1 else ", and nothing else does"
        return f"Of {len(options)} ways, {named(best)} does it best: {told}{others}."
    if does:
        return f"No single method meets this. {named(best).capitalize()} does: {told}."
    near = _reaches(best, precision) or (best.reasons[0].sentence if best.reasons else "")
    return f"No method meets this, nor do two together. The nearest is {named(best)}. {near}".strip()


def _assumptions(request: MethodsRequest, methods: Sequence[Method], *, is_mixed: bool) -> tuple[str, ...]:
    found = ["Those chosen are drawn at random, and those who answer are like those who do not."]
    if is_mixed:
        found.append(
            "Who has not answered to the first method answers to the second "
            f"{request.follow_up_yield:g} times as often as people who were not asked before; and what is "
            "said does not depend on the method."
        )
    if any(method.design_effect != 1.0 for method in methods):
        found.append("Interviewers make answers alike as published studies found.")
    return tuple(found)


def _warnings(options: Sequence[MethodOption], methods: Sequence[Method]) -> tuple[str, ...]:
    found = []
    assumed = [method.profile.name for method in methods if method.cost_basis is CostBasis.ASSUMED]
    if assumed:
        found.append(f"Prices are assumed, not yours, of: {', '.join(assumed)}.")
    typical = [method.profile.name for method in methods if method.rate and method.rate.basis is RateBasis.TYPICAL]
    if typical:
        found.append(f"Response rates are those of others, not measured here, of: {', '.join(typical)}.")
    best = options[0] if options else None
    if best is not None and best.is_feasible and len(best.methods) == 1:
        found.append(
            "The first rests on one method: whom that does not reach stays unheard. Take a second one beside it."
        )
    return tuple(found)
