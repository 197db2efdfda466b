"""Handing a short message to an HTTP gateway: only to the address that was set, and within a time for all of it."""

import http.client
import json
import threading
import time
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from feedback_core.kit.errors import Conflict, Unavailable
from feedback_core.kit.pinned_http import AddressInvalid, HostUnknown, PinnedConnection, resolve
from feedback_core.kit.settings import SmsSettings

_MOST_READ: Final = 2**16
"""Of an answer: nothing in it is used, and a gateway that sends more is not waited for."""

_FOR_GOOD: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.GONE})
"""It says that this message, or its number, is wrong; anything else may be the gateway's own fault."""


class MessageRefused(Conflict):
    """The gateway refuses the message for good."""

    code = "message_refused"


class MessageNotTaken(Unavailable):
    """The gateway cannot be reached, is too slow, or asks to come again."""

    code = "message_not_taken"


def body_of(template: str, *, to: str, text: str, message_id: str) -> bytes:
    """What is posted: each value stands inside a JSON string of the template."""
    said = template
    for name, value in (("to", to), ("id", message_id), ("text", text)):
        said = said.replace(f"{{{name}}}", json.dumps(value)[1:-1])
    return said.encode()


def post_message(settings: SmsSettings, *, to: str, text: str, message_id: str) -> None:
    """Have a short message sent; the same ``message_id`` again is the same message.

    Raises:
        MessageRefused: it is not sent, and never will be.
        MessageNotTaken: it is not known to be sent.
    """
    parts = urlsplit(settings.gateway_url or "")
    is_tls = parts.scheme == "https"
    if not parts.hostname or not (is_tls or (settings.allow_private_networks and parts.scheme == "http")):
        raise MessageNotTaken("The address of the gateway is none that may be called.")
    port = parts.port or (443 if is_tls else 80)
    deadline = time.monotonic() + settings.timeout_seconds
    try:
        address = resolve(parts.hostname, port, allow_private=settings.allow_private_networks)
    except (HostUnknown, AddressInvalid) as wrong:
        raise MessageNotTaken(f"The gateway could not be reached: {wrong}") from None
    connection = PinnedConnection(
        parts.hostname, port, address, is_tls=is_tls, timeout=max(0.001, deadline - time.monotonic())
    )
    # A gateway that sends a byte now and then never runs into the limit of one read: the whole has one, too.
    watch = threading.Timer(max(0.001, deadline - time.monotonic()), connection.cut)
    watch.daemon = True
    watch.start()
    try:
        headers = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            "Idempotency-Key": message_id,
            "User-Agent": "feedback-service",
        }
        if settings.gateway_token is not None:
            headers["Authorization"] = f"Bearer {settings.gateway_token.get_secret_value()}"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "POST", path, body_of(settings.body_template, to=to, text=text, message_id=message_id), headers
        )
        answer = connection.getresponse()
        status = answer.status
        answer.read1(_MOST_READ)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise MessageNotTaken(f"The gateway could not be asked: {type(error).__name__}.") from None
    finally:
        watch.cancel()
        connection.close()
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status in _FOR_GOOD:
        raise MessageRefused(f"The gateway refuses the message ({status}).")
    raise MessageNotTaken(f"The gateway answered {status}.")
