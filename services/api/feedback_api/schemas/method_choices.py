"""Shapes of comparing methods: what is wanted, and what each way of collecting comes to."""

from dataclasses import asdict
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Output
from feedback_api.schemas.methods import PlanningRateOut
from feedback_api.schemas.money import MoneyBody, MoneyOut
from feedback_api.schemas.sample_sizes import Confidence, Effect, GoalIn, People, Rate
from feedback_core.planning.types import CollectionMethod
from feedback_core.planning.types.method_choices import (
    MethodComparison,
    MethodOption,
    MethodsRequest,
    Misfit,
    Purpose,
)
from feedback_core.planning.types.methods import Grade

_NPS: Final[JsonDict] = {
    "purpose": "track",
    "population": 12000,
    "goal": {"kind": "nps", "promoters": 0.5, "detractors": 0.2, "margin": 4},
    "budget": {"amount": 800000, "currency": "EUR"},
    "days": 45,
    "open_answers": 1,
}
_REASONS: Final[JsonDict] = {"purpose": "explore", "population": 12000, "answers": 24, "sensitive": False}


class MethodsIn(Input):
    """What is to be found out, of whom, and what may be spent on it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NPS, _REASONS]})

    purpose: Purpose = Field(
        description="`measure`: a figure of all customers; `track`: its course over time; `explore`: their reasons"
    )
    population: People = Field(description="People of whom it is told")
    goal: GoalIn | None = Field(default=None, description="Needed to measure and to track: as in `/v1/sample-size`")
    answers: Annotated[int, Field(strict=True, ge=1, le=1_000_000), AS_WHOLE] | None = Field(
        default=None, description="People whom you want to hear; needed to explore"
    )
    level: Confidence = 0.95
    design_effect: Effect = Field(default=1.0, description="Of the sample; that of interviewers comes on top")
    usable: Rate = Field(default=1.0, description="Of the answers, those that survive the checks")
    budget: MoneyBody | None = Field(default=None, description="Without limit if left out")
    days: Annotated[int, Field(strict=True, ge=0, le=3660), AS_WHOLE] | None = Field(
        default=None, description="From now until the answers must be there; without limit if left out"
    )
    staff_hours_per_day: Annotated[float, Field(strict=True, ge=0.1, le=1e6)] | None = Field(
        default=None, description="That staff can give to it; without limit if left out"
    )
    sensitive: Flag = Field(default=False, description="Whether it is awkward to say")
    open_answers: Annotated[int, Field(strict=True, ge=0, le=50), AS_WHOLE] = Field(
        default=0, description="Questions of each response whose answers are coded by people"
    )
    methods: list[CollectionMethod] = Field(default_factory=list, max_length=16, description="All if left out")
    mixed: Flag = Field(default=True, description="Whether two may be combined, the dearer following up the cheaper")
    follow_up_yield: Annotated[float, Field(strict=True, ge=0.01, le=1)] = Field(
        default=0.5,
        description="How often those who did not answer to one method answer to the next, as a part of its rate",
    )

    def request(self) -> MethodsRequest:
        """For the domain."""
        return MethodsRequest(
            purpose=self.purpose,
            population=self.population,
            goal=self.goal.goal() if self.goal else None,
            answers=self.answers,
            level=self.level,
            design_effect=self.design_effect,
            usable=self.usable,
            budget=self.budget.money() if self.budget else None,
            days=self.days,
            staff_hours_per_day=self.staff_hours_per_day,
            sensitive=self.sensitive,
            open_answers=self.open_answers,
            methods=tuple(self.methods),
            mixed=self.mixed,
            follow_up_yield=self.follow_up_yield,
        )


class ContactedOut(Output):
    """What one method of a way does."""

    method: CollectionMethod
    response_rate: PlanningRateOut | None = Field(description="Null: people come by themselves")
    contacts: int
    completes: int


class CostLineOut(Output):
    """A part of the cost; all of them together, rounded up, are it."""

    method: CollectionMethod
    item: str = Field(examples=["staff_hours_of_completes"])
    quantity: float
    price: float = Field(description="In the smallest unit of the currency")
    amount: float


class CostRangeOut(Output):
    """What it costs at the ends of the range of the response rate."""

    low: MoneyOut
    high: MoneyOut


class TakenOut(Output):
    """What it takes beside money; null: of a part of it nobody knows."""

    paper_sheets: float | None
    travel_km: float | None
    energy_kwh: float | None
    carbon_kg: float | None = Field(
        description="CO2 equivalents of what is known of the three: 4.6 g a sheet, 170 g a kilometre, 210 g a kWh (UK "
        "Government's GHG Conversion Factors 2023, rounded)"
    )
    carbon_is_whole: bool = Field(description="Whether all three are known; else it is a lower limit")
    staff_hours: float


class ReachedOut(Output):
    """How far one gets within budget, time and population."""

    people: int
    answers: int
    cost: MoneyOut
    precision: float | None = Field(
        description="Half-width of the interval, or the smallest difference found; null: too few answers, or no figure "
        "of all follows from this method"
    )


class ReasonOut(Output):
    """Why a way does not do."""

    code: Misfit
    sentence: str


class MethodOptionOut(Output):
    """A way of collecting: one method, or one after the other."""

    rank: int
    methods: list[CollectionMethod] = Field(description="Two: the second follows up those who did not answer")
    feasible: bool
    why: str = Field(description="Why it has this rank")
    reasons: list[ReasonOut] = Field(description="Why it does not do; empty if it does")
    fits: Grade = Field(description="How well it serves the purpose")
    people: int = Field(description="To be chosen")
    answers: int = Field(description="Usable ones that are needed")
    response_rate: float | None
    contacted: list[ContactedOut]
    design_effect: float
    cost: MoneyOut
    cost_lines: list[CostLineOut]
    cost_range: CostRangeOut | None
    cost_per_answer: float = Field(description="In the smallest unit of the currency")
    cost_per_effective_answer: float = Field(description="Of an answer worth one of a simple random sample")
    days: int = Field(description="Until the answers are there")
    footprint: TakenOut
    within_limits: ReachedOut

    @classmethod
    def of(cls, option: MethodOption) -> Self:
        """From the domain."""
        said = asdict(option)
        contacted = [
            ContactedOut(
                method=each.method,
                response_rate=PlanningRateOut.of(each.rate) if each.rate else None,
                contacts=each.contacts,
                completes=each.completes,
            )
            for each in option.contacted
        ]
        return cls.model_validate(
            {**said, "feasible": option.is_feasible, "footprint": said["taken"], "contacted": contacted}
        )


class MethodComparisonOut(Output):
    """Ways of collecting, the best first."""

    sentence: str
    verdict: Literal["single", "mixed", "none"] = Field(
        description="Whether one method does, only two together do, or none does"
    )
    options: list[MethodOptionOut]
    combinations: int = Field(description="Of two methods that were looked at; the best are among the options")
    assumes: list[str]
    warnings: list[str]

    @classmethod
    def of(cls, comparison: MethodComparison) -> Self:
        """From the domain."""
        return cls(
            sentence=comparison.sentence,
            verdict=comparison.verdict,
            options=[MethodOptionOut.of(option) for option in comparison.options],
            combinations=comparison.combinations,
            assumes=list(comparison.assumes),
            warnings=list(comparison.warnings),
        )
