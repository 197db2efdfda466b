"""Shapes of collection methods: what is known of each, what it costs here, what it brought."""

from datetime import date, datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from feedback_api.schemas.common import AS_WHOLE, Input, Line, Output, Page
from feedback_api.schemas.service import Amount
from feedback_api.schemas.times import Day
from feedback_core.planning.catalogue import AS_OF, PRICES
from feedback_core.planning.types import CollectionMethod
from feedback_core.planning.types.methods import (
    CostBasis,
    CostModel,
    Depth,
    Grade,
    Method,
    MethodFootprints,
    MethodTerms,
    Outcome,
    PlanningRate,
    RateBasis,
    StoredOutcome,
    StoredTerms,
    Strength,
)
from feedback_core.service.types import Footprint

Price = Annotated[
    float,
    Field(strict=True, ge=0, le=1e12, allow_inf_nan=False, description="In the smallest unit; may be less than one"),
]
HoursEach = Annotated[float, Field(strict=True, ge=0, le=1e6, allow_inf_nan=False)]
Days = Annotated[int, Field(strict=True, ge=0, le=3660), AS_WHOLE]
Covered = Annotated[float, Field(strict=True, ge=1e-6, le=1)]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000), AS_WHOLE]
Counted = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000), AS_WHOLE]

_COSTS: Final[JsonDict] = {
    "currency": "EUR",
    "fixed": 25000,
    "per_contact": 0.4,
    "hours_fixed": 10,
    "hourly_rate": 4200,
    "coding_hours": 0.02,
    "coverage": 0.82,
    "source": "Accounts of 2026",
    "as_of": "2026-10-01",
}


class CostsBody(Input):
    """What a collection costs, in the smallest unit of one currency: 12345 and EUR are 123.45 euros."""

    model_config = ConfigDict(from_attributes=True)

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = Field(description="Code of ISO 4217", examples=["EUR"])
    fixed: Price = Field(default=0.0, description="Whatever the number: set-up, licence")
    per_contact: Price = Field(default=0.0, description="For each person contacted, all reminders included")
    per_complete: Price = Field(default=0.0, description="For each answer")
    incentive: Price = Field(default=0.0, description="Given for each answer")
    hours_fixed: HoursEach = Field(default=0.0, description="Hours of staff, whatever the number")
    hours_per_contact: HoursEach = 0.0
    hours_per_complete: HoursEach = 0.0
    hourly_rate: Price = Field(default=0.0, description="Of staff")
    coding_hours: HoursEach = Field(default=0.0, description="Hours of staff for each answer to an open question")

    def costs(self) -> CostModel:
        """For the domain."""
        return CostModel(**{name: getattr(self, name) for name in CostsBody.model_fields})


class TakesIn(Input):
    """What one contact, or one answer, takes; a figure left out is not known, which is not nothing."""

    paper_sheets: Amount | None = None
    travel_km: Amount | None = None
    energy_kwh: Amount | None = None


class MethodCostsIn(CostsBody):
    """What a method costs and takes here, in place of what is assumed; all of it is replaced."""

    model_config = ConfigDict(json_schema_extra={"examples": [_COSTS]})

    coverage: Covered = Field(default=1.0, description="Part of your customers that it can reach")
    takes_per_contact: TakesIn | None = Field(default=None, description="With `takes_per_complete`; as assumed if out")
    takes_per_complete: TakesIn | None = None
    setup_days: Days | None = Field(default=None, description="Until the first is asked; as usual if left out")
    field_days: Days | None = Field(default=None, description="Until the last has answered; as usual if left out")
    source: Line | None = Field(default=None, description="Where the figures come from")
    as_of: Day | None = Field(default=None, description="Day that they are of")

    def terms(self) -> MethodTerms:
        """For the domain."""
        given = self.takes_per_contact or self.takes_per_complete
        return MethodTerms(
            costs=self.costs(),
            coverage=self.coverage,
            footprints=MethodFootprints(
                self._takes("contact", self.takes_per_contact), self._takes("complete", self.takes_per_complete)
            )
            if given
            else None,
            setup_days=self.setup_days,
            field_days=self.field_days,
            source=self.source,
            as_of=self.as_of,
        )

    def _takes(self, unit: str, takes: TakesIn | None) -> Footprint:
        amounts = takes.model_dump() if takes else {}
        return Footprint(unit, **amounts, source=self.source, as_of=self.as_of)


class FootprintOut(Output):
    """What one of these takes; null: not known, which is not nothing."""

    unit: str = Field(description="`contact` or `complete`")
    paper_sheets: float | None
    travel_km: float | None
    energy_kwh: float | None
    source: str | None
    as_of: date | None


class MethodCostsOut(CostsBody):
    """What a method costs and takes here, as you have said."""

    method: CollectionMethod
    coverage: float
    takes_per_contact: FootprintOut | None
    takes_per_complete: FootprintOut | None
    setup_days: int | None
    field_days: int | None
    source: str | None
    as_of: date | None
    put_by: str
    put_at: datetime

    @classmethod
    def of(cls, stored: StoredTerms) -> Self:
        """From the domain."""
        terms, prints = stored.terms, stored.terms.footprints
        return cls(
            **CostsBody.model_validate(terms.costs).model_dump(),
            method=stored.method,
            coverage=terms.coverage,
            takes_per_contact=FootprintOut.model_validate(prints.per_contact) if prints else None,
            takes_per_complete=FootprintOut.model_validate(prints.per_complete) if prints else None,
            setup_days=terms.setup_days,
            field_days=terms.field_days,
            source=terms.source,
            as_of=terms.as_of,
            put_by=stored.put_by,
            put_at=stored.put_at,
        )


class SuitedOut(Output):
    """How well a method serves something, and why."""

    grade: Grade
    why: str


class TypicalRateOut(Output):
    """What others have found."""

    low: float
    typical: float
    high: float
    of: str = Field(description="Who is counted")
    source: str
    year: int
    strength: Strength = Field(
        description="`published`: by studies of many surveys; `weak`: of one, of other people, old, or by a seller; "
        "`assumed`: none is known"
    )
    note: str


class PlanningRateOut(Output):
    """The response rate to reckon with: measured here from 30 people contacted on, else what is typical."""

    value: float
    low: float
    high: float
    basis: RateBasis
    source: str
    n: int | None = Field(description="People contacted, where it was measured")
    collections: int | None
    interval_method: str | None = Field(description="Of `low` and `high`, where it was measured")

    @classmethod
    def of(cls, rate: PlanningRate) -> Self:
        """From the domain."""
        fields = {name: getattr(rate, name) for name in ("value", "low", "high", "basis", "source", "n", "collections")}
        return cls(**fields, interval_method=rate.interval.method if rate.interval else None)


class InterviewingOut(Output):
    """How far answers to one interviewer are alike."""

    answers_each: int
    correlation: float
    source: str


class MethodOut(Output):
    """A method as you can plan with it."""

    method: CollectionMethod
    name: str
    description: str
    strengths: list[str]
    weaknesses: list[str]
    depth: Depth
    trend: SuitedOut = Field(description="Whether figures of different times can be compared")
    sensitivity: SuitedOut = Field(description="Whether people say what is awkward to say")
    reach: SuitedOut = Field(description="Whom it can reach")
    people_are_asked: bool = Field(description="If not, those heard come by themselves: no figure of all follows")
    typical_response_rate: TypicalRateOut | None = Field(description="Null: nothing is known, or nobody is asked")
    response_rate: PlanningRateOut | None = Field(description="To plan with; null where nobody is asked")
    coverage: float
    costs: CostsBody
    costs_basis: CostBasis
    costs_source: str | None
    costs_as_of: date | None
    footprint_per_contact: FootprintOut
    footprint_per_complete: FootprintOut
    setup_days: int
    field_days: int
    interviewing: InterviewingOut | None
    design_effect: float = Field(description="Of interviewers")

    @classmethod
    def of(cls, method: Method) -> Self:
        """From the domain."""
        profile, own = method.profile, method.own
        return cls(
            method=method.method,
            name=profile.name,
            description=profile.description,
            strengths=list(profile.strengths),
            weaknesses=list(profile.weaknesses),
            depth=profile.depth,
            trend=SuitedOut.model_validate(profile.trend),
            sensitivity=SuitedOut.model_validate(profile.sensitivity),
            reach=SuitedOut.model_validate(profile.reach),
            people_are_asked=profile.is_asked,
            typical_response_rate=TypicalRateOut.model_validate(profile.rate) if profile.rate else None,
            response_rate=PlanningRateOut.of(method.rate) if method.rate else None,
            coverage=method.coverage,
            costs=CostsBody.model_validate(method.costs),
            costs_basis=method.cost_basis,
            costs_source=own.terms.source if own else PRICES,
            costs_as_of=own.terms.as_of if own else AS_OF,
            footprint_per_contact=FootprintOut.model_validate(method.footprints.per_contact),
            footprint_per_complete=FootprintOut.model_validate(method.footprints.per_complete),
            setup_days=method.setup_days,
            field_days=method.field_days,
            interviewing=InterviewingOut.model_validate(profile.interviewing) if profile.interviewing else None,
            design_effect=method.design_effect,
        )


class MethodList(Output):
    """Every method; there are so few that they come at once."""

    items: list[MethodOut]


class MethodOutcomeIn(Input):
    """What became of those whom a method contacted, once the collection has ended."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reference": "2026-q2", "contacts": 1850, "completes": 412, "ended_on": "2026-06-30"}]
        }
    )

    reference: Line = Field(description="Which collection it was; each is kept once", examples=["2026-q2"])
    contacts: Count = Field(description="People contacted; leave out those found not to belong")
    completes: Counted = Field(description="Of them, those who gave a usable answer")
    ended_on: Day
    survey_id: UUID | None = None

    def outcome(self) -> Outcome:
        """For the domain."""
        return Outcome(self.reference, self.contacts, self.completes, self.ended_on, self.survey_id)


class MethodOutcomeOut(Output):
    """The same, as kept."""

    id: UUID
    method: CollectionMethod
    reference: str
    contacts: int
    completes: int
    ended_on: date
    survey_id: UUID | None
    entered_by: str
    entered_at: datetime

    @classmethod
    def of(cls, stored: StoredOutcome) -> Self:
        """From the domain."""
        kept = stored.outcome
        return cls(
            id=stored.id,
            method=stored.method,
            reference=kept.reference,
            contacts=kept.contacts,
            completes=kept.completes,
            ended_on=kept.ended_on,
            survey_id=kept.survey_id,
            entered_by=stored.entered_by,
            entered_at=stored.entered_at,
        )


class MethodOutcomePage(Page[MethodOutcomeOut]):
    """Outcomes, the latest entered first."""
