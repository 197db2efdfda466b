"""Senders that sign the body, some with its time, by a keyed hash in one header.

Sources: the vendors' pages on securing webhooks; for SurveyMonkey its public API documentation.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from feedback_core.inbound.instants import from_iso
from feedback_core.inbound.types import RefusalReason, SourceOptions
from feedback_core.inbound.verification.requests import (
    Refused,
    Secret,
    Signed,
    WebhookRequest,
    check_age,
    fitting,
    instant_of_seconds,
)

Verifier = Callable[[WebhookRequest, Sequence[Secret], SourceOptions], Signed]
MOST_SIGNATURES: Final = 20
_SECONDS: Final = re.compile(r"[0-9]+")


def of_body(header: str, algorithm: str, *, prefix: str = "", base64_encoded: bool = False) -> Verifier:
    """A verifier of a MAC over the body alone.

    Args:
        header: that carries it.
        algorithm: name of the hash.
        prefix: what stands before the MAC in the header.
        base64_encoded: else it is in hexadecimal.
    """

    def verify(request: WebhookRequest, secrets: Sequence[Secret], _: SourceOptions) -> Signed:
        given = request.headers.one(header)
        macs = (
            (secret, prefix + mac(secret.value, request.body, algorithm, base64_encoded=base64_encoded))
            for secret in secrets
        )
        return Signed(fitting(secrets, [given], macs).id)

    return verify


def verify_zendesk(request: WebhookRequest, secrets: Sequence[Secret], _: SourceOptions) -> Signed:
    """HMAC-SHA256 over time and body, in this order; an older page of Zendesk's had them the other way round.

    Raises:
        Refused: not signed so, or not just now.
    """
    given = request.headers.one("x-zendesk-webhook-signature")
    timestamp = request.headers.one("x-zendesk-webhook-signature-timestamp")
    check_age(request.now, _instant(timestamp))
    content = timestamp.encode() + request.body
    macs = ((secret, mac(secret.value, content, "sha256", base64_encoded=True)) for secret in secrets)
    return Signed(fitting(secrets, [given], macs).id)


def verify_stripe(request: WebhookRequest, secrets: Sequence[Secret], _: SourceOptions) -> Signed:
    """HMAC-SHA256 over ``time.body``; the header names the time and any number of signatures.

    Raises:
        Refused: not signed so, or not just now.
    """
    parts = [part.strip().partition("=")[::2] for part in request.headers.one("stripe-signature").split(",")]
    times = [value for name, value in parts if name == "t"]
    given = [value for name, value in parts if name == "v1"]
    if len(times) != 1 or not 0 < len(given) <= MOST_SIGNATURES:
        raise Refused(RefusalReason.HEADER_MALFORMED)
    check_age(request.now, instant_of_seconds(times[0]))
    content = times[0].encode() + b"." + request.body
    return Signed(fitting(secrets, given, ((secret, mac(secret.value, content, "sha256")) for secret in secrets)).id)


def mac(secret: str, content: bytes, algorithm: str, *, base64_encoded: bool = False) -> str:
    """A keyed hash, as text."""
    digest = hmac.digest(secret.encode(), content, algorithm)
    return base64.b64encode(digest).decode() if base64_encoded else digest.hex()


def sha1_base64(secret: str, content: bytes) -> str:
    """HMAC-SHA1 in base64, which Twilio uses."""
    return base64.b64encode(hmac.digest(secret.encode(), content, hashlib.sha1)).decode()


def _instant(timestamp: str) -> datetime:
    if _SECONDS.fullmatch(timestamp):
        return instant_of_seconds(timestamp)
    found = from_iso(timestamp)
    if found is None:
        raise Refused(RefusalReason.TIMESTAMP_MALFORMED)
    return found
