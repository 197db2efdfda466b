"""Vocabulary of plans: what is to be found out or done, how, by whom, until when, with what; and how a plan changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict
from feedback_core.kit.money import Money
from feedback_core.planning.types.collection import CollectionMethod
from feedback_core.planning.types.sample_plans import Comparing
from feedback_core.surveys.types import Confidentiality


class PlanKind(StrEnum):
    """What a plan is of: collecting feedback, or putting something into practice."""

    COLLECTION = "collection"
    IMPLEMENTATION = "implementation"


class PlanState(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    APPROVED = "approved"
    RUNNING = "running"
    CLOSED = "closed"


PLAN_WAYS: Final[Mapping[PlanState, tuple[PlanState, ...]]] = {
    PlanState.DRAFT: (PlanState.APPROVED, PlanState.CLOSED),
    PlanState.APPROVED: (PlanState.RUNNING, PlanState.CLOSED),
    PlanState.RUNNING: (PlanState.CLOSED,),
    PlanState.CLOSED: (),
}
"""From each state, where a plan may go."""


class SignalKind(StrEnum):
    """What gives reason to change a plan."""

    RESPONSE_RATE = "response_rate"
    BIAS = "bias"
    PRECISION = "precision"
    COST = "cost"
    OTHER = "other"


class Design(StrEnum):
    """How the sample comes about."""

    CENSUS = "census"
    SIMPLE = "simple"
    SYSTEMATIC = "systematic"
    STRATIFIED = "stratified"
    CLUSTER = "cluster"
    PPS = "pps"
    CONVENIENCE = "convenience"


class Every(StrEnum):
    """How often a plan is carried out."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Between(StrEnum):
    """What is compared: waves of the plan, or groups of those asked in the same wave."""

    PERIODS = "periods"
    GROUPS = "groups"


class PlanMoveNotAllowed(Conflict):
    """The plan cannot go there from where it stands."""

    code = "plan_move_not_allowed"


class PlanNotReady(Conflict):
    """Something without which nobody can carry the plan out is missing; the faults say what."""

    code = "plan_not_ready"


class PlanSettled(Conflict):
    """The plan was approved, so it is revised with the reason for it; or it is closed, and not changed any more."""

    code = "plan_settled"


class PlanNotApproved(Conflict):
    """The plan is a draft still, so it is edited, not revised."""

    code = "plan_not_approved"


@dataclass(frozen=True, slots=True)
class Need:
    """Something that one needs to know, and the questions that tell it.

    Attributes:
        feature: key of the feature of the service that it is about.
        questions: keys of questions of the plan's survey.
    """

    key: str
    text: str
    feature: str | None = None
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedMethod:
    """A method of the plan and what it is for; contacts and cost as compared, where they were."""

    method: CollectionMethod
    role: str | None = None
    contacts: int | None = None
    cost: Money | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """What was not chosen, and why."""

    methods: tuple[CollectionMethod, ...]
    why_not: str


@dataclass(frozen=True, slots=True)
class MethodDecision:
    """The decision for the methods of a plan, as it was taken."""

    reason: str
    decided_by: str
    decided_on: date
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Sampling:
    """Who is asked.

    Attributes:
        frame: the list that they are drawn from.
        population: people on it or behind it.
        answers: usable ones wanted, in each wave.
        invitations: people to be asked, in each wave.
        response_rate: expected.
        design_effect: expected.
        non_response: what is done about those who do not answer.
    """

    frame: str
    design: Design
    population: int | None = None
    answers: int | None = None
    invitations: int | None = None
    response_rate: float | None = None
    design_effect: float = 1.0
    non_response: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """What is read out, or written to those asked."""

    title: str
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedKpi:
    """A figure that the plan is to give; ``question`` where it is of one."""

    kpi: str
    question: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedComparison:
    """A difference that the plan is to find, if there is one.

    Attributes:
        by: attribute whose groups are compared.
        goal: the smallest difference that matters, with the power to find it.
    """

    kpi: str
    between: Between
    goal: Comparing
    by: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedAnalysis:
    """An analysis that will be asked for; ``kpi`` where it is of one."""

    kind: str
    kpi: str | None = None


@dataclass(frozen=True, slots=True)
class AnalysisPlan:
    """What will be made of the answers, fixed before there are any.

    Attributes:
        tests: in words: which tests, on which level, corrected how for many comparisons.
        level: of intervals; 1 - the error allowed of tests.
    """

    kpis: tuple[PlannedKpi, ...] = ()
    comparisons: tuple[PlannedComparison, ...] = ()
    analyses: tuple[PlannedAnalysis, ...] = ()
    tests: tuple[str, ...] = ()
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The plan is carried out again and again: so many waves, one each week, month, quarter or year."""

    every: Every
    waves: int


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A step of the work.

    Attributes:
        hours: of the owner.
        after: keys of steps that must have ended before.
    """

    key: str
    title: str
    owner: str | None
    starts_on: date
    ends_on: date
    hours: float = 0.0
    cost: Money | None = None
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works on it, and the hours that there are of them."""

    name: str
    hours: float


@dataclass(frozen=True, slots=True)
class PlanDetails:
    """Everything that a plan says, and that can be edited while it is a draft.

    Attributes:
        features: keys of the features of the service that are watched.
        retention_days: that what was said is kept.
        process: key of the process of the service that is put into practice, or changed.
    """

    kind: PlanKind
    title: str
    purpose: str
    owner: str
    survey_id: UUID | None = None
    process: str | None = None
    features: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    methods: tuple[PlannedMethod, ...] = ()
    decision: MethodDecision | None = None
    sampling: Sampling | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    scripts: tuple[Script, ...] = ()
    budget: Money | None = None
    people: tuple[Person, ...] = ()
    resources: tuple[str, ...] = ()
    confidentiality: Confidentiality | None = None
    retention_days: int | None = None
    analysis: AnalysisPlan | None = None
    recurrence: Recurrence | None = None
    steps: tuple[PlanStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """What gave reason to revise a plan.

    Attributes:
        observed: what was seen, in words and figures.
        reference: where: an analysis, an alert, a report.
    """

    kind: SignalKind
    observed: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class PlanRevision:
    """A plan as it was from then on; ``signal`` is ``None`` of the first, which was approved."""

    number: int
    details: PlanDetails
    signal: Signal | None
    revised_by: str
    key_name: str
    revised_at: datetime


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """A step of a plan from one state to the next, and what was warned of then."""

    from_state: PlanState | None
    to_state: PlanState
    reason: str | None
    warnings: tuple[str, ...]
    written_by: str
    key_name: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it stands.

    Attributes:
        number: of the latest revision; 0 while it is a draft.
        approved_at: when it was fixed first.
    """

    id: UUID
    state: PlanState
    details: PlanDetails
    number: int
    approved_at: datetime | None
    created_by: str
    created_at: datetime
    updated_at: datetime
    revision: int
