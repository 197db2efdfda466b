"""Submission keys: made, listed, revoked."""

import secrets
from uuid import UUID

from fastapi import APIRouter

from feedback_api.problems import problems
from feedback_api.schemas.submission_keys import (
    NewSubmissionKeyOut,
    SubmissionKeyIn,
    SubmissionKeyOut,
    SubmissionKeysOut,
)
from feedback_api.security import CanReadSurveys, CanWriteSurveys
from feedback_api.unit_of_work import ClockDep, Idempotent, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound
from feedback_core.responses.submission_keys import use_cases
from feedback_core.responses.submission_keys.credentials import SECRET_BYTES

router = APIRouter(prefix="/v1/surveys/{survey_id}/submission-keys", route_class=TransactionalRoute, tags=["Answering"])


@router.post(
    "",
    operation_id="createSubmissionKey",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Invalid),
)
async def create_submission_key(
    survey_id: UUID, body: SubmissionKeyIn, caller: CanWriteSurveys, session: SessionDep, clock: ClockDep
) -> NewSubmissionKeyOut:
    """Make a key that may stand in a page: it lets whoever has it answer this survey, and read nothing but its form."""
    row, token = await use_cases.create_submission_key(
        session,
        caller.organisation_id,
        survey_id,
        body.key(),
        secret=secrets.token_bytes(SECRET_BYTES),
        by=caller.name,
        clock=clock,
    )
    return NewSubmissionKeyOut(**SubmissionKeyOut.model_validate(row).model_dump(), submission_key=token)


@router.get("", operation_id="listSubmissionKeys", responses=problems(NotFound))
async def list_submission_keys(survey_id: UUID, caller: CanReadSurveys, session: SnapshotDep) -> SubmissionKeysOut:
    """Every key of the survey, without secrets."""
    rows = await use_cases.submission_keys_of(session, caller.organisation_id, survey_id)
    return SubmissionKeysOut(items=[SubmissionKeyOut.model_validate(row) for row in rows])


@router.post(
    "/{submission_key_id}/revoke",
    operation_id="revokeSubmissionKey",
    status_code=204,
    dependencies=[Idempotent],
    responses=problems(NotFound),
)
async def revoke_submission_key(
    survey_id: UUID, submission_key_id: UUID, caller: CanWriteSurveys, session: SessionDep, clock: ClockDep
) -> None:
    """Revoke a key: every process refuses it within 5 seconds, and pages whose origin no other live key names."""
    await use_cases.revoke_submission_key(session, caller.organisation_id, survey_id, submission_key_id, clock=clock)
