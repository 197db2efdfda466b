"""The API with two more routes, which single responses are held against. Used by the bench alone."""

from uuid import UUID

from fastapi import APIRouter, Request

from feedback_api.app import create_app
from feedback_api.schemas.responses import NewResponseIn, ReceiptOut
from feedback_api.security import CanWriteResponses
from feedback_api.settings import Settings
from feedback_api.unit_of_work import ClockDep, SessionDep, TransactionalRoute
from feedback_core.kit.garbage import settle_collector
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Recorded
from feedback_core.responses.use_cases import record_responses, survey_taking_answers

router = APIRouter(route_class=TransactionalRoute)


@router.post("/v1/surveys/{survey_id}/nothing", status_code=201)
async def nothing(survey_id: UUID, body: NewResponseIn, caller: CanWriteResponses) -> dict[str, str]:
    """The same middleware, key check and body model as a response; nothing is stored."""
    return {"id": str(survey_id), "status": str(body.status), "by": str(caller.api_key_id)}


@router.post("/v1/surveys/{survey_id}/plain", status_code=201)
async def plain(
    survey_id: UUID,
    body: NewResponseIn,
    caller: CanWriteResponses,
    session: SessionDep,
    clock: ClockDep,
    request: Request,
) -> ReceiptOut:
    """A response as most services take it: a transaction of its own for every request."""
    survey = await survey_taking_answers(session, caller.organisation_id, survey_id)
    privacy: Privacy = request.app.state.privacy
    said = body.said(caller.api_key_id, str(request.scope["request_id"]))
    (outcome,) = await record_responses(session, caller.organisation_id, survey, [said], privacy=privacy, clock=clock)
    assert isinstance(outcome, Recorded)
    return ReceiptOut.model_validate(outcome.receipt)


app = create_app(Settings.from_environment())
app.include_router(router)
settle_collector()
