"""Verification of what senders sign: one small pure verifier for each preset, over the bytes as they came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from feedback_core.inbound.items import read_json, told_by
from feedback_core.inbound.types import Preset, RefusalReason, SourceOptions
from feedback_core.inbound.verification import hubspot, macs, salesforce, shared, standard, twilio
from feedback_core.inbound.verification.macs import Verifier
from feedback_core.inbound.verification.requests import Headers, Refused, Secret, WebhookRequest

__all__ = ["Headers", "Refused", "Secret", "Verified", "WebhookRequest", "verify"]

VERIFIERS: Final[Mapping[Preset, Verifier]] = {
    Preset.STANDARD: standard.verify,
    Preset.HUBSPOT_V3: hubspot.verify_v3,
    Preset.HUBSPOT_V2: hubspot.verify_v2,
    Preset.HUBSPOT_V1: hubspot.verify_v1,
    Preset.ZENDESK: macs.verify_zendesk,
    Preset.INTERCOM: macs.of_body("x-hub-signature", "sha1", prefix="sha1="),
    Preset.TYPEFORM: macs.of_body("typeform-signature", "sha256", prefix="sha256=", base64_encoded=True),
    Preset.SURVEYMONKEY: macs.of_body("sm-signature", "sha1", base64_encoded=True),
    Preset.SMARTSURVEY: macs.of_body("x-smartsurvey-signature", "sha256"),
    Preset.STRIPE: macs.verify_stripe,
    Preset.GITHUB: macs.of_body("x-hub-signature-256", "sha256", prefix="sha256="),
    Preset.TWILIO: twilio.verify,
    Preset.SALESFORCE_OUTBOUND_MESSAGE: salesforce.verify,
    Preset.FRESHDESK: shared.verify,
    Preset.SHARED_SECRET: shared.verify,
}

# Their bodies are no JSON, or of a form that the customer writes: nothing in them is an id of the sender's.
_WITHOUT_DOCUMENT: Final = frozenset(
    {Preset.TWILIO, Preset.SALESFORCE_OUTBOUND_MESSAGE, Preset.FRESHDESK, Preset.SHARED_SECRET, Preset.GITHUB}
)


@dataclass(frozen=True, slots=True)
class Verified:
    """A request that is believed.

    Attributes:
        secret_id: of the secret that fitted.
        dedupe_id: what tells it apart from others, made of signed bytes only.
        occurred_at: when its sender says that it came about.
        body: what is kept: the body as it came, but for credentials that Salesforce sends along.
    """

    secret_id: UUID
    dedupe_id: str
    occurred_at: datetime | None
    body: bytes = field(repr=False)


def verify(preset: Preset, request: WebhookRequest, secrets: Sequence[Secret], options: SourceOptions) -> Verified:
    """Whether a request is what its preset's sender signed, with one of these secrets, just now.

    Raises:
        Refused: it is not, for a reason that only the owner of the source is told.
    """
    if not request.body:
        raise Refused(RefusalReason.BODY_EMPTY)
    signed = VERIFIERS[preset](request, secrets, options)
    try:
        request.body.decode()
    except UnicodeDecodeError:
        raise Refused(RefusalReason.BODY_NOT_TEXT) from None
    document = None if preset in _WITHOUT_DOCUMENT else read_json(request.body)
    told = told_by(preset, request.body, document, signed_id=signed.signed_id)
    return Verified(signed.secret_id, told.dedupe_id, told.occurred_at, signed.body or request.body)
