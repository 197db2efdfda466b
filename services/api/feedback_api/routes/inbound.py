"""Where other systems deliver. No API key: what comes is believed by its signature, and by nothing else."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from feedback_api.inbound_receiver import Receiver
from feedback_api.problems import problem_response

router = APIRouter(prefix="/v1/inbound", tags=["Sources"])

Address = Annotated[str, Path(description="As in the `inbound_url` of the source")]
PathSecret = Annotated[str, Path(description="Of Salesforce: the secret of the source")]

_DOCUMENTED: Final[dict[str, Any]] = {
    "response_class": Response,
    "responses": {
        200: {
            "description": "Stored, or stored before",
            "content": {"application/json": {"schema": {}}, "text/xml": {"schema": {"type": "string"}}},
        },
        202: {"description": "The same, as GitHub expects it", "content": {"application/json": {"schema": {}}}},
        **{status: problem_response(status) for status in (401, 408, 413, 415, 503)},
    },
    "openapi_extra": {
        "requestBody": {
            "required": True,
            "description": "Whatever the sender sends: JSON, a form or XML, in UTF-8",
            "content": {"*/*": {"schema": {"type": "string"}, "example": '{"type": "survey.answered", "data": {}}'}},
        }
    },
}


@router.post("/{source_id}", operation_id="receiveWebhook", **_DOCUMENTED)
async def receive(source_id: Address, request: Request) -> Response:
    """Take in what a sender delivers, if it is signed as its source expects; it is read later.

    A repetition is answered as the first was. What cannot be stored now is to be sent again: 503 with Retry-After, and
    for Salesforce an acknowledgement that says so. What is not believed, and where there is no source, gets 401.
    """
    receiver: Receiver = request.app.state.receiver
    return await receiver.receive(request, source_id, None)


@router.post("/{source_id}/{path_secret}", operation_id="receiveWebhookBySecretPath", **_DOCUMENTED)
async def receive_by_path(source_id: Address, path_secret: PathSecret, request: Request) -> Response:
    """The same for senders that cannot sign, and are believed by their path (Salesforce outbound messages)."""
    receiver: Receiver = request.app.state.receiver
    return await receiver.receive(request, source_id, path_secret)


@router.head("/{source_id}", operation_id="probeWebhook", response_class=Response)
async def probe(source_id: Address) -> Response:  # noqa: ARG001 - whether there is a source is not said
    """Say that something listens here, which some senders ask before they deliver (SurveyMonkey, Intercom)."""
    return Response()
