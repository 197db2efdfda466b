"""HubSpot's three ways of signing.

Source: developers.hubspot.com, request validation; its client libraries' tests.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from typing import Final

from feedback_core.inbound.instants import from_milliseconds
from feedback_core.inbound.types import RefusalReason, SourceOptions
from feedback_core.inbound.verification.requests import Refused, Secret, Signed, WebhookRequest, check_age, fitting

_MILLISECONDS: Final = re.compile(r"[0-9]{1,15}")
# HubSpot decodes these and no others before it signs.
_DECODED: Final = re.compile(r"%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)


def verify_v3(request: WebhookRequest, secrets: Sequence[Secret], _: SourceOptions) -> Signed:
    """HMAC-SHA256 over method, address, body and time.

    Raises:
        Refused: not signed so, or not just now.
    """
    signature = request.headers.one("x-hubspot-signature-v3")
    timestamp = request.headers.one("x-hubspot-request-timestamp")
    sent_at = from_milliseconds(int(timestamp)) if _MILLISECONDS.fullmatch(timestamp) else None
    if sent_at is None:
        raise Refused(RefusalReason.TIMESTAMP_MALFORMED)
    check_age(request.now, sent_at)
    content = request.method.encode() + _url(request) + request.body + timestamp.encode()

    def mac(secret: str) -> str:
        return base64.b64encode(hmac.digest(secret.encode(), content, hashlib.sha256)).decode()

    return _fitted(secrets, signature, mac)


def verify_v2(request: WebhookRequest, secrets: Sequence[Secret], _: SourceOptions) -> Signed:
    """SHA-256 of secret, method, address and body.

    Raises:
        Refused: not signed so.
    """
    content = request.method.encode() + _url(request) + request.body
    return _fitted(secrets, request.headers.one("x-hubspot-signature"), lambda secret: _hash(secret, content))


def verify_v1(request: WebhookRequest, secrets: Sequence[Secret], _: SourceOptions) -> Signed:
    """SHA-256 of secret and body.

    Raises:
        Refused: not signed so.
    """
    return _fitted(secrets, request.headers.one("x-hubspot-signature"), lambda secret: _hash(secret, request.body))


def _fitted(secrets: Sequence[Secret], given: str, sign: Callable[[str], str]) -> Signed:
    return Signed(fitting(secrets, [given], ((secret, sign(secret.value)) for secret in secrets)).id)


def _hash(secret: str, content: bytes) -> str:
    # A plain hash is what HubSpot specifies for these versions; v3 is the one to choose.
    return hashlib.sha256(secret.encode() + content).hexdigest()


def _url(request: WebhookRequest) -> bytes:
    if request.url is None:
        raise Refused(RefusalReason.ADDRESS_UNKNOWN)
    return _DECODED.sub(lambda found: chr(int(found[1], 16)), request.url).encode()
