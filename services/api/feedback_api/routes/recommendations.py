"""Recommendations: written, listed, looked at, decided."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, IfMatch, Key, Limit, Page, etag, matched_revision
from feedback_api.schemas.procedures import ReassignmentIn
from feedback_api.schemas.recommendations import (
    EnteredIn,
    ProposedOut,
    RecommendationDetailOut,
    RecommendationIn,
    RecommendationOut,
    TransitionIn,
)
from feedback_api.security import CanReadRecommendations, CanWriteProcedures, CanWriteRecommendations
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
)
from feedback_core.recommendations import use_cases
from feedback_core.recommendations.candidates.types import ProposesNothing
from feedback_core.recommendations.candidates.use_cases import propose_from
from feedback_core.recommendations.evidence.writing import write_recommendation
from feedback_core.recommendations.procedures.deciding import actor_of, decide, reassign
from feedback_core.recommendations.types import RecommendationKind, RecommendationState
from feedback_core.recommendations.use_cases import ListQuestion

router = APIRouter(prefix="/v1/recommendations", route_class=TransactionalRoute, tags=["Recommendations"])
of_analyses = APIRouter(prefix="/v1/analyses", route_class=TransactionalRoute, tags=["Recommendations"])


async def _shown(
    session: Session, organisation_id: UUID, recommendation_id: UUID, response: Response, clock: Clock
) -> RecommendationDetailOut:
    seen = await use_cases.get_recommendation(session, organisation_id, recommendation_id, clock=clock)
    response.headers["ETag"] = etag(seen.recommendation.revision)
    return RecommendationDetailOut.of_whole(seen)


@router.get("", operation_id="listRecommendations", responses=problems(NotFound, Invalid))
async def list_recommendations(
    caller: CanReadRecommendations,
    session: SnapshotDep,
    clock: ClockDep,
    survey_id: UUID | None = None,
    feature: Annotated[Key | None, Query(description="Key of a feature")] = None,
    state: RecommendationState | None = None,
    kind: RecommendationKind | None = None,
    overdue: Annotated[bool, Query(description="Only those whose step is past its deadline")] = False,  # noqa: FBT002
    stuck: Annotated[bool, Query(description="Only those that nobody is left to decide on")] = False,  # noqa: FBT002
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[RecommendationOut]:
    """Recommendations, highest priority first."""
    asked = ListQuestion(survey_id, feature, state, kind, overdue, stuck)
    items, next_cursor = await use_cases.list_recommendations(
        session, caller.organisation_id, asked, cursor=cursor, limit=limit, clock=clock
    )
    return Page(items=[RecommendationOut.of(item) for item in items], next_cursor=next_cursor)


@router.post(
    "",
    operation_id="writeRecommendation",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, Forbidden),
)
async def write_one(
    body: RecommendationIn,
    caller: CanWriteRecommendations,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
) -> RecommendationDetailOut:
    """A recommendation of your own, with links to figures of analyses; they are frozen as of now."""
    made = await write_recommendation(
        session, caller.organisation_id, body.written(), by=actor_of(caller, body.on_behalf_of), clock=clock
    )
    response.headers["Location"] = f"/v1/recommendations/{made}"
    return await _shown(session, caller.organisation_id, made, response, clock)


@router.get("/{recommendation_id}", operation_id="getRecommendation", responses=problems(NotFound))
async def get_recommendation(
    recommendation_id: UUID,
    caller: CanReadRecommendations,
    session: SnapshotDep,
    clock: ClockDep,
    response: Response,
) -> RecommendationDetailOut:
    """One recommendation, with every decision taken on it and every analysis that met it."""
    return await _shown(session, caller.organisation_id, recommendation_id, response, clock)


@router.put(
    "/{recommendation_id}",
    operation_id="enterRecommendationDetails",
    responses=problems(NotFound, Invalid, PreconditionFailed, PreconditionRequired),
)
async def enter_details(
    recommendation_id: UUID,
    body: EnteredIn,
    caller: CanWriteRecommendations,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> RecommendationDetailOut:
    """Say what it costs and who sees to it; the rest of a recommendation is not edited."""
    await use_cases.enter_details(
        session,
        caller.organisation_id,
        recommendation_id,
        body.entered(),
        if_revision=matched_revision(if_match),
        clock=clock,
    )
    return await _shown(session, caller.organisation_id, recommendation_id, response, clock)


@router.post(
    "/{recommendation_id}/transitions",
    operation_id="decideRecommendation",
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, Conflict, Forbidden, PreconditionFailed),
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
    """Decide, as its procedure allows: `ways` says what and who; with `If-Match`, only as it was read."""
    await decide(
        session,
        caller.organisation_id,
        recommendation_id,
        body.decision(),
        by=actor_of(caller, body.on_behalf_of),
        if_revision=None if if_match is None else matched_revision(if_match),
        clock=clock,
    )
    return await _shown(session, caller.organisation_id, recommendation_id, response, clock)


@router.post(
    "/{recommendation_id}/reassignments",
    operation_id="reassignRecommendation",
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid, Conflict, Forbidden, PreconditionFailed),
)
async def reassign_recommendation(
    recommendation_id: UUID,
    body: ReassignmentIn,
    caller: CanWriteProcedures,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> RecommendationDetailOut:
    """Give the step to others, where all who could decide have left (`stuck`)."""
    await reassign(
        session,
        caller.organisation_id,
        recommendation_id,
        body.people,
        reason=body.reason,
        by=actor_of(caller, body.on_behalf_of),
        if_revision=None if if_match is None else matched_revision(if_match),
        clock=clock,
    )
    return await _shown(session, caller.organisation_id, recommendation_id, response, clock)


@of_analyses.post(
    "/{analysis_id}/recommendations",
    operation_id="proposeFromAnalysis",
    dependencies=[Idempotent],
    responses=problems(NotFound, ProposesNothing),
)
async def propose_from_analysis(
    analysis_id: UUID, caller: CanWriteRecommendations, session: SessionDep, clock: ClockDep
) -> ProposedOut:
    """Propose what follows from a review or another analysis that can lead to something, highest priority first.

    What was proposed before is met again: its history has one more entry. A review does this by itself.
    """
    proposed = await propose_from(session, caller.organisation_id, analysis_id, clock=clock)
    seen = await use_cases.recommendations_among(session, caller.organisation_id, proposed, clock=clock)
    return ProposedOut(items=[RecommendationOut.of(one) for one in seen])
