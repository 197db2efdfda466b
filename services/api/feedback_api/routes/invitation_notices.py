"""What providers say of messages. No API key: what comes is believed by its signature, and by nothing else."""

from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import ValidationError

from feedback_api.bodies import parse_json
from feedback_api.problems import problem_response
from feedback_api.schemas.invited import NOTICES, NoticesIn, NoticesOut
from feedback_api.unit_of_work import ClockDep
from feedback_core.db.session import Database
from feedback_core.inbound.verification.requests import Headers
from feedback_core.invitations.notices import by_organisation, check_signature, take_notices
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kit.settings import InvitationSettings

router = APIRouter(prefix="/v1/invitation-notices", tags=["Invitations"])

_DOCUMENTED: Final[dict[str, Any]] = {
    "responses": {status: problem_response(status) for status in (400, 401, 413, 422, 503)},
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "description": "Signed as Standard Webhooks are: webhook-id, webhook-timestamp, webhook-signature",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NoticesIn"}, "example": NOTICES}},
        }
    },
}


@router.post("", operation_id="noteMessages", **_DOCUMENTED)
async def note_messages(request: Request, clock: ClockDep) -> NoticesOut:
    """Note what became of messages: delivered, opened, bounced, complained of, unsubscribed. Again changes nothing."""
    body = await request.body()
    check_signature(Headers(request.scope["headers"]), body, InvitationSettings(), clock.now())
    by_tenant = by_organisation([each.notice() for each in _read(body).items])
    database: Database = request.app.state.database
    changed = 0
    for organisation_id, notices in by_tenant.items():
        async with database.tenant(organisation_id) as session:
            changed += await take_notices(
                session, organisation_id, notices, vault=request.app.state.contacts, clock=clock
            )
    return NoticesOut(known=sum(map(len, by_tenant.values())), changed=changed)


def _read(body: bytes) -> NoticesIn:
    try:
        return NoticesIn.model_validate(parse_json(body))
    except ValidationError as wrong:
        faults = [
            Fault("/" + "/".join(map(str, each["loc"])), each["type"], each["msg"]) for each in wrong.errors()[:100]
        ]
        raise Invalid(faults) from None
