"""Vocabulary of reviews and recommendations: what was found, what it suggests, and how that is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from feedback_core.bias.types import Frame, SamplingBiasOutcome
from feedback_core.kit.errors import Conflict
from feedback_core.kit.estimates import Estimate
from feedback_core.kit.money import Money
from feedback_core.kpis.types import Bucket
from feedback_core.service.types import ServiceLinks
from feedback_core.standards.types import StandardVerdict
from feedback_core.trends.types import TrendOutcome


class RecommendationKind(StrEnum):
    """What is suggested."""

    IMPROVE = "improve"
    ASK_BETTER = "ask_better"


class RecommendationState(StrEnum):
    """What the step where a recommendation stands means, whatever its procedure calls it."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DONE = "done"


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
    """One figure that a recommendation stands on, frozen as of then.

    Attributes:
        pointer: JSON pointer into the result of the run.
        statement: what it says, in plain words.
        kpi: which KPI, where it is one.
        value: the figure; ``None`` where it is not a number.
        low: lower limit of its interval.
        high: upper limit of its interval.
        n: answers behind it.
        run_id: the run; ``None``: the one that makes the recommendation.
        data_version: of the data that the run stands on; ``None``: as above.
    """

    pointer: str
    statement: str
    kpi: str | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    run_id: UUID | None = None
    data_version: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedEffect:
    """What following a recommendation is expected to change.

    Attributes:
        value: change of the figure, in ``unit``.
        low: lower limit of its interval; ``None``: it has none.
        high: upper limit.
        unit: of the figure.
        derivation: how it was come by, in plain words.
    """

    value: float
    low: float | None
    high: float | None
    unit: str
    derivation: str


@dataclass(frozen=True, slots=True)
class Entered:
    """What people say of a recommendation: what it costs and who sees to it."""

    cost: Money | None = None
    effort_hours: float | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recommendation as an analysis makes it.

    Attributes:
        subject: what it is about; a survey has one recommendation per subject, however often a review meets it.
        gap: size of what is wrong, as a share of the KPI's range; ``None`` where it has no size.
        priority: ``priority_reason`` says how it was reckoned; the highest comes first.
        standard_key: standard that is not met, the one furthest from it; ``None`` where it rests on none.
        expected_effect: of following it; ``None`` where nothing can be derived.
        expected_effect_reason: why not; ``None`` where it is.
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
    expected_effect: ExpectedEffect | None = None
    expected_effect_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One decision: from where to where, by whom, why, when.

    Attributes:
        decided_by: the person, or the key where it acts for nobody else.
        key_name: name of the API key that the decision came with.
        fields: what the procedure required beside the reason.
    """

    id: UUID
    from_step: str
    to_step: str
    from_state: RecommendationState
    to_state: RecommendationState
    decided_by: str
    key_name: str
    reason: str
    fields: Mapping[str, str]
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Sighting:
    """An analysis that met what the recommendation is about, with its figures as of then."""

    run_id: UUID
    met_at: datetime
    evidence: tuple[dict[str, Any], ...]
    gap: float | None
    confidence: Confidence
    priority: float


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation on its way.

    Attributes:
        state: what ``step`` means, whatever the procedure calls it.
        procedure_version: under which it entered, and which it keeps.
        entered_at: when it came to this step.
        due_at: when the step is overdue from; ``None``: it has no deadline.
        escalates_at: when it goes to those whom the step escalates to.
        written_by: the person who wrote it; ``None``: an analysis made it.
        process: key of the process that produces the feature it is about, and ``process_owner``, who answers for it
            (for the feature, where the process has no owner): as the catalogue of the service now says.
    """

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
    expected_effect: ExpectedEffect | None
    entered: Entered
    process: str | None
    process_owner: str | None
    state: RecommendationState
    step: str
    procedure_key: str
    procedure_version: int
    entered_at: datetime
    due_at: datetime | None
    escalates_at: datetime | None
    written_by: str | None
    run_id: UUID
    created_at: datetime
    updated_at: datetime
    revision: int
    standard_key: str | None = None
    expected_effect_reason: str | None = None


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
        as_of: the moment that the data are of: when they were read, or the end of a period that was over by then.
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
