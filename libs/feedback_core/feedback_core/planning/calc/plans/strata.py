"""The strata of a plan: the sample spread over them, with invitations, cost and the precision that it then has."""

import math
from collections.abc import Sequence

from feedback_core.planning.calc.allocation import (
    Allocation,
    Bounds,
    Stratum,
    allocate,
    allocate_to_budget,
    allocate_to_standard_error,
    whole_allocation,
)
from feedback_core.planning.calc.plans.refusals import NotPlannable, pointing_at
from feedback_core.planning.calc.sample_size import SampleSize, invitations_needed, normal_quantile
from feedback_core.planning.types import AllocatedStratum, AllocationPlan, Rates, StrataRequest

# A goal missed by no more than this part of it is met, but for rounding.
_ROUNDING = 1e-9


def spread_over(
    request: StrataRequest, answers: int, *, spread: float, half_width: float, design_effect: float, level: float,
    rates: Rates,
) -> AllocationPlan:  # fmt: skip
    """The sample over its strata.

    Args:
        request: as asked for.
        answers: that the goal takes.
        spread: standard deviation of answers where a stratum names none.
        half_width: of the interval asked for.
        design_effect: within strata.
        level: of the interval.
        rates: of those invited, where a stratum names none.

    Raises:
        NotPlannable: it does not fit the strata.
    """
    strata = [
        Stratum(part.population, spread if part.standard_deviation is None else part.standard_deviation, part.unit_cost)
        for part in request.strata
    ]
    bounds = Bounds(request.floor, tuple(min(part.cap or part.population, part.population) for part in request.strata))
    z = normal_quantile(level)
    with pointing_at("/strata"):
        found = _allocated(request, strata, bounds, answers, half_width / z / math.sqrt(design_effect))
    error = found.standard_error * math.sqrt(design_effect)
    parts = tuple(
        AllocatedStratum(
            name=part.name,
            population=part.population,
            answers=round(size),
            invitations=invitations_needed(
                SampleSize(size, round(size)),
                response_rate=rates.response_rate if part.response_rate is None else part.response_rate,
                coverage=rates.coverage,
                usable=rates.usable,
            ).invitations,
            share=share,
            sampling_fraction=size / part.population,
            cost=size * part.unit_cost,
        )
        for part, size, share in zip(request.strata, found.sizes, found.shares, strict=True)
    )
    return AllocationPlan(
        rule=request.rule,
        to=request.to,
        strata=parts,
        answers=round(found.n),
        invitations=sum(part.invitations for part in parts),
        standard_error=error,
        margin=z * error,
        cost=found.cost,
    )


def _allocated(
    request: StrataRequest, strata: Sequence[Stratum], bounds: Bounds, answers: int, standard_error: float
) -> Allocation:
    """In whole answers, so that what was asked for is met."""
    rule, exponent = request.rule, request.exponent
    if request.to == "precision":
        exact = allocate_to_standard_error(strata, standard_error, rule=rule, bounds=bounds, exponent=exponent)
        most = sum(bounds.caps or ())
        n = min(math.ceil(exact.n * (1.0 - _ROUNDING)), most)
        whole = whole_allocation(strata, exact.sizes, bounds=bounds, n=n)
        while whole.standard_error > standard_error * (1.0 + _ROUNDING) and n < most:
            n += 1
            whole = whole_allocation(strata, exact.sizes, bounds=bounds, n=n)
        return whole
    if request.to == "budget":
        if request.budget is None:
            raise NotPlannable("/strata/budget", "Say how large the budget is.")
        exact = allocate_to_budget(strata, request.budget, rule=rule, bounds=bounds, exponent=exponent)
        n = math.floor(exact.n)
        whole = whole_allocation(strata, exact.sizes, bounds=bounds, n=n)
        while whole.cost > request.budget * (1.0 + _ROUNDING):
            n -= 1
            whole = whole_allocation(strata, exact.sizes, bounds=bounds, n=n)
        return whole
    exact = allocate(strata, answers, rule=rule, bounds=bounds, exponent=exponent)
    return whole_allocation(strata, exact.sizes, bounds=bounds, n=answers)
