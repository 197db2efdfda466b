"""What is sent of an event, and how it is signed.

Sources: standard-webhooks, ``spec/standard-webhooks.md`` 1.0.0; CloudEvents 1.0.2, structured mode of the HTTP binding.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from standardwebhooks import Webhook as Signer

from feedback_core.events.types import RecordedEvent
from feedback_core.kit.errors import Fault
from feedback_core.webhooks.types import Message, WebhookFormat, WebhookInvalid

PREFIX: Final = "whsec_"
RANDOM_BYTES: Final = 32
_LENGTHS: Final = range(24, 65)
_CONTENT_TYPES: Final = {
    WebhookFormat.STANDARD: "application/json",
    WebhookFormat.CLOUDEVENTS: "application/cloudevents+json",
}


def signers_of(secrets: Sequence[str]) -> list[Signer]:
    """What signs with these secrets, in their order."""
    return [Signer(secret) for secret in secrets]


def message_of(
    event: RecordedEvent, organisation_id: UUID, form: WebhookFormat, signers: Sequence[Signer], *, at: datetime
) -> Message:
    """A message of an event, signed by each signer; its bytes are the same at every attempt.

    Args:
        event: what it tells.
        organisation_id: whose event it is.
        form: how it is written.
        signers: of the secrets that are valid, the newest first; at least one.
        at: of the attempt: it is signed, so that a receiver may refuse what is old.
    """
    body = json.dumps(_document(event, organisation_id, form), separators=(",", ":"), sort_keys=True)
    identifier, seconds = str(event.id), int(at.timestamp())
    signed_at = datetime.fromtimestamp(seconds, UTC)
    signatures = [signer.sign(identifier, signed_at, body) for signer in signers]
    return Message(
        body.encode(),
        {
            "Content-Type": _CONTENT_TYPES[form],
            "User-Agent": "feedback-service",
            "webhook-id": identifier,
            "webhook-timestamp": str(seconds),
            "webhook-signature": " ".join(signatures),
        },
    )


def made_secret(random: bytes) -> str:
    """A secret of random bytes, as receivers' libraries take it."""
    return PREFIX + base64.b64encode(random).decode()


def check_secret(secret: str) -> None:
    """Hold a secret to what receivers' libraries take.

    Raises:
        WebhookInvalid: it is something else.
    """
    try:
        raw = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not secret.startswith(PREFIX) or len(raw) not in _LENGTHS:
        detail = "Give whsec_ and 24 to 64 bytes in base64, or leave it out to have one made."
        raise WebhookInvalid([Fault("/secret", "malformed_secret", detail)])


def _document(event: RecordedEvent, organisation_id: UUID, form: WebhookFormat) -> dict[str, object]:
    occurred_at = event.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if form is WebhookFormat.CLOUDEVENTS:
        return {
            "specversion": "1.0",
            "id": str(event.id),
            "source": f"urn:uuid:{organisation_id}",
            "type": event.kind.value,
            "subject": f"{event.subject_kind}/{event.subject_id}",
            "time": occurred_at,
            "sequence": str(event.sequence),
            "datacontenttype": "application/json",
            "data": dict(event.data),
        }
    return {
        "id": str(event.id),
        "type": event.kind.value,
        "timestamp": occurred_at,
        "subject": {"kind": event.subject_kind, "id": event.subject_id, "sequence": event.sequence},
        "data": dict(event.data),
    }
