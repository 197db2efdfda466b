"""Twilio: HMAC-SHA1 over the address and the fields of the form; of JSON, its hash is part of the address.

Source: twilio.com, security of webhooks; the validators of its client libraries.
"""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from feedback_core.inbound.types import RefusalReason, SourceOptions
from feedback_core.inbound.verification.macs import sha1_base64
from feedback_core.inbound.verification.requests import Refused, Secret, Signed, WebhookRequest, fitting

MOST_FIELDS: Final = 1_000
_FORM: Final = "application/x-www-form-urlencoded"
_BODY_HASH: Final = "bodySHA256"
_PORTS: Final = {"https": 443, "http": 80}


def verify(request: WebhookRequest, secrets: Sequence[Secret], _: SourceOptions) -> Signed:
    """Whose token signed the address and what was sent.

    Raises:
        Refused: nobody's that is known.
    """
    given = request.headers.one("x-twilio-signature")
    if request.url is None:
        raise Refused(RefusalReason.ADDRESS_UNKNOWN)
    fields = _fields(request)
    said = "".join(name + value for name, value in sorted(set(fields)))
    signed = [(url + said).encode() for url in _as_called(request.url)]
    macs = ((secret, sha1_base64(secret.value, content)) for secret in secrets for content in signed)
    fitted = fitting(secrets, [given], macs)
    sids = [value for name, value in fields if name == "MessageSid"]
    return Signed(fitted.id, sids[0] if len(sids) == 1 and sids[0] else None)


def _fields(request: WebhookRequest) -> list[tuple[str, str]]:
    """The fields of a form; none of another body, once its hash has been compared with the signed one."""
    hashes = [value for name, value in _pairs(request.query) if name == _BODY_HASH]
    if hashes:
        digest = hashlib.sha256(request.body).hexdigest()
        if len(hashes) > 1 or not hmac.compare_digest(digest.encode(), hashes[0].lower().encode()):
            raise Refused(RefusalReason.SIGNATURE_WRONG)
        return []
    if request.headers.one("content-type").partition(";")[0].strip().lower() != _FORM:
        raise Refused(RefusalReason.HEADER_MALFORMED)
    try:
        return _pairs(request.body.decode("ascii"))
    except UnicodeDecodeError:
        raise Refused(RefusalReason.BODY_NOT_TEXT) from None


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except UnicodeDecodeError:
        raise Refused(RefusalReason.BODY_NOT_TEXT) from None
    except ValueError:
        raise Refused(RefusalReason.BODY_MALFORMED) from None


def _as_called(url: str) -> list[str]:
    """The address without and with the port that goes without saying; Twilio's products differ in it."""
    parts = urlsplit(url)
    port = _PORTS.get(parts.scheme)
    if parts.port not in {None, port}:
        return [url]
    host = parts.netloc.removesuffix(f":{port}")
    return [urlunsplit(parts._replace(netloc=netloc)) for netloc in (host, f"{host}:{port}")]
