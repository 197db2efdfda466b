"""Shapes of recommendations."""

from datetime import datetime
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, LongText, Output
from feedback_core.recommendations.types import Confidence, RecommendationKind, RecommendationState


class EvidenceOut(Output):
    """One figure that a recommendation stands on, frozen as of the review."""

    pointer: str = Field(description="JSON pointer into the result of the analysis `run_id`")
    statement: str
    kpi: str | None
    value: float | None
    low: float | None
    high: float | None
    n: int | None


class TransitionIn(Input):
    """A decision."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "accepted", "reason": "Agreed at the service meeting of 3 March."}]}
    )

    to: RecommendationState
    reason: LongText


class TransitionOut(Output):
    """A decision taken."""

    from_state: RecommendationState
    to_state: RecommendationState
    decided_by: str
    reason: str
    decided_at: datetime


class RecommendationOut(Output):
    """A recommendation, with its evidence and the reason for its rank."""

    id: UUID
    survey_id: UUID
    feature_key: str | None = Field(description="Feature of the service that it is about")
    standard_key: str | None = Field(description="Standard that is not met, if it rests on one")
    kind: RecommendationKind
    title: str
    rationale: str
    evidence: list[EvidenceOut]
    gap: float | None = Field(description="Size of what is wrong, as a share of the KPI's range")
    confidence: Confidence
    priority: float
    priority_reason: str = Field(description="The arithmetic of the rank")
    state: RecommendationState
    run_id: UUID = Field(description="The review that found it")
    created_at: datetime
    updated_at: datetime


class RecommendationDetailOut(RecommendationOut):
    """The same, with every decision taken on it."""

    transitions: list[TransitionOut]
