"""What each sender understands: taken, or come back later. Anything else is a problem, as everywhere."""

import http
from collections.abc import Mapping
from typing import Final

from starlette.responses import JSONResponse, Response

from feedback_api.problems import problem
from feedback_core.inbound.types import ComeBackLater, Preset

RETRY_AFTER_SECONDS: Final = 10
"""Short enough for Zendesk, which comes back for no longer pause than a minute."""

_ACKNOWLEDGEMENT: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>{}</Ack></notificationsResponse>'
    "</soapenv:Body></soapenv:Envelope>"
)
# Twilio reads the answer as what to say to the person; nothing is said.
_NOTHING_TO_SAY: Final = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
_XML: Final = "text/xml; charset=utf-8"
_ACCEPTED: Final[Mapping[str, str]] = {"status": "accepted"}


def taken(preset: Preset) -> Response:
    """It is stored, or was before."""
    match preset:
        case Preset.SALESFORCE_OUTBOUND_MESSAGE:
            return Response(_ACKNOWLEDGEMENT.format("true"), media_type=_XML)
        case Preset.TWILIO:
            return Response(_NOTHING_TO_SAY, media_type=_XML)
        case Preset.GITHUB:
            return JSONResponse(_ACCEPTED, http.HTTPStatus.ACCEPTED)
        case _:
            return JSONResponse(_ACCEPTED)


def come_back_later(preset: Preset | None, request_id: str, detail: str) -> Response:
    """It is not stored, and is to be sent again."""
    if preset is Preset.SALESFORCE_OUTBOUND_MESSAGE:
        return Response(_ACKNOWLEDGEMENT.format("false"), media_type=_XML)
    later = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return problem(request_id, http.HTTPStatus.SERVICE_UNAVAILABLE, ComeBackLater.code, detail, (), later)


def not_verified(request_id: str) -> Response:
    """It is not believed; why, only the owner of the source can see."""
    detail = "This is not what a source of this address signs, or there is none."
    return problem(
        request_id, http.HTTPStatus.UNAUTHORIZED, "webhook_not_verified", detail, (), {"WWW-Authenticate": "Signature"}
    )
