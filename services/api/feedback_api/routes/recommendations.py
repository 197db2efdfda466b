"""Recommendations: listed, looked at, decided."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Key, Limit, Page, etag, matched_revision
from feedback_api.schemas.recommendations import RecommendationDetailOut, RecommendationOut, TransitionIn
from feedback_api.security import CanReadRecommendations, CanWriteRecommendations
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed
from feedback_core.recommendations import use_cases
from feedback_core.recommendations.types import RecommendationKind, RecommendationState

router = APIRouter(prefix="/v1/recommendations", route_class=TransactionalRoute, tags=["Recommendations"])


@router.get("", operation_id="listRecommendations", responses=problems(NotFound, Invalid))
async def list_recommendations(
    caller: CanReadRecommendations,
    session: SnapshotDep,
    survey_id: UUID | None = None,
    feature: Annotated[Key | None, Query(description="Key of a feature")] = None,
    state: RecommendationState | None = None,
    kind: RecommendationKind | None = None,
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[RecommendationOut]:
    """Recommendations, highest priority first."""
    items, next_cursor = await use_cases.list_recommendations(
        session,
        caller.organisation_id,
        survey_id=survey_id,
        feature=feature,
        state=state,
        kind=kind,
        cursor=cursor,
        limit=limit,
    )
    return Page(items=[RecommendationOut.model_validate(item) for item in items], next_cursor=next_cursor)


@router.get("/{recommendation_id}", operation_id="getRecommendation", responses=problems(NotFound))
async def get_recommendation(
    recommendation_id: UUID, caller: CanReadRecommendations, session: SnapshotDep, response: Response
) -> RecommendationDetailOut:
    """One recommendation, with every decision taken on it."""
    found = await use_cases.get_recommendation(session, caller.organisation_id, recommendation_id)
    response.headers["ETag"] = etag(found.revision)
    return RecommendationDetailOut.model_validate(found)


@router.post(
    "/{recommendation_id}/transitions",
    operation_id="decideRecommendation",
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, Conflict, PreconditionFailed),
)
async def decide_recommendation(
    recommendation_id: UUID,
    body: TransitionIn,
    caller: CanWriteRecommendations,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> RecommendationDetailOut:
    """Accept or reject a proposal, or call an accepted one done; with `If-Match`, only as it was read."""
    decided = await use_cases.decide(
        session,
        caller.organisation_id,
        recommendation_id,
        body.to,
        reason=body.reason,
        decided_by=caller.name,
        if_revision=None if if_match is None else matched_revision(if_match),
        clock=clock,
    )
    response.headers["ETag"] = etag(decided.revision)
    return RecommendationDetailOut.model_validate(decided)
