"""What the invited use, by a page or a program: no key, and no organisation in the request; their link says who."""

import secrets
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from feedback_api.invited import IsInvited, asking_page, base_path, done_page
from feedback_api.problems import problem_response
from feedback_api.recipients import wants_page
from feedback_api.routes.responses import NeverStored
from feedback_api.schemas.invited import InvitedOpeningIn, InvitedOut, InvitedSubmissionIn, OptedOutOut
from feedback_api.schemas.open_responses import OpenedOut
from feedback_api.schemas.responses import ReceiptOut
from feedback_api.unit_of_work import ClockDep, RequestId, TransactionalRoute
from feedback_core.invitations.types.states import EndReason
from feedback_core.invitations.use_cases import answering
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.responses.submission_keys.credentials import SECRET_BYTES
from feedback_core.responses.types import Duplicate
from feedback_core.subjects.invited import erase_by_link

router = APIRouter(
    prefix="/v1/invited/{token}", route_class=TransactionalRoute, tags=["Answering"], dependencies=[NeverStored]
)

_OF_LINKS: Final[dict[int | str, dict[str, Any]]] = {status: problem_response(status) for status in (404, 429, 503)}
_OF_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    **_OF_LINKS,
    **{status: problem_response(status) for status in (400, 409, 422)},
}
_PAGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Whether they are asked; a browser gets a page", "content": {"text/html": {"schema": {}}}},
    **_OF_LINKS,
}


@router.get("", operation_id="seeInvitation", responses=_OF_LINKS)
async def see(person: IsInvited, clock: ClockDep) -> InvitedOut:
    """What the link leads to. A page asks it when its person comes, so it counts as opened."""
    link = await answering.follow_link(person.session, person.organisation_id, person.invitation_id, clock=clock)
    return InvitedOut.of(link, base_path(person.token))


@router.post(
    "/open-response",
    operation_id="openInvitedResponse",
    status_code=201,
    responses={200: {"model": OpenedOut, "description": "It was begun before; this goes on there"}, **_OF_ANSWERS},
)
async def open_response(person: IsInvited, body: InvitedOpeningIn, clock: ClockDep, response: Response) -> OpenedOut:
    """Begin to answer bit by bit, or go on where this person stopped: with a token for the open response's routes."""
    opened = await answering.begin_answering(
        person.session,
        person.organisation_id,
        person.invitation_id,
        answers=body.answers,
        attributes=body.attributes,
        secret=secrets.token_bytes(SECRET_BYTES),
        keys=person.keys,
        clock=clock,
    )
    response.status_code = 201 if opened.is_new else 200
    return OpenedOut.of_opened(opened)


@router.post(
    "/submission",
    operation_id="submitInvitedResponse",
    status_code=201,
    responses={200: {"model": ReceiptOut, "description": "It was recorded before"}, **_OF_ANSWERS},
)
async def submit(
    person: IsInvited, body: InvitedSubmissionIn, clock: ClockDep, request_id: RequestId, response: Response
) -> ReceiptOut:
    """Answer in one request, once: afterwards the link has ended."""
    outcome = await answering.answer_at_once(
        person.session,
        person.organisation_id,
        person.invitation_id,
        status=body.status,
        answers=body.answers,
        attributes=body.attributes,
        secret=secrets.token_bytes(SECRET_BYTES),
        request_id=request_id,
        keys=person.keys,
        clock=clock,
    )
    response.status_code = 200 if isinstance(outcome, Duplicate) else 201
    return ReceiptOut.model_validate(outcome.receipt)


@router.post("/refusal", operation_id="refuseInvitation", status_code=204, responses=_OF_LINKS)
async def refuse(person: IsInvited, clock: ClockDep) -> None:
    """Say no to this one invitation; saying so again changes nothing."""
    await answering.refuse(person.session, person.organisation_id, person.invitation_id, clock=clock)


@router.get("/opt-out", operation_id="askForOptOut", response_model=OptedOutOut, responses=_PAGE)
async def ask_for_opt_out(person: IsInvited, request: Request) -> OptedOutOut | Response:
    """The page with the button. Looking at it changes nothing: mail programs look, too."""
    organisation = (await get_organisation(person.session, person.organisation_id)).name
    is_out = await answering.is_opted_out(person.session, person.organisation_id, person.invitation_id)
    if wants_page(request):
        return done_page(organisation) if is_out else asking_page(person.token, organisation)
    return OptedOutOut(organisation=organisation, opted_out=is_out)


@router.post("/opt-out", operation_id="optOut", response_model=OptedOutOut, responses=_PAGE)
async def opt_out(person: IsInvited, request: Request, clock: ClockDep) -> OptedOutOut | Response:
    """Be asked no more, in whatever frame; also the one click of mail programs (RFC 8058). Again changes nothing."""
    organisation = (await get_organisation(person.session, person.organisation_id)).name
    await answering.opt_out(
        person.session,
        person.organisation_id,
        person.invitation_id,
        reason=EndReason.LINK,
        by=answering.BY,
        vault=person.keys.vault,
        clock=clock,
    )
    return done_page(organisation) if wants_page(request) else OptedOutOut(organisation=organisation, opted_out=True)


@router.post("/erasure", operation_id="eraseInvitedResponse", status_code=204, responses=_OF_LINKS)
async def erase(person: IsInvited, clock: ClockDep) -> None:
    """Erase what was answered by this link and the response that it became, for good and at once; again is nothing."""
    await erase_by_link(
        person.session, person.organisation_id, person.invitation_id, privacy=person.keys.privacy, clock=clock
    )
