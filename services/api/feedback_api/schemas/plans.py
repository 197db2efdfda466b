"""Shapes of plans: what they say, how they stand, what they lack, how they have changed."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Self, cast
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import AS_WHOLE, Input, Line, LongText, Output, Page
from feedback_api.schemas.money import MoneyBody
from feedback_api.schemas.plan_parts import (
    AnalysisPlanBody,
    DecisionBody,
    NeedBody,
    PersonBody,
    PlannedMethodBody,
    RecurrenceBody,
    SamplingBody,
    ScriptBody,
    StepBody,
)
from feedback_api.schemas.recommendations import OnBehalfOf
from feedback_api.schemas.service import PartName
from feedback_api.schemas.times import Day
from feedback_core.planning.documents import document_of
from feedback_core.planning.plans import SeenPlan
from feedback_core.planning.types import CompareMeans, CompareProportions, Comparing
from feedback_core.planning.types.plan_findings import Severity
from feedback_core.planning.types.plans import Plan, PlanDetails, PlanKind, PlanState
from feedback_core.surveys.types import Confidentiality

_SURVEY: Final = "0198c5a2-7d1c-7b7e-8f0a-5d0a4f6f9a11"
PLAN_EXAMPLE: Final[JsonDict] = {
    "kind": "collection",
    "title": "Visits, four times a year",
    "purpose": "Know whether the second desk has shortened the wait, as customers feel it",
    "owner": "Ada Lovelace",
    "survey_id": _SURVEY,
    "features": ["waiting_time"],
    "needs": [
        {
            "key": "wait",
            "text": "How customers rate the wait",
            "feature": "waiting_time",
            "questions": ["wait", "why"],
        }
    ],
    "methods": [
        {"method": "email", "role": "First", "contacts": 4000, "cost": {"amount": 120000, "currency": "EUR"}},
        {"method": "telephone", "role": "Follows up who did not answer", "contacts": 300},
    ],
    "decision": {
        "reason": "Cheapest that reaches ± 4 points within the budget, and the telephone hears those without e-mail",
        "decided_by": "Ada Lovelace",
        "decided_on": "2026-11-20",
        "alternatives": [{"methods": ["postal_questionnaire"], "why_not": "Too late"}],
    },
    "sampling": {
        "frame": "Customers of the last quarter, from the CRM",
        "design": "stratified",
        "population": 12000,
        "answers": 900,
        "invitations": 4000,
        "response_rate": 0.24,
        "non_response": "Two reminders, then the telephone; weighting to region and age",
    },
    "starts_on": "2027-01-11",
    "ends_on": "2027-02-05",
    "budget": {"amount": 900000, "currency": "EUR"},
    "confidentiality": "identified",
    "retention_days": 730,
    "analysis": {
        "kpis": [{"kpi": "nps"}],
        "comparisons": [
            {
                "kpi": "nps",
                "between": "periods",
                "goal": {"kind": "compare_nps", "difference": 10, "promoters": 0.5, "detractors": 0.2},
            }
        ],
        "analyses": [{"kind": "trend", "kpi": "nps"}],
        "tests": ["Two-sided, 5 %, one comparison per wave, so no correction"],
    },
    "recurrence": {"every": "quarter", "waves": 4},
}
_STEPS: Final[JsonDict] = {
    "kind": "implementation",
    "title": "A second desk",
    "purpose": "Nobody waits longer than ten minutes",
    "owner": "Grace Hopper",
    "survey_id": _SURVEY,
    "process": "reception",
    "starts_on": "2027-01-04",
    "ends_on": "2027-03-31",
    "budget": {"amount": 1250000, "currency": "EUR"},
    "people": [{"name": "Grace Hopper", "hours": 40}],
    "steps": [
        {
            "key": "order",
            "title": "Order the desk",
            "owner": "Grace Hopper",
            "starts_on": "2027-01-04",
            "ends_on": "2027-01-15",
            "hours": 6,
            "cost": {"amount": 980000, "currency": "EUR"},
        },
        {
            "key": "staff",
            "title": "Staff it from 8 to 10",
            "owner": "Grace Hopper",
            "starts_on": "2027-02-01",
            "ends_on": "2027-03-31",
            "hours": 50,
            "after": ["order"],
        },
    ],
}

_KINDS: Final = {CompareProportions: "compare_proportions", CompareMeans: "compare_means"}


class PlanBody(Input):
    """What a plan says; all but kind, title, purpose and owner may be left out while it is a draft."""

    kind: PlanKind = Field(description="`collection` of feedback, or `implementation` of what follows from it")
    title: Line
    purpose: LongText
    owner: Line
    survey_id: UUID | None = None
    process: PartName | None = Field(default=None, description="Key of the process that is changed or put in practice")
    features: list[PartName] = Field(default_factory=list, max_length=200, description="Keys, of what is watched")
    needs: list[NeedBody] = Field(default_factory=list, max_length=200)
    methods: list[PlannedMethodBody] = Field(default_factory=list, max_length=16)
    decision: DecisionBody | None = Field(default=None, description="For the methods")
    sampling: SamplingBody | None = None
    starts_on: Day | None = Field(default=None, description="First day; where it recurs, of the first wave")
    ends_on: Day | None = Field(default=None, description="Last day; where it recurs, of the first wave")
    scripts: list[ScriptBody] = Field(default_factory=list, max_length=50)
    budget: MoneyBody | None = None
    people: list[PersonBody] = Field(default_factory=list, max_length=200)
    resources: list[Line] = Field(default_factory=list, max_length=100, description="Rooms, licences, devices")
    confidentiality: Confidentiality | None = Field(default=None, description="What is kept of who answers")
    retention_days: Annotated[int, Field(strict=True, ge=1, le=36_600), AS_WHOLE] | None = None
    analysis: AnalysisPlanBody | None = None
    recurrence: RecurrenceBody | None = None
    steps: list[StepBody] = Field(default_factory=list, max_length=500)

    def details(self) -> PlanDetails:
        """For the domain."""
        return PlanDetails(
            kind=self.kind,
            title=self.title,
            purpose=self.purpose,
            owner=self.owner,
            survey_id=self.survey_id,
            process=self.process,
            features=tuple(self.features),
            needs=tuple(each.need() for each in self.needs),
            methods=tuple(each.planned() for each in self.methods),
            decision=self.decision.decision() if self.decision else None,
            sampling=self.sampling.sampling() if self.sampling else None,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            scripts=tuple(each.script() for each in self.scripts),
            budget=self.budget.money() if self.budget else None,
            people=tuple(each.person() for each in self.people),
            resources=tuple(self.resources),
            confidentiality=self.confidentiality,
            retention_days=self.retention_days,
            analysis=self.analysis.analysis() if self.analysis else None,
            recurrence=self.recurrence.recurrence() if self.recurrence else None,
            steps=tuple(each.step() for each in self.steps),
        )

    @classmethod
    def of(cls, details: PlanDetails) -> Self:
        """From the domain."""
        document = cast("dict[str, Any]", document_of(details))
        if details.analysis is not None:
            for shown, comparison in zip(
                document["analysis"]["comparisons"], details.analysis.comparisons, strict=True
            ):
                shown["goal"]["kind"] = _kind_of(comparison.goal)
        return cls.model_validate(document)


def _kind_of(goal: Comparing) -> str:
    return next((kind for known, kind in _KINDS.items() if isinstance(goal, known)), "compare_nps")


class PlanIn(PlanBody):
    """A plan, or a draft as it is to be from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [PLAN_EXAMPLE, _STEPS]})

    on_behalf_of: OnBehalfOf = None


class PlanMoveIn(Input):
    """A step of a plan: to be approved, run, closed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": "closed", "reason": "The wave is over."}]})

    to: PlanState
    reason: LongText | None = None
    on_behalf_of: OnBehalfOf = None


class FindingOut(Output):
    """Something about a plan that should be seen to."""

    severity: Severity = Field(description="With a `fault` it is not approved")
    code: str = Field(examples=["one_method_only"])
    pointer: str = Field(description="Place in the plan", examples=["/methods"])
    detail: str


class PlanCheckOut(Output):
    """What should be seen to, faults first."""

    ready: bool = Field(description="Whether it can be approved")
    findings: list[FindingOut]

    @classmethod
    def of(cls, seen: SeenPlan) -> Self:
        """From the domain."""
        found = [FindingOut.model_validate(finding) for finding in seen.findings]
        return cls(ready=not any(finding.severity is Severity.FAULT for finding in found), findings=found)


class WaveOut(Output):
    """One time that the plan is carried out."""

    number: int
    starts_on: date
    ends_on: date = Field(description="Last day")
    answers: int | None
    invitations: int | None


class ShortfallOut(Output):
    """Money, or the hours of a person: needed, there, and what is short."""

    of: str = Field(description="`money`, or the person")
    unit: str = Field(description="Currency, in its smallest unit; or `hours`")
    needed: float
    there: float
    short: float


class PlanEntryOut(Output):
    """A step of a plan, who took it, and what was warned of then."""

    from_state: PlanState | None
    to_state: PlanState
    reason: str | None
    warnings: list[str]
    written_by: str
    key_name: str = Field(description="Name of the API key")
    written_at: datetime


class PlanSummaryOut(Output):
    """A line of the list of plans."""

    id: UUID
    kind: PlanKind
    title: str
    owner: str
    state: PlanState
    survey_id: UUID | None
    starts_on: date | None
    ends_on: date | None
    revision_number: int = Field(description="Of the latest revision; 0 while it is a draft")
    approved_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """From the domain."""
        return cls(**_standing(plan))


class PlanPage(Page[PlanSummaryOut]):
    """Plans, newest first."""


class PlanOut(PlanSummaryOut):
    """A plan with all that follows from it."""

    plan: PlanBody
    created_by: str
    waves: list[WaveOut]
    resources: list[ShortfallOut] = Field(description="Needed and there; `short` above 0 is missing")
    check: PlanCheckOut
    history: list[PlanEntryOut] = Field(description="Oldest first")

    @classmethod
    def of_whole(cls, seen: SeenPlan) -> Self:
        """From the domain."""
        return cls(
            **_standing(seen.plan),
            plan=PlanBody.of(seen.plan.details),
            created_by=seen.plan.created_by,
            waves=[WaveOut.model_validate(wave) for wave in seen.waves],
            resources=[ShortfallOut.model_validate(each) for each in seen.shortfalls],
            check=PlanCheckOut.of(seen),
            history=[PlanEntryOut.model_validate(entry) for entry in seen.entries],
        )


def _standing(plan: Plan) -> dict[str, Any]:
    details = plan.details
    return {
        "id": plan.id,
        "kind": details.kind,
        "title": details.title,
        "owner": details.owner,
        "state": plan.state,
        "survey_id": details.survey_id,
        "starts_on": details.starts_on,
        "ends_on": details.ends_on,
        "revision_number": plan.number,
        "approved_at": plan.approved_at,
        "created_at": plan.created_at,
        "updated_at": plan.updated_at,
    }
