"""What a collection costs, line by line, and what it takes beside money."""

from collections.abc import Mapping, Sequence
from typing import Final

from feedback_core.planning.types.method_choices import Contacted, CostLine, Taken
from feedback_core.planning.types.methods import Method
from feedback_core.service.types import Footprint

# Kilograms of CO2 equivalents: of a sheet of 5 g, a kilometre by car, a kilowatt hour from the grid. Rounded from the
# UK Government's GHG Conversion Factors for Company Reporting (2023); grids of other countries differ.
CARBON: Final[Mapping[str, float]] = {"paper_sheets": 0.0046, "travel_km": 0.17, "energy_kwh": 0.21}


def cost_lines(method: Method, contacts: int, completes: int, *, open_answers: int = 0) -> tuple[CostLine, ...]:
    """Each part of the cost of a collection that is not nothing; together they are the cost.

    Args:
        method: with its prices.
        contacts: people contacted.
        completes: of them, those who answer.
        open_answers: questions of each response whose answers are coded.

    Source: Groves (1989), Survey Errors and Survey Costs, ch. 2: fixed and variable costs. Golden: none; laws.
    """
    costs, rate = method.costs, method.costs.hourly_rate
    parts = (
        ("fixed", 1.0, costs.fixed),
        ("contacts", contacts, costs.per_contact),
        ("completes", completes, costs.per_complete),
        ("incentives", completes, costs.incentive),
        ("staff_hours_fixed", costs.hours_fixed, rate),
        ("staff_hours_of_contacts", contacts * costs.hours_per_contact, rate),
        ("staff_hours_of_completes", completes * costs.hours_per_complete, rate),
        ("coding_hours", completes * open_answers * costs.coding_hours, rate),
    )
    return tuple(
        CostLine(method.method, item, float(quantity), price, quantity * price)
        for item, quantity, price in parts
        if quantity * price > 0.0
    )


def hours_of(method: Method, contacts: int, completes: int, open_answers: int) -> float:
    """Hours of staff."""
    costs = method.costs
    each = costs.hours_per_complete + open_answers * costs.coding_hours
    return costs.hours_fixed + contacts * costs.hours_per_contact + completes * each


def taken_by(methods: Sequence[Method], contacted: Sequence[Contacted], open_answers: int) -> Taken:
    """Paper, travel, energy and hours of all methods of a way together; not known if a part of it is not.

    Carbon is of what is known; ``None`` if nothing is.
    """
    pairs = list(zip(methods, contacted, strict=True))
    used = {resource: _summed([_use(method, done, resource) for method, done in pairs]) for resource in CARBON}
    carbon = [amount * CARBON[resource] for resource, amount in used.items() if amount is not None]
    return Taken(
        **used,
        carbon_kg=sum(carbon) if carbon else None,
        carbon_is_whole=len(carbon) == len(CARBON),
        staff_hours=sum(hours_of(method, done.contacts, done.completes, open_answers) for method, done in pairs),
    )


def _use(method: Method, done: Contacted, resource: str) -> float | None:
    prints = method.footprints
    return _summed(
        [_times(prints.per_contact, resource, done.contacts), _times(prints.per_complete, resource, done.completes)]
    )


def _times(footprint: Footprint, resource: str, number: int) -> float | None:
    amount: float | None = getattr(footprint, resource)
    if number == 0:
        return 0.0
    return None if amount is None else amount * number


def _summed(amounts: Sequence[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None
