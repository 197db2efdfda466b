"""Actions: planned, agreed to, followed, closed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from feedback_api.problems import problems
from feedback_api.schemas.actions import (
    ActionDetailOut,
    ActionEditIn,
    ActionIn,
    ActionMoveIn,
    ActionOut,
    AgreementIn,
    NoteIn,
)
from feedback_api.schemas.common import Cursor, IfMatch, Limit, Line, Page, etag, matched_revision
from feedback_api.security import CanReadRecommendations, CanWriteRecommendations
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
from feedback_core.recommendations.actions import use_cases
from feedback_core.recommendations.actions.types import ActionState
from feedback_core.recommendations.procedures.deciding import actor_of

router = APIRouter(prefix="/v1/actions", route_class=TransactionalRoute, tags=["Actions"])

CHANGES = problems(NotFound, Invalid, Conflict, Forbidden, PreconditionFailed)


async def _shown(
    session: Session, organisation_id: UUID, action_id: UUID, response: Response, clock: Clock
) -> ActionDetailOut:
    seen = await use_cases.get_action(session, organisation_id, action_id, clock=clock)
    response.headers["ETag"] = etag(seen.action.revision)
    return ActionDetailOut.of_whole(seen)


def _edited(if_match: str | None) -> int | None:
    return None if if_match is None else matched_revision(if_match)


@router.get("", operation_id="listActions", responses=problems(NotFound, Invalid))
async def list_actions(
    caller: CanReadRecommendations,
    session: SnapshotDep,
    clock: ClockDep,
    recommendation_id: UUID | None = None,
    owner: Annotated[Line | None, Query()] = None,
    state: ActionState | None = None,
    overdue: Annotated[bool, Query(description="Only those that were to be done before today")] = False,  # noqa: FBT002
    cursor: Annotated[Cursor | None, Query()] = None,
    limit: Annotated[Limit, Query()] = 100,
) -> Page[ActionOut]:
    """Actions, those due first first."""
    found, following = await use_cases.list_actions(
        session,
        caller.organisation_id,
        recommendation_id=recommendation_id,
        owner=owner,
        state=state,
        overdue=overdue,
        cursor=cursor,
        limit=limit,
        clock=clock,
    )
    return Page(items=[ActionOut.of(seen) for seen in found], next_cursor=following)


@router.post("", operation_id="planAction", status_code=201, dependencies=[Idempotent], responses=CHANGES)
async def plan_action(
    body: ActionIn, caller: CanWriteRecommendations, session: SessionDep, clock: ClockDep, response: Response
) -> ActionDetailOut:
    """A new action about an accepted recommendation; whoever is named is to agree."""
    made = await use_cases.plan_action(
        session,
        caller.organisation_id,
        body.recommendation_id,
        body.details(),
        by=actor_of(caller, body.on_behalf_of),
        clock=clock,
    )
    response.headers["Location"] = f"/v1/actions/{made}"
    return await _shown(session, caller.organisation_id, made, response, clock)


@router.get("/{action_id}", operation_id="getAction", responses=problems(NotFound))
async def get_action(
    action_id: UUID, caller: CanReadRecommendations, session: SnapshotDep, clock: ClockDep, response: Response
) -> ActionDetailOut:
    """One action, with everything that happened to it."""
    return await _shown(session, caller.organisation_id, action_id, response, clock)


@router.put(
    "/{action_id}",
    operation_id="editAction",
    responses=problems(NotFound, Invalid, Conflict, Forbidden, PreconditionFailed, PreconditionRequired),
)
async def edit_action(
    action_id: UUID,
    body: ActionEditIn,
    caller: CanWriteRecommendations,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> ActionDetailOut:
    """Change an action that has not been completed; before it is under way, everybody is to agree anew."""
    await use_cases.edit_action(
        session,
        caller.organisation_id,
        action_id,
        body.details(),
        reason=body.reason,
        by=actor_of(caller, body.on_behalf_of),
        if_revision=matched_revision(if_match),
        clock=clock,
    )
    return await _shown(session, caller.organisation_id, action_id, response, clock)


@router.post("/{action_id}/agreements", operation_id="answerAction", dependencies=[Idempotent], responses=CHANGES)
async def answer_action(
    action_id: UUID,
    body: AgreementIn,
    caller: CanWriteRecommendations,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> ActionDetailOut:
    """Agree or decline, as one of those named; it is agreed once everybody has."""
    await use_cases.answer_action(
        session,
        caller.organisation_id,
        action_id,
        body.answer,
        reason=body.reason,
        by=actor_of(caller, body.on_behalf_of),
        if_revision=_edited(if_match),
        clock=clock,
    )
    return await _shown(session, caller.organisation_id, action_id, response, clock)


@router.post("/{action_id}/transitions", operation_id="moveAction", dependencies=[Idempotent], responses=CHANGES)
async def move_action(
    action_id: UUID,
    body: ActionMoveIn,
    caller: CanWriteRecommendations,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> ActionDetailOut:
    """Take an action on; with `If-Match`, only as it was read."""
    await use_cases.move_action(
        session,
        caller.organisation_id,
        action_id,
        body.move(),
        by=actor_of(caller, body.on_behalf_of),
        if_revision=_edited(if_match),
        clock=clock,
    )
    return await _shown(session, caller.organisation_id, action_id, response, clock)


@router.post("/{action_id}/notes", operation_id="noteProgress", dependencies=[Idempotent], responses=CHANGES)
async def note_progress(
    action_id: UUID,
    body: NoteIn,
    caller: CanWriteRecommendations,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
) -> ActionDetailOut:
    """Write down how it goes."""
    by = actor_of(caller, body.on_behalf_of)
    await use_cases.note_progress(session, caller.organisation_id, action_id, body.text, by=by, clock=clock)
    return await _shown(session, caller.organisation_id, action_id, response, clock)
