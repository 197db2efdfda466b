"""How a sample is spread over the strata of a frame, by the rules of `planning`, and what falls short."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from feedback_core.kit.errors import NotEstimable
from feedback_core.planning.calc.allocation import Bounds, Stratum, allocate, whole_allocation
from feedback_core.planning.types import AllocationRule


class NotAllocable(Exception):
    """The sample cannot be spread so; ``place`` is the stratum, if it is of one."""

    def __init__(self, detail: str, place: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.place = place


@dataclass(frozen=True, slots=True)
class Allocating:
    """How it is spread.

    Attributes:
        rule: of `allocate`; ``None``: as many of each stratum as ``wanted`` says.
        n: units in all; with a rule.
        wanted: units by stratum; without one.
        deviations: standard deviation of the answers by stratum.
        unit_costs: cost of one by stratum.
        floor: least units of a stratum; smaller ones are taken whole.
        exponent: of the power rule.
        short: what becomes of a stratum, or frame, that has fewer than are wanted.
    """

    rule: AllocationRule | None
    n: int | None = None
    wanted: tuple[int, ...] = ()
    deviations: tuple[float, ...] = ()
    unit_costs: tuple[float, ...] = ()
    floor: int = 2
    exponent: float = 0.5
    short: Literal["refuse", "take_all"] = "refuse"


@dataclass(frozen=True, slots=True)
class Allotted:
    """Units to be drawn by stratum, and how many fewer that is than was wanted."""

    sizes: tuple[int, ...]
    shortfall: tuple[int, ...]


def allocate_strata(population: Sequence[int], how: Allocating) -> Allotted:
    """How many are to be drawn of each stratum.

    Args:
        population: units of each stratum that may be drawn, at least 1.
        how: it is spread.

    Raises:
        NotAllocable: a stratum, or all of them, have fewer than are wanted and ``short`` refuses that; or floors, n and
            deviations do not fit together.
    """
    if how.rule is None:
        sizes = [min(wanted, there) for wanted, there in zip(how.wanted, population, strict=True)]
        shortfall = [wanted - size for wanted, size in zip(how.wanted, sizes, strict=True)]
        short = next((place for place, missing in enumerate(shortfall) if missing), None)
        if short is not None and how.short == "refuse":
            detail = f"{how.wanted[short]} are wanted of a stratum in which {population[short]} can be drawn."
            raise NotAllocable(detail, short)
        return Allotted(tuple(sizes), tuple(shortfall))
    assert how.n is not None
    everybody = sum(population)
    if how.n > everybody and how.short == "refuse":
        raise NotAllocable(f"{how.n} are wanted, and {everybody} can be drawn.")
    if how.n >= everybody:
        return Allotted(tuple(population), _spread_shortfall(population, how.n - everybody))
    strata = [
        Stratum(there, deviation, cost)
        for there, deviation, cost in zip(
            population,
            how.deviations or [1.0] * len(population),
            how.unit_costs or [1.0] * len(population),
            strict=True,
        )
    ]
    bounds = Bounds(how.floor)
    try:
        exact = allocate(strata, how.n, rule=how.rule, bounds=bounds, exponent=how.exponent)
        whole = whole_allocation(strata, exact.sizes, bounds=bounds, n=how.n)
    except NotEstimable as refused:
        raise NotAllocable(refused.detail) from refused
    return Allotted(tuple(round(size) for size in whole.sizes), (0,) * len(strata))


def _spread_shortfall(population: Sequence[int], missing: int) -> tuple[int, ...]:
    """What is missing in all, by strata in proportion to their units."""
    everybody, before, found = sum(population), 0, []
    seen = 0
    for there in population:
        seen += there
        upto = missing * seen // everybody
        found.append(upto - before)
        before = upto
    return tuple(found)
