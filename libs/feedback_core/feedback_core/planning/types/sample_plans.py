"""Vocabulary of sample plans: what is to be found out, under which conditions, and the plan with its arithmetic."""

from dataclasses import dataclass
from typing import Literal

AllocationRule = Literal["equal", "proportional", "power", "neyman", "optimal"]
AllocateTo = Literal["answers", "precision", "budget"]


@dataclass(frozen=True, slots=True)
class ProportionGoal:
    """A share of a wanted precision: a half-width, or a coefficient of variation.

    Attributes:
        proportion: share expected, strictly between 0 and 1.
        margin: half-width of the interval; with ``relative``, as a part of the share.
        cv: standard error as a part of the share, instead of ``margin``.
        interval: whose half-width ``margin`` is.
    """

    proportion: float = 0.5
    margin: float | None = None
    cv: float | None = None
    relative: bool = False
    interval: Literal["wald", "wilson"] = "wald"


@dataclass(frozen=True, slots=True)
class MeanGoal:
    """A mean with an interval of half-width ``margin``, both in the units of the answers."""

    standard_deviation: float
    margin: float


@dataclass(frozen=True, slots=True)
class NpsGoal:
    """A Net Promoter Score with an interval of half-width ``margin`` points; shares expected, 0..1."""

    promoters: float
    detractors: float
    margin: float


@dataclass(frozen=True, slots=True)
class CompareProportions:
    """The difference of two shares to be found."""

    first: float
    second: float
    power: float = 0.8
    ratio: float = 1.0
    sides: Literal[1, 2] = 2


@dataclass(frozen=True, slots=True)
class CompareMeans:
    """The difference of two means to be found, by the z test or Student's t test (for small groups)."""

    difference: float
    standard_deviation: float
    standard_deviation_second: float | None = None
    test: Literal["z", "t"] = "z"
    power: float = 0.8
    ratio: float = 1.0
    sides: Literal[1, 2] = 2


@dataclass(frozen=True, slots=True)
class CompareNps:
    """The difference of two Net Promoter Scores to be found, in points; shares expected of the first."""

    difference: float
    promoters: float
    detractors: float
    power: float = 0.8
    ratio: float = 1.0
    sides: Literal[1, 2] = 2


Comparing = CompareProportions | CompareMeans | CompareNps
Goal = ProportionGoal | MeanGoal | NpsGoal | CompareProportions | CompareMeans | CompareNps


@dataclass(frozen=True, slots=True)
class Rates:
    """What part of those invited gives a usable answer, each 0..1: reachable, answering, surviving the checks."""

    response_rate: float = 1.0
    coverage: float = 1.0
    usable: float = 1.0


@dataclass(frozen=True, slots=True)
class ClusterRequest:
    """Several answers per cluster: site, account, agent.

    Attributes:
        intraclass_correlation: how alike answers of a cluster are, 0..1.
        answers_per_cluster: the best for the costs if ``None``.
        cluster_cost: of one more cluster.
        answer_cost: of one more answer in a cluster.
        available: clusters that there are.
        budget: for which it is told what it buys.
    """

    intraclass_correlation: float
    answers_per_cluster: int | None = None
    cluster_cost: float | None = None
    answer_cost: float | None = None
    available: int | None = None
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class StratumRequest:
    """A part of the population that is sampled by itself.

    Attributes:
        standard_deviation: of the answers in it, in the units of the goal (a share: 0..0.5; NPS: points); that of
            all if ``None``.
        unit_cost: of one answer.
        cap: most answers; its population if ``None``.
        response_rate: of the people invited in it; that of all if ``None``.
    """

    name: str
    population: int
    standard_deviation: float | None = None
    unit_cost: float = 1.0
    cap: int | None = None
    response_rate: float | None = None


@dataclass(frozen=True, slots=True)
class StrataRequest:
    """How the sample is to be spread.

    Attributes:
        to: what is met: the answers of the plan, the precision asked for, or a budget.
        floor: least answers of a stratum; smaller strata are taken whole.
        exponent: of the power rule, 0..1.
    """

    strata: tuple[StratumRequest, ...]
    rule: AllocationRule = "proportional"
    to: AllocateTo = "answers"
    budget: float | None = None
    floor: int = 2
    exponent: float = 0.5


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """What is to be found out, and under which conditions.

    Attributes:
        level: of intervals; 1 - the error allowed of tests.
        population: people of whom it is told; unlimited if ``None``.
        design_effect: of unequal weights or another design; that of ``clusters`` comes on top.
    """

    goal: Goal
    level: float = 0.95
    population: int | None = None
    design_effect: float = 1.0
    rates: Rates = Rates()
    clusters: ClusterRequest | None = None
    strata: StrataRequest | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the arithmetic.

    Attributes:
        name: stable, for programs.
        formula: in symbols.
        arithmetic: the same in numbers, rounded for reading.
        value: what it comes to, unrounded.
    """

    name: str
    formula: str
    arithmetic: str
    value: float


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """What one group or period takes.

    Attributes:
        exact: answers before rounding.
    """

    group: str
    answers: int
    invitations: int
    exact: float


@dataclass(frozen=True, slots=True)
class AllocatedStratum:
    """What one stratum takes; ``sampling_fraction`` is answers per person of it."""

    name: str
    population: int
    answers: int
    invitations: int
    share: float
    sampling_fraction: float
    cost: float


@dataclass(frozen=True, slots=True)
class AllocationPlan:
    """The sample over strata.

    Attributes:
        standard_error: of the stratified figure, design effect included, in the units of the goal.
        margin: half-width of its interval.
    """

    rule: AllocationRule
    to: AllocateTo
    strata: tuple[AllocatedStratum, ...]
    answers: int
    invitations: int
    standard_error: float
    margin: float
    cost: float


@dataclass(frozen=True, slots=True)
class WithinBudget:
    """What the budget buys; clusters are whole."""

    clusters: int
    answers: int
    standard_error: float
    margin: float
    cost: float


@dataclass(frozen=True, slots=True)
class ClustersPlan:
    """The sample in clusters.

    Attributes:
        clusters: to visit, per group where two are compared.
        answers: that these give, at least those needed.
        cost: of them, where costs were given.
    """

    answers_per_cluster: int
    design_effect: float
    clusters: int
    answers: int
    cost: float | None
    within_budget: WithinBudget | None


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """How many answers and invitations it takes, with each step of the arithmetic.

    Attributes:
        groups: one, or the two that are compared.
        answers: of all groups.
        invitations: of all groups.
    """

    sentence: str
    answers: int
    invitations: int
    groups: tuple[GroupPlan, ...]
    steps: tuple[Step, ...]
    allocation: AllocationPlan | None
    clusters: ClustersPlan | None
    assumes: tuple[str, ...]
    warnings: tuple[str, ...]
