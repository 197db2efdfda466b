"""Senders that cannot sign: a secret of their own in a header, or user and password of HTTP Basic."""

import base64
import binascii
import hmac
from collections.abc import Sequence

from feedback_core.inbound.types import RefusalReason, Scheme, SourceOptions
from feedback_core.inbound.verification.requests import Refused, Secret, Signed, WebhookRequest


def verify(request: WebhookRequest, secrets: Sequence[Secret], options: SourceOptions) -> Signed:
    """Who knows a secret.

    Raises:
        Refused: the secret is not known, or not where the source expects it.
    """
    given = _basic(request) if options.scheme is Scheme.BASIC else request.headers.one(options.header or "")
    return Signed(knowing(given, secrets).id)


def knowing(given: str, secrets: Sequence[Secret]) -> Secret:
    """The secret that was given, every one compared in constant time.

    Raises:
        Refused: none of them.
    """
    if not secrets:
        raise Refused(RefusalReason.NO_SECRET)
    matches = [secret for secret in secrets if hmac.compare_digest(secret.value.encode(), given.encode())]
    if not matches:
        raise Refused(RefusalReason.SECRET_WRONG)
    return matches[0]


def _basic(request: WebhookRequest) -> str:
    scheme, _, encoded = request.headers.one("authorization").partition(" ")
    if scheme.lower() != "basic":
        raise Refused(RefusalReason.HEADER_MALFORMED)
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        raise Refused(RefusalReason.HEADER_MALFORMED) from None
