"""How a sample is spread over strata: in proportion, for the least error, or for the least error at a cost."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feedback_core.kit.errors import NotEstimable
from feedback_core.planning.calc.bisection import rising_zero
from feedback_core.planning.types.sample_plans import AllocationRule

_Goal = Literal["size", "budget", "variance"]

# The scale of an allocation from which strata are filled up, as a part of the one that fills them all.
_LEAST_SCALE = 1e-15
# Floors that miss the goal by no more than this part of it meet it, but for rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the population that is sampled by itself.

    Attributes:
        population: people in it, N.
        standard_deviation: of the answers in it, S > 0; for the Net Promoter Score that of +100, 0, -100.
        unit_cost: of one answer, > 0.
    """

    population: int
    standard_deviation: float
    unit_cost: float = 1.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Least and most answers of each stratum.

    Attributes:
        floor: least answers; 2 lets a variance be estimated, 30 a figure be shown. A smaller stratum is taken whole.
        caps: most answers by stratum; its population when absent.
    """

    floor: int = 2
    caps: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """A sample spread over strata.

    Attributes:
        sizes: answers by stratum, in the order given; whole only after `whole_allocation`.
        shares: of the sample, by stratum.
        n: answers in all.
        standard_error: of the stratified mean, in the units of the answers, with finite populations.
        cost: of all answers.
        warnings: what a planner must be told, a sentence each.
    """

    sizes: tuple[float, ...]
    shares: tuple[float, ...]
    n: float
    standard_error: float
    cost: float
    warnings: tuple[str, ...] = ()


def allocate(
    strata: Sequence[Stratum],
    n: float,
    *,
    rule: AllocationRule = "neyman",
    bounds: Bounds | None = None,
    exponent: float = 0.5,
) -> Allocation:
    """Spread ``n`` answers over ``strata``.

    ``equal`` to each; ``proportional`` to N; ``neyman`` to N S, which has the least error for n; ``optimal`` to
    N S / sqrt(unit cost), which has the least error for its cost; ``power`` to N^exponent S, which has the least sum
    of squared errors (N^exponent se)² and so lies between figures of each stratum (0) and of all (1, Neyman's). What
    ``bounds`` take from one stratum goes to the others by the same rule.

    Raises:
        NotEstimable: no stratum, one without people, spread or cost, or ``n`` does not fit the bounds.

    Source: Neyman (1934), JRSS 97:558; Cochran (1977), sections 5.5 and 5.9; Bankier (1988), The American
    Statistician 42:174, with errors in place of coefficients of variation, as scores have means of 0. Golden: s29.
    """
    return _scaled_to(_Strata(strata, exponent), rule, bounds, "size", n)


def allocate_to_budget(
    strata: Sequence[Stratum],
    budget: float,
    *,
    rule: AllocationRule = "optimal",
    bounds: Bounds | None = None,
    exponent: float = 0.5,
) -> Allocation:
    """The answers that ``budget`` buys, fixed costs left out, spread by ``rule``.

    Raises:
        NotEstimable: as `allocate`; the budget does not fit the bounds.

    Source: Cochran (1977), section 5.5; Valliant, Dever & Kreuter (2018), section 3.1.3. Golden: s29.
    """
    return _scaled_to(_Strata(strata, exponent), rule, bounds, "budget", budget)


def allocate_to_standard_error(
    strata: Sequence[Stratum],
    standard_error: float,
    *,
    rule: AllocationRule = "optimal",
    bounds: Bounds | None = None,
    exponent: float = 0.5,
) -> Allocation:
    """The fewest answers spread by ``rule`` that give the stratified mean this ``standard_error``.

    For a coefficient of variation, give it times the mean.

    Raises:
        NotEstimable: as `allocate`; the standard error cannot be reached, or the bounds alone do better.

    Source: as `allocate_to_budget`. Golden: s29.
    """
    if not 0.0 < standard_error < math.inf:
        raise NotEstimable("The standard error asked for must be above 0.")
    return _scaled_to(_Strata(strata, exponent), rule, bounds, "variance", standard_error**2)


def whole_allocation(
    strata: Sequence[Stratum], sizes: Sequence[float], *, bounds: Bounds | None = None, n: int | None = None
) -> Allocation:
    """The allocation ``sizes`` in whole answers that sum to ``n``: the largest remainders are rounded up.

    Args:
        strata: as for the allocation.
        sizes: answers by stratum.
        bounds: floors and caps; 2 and the population when absent.
        n: answers in all; the sum of ``sizes`` rounded when absent.

    Raises:
        NotEstimable: as `allocate`; ``n`` does not fit the bounds.

    Source: Hamilton's method of largest remainders; see Balinski & Young (1982), Fair Representation.
    """
    parts = _Strata(strata)
    low, high = parts.limits(bounds or Bounds())
    wanted = np.clip(np.asarray(sizes, dtype=float), low, high)
    total = round(math.fsum(sizes)) if n is None else n
    if not low.sum() <= total <= high.sum():
        raise NotEstimable(f"{total} answers do not fit between the floors and the caps of the strata.")
    whole = np.floor(wanted)
    while (missing := int(total - whole.sum())) != 0:
        step = 1 if missing > 0 else -1
        movable = np.flatnonzero(whole < high if step > 0 else whole > low)
        lag = step * (wanted - whole)[movable]
        whole[movable[np.argsort(-lag, kind="stable")][: abs(missing)]] += step
    return parts.allocation(whole)


class _Strata:
    """The strata as arrays."""

    def __init__(self, strata: Sequence[Stratum], exponent: float = 0.5) -> None:
        if not strata:
            raise NotEstimable("There is no stratum to sample from.")
        self.population = np.array([stratum.population for stratum in strata], dtype=float)
        self.deviation = np.array([stratum.standard_deviation for stratum in strata], dtype=float)
        self.unit_cost = np.array([stratum.unit_cost for stratum in strata], dtype=float)
        given = np.stack([self.population, self.deviation, self.unit_cost])
        if not (np.isfinite(given).all() and (given > 0.0).all()):
            raise NotEstimable("Each stratum needs people, a standard deviation and a cost per answer above 0.")
        if not 0.0 <= exponent <= 1.0:
            raise NotEstimable("The exponent of a power allocation lies between 0 and 1.")
        self.share = self.population / self.population.sum()
        self.exponent = exponent

    def appetite(self, rule: AllocationRule) -> NDArray[np.float64]:
        """What the sizes are proportional to."""
        if rule == "equal":
            return np.ones_like(self.share)
        if rule == "proportional":
            return np.asarray(self.share)
        if rule == "power":
            return np.asarray(self.share**self.exponent * self.deviation)
        root_cost = np.sqrt(self.unit_cost) if rule == "optimal" else 1.0
        return np.asarray(self.share * self.deviation / root_cost)

    def limits(self, bounds: Bounds) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        caps = self.population if bounds.caps is None else np.minimum(self.population, bounds.caps)
        if bounds.floor < 0 or not (caps > 0.0).all():
            raise NotEstimable("A floor is at least 0 and a cap at least 1.")
        return np.minimum(float(bounds.floor), caps), caps

    def variance(self, sizes: NDArray[np.float64]) -> float:
        """Of the stratified mean; a stratum taken whole adds none."""
        left = np.maximum(1.0 / sizes - 1.0 / self.population, 0.0)
        return float((self.share * self.deviation) ** 2 @ left)

    def allocation(self, sizes: NDArray[np.float64]) -> Allocation:
        if not (sizes > 0.0).all():
            raise NotEstimable("A stratum gets no answer, so the mean of all cannot be told; raise its floor.")
        n = float(sizes.sum())
        over = int(np.count_nonzero(sizes > self.population))
        warning = f"{over} of the strata would need more answers than they have people: set bounds."
        return Allocation(
            sizes=tuple(sizes.tolist()),
            shares=tuple((sizes / n).tolist()),
            n=n,
            standard_error=self.variance(sizes) ** 0.5,
            cost=float(sizes @ self.unit_cost),
            warnings=(warning,) if over else (),
        )


def _scaled_to(strata: _Strata, rule: AllocationRule, bounds: Bounds | None, goal: _Goal, value: float) -> Allocation:
    """The allocation scale x appetite, held inside the bounds, that meets the goal."""
    if not 0.0 < value < math.inf:
        raise NotEstimable(f"The {goal} asked for must be above 0.")
    appetite = strata.appetite(rule)
    if bounds is None:
        return strata.allocation(_scale(strata, appetite, goal, value) * appetite)
    low, high = strata.limits(bounds)
    measure, sign = _MEASURES[goal]

    def sizes(scale: float) -> NDArray[np.float64]:
        return np.clip(scale * appetite, low, high)

    def ahead(scale: float) -> float:
        return sign * (measure(strata, sizes(scale)) - value)

    most = float((high / appetite).max())
    least = most * _LEAST_SCALE
    if ahead(most) < 0.0:
        raise NotEstimable(f"Even with every stratum at its cap, a {goal} of {value:g} is out of reach.")
    if ahead(least) < 0.0:
        return strata.allocation(sizes(rising_zero(ahead, least, most)))
    if goal != "variance" and ahead(least) > _ROUNDING * value:
        raise NotEstimable(f"The floors of the strata alone take more than a {goal} of {value:g}; lower them.")
    return strata.allocation(sizes(least))


def _scale(strata: _Strata, appetite: NDArray[np.float64], goal: _Goal, value: float) -> float:
    """The scale without bounds, in closed form."""
    if goal == "size":
        return value / float(appetite.sum())
    if goal == "budget":
        return value / float(appetite @ strata.unit_cost)
    squares = (strata.share * strata.deviation) ** 2
    return float((squares / appetite).sum()) / (value + float((squares / strata.population).sum()))


def _size(_: _Strata, sizes: NDArray[np.float64]) -> float:
    return float(sizes.sum())


def _cost(strata: _Strata, sizes: NDArray[np.float64]) -> float:
    return float(sizes @ strata.unit_cost)


# The measure of each goal, and whether it rises or falls with the sizes.
_MEASURES: dict[_Goal, tuple[Callable[[_Strata, NDArray[np.float64]], float], float]] = {
    "size": (_size, 1.0),
    "budget": (_cost, 1.0),
    "variance": (_Strata.variance, -1.0),
}
