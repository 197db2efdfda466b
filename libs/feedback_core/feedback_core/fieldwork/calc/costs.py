"""What a collection has cost so far, against what may be spent."""

from collections.abc import Mapping, Sequence

from feedback_core.fieldwork.types.outlook import CostSoFar, Spending
from feedback_core.kit.money import Money
from feedback_core.planning.calc.methods.costs import cost_lines
from feedback_core.planning.types import CollectionMethod
from feedback_core.planning.types.methods import Method


def spending(method: Method, *, contacts: int, completes: int, measured: float = 0.0) -> Spending:
    """What a method has cost: its cost model at the numbers so far, what was counted in place of what contacts cost.

    What it takes to code comments is left out: nobody has said how many are.

    Source: as `cost_lines`. Golden: none; laws.
    """
    lines = cost_lines(method, contacts, completes)
    cost = sum(line.amount for line in lines if not (measured and line.item == "contacts")) + measured
    return Spending(method.method.value, contacts, completes, cost, method.costs.currency, measured)


def cost_so_far(
    spent: Sequence[Spending],
    methods: Mapping[CollectionMethod, Method],
    *,
    budget: Money | None,
    more: float | None,
) -> CostSoFar:
    """All of it against the budget, and what it comes to when those expected have answered.

    Args:
        spent: by method.
        methods: with their prices.
        budget: of the plan.
        more: completes to come; ``None``: nobody knows. They come by the methods in the proportions so far.
    """
    currencies = {each.currency for each in spent if each.cost > 0}
    currency = budget.currency if budget else next(iter(currencies)) if len(currencies) == 1 else None
    if currency is None:
        told = ("There is no budget, and the prices are in several currencies.",) if currencies else ()
        return CostSoFar(tuple(spent), None, budget, None, None, None, told)
    counted = [each for each in spent if each.currency == currency or not each.cost]
    others = sorted({each.method for each in spent} - {each.method for each in counted})
    told = (f"Prices of {', '.join(others)} are in another currency, and are left out.",) if others else ()
    total = sum(each.cost for each in counted)
    at_end = None if more is None else total + _still_to_come(counted, methods, more)
    return CostSoFar(
        methods=tuple(spent),
        spent=Money(round(total), currency),
        budget=budget,
        share=_share(total, budget),
        at_end=None if at_end is None else Money(round(at_end), currency),
        share_at_end=None if at_end is None else _share(at_end, budget),
        warnings=told,
    )


def _still_to_come(counted: Sequence[Spending], methods: Mapping[CollectionMethod, Method], more: float) -> float:
    # While nobody has completed, by contacts.
    weights = [each.completes for each in counted]
    if not any(weights):
        weights = [each.contacts for each in counted]
    whole, cost = sum(weights), 0.0
    for each, weight in zip(counted, weights, strict=True):
        if not weight:
            continue
        prices = methods[CollectionMethod(each.method)].costs
        each_more = prices.per_complete + prices.incentive + prices.hours_per_complete * prices.hourly_rate
        cost += more * weight / whole * each_more
    return cost


def _share(amount: float, budget: Money | None) -> float | None:
    return amount / budget.amount if budget and budget.amount > 0 else None
