"""Shapes of a collection under way."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import Field

from feedback_api.schemas.common import Output
from feedback_api.schemas.fieldwork_rules import PolicyBody
from feedback_api.schemas.kpis import IntervalOut
from feedback_api.schemas.money import MoneyOut
from feedback_core.fieldwork.types import OutcomeRates
from feedback_core.fieldwork.types.live import Composition, Fieldwork, GroupedBy, GroupStanding, OffTopic
from feedback_core.fieldwork.types.outlook import Silence


class ShareOut(Output):
    """A figure with its interval, what it rests on, and what a reader must be told."""

    value: float
    interval: IntervalOut | None
    n: int
    n_effective: float
    warnings: list[str]


class CountsOut(Output):
    """How many invitations came how far; each step holds those who went further."""

    invited: int = Field(description="Everybody asked; those waiting and those taken back are not among them")
    waiting: int = Field(description="To be sent")
    delivered: int
    opened: int
    started: int
    completed: int
    partial: int
    refused: int = Field(description="Said no, or opted out")
    bounced: int
    ineligible: int
    unknown: int = Field(description="Of unknown eligibility, as the policy has it")


class DispositionsOut(Output):
    """Invitations by final disposition after AAPOR, as if the fieldwork ended now."""

    complete: float = Field(description="I")
    partial: float = Field(description="P")
    refusal: float = Field(description="R")
    non_contact: float = Field(description="NC")
    other: float = Field(description="O: being answered")
    unknown_household: float = Field(description="UH")
    unknown_other: float = Field(description="UO")
    ineligible: float = Field(description="NE")


class OutcomeRatesOut(Output):
    """Outcome rates after AAPOR."""

    rates: dict[str, ShareOut] = Field(description="By name: rr1 … rr6, coop1 … coop4, ref1 … ref3, con1 … con3")
    not_estimable: dict[str, str] = Field(description="Why the others are missing")
    e: float | None = Field(description="Share of those of unknown eligibility taken to be eligible")
    e_method: Literal["given", "proportional_allocation", "none"]

    @classmethod
    def of(cls, found: OutcomeRates) -> Self:
        """From the domain."""
        return cls(
            rates={name: ShareOut.model_validate(rate) for name, rate in found.rates.items()},
            not_estimable={str(name): why for name, why in found.not_estimable.items()},
            e=found.e,
            e_method=found.e_method,
        )


class PaceOut(Output):
    """Completed against what was expected by now, with control limits."""

    completed: int = Field(description="Within whole days since sending, as the expectation is")
    expected: float
    low: int = Field(description="Fewest that chance alone explains")
    high: int
    false_alarm: float = Field(description="Chance that a fieldwork that goes as expected lies outside")
    curve: Literal["earlier_waves", "plan"] = Field(description="Where the expectation comes from")
    n: int = Field(description="Invitations that went out a whole day ago or longer")
    reference: int = Field(description="Invitations that the curve was measured on; 0 where it is the plan's")


class GroupStandingOut(Output):
    """The invitations of a group."""

    group: str | None = Field(description="Null of all, or where it is not known")
    counts: CountsOut
    dispositions: DispositionsOut
    outcome_rates: OutcomeRatesOut
    weighted: OutcomeRatesOut | None = Field(description="By design weights; null where all have the same")
    design_effect: float | None = Field(description="Of these weights (Kish)")
    pace: PaceOut | None = Field(description="Null where nothing says what to expect")
    population: int | None = Field(description="People of the frame in the stratum")

    @classmethod
    def of(cls, standing: GroupStanding) -> Self:
        """From the domain."""
        return cls(
            group=standing.group,
            counts=CountsOut.model_validate(standing.counts),
            dispositions=DispositionsOut.model_validate(standing.dispositions),
            outcome_rates=OutcomeRatesOut.of(standing.rates),
            weighted=OutcomeRatesOut.of(standing.weighted) if standing.weighted else None,
            design_effect=standing.design_effect,
            pace=PaceOut.model_validate(standing.pace) if standing.pace else None,
            population=standing.population,
        )


class PlanSeenOut(Output):
    """The plan that the collection is held against, in its current wave."""

    plan_id: UUID
    title: str
    revision: int = Field(description="Its ETag, for If-Match")
    starts_on: date | None
    ends_on: date | None


class FrameStandingOut(Output):
    """How far the invited are the frame."""

    people: int
    eligible: int = Field(description="Whom the draw could take")
    drawn: int
    invited: int
    completed: int


class TargetOut(Output):
    """So many answers wanted, and how many there are."""

    key: str
    label: str
    target: int
    completed: int
    expected: float | None = Field(description="By now, if they came evenly over the days")
    low: int | None = Field(description="Fewest by now that chance alone explains")
    false_alarm: float | None


class GapOut(Output):
    """A category's share of those who answered against its share of the invited."""

    attribute: str
    category: str
    answered: ShareOut
    invited: float
    gap: ShareOut = Field(description="The first minus the second")


class PartialIndicatorOut(Output):
    """How far response depends on a variable (unconditional, conditional on the others)."""

    variable: str
    unconditional: float
    conditional: float
    standard_error: float | None


class CompositionOut(Output):
    """Who has answered so far, against the invited."""

    r_indicator: ShareOut | None = Field(description="1: everybody answers alike; null where it cannot be told")
    coefficient_of_variation: float | None = Field(
        description="Of the response propensities: the largest bias of any mean, in its standard deviations"
    )
    partial_indicators: list[PartialIndicatorOut]
    gaps: list[GapOut]
    left_out: list[str] = Field(description="Attributes with too many categories, or more than there are answers for")
    warnings: list[str]
    not_told: str | None = Field(description="Why it cannot be told")

    @classmethod
    def of(cls, found: Composition) -> Self:
        """From the domain."""
        response = found.response
        return cls(
            r_indicator=ShareOut.model_validate(response.r) if response else None,
            coefficient_of_variation=response.coefficient_of_variation if response else None,
            partial_indicators=[
                PartialIndicatorOut.model_validate(each) for each in (response.partials if response else ())
            ],
            gaps=[GapOut.model_validate(each) for each in found.gaps],
            left_out=list(found.left_out),
            warnings=list(response.warnings) if response else [],
            not_told=found.not_told,
        )


class LeavingOut(Output):
    """One question, as people come to it and stop there."""

    question: str
    reached: int = Field(description="Who completed, or answered this or a later question")
    left: int = Field(description="Of them, those whose last answer this is")
    rate: ShareOut | None
    seconds: float | None = Field(description="Median from the answer before, where they came one by one")
    timed: int = Field(description="Answers that the median rests on")


class DropOffOut(Output):
    """Where people stop."""

    begun: int
    answering: int = Field(description="Are doing so now, and are not among the others")
    left_at_start: int = Field(description="Gave no answer")
    questions: list[LeavingOut]


class OffTopicOut(Output):
    """Comments by whether they are about the service."""

    themed: int = Field(description="With a theme, or looked at by somebody who found none")
    off_topic: int = Field(description="Of them, those without a theme that is about a feature of the service")
    unread: int = Field(description="Of which no theme is known")
    share: ShareOut | None = Field(description="Null below the organisation's minimum")

    @classmethod
    def of(cls, found: OffTopic) -> Self:
        """From the domain."""
        counts = found.counts
        share = ShareOut.model_validate(found.share) if found.share else None
        return cls(themed=counts.themed, off_topic=counts.off_topic, unread=counts.unread, share=share)


class SourceOut(Output):
    """How long nothing has come by a source, against its usual pauses."""

    source: str = Field(description="A method, or a method and the key that it came with", examples=["kiosk"])
    last_at: datetime
    n: int
    silent_seconds: float = Field(description="Since the last response")
    usual_seconds: float = Field(description="Mean of its last pauses")
    longest_seconds: float = Field(description="A longer pause is a silence")
    pauses: int = Field(description="That these rest on")
    false_alarm: float = Field(description="Share of the pauses that are as long while all goes on as usual")
    p: float = Field(description="Chance of a pause as long as this one")
    is_silent: bool

    @classmethod
    def of(cls, found: Silence) -> Self:
        """From the domain."""
        return cls(
            source=found.source,
            last_at=found.last_at,
            n=found.n,
            silent_seconds=found.silent,
            usual_seconds=found.usual,
            longest_seconds=found.longest,
            pauses=found.gaps,
            false_alarm=found.false_alarm,
            p=found.p,
            is_silent=found.is_silent,
        )


class SpendingOut(Output):
    """What a method has cost so far, in the smallest unit of its currency."""

    method: str
    contacts: int
    completes: int
    cost: float
    measured: float = Field(description="Part of it that was counted with each message; the rest is by the cost model")
    currency: str


class CostOut(Output):
    """What the collection has cost, against what may be spent."""

    methods: list[SpendingOut]
    spent: MoneyOut | None
    budget: MoneyOut | None = Field(description="Of the plan")
    share: float | None = Field(description="Of the budget")
    at_end: MoneyOut | None = Field(description="When those expected have answered")
    share_at_end: float | None
    warnings: list[str]


class ForecastOut(Output):
    """How many will have completed when the collection ends."""

    completed: int
    final: ShareOut = Field(description="With its prediction interval")
    outstanding: int = Field(description="Who could still, those not sent yet among them")
    days_left: int | None
    method: Literal["response_curve", "plan"]


class FieldworkOut(Output):
    """A collection as it stands."""

    survey_id: UUID
    as_of: datetime
    rules_version: int = Field(description="Of the fieldwork rules that the policy is of; 0: none were put")
    policy: PolicyBody
    plan: PlanSeenOut | None = Field(description="Running, or approved; null: there is none")
    whole: GroupStandingOut
    by: GroupedBy | None
    groups: list[GroupStandingOut]
    frame: FrameStandingOut | None
    targets: list[TargetOut]
    composition: CompositionOut
    drop_off: DropOffOut
    off_topic: OffTopicOut
    sources: list[SourceOut]
    cost: CostOut
    forecast: ForecastOut | None
    walk_ins: dict[str, int] = Field(description="Complete responses of nobody who was asked, by method")
    not_told: dict[str, str] = Field(description="Why a part is missing, by its name")

    @classmethod
    def of(cls, found: Fieldwork) -> Self:
        """From the domain."""
        return cls(
            survey_id=found.survey_id,
            as_of=found.as_of,
            rules_version=found.rules_version,
            policy=PolicyBody.of(found.policy, found.e),
            plan=PlanSeenOut.model_validate(found.plan) if found.plan else None,
            whole=GroupStandingOut.of(found.whole),
            by=found.by,
            groups=[GroupStandingOut.of(group) for group in found.groups],
            frame=FrameStandingOut.model_validate(found.frame) if found.frame else None,
            targets=[TargetOut.model_validate(target) for target in found.targets],
            composition=CompositionOut.of(found.composition),
            drop_off=DropOffOut.model_validate(found.drop_off),
            off_topic=OffTopicOut.of(found.off_topic),
            sources=[SourceOut.of(source) for source in found.sources],
            cost=CostOut.model_validate(found.cost),
            forecast=ForecastOut.model_validate(found.forecast) if found.forecast else None,
            walk_ins=dict(found.walk_ins),
            not_told=dict(found.not_told),
        )
