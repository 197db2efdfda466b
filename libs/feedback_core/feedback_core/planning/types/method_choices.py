"""Vocabulary of comparing methods: what is wanted, and what each way of collecting comes to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from feedback_core.kit.money import Money
from feedback_core.planning.types.collection import CollectionMethod
from feedback_core.planning.types.methods import Grade, PlanningRate
from feedback_core.planning.types.sample_plans import Goal


class Purpose(StrEnum):
    """What the answers are for: a figure of all customers, its course over time, or their reasons."""

    MEASURE = "measure"
    TRACK = "track"
    EXPLORE = "explore"


class Misfit(StrEnum):
    """Why a way of collecting does not do."""

    DEPTH = "depth"
    TREND = "trend"
    SENSITIVITY = "sensitivity"
    NOBODY_IS_ASKED = "nobody_is_asked"
    TOO_FEW_PEOPLE = "too_few_people"
    OVER_BUDGET = "over_budget"
    TOO_LATE = "too_late"
    CURRENCY_DIFFERS = "currency_differs"
    NO_SAMPLE_DOES_IT = "no_sample_does_it"


@dataclass(frozen=True, slots=True)
class MethodsRequest:
    """What is to be found out, of whom, and what may be spent on it.

    Attributes:
        population: people of whom it is told.
        goal: precision or comparison; ``None`` where reasons are explored.
        answers: wanted where reasons are explored.
        level: of intervals; 1 - the error allowed of tests.
        design_effect: of the sample; that of interviewers comes on top.
        usable: part of the answers that survives the checks.
        days: from now until the answers must be there.
        staff_hours_per_day: that staff can give; without limit if ``None``.
        sensitive: whether it is awkward to say.
        open_answers: questions of each response whose answers are coded.
        methods: to be compared; all if empty.
        mixed: whether two may be combined, one after the other.
        follow_up_yield: how many of those who did not answer to one method answer to the next, as a part of its rate.
    """

    purpose: Purpose
    population: int
    goal: Goal | None = None
    answers: int | None = None
    level: float = 0.95
    design_effect: float = 1.0
    usable: float = 1.0
    budget: Money | None = None
    days: int | None = None
    staff_hours_per_day: float | None = None
    sensitive: bool = False
    open_answers: int = 0
    methods: tuple[CollectionMethod, ...] = ()
    mixed: bool = True
    follow_up_yield: float = 0.5


@dataclass(frozen=True, slots=True)
class CostLine:
    """A part of a cost: so many, at so much each; in the smallest unit of the currency."""

    method: CollectionMethod
    item: str
    quantity: float
    price: float
    amount: float


@dataclass(frozen=True, slots=True)
class Taken:
    """What a collection takes beside money; ``None``: of a part of it nobody knows.

    Attributes:
        carbon_kg: CO2 equivalents of what is known of the three.
        carbon_is_whole: whether all three are known.
    """

    paper_sheets: float | None
    travel_km: float | None
    energy_kwh: float | None
    carbon_kg: float | None
    carbon_is_whole: bool
    staff_hours: float


@dataclass(frozen=True, slots=True)
class Contacted:
    """What one method of a way does: whom it contacts, and how many of them answer."""

    method: CollectionMethod
    rate: PlanningRate | None
    contacts: int
    completes: int


@dataclass(frozen=True, slots=True)
class Reached:
    """How far one gets within budget, time and population.

    Attributes:
        people: chosen.
        answers: usable ones that follow.
        precision: half-width of the interval, or the smallest difference found; in the units of the goal.
            ``None``: too few answers, or nothing to be estimated.
    """

    people: int
    answers: int
    cost: Money
    precision: float | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a way does not do."""

    code: Misfit
    sentence: str


@dataclass(frozen=True, slots=True)
class CostRange:
    """What it costs if more, or fewer, answer than reckoned with."""

    low: Money
    high: Money


@dataclass(frozen=True, slots=True)
class MethodOption:
    """A way of collecting: one method, or one after the other.

    Attributes:
        rank: from 1.
        why: the reason for the rank.
        answers: usable ones that are needed.
        people: to be chosen for that.
        response_rate: of the way as a whole; ``None`` where people come by themselves.
        design_effect: of sample and interviewers.
        cost: of what is needed.
        cost_per_answer: in the smallest unit of the currency.
        cost_per_effective_answer: the same, of an answer as much worth as one of a simple random sample.
        days: until the answers are there.
        within_limits: how far one gets within budget, time and population.
        fits: how well it serves the purpose.
        reasons: why it does not do; nothing if it does.
    """

    methods: tuple[CollectionMethod, ...]
    rank: int
    why: str
    is_feasible: bool
    reasons: tuple[Reason, ...]
    fits: Grade
    answers: int
    people: int
    contacted: tuple[Contacted, ...]
    response_rate: float | None
    design_effect: float
    cost: Money
    cost_lines: tuple[CostLine, ...]
    cost_range: CostRange | None
    cost_per_answer: float
    cost_per_effective_answer: float
    days: int
    taken: Taken
    within_limits: Reached


@dataclass(frozen=True, slots=True)
class MethodComparison:
    """Ways of collecting side by side, the best first.

    Attributes:
        verdict: whether one method does, only two together do, or none does.
        combinations: of two methods that were looked at; the best of them are among ``options``.
    """

    verdict: Literal["single", "mixed", "none"]
    sentence: str
    options: tuple[MethodOption, ...]
    combinations: int
    assumes: tuple[str, ...]
    warnings: tuple[str, ...]
