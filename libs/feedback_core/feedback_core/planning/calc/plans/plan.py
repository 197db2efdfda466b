"""The plan of a sample, put together."""

import math

from feedback_core.planning.calc.plans.clusters import answers_per_cluster, effect_of, visited
from feedback_core.planning.calc.plans.goals import Wanted, wanted_by
from feedback_core.planning.calc.plans.refusals import NotPlannable, pointing_at
from feedback_core.planning.calc.plans.strata import spread_over
from feedback_core.planning.calc.plans.wording import assumptions_of, sentence_of, warnings_of
from feedback_core.planning.calc.sample_size import (
    SampleSize,
    finite_population_size,
    invitations_needed,
    rounded_up,
)
from feedback_core.planning.types import (
    AllocationPlan,
    ClustersPlan,
    GroupPlan,
    Rates,
    SamplePlan,
    SampleRequest,
    Step,
)

_MOST = 1e10
"""Answers; more than there are people."""


def plan_sample(request: SampleRequest) -> SamplePlan:
    """How many answers and invitations a request takes, with each step of the arithmetic.

    The goal's answers of a simple random sample, times the design effect, then of the finite population (a comparison
    is of what produces the answers, so it knows none), rounded up; invitations divide that by the rates, rounded once.

    Raises:
        NotPlannable: no sample does it, or parts of the request contradict each other; the pointer says where.

    Source: Cochran (1977), ch. 4 and 5; Kish (1965), sections 5.4 and 8.2. Golden: s28, s29 by parts.
    """
    population = _population(request)
    wanted = wanted_by(request.goal, request.level)
    steps = list(wanted.steps)
    effect = request.design_effect
    per_cluster, of_clusters = 0, 1.0
    if request.clusters is not None:
        _refuse_with_clusters(request)
        per_cluster, found = answers_per_cluster(request.clusters)
        step = effect_of(request.clusters, per_cluster)
        of_clusters = step.value
        steps += [*found, step]
        effect *= of_clusters
    sizes = [_size(exact, effect, population, wanted, steps if index == 0 else []) for index, exact in
             enumerate(wanted.exact)]  # fmt: skip
    groups = _groups(sizes, request.rates, steps)
    clusters: ClustersPlan | None = None
    if request.clusters is not None:
        largest = max(group.answers for group in groups)
        clusters, step = visited(
            request.clusters, per_cluster, of_clusters, largest, wanted, request.level, request.design_effect
        )
        steps.append(step)
    allocation = _allocation(request, wanted, groups, effect, steps)
    total = allocation or groups
    answers = total.answers if isinstance(total, AllocationPlan) else sum(group.answers for group in total)
    invitations = total.invitations if isinstance(total, AllocationPlan) else sum(group.invitations for group in total)
    return SamplePlan(
        sentence=sentence_of(request, wanted, groups, answers, invitations, allocation),
        answers=answers,
        invitations=invitations,
        groups=groups,
        steps=tuple(steps),
        allocation=allocation,
        clusters=clusters,
        assumes=assumptions_of(request),
        warnings=warnings_of(population, groups, invitations, allocation),
    )


def _population(request: SampleRequest) -> int | None:
    """Of the request, or of its strata together."""
    if request.strata is None:
        return request.population
    names = [part.name for part in request.strata.strata]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise NotPlannable(f"/strata/strata/{index}/name", f"There are two strata named {name}.")
    together = sum(part.population for part in request.strata.strata)
    if request.population is not None and request.population != together:
        detail = f"The strata have {together} people together, the population {request.population}: leave one out."
        raise NotPlannable("/population", detail)
    return together


def _refuse_with_clusters(request: SampleRequest) -> None:
    if request.strata is not None:
        detail = "Plan clusters or strata, not both: ask for each stratum with its clusters by itself."
        raise NotPlannable("/clusters", detail)


def _size(exact: float, effect: float, population: int | None, wanted: Wanted, steps: list[Step]) -> SampleSize:
    """Of one group, with design effect and finite population."""
    designed = exact * effect
    if designed > _MOST:
        detail = f"It would take {designed:.2g} answers, more than there are people: accept less precision."
        raise NotPlannable("/goal", detail)
    if effect != 1.0:
        steps.append(Step("design_effect", "n₀ × deff", f"{exact:.2f} × {effect:.4g}", designed))
    if population is None or wanted.half_width is None:
        return rounded_up(designed)
    if wanted.correction is None:
        detail = "The Wilson size knows no finite population: leave it out, or plan with the Wald interval."
        raise NotPlannable("/population", detail)
    with pointing_at("/population"):
        size = finite_population_size(designed, population, correction=wanted.correction)
    lost = " - 1" if wanted.correction == "exact" else ""
    formula = f"n / (1 + (n{lost}) / N)"
    arithmetic = f"{designed:.2f} / (1 + ({designed:.2f}{lost}) / {population})"
    steps.append(Step("finite_population", formula, arithmetic, size.exact))
    return size


def _groups(sizes: list[SampleSize], rates: Rates, steps: list[Step]) -> tuple[GroupPlan, ...]:
    names = ("all",) if len(sizes) == 1 else ("first", "second")
    groups = []
    for name, size in zip(names, sizes, strict=True):
        found = invitations_needed(
            size, response_rate=rates.response_rate, coverage=rates.coverage, usable=rates.usable
        )
        groups.append(GroupPlan(name, found.answers, found.invitations, size.exact))
    shown = " × ".join(f"{rate:g}" for rate in (rates.response_rate, rates.coverage, rates.usable))
    for group in groups:
        of = "" if group.group == "all" else f"_{group.group}"
        steps.append(Step(f"answers{of}", "rounded up", f"{group.exact:.2f} rounded up", float(group.answers)))
        formula = "answers / (response rate × coverage × usable), rounded up"
        steps.append(Step(f"invitations{of}", formula, f"{group.exact:.2f} / ({shown})", float(group.invitations)))
    return tuple(groups)


def _allocation(
    request: SampleRequest, wanted: Wanted, groups: tuple[GroupPlan, ...], effect: float, steps: list[Step]
) -> AllocationPlan | None:
    if request.strata is None:
        return None
    if wanted.half_width is None:
        detail = "A sample is spread over strata for one figure: plan each group of a comparison by itself."
        raise NotPlannable("/strata", detail)
    found = spread_over(
        request.strata,
        groups[0].answers,
        spread=wanted.spread,
        half_width=wanted.half_width,
        design_effect=effect,
        level=request.level,
        rates=request.rates,
    )
    if not math.isfinite(found.standard_error):
        raise NotPlannable("/strata", "The strata leave no standard error that can be told.")
    formula = "√(deff Σ (N_h / N)² S_h² (1/n_h - 1/N_h))"
    arithmetic = ", ".join(f"n({part.name}) = {part.answers}" for part in found.strata[:_SHOWN])
    more = f" and {len(found.strata) - _SHOWN} more" if len(found.strata) > _SHOWN else ""
    steps.append(Step("standard_error_of_strata", formula, arithmetic + more, found.standard_error))
    return found


_SHOWN = 12
"""Strata whose sizes are written into a step."""
