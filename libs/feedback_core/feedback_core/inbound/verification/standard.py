"""Standard Webhooks 1.0.0: HMAC-SHA256 (v1) and ed25519 (v1a) over id, time and body.

Source: standard-webhooks, ``spec/standard-webhooks.md``.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

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

SYMMETRIC: Final = "whsec_"
PUBLIC: Final = "whpk_"
MOST_SIGNATURES: Final = 20


def verify(request: WebhookRequest, secrets: Sequence[Secret], _: SourceOptions) -> Signed:
    """Who signed ``id.timestamp.body``.

    Raises:
        Refused: nobody that is known, or not just now.
    """
    identifier = request.headers.one("webhook-id")
    timestamp = request.headers.one("webhook-timestamp")
    signatures = request.headers.one("webhook-signature").split()
    if not identifier or "." in identifier or not 0 < len(signatures) <= MOST_SIGNATURES:
        raise Refused(RefusalReason.HEADER_MALFORMED)
    check_age(request.now, instant_of_seconds(timestamp))
    content = f"{identifier}.{timestamp}.".encode() + request.body
    fitted = _by_public_key(content, signatures, secrets) or fitting(
        secrets, signatures, ((secret, _mac(secret.value, content)) for secret in secrets if _is_symmetric(secret))
    )
    return Signed(fitted.id, identifier)


def decoded(secret: str) -> bytes | None:
    """The bytes of a secret of either kind; ``None`` if it is not one."""
    prefix = next((known for known in (SYMMETRIC, PUBLIC) if secret.startswith(known)), None)
    if prefix is None:
        return None
    encoded = secret[len(prefix) :]
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _is_symmetric(secret: Secret) -> bool:
    return secret.value.startswith(SYMMETRIC)


def _mac(secret: str, content: bytes) -> str:
    digest = hmac.digest(decoded(secret) or b"", content, hashlib.sha256)
    return "v1," + base64.b64encode(digest).decode()


def _by_public_key(content: bytes, signatures: Sequence[str], secrets: Sequence[Secret]) -> Secret | None:
    offered = [signature.removeprefix("v1a,") for signature in signatures if signature.startswith("v1a,")]
    for secret in secrets:
        if not _is_symmetric(secret) and any(_signed(secret.value, signature, content) for signature in offered):
            return secret
    return None


def _signed(key: str, signature: str, content: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(decoded(key) or b"").verify(
            base64.b64decode(signature, validate=True), content
        )
    except (InvalidSignature, ValueError):
        return False
    return True
