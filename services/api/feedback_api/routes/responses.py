"""Capture: responses one by one and in batches, reading them back, and what is decided about them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from feedback_api.problems import problems
from feedback_api.schemas.common import Cursor, Limit
from feedback_api.schemas.responses import (
    BatchIn,
    BatchOut,
    ExclusionOut,
    IdempotencyKey,
    IdentityOut,
    NewResponseIn,
    ReasonIn,
    ReceiptOut,
    ResponseHistoryOut,
    ResponseOut,
    ResponsesOut,
    Wanted,
    batch_out,
    parse_item,
)
from feedback_api.security import CanErase, CanReadIdentities, CanReadResponses, CanWriteResponses
from feedback_api.unit_of_work import (
    ClockDep,
    Idempotent,
    RequestId,
    SessionDep,
    SnapshotDep,
    TransactionalRoute,
)
from feedback_core.kit.errors import Conflict, Invalid, NotFound
from feedback_core.kpis.corrections import recount
from feedback_core.responses import use_cases
from feedback_core.responses.capture_writer import CaptureWriter
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Duplicate

router = APIRouter(prefix="/v1/surveys/{survey_id}/responses", route_class=TransactionalRoute, tags=["Responses"])


async def _privacy(request: Request) -> Privacy:
    privacy: Privacy = request.app.state.privacy
    return privacy


async def _capture(request: Request) -> CaptureWriter:
    writer: CaptureWriter = request.app.state.capture
    return writer


async def _never_stored(response: Response) -> None:
    response.headers["Cache-Control"] = "private, no-store"


CaptureDep = Annotated[CaptureWriter, Depends(_capture)]
PrivacyDep = Annotated[Privacy, Depends(_privacy)]
NeverStored = Depends(_never_stored)


@router.post(
    "",
    operation_id="recordResponse",
    status_code=201,
    responses={
        200: {"model": ReceiptOut, "description": "The same response was recorded before; this is its receipt"},
        **problems(NotFound, Conflict, Invalid),
    },
)
async def record(
    survey_id: UUID,
    body: NewResponseIn,
    caller: CanWriteResponses,
    capture: CaptureDep,
    response: Response,
    request_id: RequestId,
    idempotency_key: IdempotencyKey = None,
) -> ReceiptOut:
    """Record what a customer said, once: a repetition with the same `external_id` or key gets the first receipt."""
    said = body.said(caller.api_key_id, request_id, idempotency_key)
    outcome = await capture.record(caller.organisation_id, survey_id, said)
    if isinstance(outcome, Duplicate):
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
    response.headers["Location"] = f"/v1/surveys/{survey_id}/responses/{outcome.receipt.id}"
    return ReceiptOut.model_validate(outcome.receipt)


@router.post(
    "/batch",
    operation_id="recordResponses",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def record_batch(
    survey_id: UUID,
    body: BatchIn,
    caller: CanWriteResponses,
    session: SessionDep,
    clock: ClockDep,
    privacy: PrivacyDep,
    request_id: RequestId,
) -> BatchOut:
    """Record up to 1,000 responses in one transaction; each item is recorded, a duplicate, or rejected by itself."""
    survey = await use_cases.survey_taking_answers(session, caller.organisation_id, survey_id)
    items = [parse_item(item, caller.api_key_id, request_id) for item in body.items]
    return batch_out(
        await use_cases.record_responses(session, caller.organisation_id, survey, items, privacy=privacy, clock=clock)
    )


@router.get("", operation_id="listResponses", dependencies=[NeverStored], responses=problems(NotFound, Invalid))
async def list_responses(
    survey_id: UUID,
    wanted: Wanted,
    caller: CanReadResponses,
    session: SnapshotDep,
    cursor: Cursor | None = None,
    limit: Limit = 100,
) -> ResponsesOut:
    """Responses in the order in which they were recorded, answers as said.

    E-mail addresses, telephone numbers, cards, accounts and national ids in comments are masked, unless the key carries
    `verbatims:unmasked`.
    """
    page = await use_cases.list_responses(
        session, caller.organisation_id, survey_id, wanted, unmasked=caller.unmasked, cursor=cursor, limit=limit
    )
    return ResponsesOut(items=[ResponseOut.of(found) for found in page.items], next_cursor=page.next_cursor)


# Told apart by its form, so that GET …/batch is a method that is not there, not a malformed id.
@router.get("/{response_id:uuid}", operation_id="getResponse", dependencies=[NeverStored], responses=problems(NotFound))
async def get_response(
    survey_id: UUID, response_id: UUID, caller: CanReadResponses, session: SnapshotDep
) -> ResponseHistoryOut:
    """A response and what was decided about it; comments are masked as in the list."""
    found = await use_cases.get_response(
        session, caller.organisation_id, survey_id, response_id, unmasked=caller.unmasked
    )
    return ResponseHistoryOut.with_history(found)


@router.get(
    "/{response_id}/identity", operation_id="getIdentity", dependencies=[NeverStored], responses=problems(NotFound)
)
async def get_identity(
    survey_id: UUID, response_id: UUID, caller: CanReadIdentities, session: SnapshotDep, privacy: PrivacyDep
) -> IdentityOut:
    """Who gave an identified response."""
    found = await use_cases.get_identity(session, caller.organisation_id, survey_id, response_id, privacy=privacy)
    return IdentityOut.model_validate(found)


@router.post(
    "/{response_id}/exclude",
    operation_id="excludeResponse",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def exclude(
    survey_id: UUID, response_id: UUID, body: ReasonIn, caller: CanWriteResponses, session: SessionDep, clock: ClockDep
) -> ExclusionOut:
    """Let a response count in no figure from now on; what was said stays."""
    exclusion = await use_cases.exclude_response(
        session,
        caller.organisation_id,
        survey_id,
        response_id,
        reason=body.reason,
        by=caller.name,
        recount=recount,
        clock=clock,
    )
    return ExclusionOut.model_validate(exclusion)


@router.post(
    "/{response_id}/restore",
    operation_id="restoreResponse",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def restore(
    survey_id: UUID, response_id: UUID, body: ReasonIn, caller: CanWriteResponses, session: SessionDep, clock: ClockDep
) -> ExclusionOut:
    """Let an excluded response count again; the exclusion stays on record."""
    exclusion = await use_cases.restore_response(
        session,
        caller.organisation_id,
        survey_id,
        response_id,
        reason=body.reason,
        by=caller.name,
        recount=recount,
        clock=clock,
    )
    return ExclusionOut.model_validate(exclusion)


@router.post(
    "/{response_id}/erase",
    operation_id="eraseResponse",
    status_code=204,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def erase(
    survey_id: UUID, response_id: UUID, body: ReasonIn, caller: CanErase, session: SessionDep, clock: ClockDep
) -> None:
    """Delete a response for good, with who gave it; that it was erased, by whom and why, stays on record."""
    await use_cases.erase_response(
        session,
        caller.organisation_id,
        survey_id,
        response_id,
        reason=body.reason,
        by=caller.name,
        recount=recount,
        clock=clock,
    )
