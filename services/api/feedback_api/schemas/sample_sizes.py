"""Shapes of sample sizes: what is to be found out, and the plan for it with its arithmetic."""

from dataclasses import asdict
from typing import Annotated, Final, Literal, Self

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import AS_WHOLE, Flag, Input, Line, Output
from feedback_core.planning.types import (
    AllocateTo,
    AllocationRule,
    ClusterRequest,
    CompareMeans,
    CompareNps,
    CompareProportions,
    Goal,
    MeanGoal,
    NpsGoal,
    ProportionGoal,
    Rates,
    SamplePlan,
    SampleRequest,
    StrataRequest,
    StratumRequest,
)

Share = Annotated[float, Field(strict=True, ge=0, le=1, description="0 to 1")]
InnerShare = Annotated[float, Field(strict=True, ge=1e-6, le=0.999999, description="Above 0 and below 1")]
Rate = Annotated[float, Field(strict=True, ge=1e-6, le=1)]
Margin = Annotated[float, Field(strict=True, ge=1e-6, lt=1)]
Points = Annotated[float, Field(strict=True, ge=1e-4, lt=100, description="In points of the score")]
Units = Annotated[float, Field(strict=True, ge=1e-6, le=1e12, description="In the units of the answers")]
Cost = Annotated[float, Field(strict=True, ge=1e-6, le=1e12)]
People = Annotated[int, Field(strict=True, ge=1, le=10_000_000_000), AS_WHOLE]
Effect = Annotated[float, Field(strict=True, ge=0.01, le=1000)]
Power = Annotated[float, Field(strict=True, gt=0, le=0.999, description="Probability of finding the difference")]
Ratio = Annotated[
    float, Field(strict=True, ge=0.001, le=1000, description="Answers of the second per one of the first")
]
Sides = Annotated[Literal[1, 2], Field(description="Sides of the test"), AS_WHOLE]
Confidence = Annotated[
    float, Field(strict=True, ge=0.5, le=0.999, description="Coverage of the interval; 1 - the error of a test")
]

_NPS: Final[JsonDict] = {
    "goal": {"kind": "nps", "promoters": 0.5, "detractors": 0.2, "margin": 3},
    "population": 12000,
    "response_rate": 0.25,
}
_COMPARISON: Final[JsonDict] = {
    "goal": {"kind": "compare_nps", "difference": 5, "promoters": 0.5, "detractors": 0.2},
    "response_rate": 0.25,
}
_STRATA: Final[JsonDict] = {
    "goal": {"kind": "proportion", "proportion": 0.6, "margin": 0.03},
    "strata": {
        "rule": "optimal",
        "to": "precision",
        "strata": [
            {"name": "web", "population": 24000, "standard_deviation": 0.45, "unit_cost": 0.4},
            {"name": "phone", "population": 9000, "standard_deviation": 0.5, "unit_cost": 4.5, "response_rate": 0.4},
        ],
    },
}
_CLUSTERS: Final[JsonDict] = {
    "goal": {"kind": "mean", "standard_deviation": 1.1, "margin": 0.1},
    "clusters": {"intraclass_correlation": 0.05, "cluster_cost": 100, "answer_cost": 5, "available": 120},
}


class ProportionGoalIn(Input):
    """A share: of a box, a choice, or whatever is counted. Give either `margin` or `cv`."""

    kind: Literal["proportion"]
    proportion: InnerShare = Field(default=0.5, description="Share expected; 0.5 asks for the most answers")
    margin: Margin | None = Field(default=None, description="Half-width of the interval, 0.03 for ± 3 points")
    cv: Margin | None = Field(default=None, description="Standard error as a part of the share, instead of `margin`")
    relative: Flag = Field(default=False, description="Whether `margin` is a part of the share")
    interval: Literal["wald", "wilson"] = Field(default="wald", description="Whose half-width `margin` is")

    def goal(self) -> Goal:
        """For the domain."""
        return ProportionGoal(self.proportion, self.margin, self.cv, self.relative, self.interval)


class MeanGoalIn(Input):
    """A mean: of ratings, or of an effort score."""

    kind: Literal["mean"]
    standard_deviation: Units
    margin: Units = Field(description="Half-width of the interval")

    def goal(self) -> Goal:
        """For the domain."""
        return MeanGoal(self.standard_deviation, self.margin)


class NpsGoalIn(Input):
    """A Net Promoter Score."""

    kind: Literal["nps"]
    promoters: Share
    detractors: Share
    margin: Points = Field(description="Half-width of the interval, in points")

    def goal(self) -> Goal:
        """For the domain."""
        return NpsGoal(self.promoters, self.detractors, self.margin)


class CompareProportionsIn(Input):
    """The difference of two shares: of groups, or of periods."""

    kind: Literal["compare_proportions"]
    first: Share
    second: Share = Field(description="That should be told from the first")
    power: Power = 0.8
    ratio: Ratio = 1.0
    sides: Sides = 2

    def goal(self) -> CompareProportions:
        """For the domain."""
        return CompareProportions(self.first, self.second, self.power, self.ratio, self.sides)


class CompareMeansIn(Input):
    """The difference of two means."""

    kind: Literal["compare_means"]
    difference: Units = Field(description="The smallest that matters")
    standard_deviation: Units
    standard_deviation_second: Units | None = Field(default=None, description="Of the second group; as the first")
    test: Literal["z", "t"] = Field(default="z", description="`t`: Student's, for groups of less than about 50")
    power: Power = 0.8
    ratio: Ratio = 1.0
    sides: Sides = 2

    def goal(self) -> CompareMeans:
        """For the domain."""
        return CompareMeans(
            self.difference, self.standard_deviation, self.standard_deviation_second, self.test, self.power,
            self.ratio, self.sides,
        )  # fmt: skip


class CompareNpsIn(Input):
    """The difference of two Net Promoter Scores."""

    kind: Literal["compare_nps"]
    difference: Points = Field(description="The smallest that matters, in points")
    promoters: Share = Field(description="Expected in the first group; the second is taken to spread alike")
    detractors: Share
    power: Power = 0.8
    ratio: Ratio = 1.0
    sides: Sides = 2

    def goal(self) -> CompareNps:
        """For the domain."""
        return CompareNps(self.difference, self.promoters, self.detractors, self.power, self.ratio, self.sides)


class ClustersIn(Input):
    """Several answers from each site, account or agent: cheaper, and each tells less."""

    intraclass_correlation: Share = Field(description="How alike answers of a cluster are; 0.02 to 0.1 is usual")
    answers_per_cluster: Annotated[int, Field(strict=True, ge=1, le=1_000_000), AS_WHOLE] | None = Field(
        default=None, description="The best for the costs if left out"
    )
    cluster_cost: Cost | None = Field(default=None, description="Of one more cluster")
    answer_cost: Cost | None = Field(default=None, description="Of one more answer in a cluster")
    available: People | None = Field(default=None, description="Clusters that there are")
    budget: Cost | None = Field(default=None, description="It is told, too, what this buys")


class StratumIn(Input):
    """A part of the population that is sampled by itself."""

    name: Line
    population: People
    standard_deviation: Units | None = Field(
        default=None, description="Of its answers, in the units of the goal (NPS: points); that of the goal if left out"
    )
    unit_cost: Cost = Field(default=1.0, description="Of one answer")
    cap: People | None = Field(default=None, description="Most answers; its population if left out")
    response_rate: Rate | None = Field(default=None, description="Of its people; that of all if left out")


class StrataIn(Input):
    """How the sample is spread over parts of the population."""

    strata: list[StratumIn] = Field(min_length=1, max_length=1000)
    rule: AllocationRule = Field(
        default="proportional",
        description="`equal`; `proportional` to people; `neyman`: the least error for the answers; `optimal`: the "
        "least error for the cost; `power`: between figures of each stratum and of all",
    )
    to: AllocateTo = Field(
        default="answers",
        description="What is met: the answers of the goal, its precision (usually with fewer), or a budget",
    )
    budget: Cost | None = Field(default=None, description="With `to: budget`")
    floor: Annotated[int, Field(strict=True, ge=1, le=1_000_000), AS_WHOLE] = Field(
        default=2, description="Least answers of a stratum: 2 for a variance, 30 for a figure; smaller ones are whole"
    )
    exponent: Share = Field(default=0.5, description="Of the power rule: 0 for figures of each, 1 for that of all")


ComparisonIn = Annotated[CompareProportionsIn | CompareMeansIn | CompareNpsIn, Field(discriminator="kind")]
GoalIn = Annotated[
    ProportionGoalIn | MeanGoalIn | NpsGoalIn | CompareProportionsIn | CompareMeansIn | CompareNpsIn,
    Field(discriminator="kind"),
]


class SampleSizeIn(Input):
    """What is to be found out, and under which conditions."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NPS, _COMPARISON, _STRATA, _CLUSTERS]})

    goal: GoalIn
    level: Confidence = 0.95
    population: People | None = Field(default=None, description="People of whom it is told; unlimited if left out")
    design_effect: Effect = Field(default=1.0, description="Of unequal weights; that of clusters comes on top")
    response_rate: Rate = Field(default=1.0, description="Of those invited")
    coverage: Rate = Field(default=1.0, description="Of the people on the list, those who can be reached")
    usable: Rate = Field(default=1.0, description="Of the answers, those that survive the checks")
    clusters: ClustersIn | None = None
    strata: StrataIn | None = None

    def request(self) -> SampleRequest:
        """For the domain."""
        clusters, strata = self.clusters, self.strata
        return SampleRequest(
            goal=self.goal.goal(),
            level=self.level,
            population=self.population,
            design_effect=self.design_effect,
            rates=Rates(self.response_rate, self.coverage, self.usable),
            clusters=ClusterRequest(**clusters.model_dump()) if clusters else None,
            strata=StrataRequest(
                **{
                    **strata.model_dump(),
                    "strata": tuple(StratumRequest(**part.model_dump()) for part in strata.strata),
                }
            )
            if strata
            else None,
        )


class StepOut(Output):
    """One step of the arithmetic."""

    name: str = Field(description="Stable, for programs", examples=["finite_population"])
    formula: str = Field(examples=["n / (1 + (n - 1) / N)"])
    arithmetic: str = Field(description="The same in numbers, rounded for reading")
    value: float = Field(description="What it comes to, unrounded")


class GroupOut(Output):
    """What one group or period takes."""

    group: str = Field(description="`all`, or `first` and `second` of a comparison")
    answers: int
    invitations: int
    exact: float = Field(description="Answers before rounding")


class AllocatedStratumOut(Output):
    """What one stratum takes."""

    name: str
    population: int
    answers: int
    invitations: int
    share: float = Field(description="Of the sample")
    sampling_fraction: float = Field(description="Answers per person of it")
    cost: float


class AllocationOut(Output):
    """The sample over strata."""

    rule: AllocationRule
    to: AllocateTo
    strata: list[AllocatedStratumOut]
    answers: int
    invitations: int
    standard_error: float = Field(description="Of the figure of all, in the units of the goal")
    margin: float = Field(description="Half-width of its interval")
    cost: float


class WithinBudgetOut(Output):
    """What the budget buys, in whole clusters."""

    clusters: int
    answers: int
    standard_error: float
    margin: float = Field(description="Half-width of the interval that these answers give")
    cost: float


class ClustersOut(Output):
    """The sample in clusters."""

    answers_per_cluster: int
    design_effect: float
    clusters: int = Field(description="To visit; in each group, where two are compared")
    answers: int = Field(description="That these give")
    cost: float | None
    within_budget: WithinBudgetOut | None


class SampleSizeOut(Output):
    """How many answers and invitations it takes."""

    sentence: str
    answers: int = Field(description="Usable answers, of all groups")
    invitations: int
    groups: list[GroupOut]
    steps: list[StepOut] = Field(description="How it was calculated")
    allocation: AllocationOut | None
    clusters: ClustersOut | None
    assumes: list[str]
    warnings: list[str]

    @classmethod
    def of(cls, plan: SamplePlan) -> Self:
        """From the domain."""
        return cls.model_validate(asdict(plan))
