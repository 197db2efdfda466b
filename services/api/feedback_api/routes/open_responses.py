"""Open responses: opened, answered one by one, taken up again, submitted."""

import secrets
from uuid import UUID

from fastapi import APIRouter, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored, PrivacyDep
from feedback_api.schemas.common import Cursor, IfMatch, Limit, etag, matched_revision
from feedback_api.schemas.open_responses import (
    AnswerIn,
    InState,
    OpenedOut,
    OpenResponseChangeIn,
    OpenResponseIn,
    OpenResponseOut,
    OpenResponsesOut,
    OpenResponseWithAnswersOut,
    OpenSummaryOut,
    QuestionKey,
    SubmitIn,
)
from feedback_api.schemas.quotas import ReservationOut
from feedback_api.schemas.responses import IdempotencyKey, ReasonIn, ReceiptOut
from feedback_api.security import CanAnswer, CanErase, CanReadResponses, CanResume, CanSubmit
from feedback_api.unit_of_work import ClockDep, Idempotent, RequestId, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound, PreconditionFailed
from feedback_core.responses.open_responses import use_cases
from feedback_core.responses.open_responses.opening import open_response
from feedback_core.responses.open_responses.types import Draft, Opener
from feedback_core.responses.quotas import use_cases as quotas
from feedback_core.responses.submission_keys.credentials import SECRET_BYTES
from feedback_core.responses.submission_keys.types import PublicCaller
from feedback_core.responses.types import Duplicate

router = APIRouter(
    prefix="/v1/surveys/{survey_id}/open-responses",
    route_class=TransactionalRoute,
    tags=["Answering"],
    dependencies=[NeverStored],
)

CHANGES = problems(NotFound, Conflict, Invalid, PreconditionFailed)


def _shown(draft: Draft, response: Response) -> OpenResponseOut:
    response.headers["ETag"] = etag(draft.opened.revision)
    return OpenResponseOut.of(draft)


def _revision(if_match: str | None) -> int | None:
    return None if if_match is None else matched_revision(if_match)


@router.post(
    "",
    operation_id="openResponse",
    status_code=201,
    responses={
        200: {"model": OpenedOut, "description": "The same request opened it before; this is another token for it"},
        **problems(NotFound, Conflict, Invalid),
    },
)
async def open_a_response(
    survey_id: UUID,
    body: OpenResponseIn,
    caller: CanSubmit,
    session: SessionDep,
    clock: ClockDep,
    privacy: PrivacyDep,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> OpenedOut:
    """Begin a response that is answered bit by bit; it counts in no figure before it is closed."""
    opened = await open_response(
        session,
        caller.organisation_id,
        survey_id,
        body.opening(idempotency_key),
        by=Opener(caller.api_key_id, isinstance(caller, PublicCaller)),
        secret=secrets.token_bytes(SECRET_BYTES),
        privacy=privacy,
        clock=clock,
    )
    if not opened.is_new:
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
    response.headers["Location"] = f"/v1/surveys/{survey_id}/open-responses/{opened.draft.opened.id}"
    response.headers["ETag"] = etag(opened.draft.opened.revision)
    return OpenedOut.of_opened(opened)


@router.get("", operation_id="listOpenResponses", responses=problems(NotFound, Invalid))
async def list_open_responses(
    survey_id: UUID,
    caller: CanReadResponses,
    session: SnapshotDep,
    state: InState = None,
    cursor: Cursor | None = None,
    limit: Limit = 100,
) -> OpenResponsesOut:
    """Open responses, and those that were, in the order in which they were opened; without their answers."""
    page = await use_cases.list_open_responses(
        session, caller.organisation_id, survey_id, state=state, cursor=cursor, limit=limit
    )
    return OpenResponsesOut(items=[OpenSummaryOut.of(item) for item in page.items], next_cursor=page.next_cursor)


@router.get("/{open_response_id}", operation_id="getOpenResponse", responses=problems(NotFound))
async def get_open_response(
    survey_id: UUID, open_response_id: UUID, caller: CanResume, session: SnapshotDep, response: Response
) -> OpenResponseWithAnswersOut:
    """An open response with its answers, to go on with it."""
    draft = await use_cases.get_draft(session, caller.organisation_id, survey_id, open_response_id)
    response.headers["ETag"] = etag(draft.opened.revision)
    return OpenResponseWithAnswersOut.of(draft)


@router.patch("/{open_response_id}", operation_id="changeOpenResponse", responses=CHANGES)
async def change_open_response(
    survey_id: UUID,
    open_response_id: UUID,
    body: OpenResponseChangeIn,
    caller: CanAnswer,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> OpenResponseOut:
    """Give several answers and attributes; null takes one away, what is not named stays as it is."""
    draft = await use_cases.change_draft(
        session,
        caller.organisation_id,
        survey_id,
        open_response_id,
        answers=body.answers,
        attributes=body.attributes,
        if_revision=_revision(if_match),
        clock=clock,
    )
    return _shown(draft, response)


@router.put("/{open_response_id}/answers/{question_key}", operation_id="putAnswer", responses=CHANGES)
async def put_answer(
    survey_id: UUID,
    open_response_id: UUID,
    question_key: QuestionKey,
    body: AnswerIn,
    caller: CanAnswer,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> OpenResponseOut:
    """Give the answer to one question, in the place of an earlier one; the same again changes nothing."""
    draft = await use_cases.put_answer(
        session,
        caller.organisation_id,
        survey_id,
        open_response_id,
        question_key,
        body.answer,
        if_revision=_revision(if_match),
        clock=clock,
    )
    return _shown(draft, response)


@router.delete("/{open_response_id}/answers/{question_key}", operation_id="withdrawAnswer", responses=CHANGES)
async def withdraw_answer(
    survey_id: UUID,
    open_response_id: UUID,
    question_key: QuestionKey,
    caller: CanAnswer,
    session: SessionDep,
    clock: ClockDep,
    response: Response,
    if_match: IfMatch = None,
) -> OpenResponseOut:
    """Take an answer away; without one, nothing changes."""
    draft = await use_cases.put_answer(
        session,
        caller.organisation_id,
        survey_id,
        open_response_id,
        question_key,
        None,
        if_revision=_revision(if_match),
        clock=clock,
    )
    return _shown(draft, response)


@router.post(
    "/{open_response_id}/reserve",
    operation_id="reservePlaces",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def reserve_places(
    survey_id: UUID, open_response_id: UUID, caller: CanAnswer, session: SessionDep, clock: ClockDep
) -> ReservationOut:
    """Keep a place in every quota cell that it is of by now, or keep them longer; 409 `quota_full` if one is full."""
    kept = await quotas.reserve_places(session, caller.organisation_id, survey_id, open_response_id, clock=clock)
    return ReservationOut.of(kept)


@router.post(
    "/{open_response_id}/submit",
    operation_id="submitOpenResponse",
    status_code=201,
    dependencies=[Idempotent],
    responses={
        200: {"model": ReceiptOut, "description": "It was submitted before; this is its receipt"},
        **problems(NotFound, Conflict, Invalid),
    },
)
async def submit_open_response(
    survey_id: UUID,
    open_response_id: UUID,
    body: SubmitIn,
    caller: CanAnswer,
    session: SessionDep,
    clock: ClockDep,
    privacy: PrivacyDep,
    response: Response,
    request_id: RequestId,
) -> ReceiptOut:
    """End it: it becomes a response, once, and whatever else is open of its respondent is closed."""
    outcome = await use_cases.submit(
        session,
        caller.organisation_id,
        survey_id,
        open_response_id,
        status=body.status,
        answers=body.answers,
        attributes=body.attributes,
        request_id=request_id,
        privacy=privacy,
        clock=clock,
    )
    if isinstance(outcome, Duplicate):
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
    return ReceiptOut.model_validate(outcome.receipt)


@router.post(
    "/{open_response_id}/erase",
    operation_id="eraseOpenResponse",
    status_code=204,
    dependencies=[Idempotent],
    responses=problems(NotFound, Invalid),
)
async def erase_open_response(
    survey_id: UUID, open_response_id: UUID, body: ReasonIn, caller: CanErase, session: SessionDep, clock: ClockDep
) -> None:
    """Delete it for good with every version of its answers; a response that it became stays, and takes it along."""
    await use_cases.erase_open_response(
        session,
        caller.organisation_id,
        survey_id,
        open_response_id,
        reason=body.reason,
        by=caller.name,
        clock=clock,
    )
