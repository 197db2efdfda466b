"""What a plan needs of money and people, against what it has."""

from collections import defaultdict

from feedback_core.planning.types.plan_findings import Shortfall
from feedback_core.planning.types.plans import PlanDetails


def shortfalls_of(details: PlanDetails) -> tuple[Shortfall, ...]:
    """Money and the hours of each person: needed and there, whether or not something is short.

    Money is that of methods in each wave, and of steps. Hours are those of the steps that somebody owns; who is not
    among the plan's people has none.
    """
    return (*_money(details), *_hours(details))


def _money(details: PlanDetails) -> tuple[Shortfall, ...]:
    waves = details.recurrence.waves if details.recurrence else 1
    costs = [(method.cost, waves) for method in details.methods] + [(step.cost, 1) for step in details.steps]
    needed = sum(cost.amount * times for cost, times in costs if cost is not None)
    currency = next((cost.currency for cost, _ in costs if cost is not None), None)
    if details.budget is None and currency is None:
        return ()
    there = details.budget.amount if details.budget else 0
    unit = details.budget.currency if details.budget else currency
    return (Shortfall("money", unit or "", float(needed), float(there)),)


def _hours(details: PlanDetails) -> tuple[Shortfall, ...]:
    needed: dict[str, float] = defaultdict(float)
    there = {person.name: 0.0 for person in details.people}
    for person in details.people:
        there[person.name] += person.hours
    for step in details.steps:
        if step.owner is not None:
            needed[step.owner] += step.hours
    names = dict.fromkeys([*there, *needed])
    return tuple(Shortfall(name, "hours", needed.get(name, 0.0), there.get(name, 0.0)) for name in names)
