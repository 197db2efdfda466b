"""Vocabulary of reviews and recommendations: what was found, what it suggests, and how that is decided."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from feedback_core.bias.types import Frame, SamplingBiasOutcome
from feedback_core.kit.errors import Conflict
from feedback_core.kit.estimates import Estimate
from feedback_core.kpis.types import Bucket
from feedback_core.service.types import ServiceLinks
from feedback_core.standards.types import StandardVerdict
from feedback_core.trends.types import TrendOutcome


class RecommendationKind(StrEnum):
    """What is suggested."""

    IMPROVE = "improve"
    ASK_BETTER = "ask_better"


class RecommendationState(StrEnum):
    """Where a recommendation stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"


MOVES = {
    RecommendationState.PROPOSED: (RecommendationState.ACCEPTED, RecommendationState.REJECTED),
    RecommendationState.ACCEPTED: (RecommendationState.DONE, RecommendationState.REJECTED),
    RecommendationState.REJECTED: (),
    RecommendationState.DONE: (),
}
"""From each state, where a recommendation may go."""


class Confidence(StrEnum):
    """How much the evidence bears.

    high: beyond sampling error, and the sample was held against a frame and can be used as it is.
    medium: beyond sampling error, but only the weighted figure can be used, or no frame was given.
    low: nothing can be said before more or other people are asked.
    """

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class MoveNotAllowed(Conflict):
    """The recommendation cannot go there from where it stands."""

    code = "move_not_allowed"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One figure that a recommendation stands on, frozen as of the review.

    Attributes:
        pointer: JSON pointer into the result of the review's run.
        statement: what it says, in plain words.
        kpi: which KPI, where it is one.
        value: the figure; ``None`` where it is not a number.
        low: lower limit of its interval.
        high: upper limit of its interval.
        n: answers behind it.
    """

    pointer: str
    statement: str
    kpi: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recommendation as a review makes it.

    Attributes:
        subject: what it is about; a survey has one recommendation per subject, however often a review meets it.
        gap: size of what is wrong, as a share of the KPI's range; ``None`` where it has no size.
        priority: ``priority_reason`` says how it was reckoned; the highest comes first.
        standard_key: standard that is not met, the one furthest from it; ``None`` where it rests on none.
    """

    kind: RecommendationKind
    subject: str
    feature_key: str | None
    title: str
    rationale: str
    evidence: tuple[Evidence, ...]
    gap: float | None
    confidence: Confidence
    priority: float
    priority_reason: str
    standard_key: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One decision: from where to where, by whom, why, when."""

    id: UUID
    from_state: RecommendationState
    to_state: RecommendationState
    decided_by: str
    reason: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation on its way, with every decision taken on it, oldest first."""

    id: UUID
    survey_id: UUID
    feature_key: str | None
    kind: RecommendationKind
    subject: str
    title: str
    rationale: str
    evidence: tuple[dict[str, Any], ...]
    gap: float | None
    confidence: Confidence
    priority: float
    priority_reason: str
    state: RecommendationState
    run_id: UUID
    created_at: datetime
    updated_at: datetime
    revision: int
    transitions: tuple[Transition, ...] = ()
    standard_key: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewParameters:
    """What a review is asked for.

    Attributes:
        start: first instant; ``None``: the beginning.
        end: first instant no longer in it; ``None``: no end.
        bucket: length of the periods in which trends are looked for.
        frame: the population; without it, nothing is said of whom the answers stand for.
        level: of intervals and tests.
        weighting: key of a weighting scheme of the survey, by which every figure is weighted; never beside a frame.
    """

    start: Annotated[datetime | None, Field(alias="from")] = None
    end: Annotated[datetime | None, Field(alias="to")] = None
    bucket: Bucket = Bucket.MONTH
    frame: Frame | None = None
    level: float = 0.95
    weighting: str | None = None


@dataclass(frozen=True, slots=True)
class FeatureReview:
    """One feature, by one question about it.

    Attributes:
        item: row of a matrix.
        kpi: the KPI that fits the question's type.
        unit: of ``figure`` and ``target``.
        target: of the standard that asks this KPI of this question.
        figure: of everybody who answered; ``None`` if it is withheld or nobody answered.
        trend: ``None`` where it is not estimable; ``trend_reason`` then says why.
        sampling_bias: ``None`` where no frame was given or it is not estimable; ``sampling_bias_reason`` says why.
        standard: key of that standard.
        links: process, offers and touchpoints of the feature, with their owners.
    """

    feature_key: str
    feature_name: str
    question: str
    item: str | None
    kpi: str
    unit: str
    target: float | None
    figure: Estimate | None
    trend: TrendOutcome | None
    trend_reason: str | None
    sampling_bias: SamplingBiasOutcome | None
    sampling_bias_reason: str | None
    standard: str | None = None
    links: ServiceLinks = field(default_factory=ServiceLinks)


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """A review: every feature that can be measured, and what follows.

    Attributes:
        as_of: when the answers were read.
        candidates: recommendations, highest priority first.
        not_reviewed: questions about a feature that no KPI of quality fits.
        sentence: the finding in plain words.
        standards: the verdict on every standard of the survey that holds in the period, by key.
    """

    as_of: datetime
    features: tuple[FeatureReview, ...]
    candidates: tuple[Candidate, ...]
    not_reviewed: tuple[str, ...]
    sentence: str
    standards: tuple[StandardVerdict, ...] = ()
