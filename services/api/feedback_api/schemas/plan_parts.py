"""Shapes of the parts of a plan: needs, methods, sample, analyses, steps."""

from typing import Annotated

from pydantic import Field

from feedback_api.schemas.common import AS_WHOLE, Input, Key, Line, LongText
from feedback_api.schemas.methods import Count, HoursEach
from feedback_api.schemas.money import MoneyBody
from feedback_api.schemas.sample_sizes import ComparisonIn, Confidence, Effect, Rate
from feedback_api.schemas.service import PartName
from feedback_api.schemas.times import Day
from feedback_core.analyses.types import AnalysisKind
from feedback_core.planning.types import CollectionMethod
from feedback_core.planning.types.plans import (
    Alternative,
    AnalysisPlan,
    Between,
    Design,
    Every,
    MethodDecision,
    Need,
    Person,
    PlannedAnalysis,
    PlannedComparison,
    PlannedKpi,
    PlannedMethod,
    PlanStep,
    Recurrence,
    Sampling,
    Script,
)

Methods = Annotated[list[CollectionMethod], Field(min_length=1, max_length=16)]


class NeedBody(Input):
    """Something that one needs to know, and the questions that tell it."""

    key: Key
    text: LongText
    feature: PartName | None = Field(default=None, description="Key of the feature that it is about")
    questions: list[Key] = Field(default_factory=list, max_length=500, description="Keys, of the survey")

    def need(self) -> Need:
        """For the domain; a question that is named twice is meant once."""
        return Need(self.key, self.text, self.feature, tuple(dict.fromkeys(self.questions)))


class PlannedMethodBody(Input):
    """A method of the plan; contacts and cost as `/v1/methods/compare` found them, or your own, in each wave."""

    method: CollectionMethod
    role: Line | None = Field(default=None, description="What it is for", examples=["Follows up who did not answer"])
    contacts: Count | None = None
    cost: MoneyBody | None = None

    def planned(self) -> PlannedMethod:
        """For the domain."""
        return PlannedMethod(self.method, self.role, self.contacts, self.cost.money() if self.cost else None)


class AlternativeBody(Input):
    """What was not chosen, and why."""

    methods: Methods
    why_not: LongText


class DecisionBody(Input):
    """The decision for the methods, as it was taken."""

    reason: LongText
    decided_by: Line
    decided_on: Day
    alternatives: list[AlternativeBody] = Field(default_factory=list, max_length=50)

    def decision(self) -> MethodDecision:
        """For the domain."""
        others = tuple(Alternative(tuple(each.methods), each.why_not) for each in self.alternatives)
        return MethodDecision(self.reason, self.decided_by, self.decided_on, others)


class SamplingBody(Input):
    """Who is asked; numbers are of each wave."""

    frame: LongText = Field(description="The list that they are drawn from")
    design: Design
    population: Count | None = None
    answers: Count | None = Field(default=None, description="Usable ones wanted")
    invitations: Count | None = None
    response_rate: Rate | None = Field(default=None, description="Expected")
    design_effect: Effect = 1.0
    non_response: LongText | None = Field(default=None, description="What is done about those who do not answer")

    def sampling(self) -> Sampling:
        """For the domain."""
        return Sampling(**self.model_dump())


class ScriptBody(Input):
    """What is read out, or written to those asked."""

    title: Line
    text: LongText
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)] | None = None

    def script(self) -> Script:
        """For the domain."""
        return Script(self.title, self.text, self.language)


class PlannedKpiBody(Input):
    """A figure that the plan is to give."""

    kpi: Key
    question: Key | None = None


class PlannedComparisonBody(Input):
    """A difference that the plan is to find, if there is one."""

    kpi: Key
    question: Key | None = None
    between: Between = Field(description="`periods`: waves of the plan; `groups`: of those asked in one wave")
    by: Key | None = Field(default=None, description="Attribute whose groups are compared; with `groups`")
    goal: ComparisonIn = Field(description="The smallest difference that matters, as in `/v1/sample-size`")

    def comparison(self) -> PlannedComparison:
        """For the domain."""
        return PlannedComparison(self.kpi, self.between, self.goal.goal(), self.by, self.question)


class PlannedAnalysisBody(Input):
    """An analysis that will be asked for; runs of it say that it was planned."""

    kind: AnalysisKind
    kpi: Key | None = Field(default=None, description="Any, if left out")


class AnalysisPlanBody(Input):
    """What will be made of the answers, fixed before there are any."""

    kpis: list[PlannedKpiBody] = Field(default_factory=list, max_length=100)
    comparisons: list[PlannedComparisonBody] = Field(default_factory=list, max_length=100)
    analyses: list[PlannedAnalysisBody] = Field(default_factory=list, max_length=100)
    tests: list[LongText] = Field(
        default_factory=list, max_length=50, description="In words: tests, levels, corrections for many comparisons"
    )
    level: Confidence = 0.95

    def analysis(self) -> AnalysisPlan:
        """For the domain."""
        return AnalysisPlan(
            kpis=tuple(PlannedKpi(each.kpi, each.question) for each in self.kpis),
            comparisons=tuple(each.comparison() for each in self.comparisons),
            analyses=tuple(PlannedAnalysis(each.kind.value, each.kpi) for each in self.analyses),
            tests=tuple(self.tests),
            level=self.level,
        )


class RecurrenceBody(Input):
    """The plan is carried out again and again; its own days are those of the first wave."""

    every: Every
    waves: Annotated[int, Field(strict=True, ge=1, le=520), AS_WHOLE]

    def recurrence(self) -> Recurrence:
        """For the domain."""
        return Recurrence(self.every, self.waves)


class PersonBody(Input):
    """Somebody who works on it, and the hours that there are of them."""

    name: Line
    hours: HoursEach

    def person(self) -> Person:
        """For the domain."""
        return Person(self.name, self.hours)


class StepBody(Input):
    """A step of the work."""

    key: Key
    title: Line
    owner: Line | None = None
    starts_on: Day
    ends_on: Day
    hours: HoursEach = Field(default=0.0, description="Of the owner")
    cost: MoneyBody | None = None
    after: list[Key] = Field(default_factory=list, max_length=100, description="Steps that must have ended before")

    def step(self) -> PlanStep:
        """For the domain."""
        return PlanStep(
            key=self.key,
            title=self.title,
            owner=self.owner,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            hours=self.hours,
            cost=self.cost.money() if self.cost else None,
            after=tuple(dict.fromkeys(self.after)),
        )
