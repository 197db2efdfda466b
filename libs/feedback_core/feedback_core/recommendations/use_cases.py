"""Asking for a review; looking at recommendations, and deciding on them."""

from uuid import UUID

from feedback_core.analyses.documents import to_document
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest
from feedback_core.bias.types import SamplingBiasParameters, SamplingFrame
from feedback_core.bias.use_cases import refuse_both, settle_sampling_bias
from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import InvalidCursor, decode_cursor, encode_cursor
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed
from feedback_core.kit.ids import new_id
from feedback_core.recommendations import queries
from feedback_core.recommendations.measures import measures_of
from feedback_core.recommendations.types import (
    MOVES,
    MoveNotAllowed,
    Recommendation,
    RecommendationKind,
    RecommendationState,
    ReviewParameters,
    Transition,
)
from feedback_core.standards.use_cases import has_standards
from feedback_core.surveys.use_cases import check_survey, published_survey


async def check_review(
    session: Session, organisation_id: UUID, survey_id: UUID, parameters: ReviewParameters
) -> AnalysisRequest:
    """The request for a review with these parameters, checked against the published survey.

    Raises:
        NotFound: no such survey.
        Conflict: the survey was never published.
        Invalid: the period is empty, or no question is about a feature and no standard is held against the survey.
        MarginsUnusable: the frame contradicts itself or the survey.
    """
    survey = await published_survey(session, organisation_id, survey_id)
    measures = measures_of(survey.questionnaire)
    if not measures and not await has_standards(session, organisation_id, survey_id):
        detail = "No scale question of this survey is about a feature, and no standard is held against it."
        raise Invalid([Fault("/survey_id", "nothing_to_review", detail)])
    if parameters.start and parameters.end and parameters.start >= parameters.end:
        raise Invalid([Fault("/to", "empty_period", "The period must end after it begins.")])
    refuse_both(parameters.frame, parameters.weighting)
    if measures and (parameters.frame is not None or parameters.weighting is not None):
        first = measures[0]
        wanted = SamplingBiasParameters(
            kpi=first.kpi,
            frame=SamplingFrame(parameters.frame.margins if parameters.frame else {}),
            question=first.question,
            item=first.item,
            level=parameters.level,
            weighting=parameters.weighting,
        )
        await settle_sampling_bias(session, organisation_id, survey_id, wanted)
    return AnalysisRequest(AnalysisKind.REVIEW, survey_id, to_document(parameters))


async def get_recommendation(session: Session, organisation_id: UUID, recommendation_id: UUID) -> Recommendation:
    """A recommendation with its decisions.

    Raises:
        NotFound: no such recommendation here.
    """
    found = await queries.recommendation_by_id(session, organisation_id, recommendation_id)
    if found is None:
        raise NotFound("recommendation", recommendation_id)
    return found


async def list_recommendations(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None = None,
    feature: str | None = None,
    state: RecommendationState | None = None,
    kind: RecommendationKind | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> tuple[list[Recommendation], str | None]:
    """A page, highest priority first, and the cursor of the next one.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    if survey_id is not None:
        await check_survey(session, organisation_id, survey_id)
    query = {
        "list": "recommendations",
        "organisation": organisation_id,
        "survey": survey_id,
        "feature": feature,
        "state": state,
        "kind": kind,
    }
    after = _position(decode_cursor(cursor, query, parts=2)) if cursor else None
    found = await queries.recommendations(
        session,
        organisation_id,
        survey_id=survey_id,
        feature=feature,
        state=state,
        kind=kind,
        after=after,
        limit=limit + 1,
    )
    page = found[:limit]
    more = len(found) > limit
    return page, encode_cursor([repr(page[-1].priority), str(page[-1].id)], query) if more else None


async def decide(
    session: Session,
    organisation_id: UUID,
    recommendation_id: UUID,
    to_state: RecommendationState,
    *,
    reason: str,
    decided_by: str,
    if_revision: int | None,
    clock: Clock,
) -> Recommendation:
    """Move a recommendation on: accept, reject, or call an accepted one done.

    Raises:
        NotFound: no such recommendation here.
        PreconditionFailed: it has changed since ``if_revision``.
        MoveNotAllowed: it cannot go there from where it stands.
    """
    found = await queries.recommendation_by_id(session, organisation_id, recommendation_id, for_update=True)
    if found is None:
        raise NotFound("recommendation", recommendation_id)
    if if_revision is not None and found.revision != if_revision:
        raise PreconditionFailed("The recommendation has changed since you read it: read it again.")
    if to_state not in MOVES[found.state]:
        possible = ", ".join(MOVES[found.state]) or "nowhere: that is final"
        raise MoveNotAllowed(f"It is {found.state}; from there it can go to {possible}.")
    step = Transition(new_id(), found.state, to_state, decided_by, reason, clock.now())
    await queries.move(session, organisation_id, recommendation_id, step)
    return await get_recommendation(session, organisation_id, recommendation_id)


def _position(parts: tuple[str, ...]) -> tuple[float, UUID]:
    try:
        return float(parts[0]), UUID(parts[1])
    except ValueError as error:
        raise InvalidCursor from error
