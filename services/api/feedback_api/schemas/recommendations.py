"""Shapes of recommendations."""

from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.analyses.parts import Amount
from feedback_api.schemas.common import Input, Key, Line, LongText, Output
from feedback_api.schemas.money import Hours, MoneyBody
from feedback_api.schemas.procedures import DocumentBody, ReassignmentOut, StandingOut, ways_of
from feedback_api.schemas.service import ServiceLinksOut
from feedback_core.recommendations.evidence.types import EvidenceLink, EvidenceState, WrittenRecommendation
from feedback_core.recommendations.procedures.types import STANDARD, Decision
from feedback_core.recommendations.types import (
    Confidence,
    Entered,
    ExpectedEffect,
    RecommendationKind,
    RecommendationState,
)
from feedback_core.recommendations.use_cases import Seen, SeenWhole
from feedback_core.service.types import FEATURE_KEY

_RUN: Final = "0198c5a2-7d1c-7b7e-8f0a-5d0a4f6f9a12"
_WRITTEN: Final[dict[str, Any]] = {
    "kind": "improve",
    "title": "Open a second desk from 8 to 10",
    "rationale": "Mornings are where the wait is longest, and staff could be moved.",
    "evidence": [{"analysis_id": _RUN, "pointer": "/trend/sentence"}],
    "gap": 0.2,
    "expected_effect": {
        "value": 0.1,
        "low": 0.02,
        "high": 0.18,
        "unit": "share satisfied",
        "derivation": "What the second desk changed in the north, see the evidence.",
    },
    "cost": {"amount": 1250000, "currency": "EUR"},
    "effort_hours": 80,
    "owner": "Head of front desk",
}
OnBehalfOf = Annotated[
    Line | None, Field(description="Who does this, if not the holder of the key; takes `people:represent`")
]


class EvidenceOut(Output):
    """One figure that a recommendation stands on, frozen as of then."""

    run_id: UUID | None = Field(description="The analysis; null in what was kept before links named it: `run_id`")
    pointer: str = Field(description="JSON pointer into the result of the analysis")
    statement: str
    kpi: str | None
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    data_version: str | None = Field(description="Names the data that the analysis stands on")


class EvidenceLinkIn(Input):
    """A figure or finding of an analysis."""

    analysis_id: UUID
    pointer: Annotated[str, Field(max_length=1000, pattern=r"^(/[^\x00-\x1f]*)?$")] = Field(
        description="JSON pointer into its result", examples=["/features/0/figure"]
    )
    value: Amount | None = Field(default=None, description="As you quote it; refused if the analysis says otherwise")
    statement: LongText | None = Field(default=None, description="What it says; made from the figure if left out")


class ExpectedEffectBody(Input):
    """What following it is expected to change."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    value: Amount
    low: Amount | None = None
    high: Amount | None = None
    unit: Line
    derivation: LongText = Field(description="How it was come by")


class EnteredIn(Input):
    """What it costs and who sees to it; a field left out is empty."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"cost": {"amount": 1250000, "currency": "EUR"}, "effort_hours": 80, "owner": "Head of front desk"}
            ]
        }
    )

    cost: MoneyBody | None = None
    effort_hours: Hours | None = None
    owner: Line | None = None

    def entered(self) -> Entered:
        """For the domain."""
        return Entered(self.cost.money() if self.cost else None, self.effort_hours, self.owner)


class RecommendationIn(EnteredIn):
    """A recommendation of somebody's own."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WRITTEN]})

    kind: RecommendationKind
    title: Line
    rationale: LongText
    evidence: list[EvidenceLinkIn] = Field(
        default_factory=list, max_length=50, description="At least one: without evidence it is refused"
    )
    feature: Annotated[str, Field(pattern=FEATURE_KEY.pattern)] | None = Field(
        default=None, description="Key of the feature that it is about"
    )
    gap: Annotated[float, Field(ge=0, le=1, strict=True)] | None = Field(
        default=None, description="Size of what is wrong, as a share of the range of the figure"
    )
    expected_effect: ExpectedEffectBody | None = None
    procedure: Key = Field(default=STANDARD, description="Key of the procedure that it enters under")
    on_behalf_of: OnBehalfOf = None

    def written(self) -> WrittenRecommendation:
        """For the domain."""
        effect = self.expected_effect
        return WrittenRecommendation(
            kind=self.kind,
            title=self.title,
            rationale=self.rationale,
            evidence=tuple(
                EvidenceLink(link.analysis_id, link.pointer, link.value, link.statement) for link in self.evidence
            ),
            feature_key=self.feature,
            gap=self.gap,
            expected_effect=ExpectedEffect(**effect.model_dump()) if effect else None,
            entered=self.entered(),
            procedure=self.procedure,
        )


class TransitionIn(Input):
    """A decision."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "accepted", "reason": "Agreed at the service meeting of 3 March."}]}
    )

    to: Key = Field(description="Step to go to: `ways` of the recommendation says which can be")
    reason: LongText
    fields: dict[Key, LongText] = Field(
        default_factory=dict, max_length=50, description="Fields of your own that the procedure requires"
    )
    on_behalf_of: OnBehalfOf = None

    def decision(self) -> Decision:
        """For the domain."""
        return Decision(self.to, self.reason, self.fields)


class TransitionOut(Output):
    """A decision taken."""

    from_step: str
    to_step: str
    from_state: RecommendationState
    to_state: RecommendationState
    decided_by: str
    key_name: str = Field(description="Name of the API key that the decision came with")
    reason: str
    fields: dict[str, str]
    decided_at: datetime


class SightingOut(Output):
    """An analysis that met what it is about, with its figures as of then."""

    run_id: UUID
    met_at: datetime
    evidence: list[EvidenceOut]
    gap: float | None
    confidence: Confidence
    priority: float


class RecommendationOut(StandingOut):
    """A recommendation: its evidence, the reason for its rank, and how it stands in its procedure."""

    id: UUID
    survey_id: UUID
    feature_key: str | None = Field(description="Feature of the service that it is about")
    standard_key: str | None = Field(description="Standard that is not met, if it rests on one")
    process: str | None = Field(
        description="Key of the process that produces the feature, as the catalogue of the service says"
    )
    process_owner: str | None = Field(description="Who answers for the process, or else for the feature")
    links: ServiceLinksOut = Field(description="Feature, process, offers and touchpoints with their owners, likewise")
    kind: RecommendationKind
    title: str
    rationale: str
    evidence: list[EvidenceOut]
    evidence_state: EvidenceState = Field(description="Overtaken: newer figures differ, or answers were taken away")
    evidence_reasons: list[str] = Field(description="Why it is overtaken")
    gap: float | None = Field(description="Size of what is wrong, as a share of the KPI's range")
    expected_effect: ExpectedEffectBody | None = Field(description="Null where nothing can be derived")
    expected_effect_reason: str | None = Field(description="Why there is none")
    cost: MoneyBody | None
    effort_hours: float | None
    owner: str | None
    confidence: Confidence
    priority: float
    priority_reason: str = Field(description="The arithmetic of the rank")
    state: RecommendationState = Field(description="What `step` means, whatever the procedure calls it")
    written_by: str | None = Field(description="Null: an analysis made it")
    run_id: UUID = Field(description="The analysis that found it, or that its first piece of evidence is of")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, seen: Seen) -> Self:
        """From the domain."""
        return cls.model_validate(_fields(seen))


class ProposedOut(Output):
    """What follows from an analysis, highest priority first."""

    items: list[RecommendationOut]


class RecommendationDetailOut(RecommendationOut):
    """The same, with every decision taken on it and every analysis that met it, oldest first."""

    transitions: list[TransitionOut]
    sightings: list[SightingOut]

    @classmethod
    def of_whole(cls, seen: SeenWhole) -> Self:
        """From the domain."""
        told = [
            SightingOut.model_validate({**_named(one), "evidence": _evidence(one.evidence)}) for one in seen.sightings
        ]
        taken = [TransitionOut.model_validate(one) for one in seen.transitions]
        return cls.model_validate({**_fields(seen), "transitions": taken, "sightings": told})


def _fields(seen: Seen) -> dict[str, Any]:
    one, standing = seen.recommendation, seen.standing
    effect, cost = one.expected_effect, one.entered.cost
    return {
        **_named(one),
        "evidence": _evidence(one.evidence),
        "evidence_state": seen.evidence.state,
        "evidence_reasons": list(seen.evidence.reasons),
        "links": ServiceLinksOut.model_validate(seen.links),
        "expected_effect": ExpectedEffectBody.model_validate(effect) if effect else None,
        "cost": MoneyBody.model_validate(cost) if cost else None,
        "effort_hours": one.entered.effort_hours,
        "owner": one.entered.owner,
        "procedure": one.procedure_key,
        "procedure_title": standing.procedure_title,
        "document": DocumentBody.model_validate(standing.document) if standing.document else None,
        "step_label": standing.step.label,
        "overdue": standing.overdue,
        "escalated_to": list(standing.escalated_to),
        "stuck": standing.stuck,
        "ways": ways_of(standing),
        "reassignments": [ReassignmentOut.model_validate(given) for given in standing.reassignments],
    }


def _named(thing: object) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}  # type: ignore[attr-defined]


def _evidence(pieces: tuple[dict[str, Any], ...]) -> list[EvidenceOut]:
    unnamed = {"run_id": None, "data_version": None}
    return [EvidenceOut.model_validate({**unnamed, **piece}) for piece in pieces]
