"""Published examples of signed requests, as requests of this service."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from feedback_core.inbound.types import Preset, SourceOptions
from feedback_core.inbound.verification import VERIFIERS, Headers, Secret, WebhookRequest
from feedback_core.inbound.verification.requests import Signed
from feedback_core.kit.ids import new_id

Vector = dict[str, Any]

SIGNATURES = {
    "standard": "webhook-signature",
    "hubspot_v3": "x-hubspot-signature-v3",
    "hubspot_v2": "x-hubspot-signature",
    "hubspot_v1": "x-hubspot-signature",
    "zendesk": "x-zendesk-webhook-signature",
    "github": "x-hub-signature-256",
    "twilio": "x-twilio-signature",
    "intercom": "x-hub-signature",
    "surveymonkey": "sm-signature",
    "typeform": "typeform-signature",
    "stripe": "stripe-signature",
}
TIMES = {
    "standard": "webhook-timestamp",
    "hubspot_v3": "x-hubspot-request-timestamp",
    "zendesk": "x-zendesk-webhook-signature-timestamp",
}


def verified(vector: Vector, **changes: Any) -> Signed:
    """What a verifier says of an example, at the time at which it was sent."""
    vector = {**vector, **changes}
    preset = vector["preset"]
    headers = {SIGNATURES[preset]: vector["signature"]}
    if preset in TIMES:
        headers[TIMES[preset]] = vector["ts"]
    if "id" in vector:
        headers["webhook-id"] = vector["id"]
    body = vector.get("body", "").encode()
    if "params" in vector:
        body = urlencode(vector["params"]).encode()
        headers["content-type"] = "application/x-www-form-urlencoded"
    request = WebhookRequest(
        method=vector.get("method", "POST"),
        headers=Headers((name.encode(), value.encode()) for name, value in headers.items()),
        body=body,
        now=_sent_at(vector),
        url=vector.get("uri"),
        query=urlsplit(vector.get("uri", "")).query,
    )
    return VERIFIERS[Preset(preset)](request, [Secret(new_id(), vector["secret"])], SourceOptions())


def _sent_at(vector: Vector) -> datetime:
    text = vector.get("ts", "0")
    if not text.isdigit():
        return datetime.fromisoformat(text)
    return datetime.fromtimestamp(int(text) / (1000 if vector["preset"] == "hubspot_v3" else 1), UTC)
