"""What a page with a submission key does in one step: draw the form, send what was said."""

from uuid import UUID

from fastapi import APIRouter, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import CaptureDep
from feedback_api.schemas.common import etag
from feedback_api.schemas.responses import IdempotencyKey, ReceiptOut
from feedback_api.schemas.submission_keys import FormOut, SubmissionIn
from feedback_api.security import CanSeeForm, CanSubmit
from feedback_api.unit_of_work import RequestId, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Invalid, NotFound
from feedback_core.responses.open_responses.use_cases import form_of
from feedback_core.responses.submission_keys.types import PublicCaller
from feedback_core.responses.submission_keys.use_cases import own_idempotency_key
from feedback_core.responses.types import Duplicate

router = APIRouter(prefix="/v1/surveys/{survey_id}", route_class=TransactionalRoute, tags=["Answering"])


@router.get("/form", operation_id="getForm", responses=problems(NotFound, Conflict))
async def get_form(survey_id: UUID, caller: CanSeeForm, session: SnapshotDep, response: Response) -> FormOut:
    """The version that takes answers, as a page needs it to draw the form; for a respondent, the one first seen."""
    open_response_id = caller.open_response_id if isinstance(caller, PublicCaller) else None
    survey = await form_of(session, caller.organisation_id, survey_id, open_response_id)
    response.headers["ETag"] = etag(survey.number)
    return FormOut.of(survey)


@router.post(
    "/submissions",
    operation_id="submitResponse",
    status_code=201,
    responses={
        200: {"model": ReceiptOut, "description": "The same request came before; this is its receipt"},
        **problems(NotFound, Conflict, Invalid),
    },
)
async def submit_response(
    survey_id: UUID,
    body: SubmissionIn,
    caller: CanSubmit,
    capture: CaptureDep,
    response: Response,
    request_id: RequestId,
    idempotency_key: IdempotencyKey = None,
) -> ReceiptOut:
    """Record what a respondent said, from a page: once for each `Idempotency-Key`, which only its sender can know."""
    key = own_idempotency_key(caller.api_key_id, idempotency_key, is_public=isinstance(caller, PublicCaller))
    said = body.said(caller.api_key_id, request_id, key)
    outcome = await capture.record(caller.organisation_id, survey_id, said)
    if isinstance(outcome, Duplicate):
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
    return ReceiptOut.model_validate(outcome.receipt)
