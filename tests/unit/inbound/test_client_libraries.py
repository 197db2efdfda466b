"""Both ways with the vendors' own libraries: what they sign we believe, and what our tests sign they believe."""

import json
import time
from datetime import UTC, datetime

import pytest
import stripe
from hubspot.utils.signature import Signature
from standardwebhooks import Webhook
from twilio.request_validator import RequestValidator

from feedback_core.inbound.types import Preset, SourceOptions
from feedback_core.inbound.verification import Headers, Secret, Verified, WebhookRequest, verify
from feedback_core.kit.ids import new_id
from tests.support.inbound_senders import SENDERS, Sender
from tests.support.signing import SIGNED_URL

BODY = json.dumps({"id": "evt_1", "type": "answered", "text": "Schön & schnell"}, ensure_ascii=False)
OF = {sender.name: sender for sender in SENDERS}


def believed(
    sender: Sender, body: str, headers: dict[str, str], *, url: str | None = SIGNED_URL, query: str = ""
) -> Verified:
    request = WebhookRequest(
        method="POST",
        headers=Headers((name.encode(), value.encode()) for name, value in headers.items()),
        body=body.encode(),
        now=datetime.now(UTC),
        url=url,
        query=query,
    )
    return verify(Preset(sender.preset), request, [Secret(new_id(), sender.secret)], SourceOptions())


def test_standard_webhooks() -> None:
    sender, now = OF["standard"], datetime.now(UTC)
    library = Webhook(sender.secret)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": library.sign("msg_1", now, BODY),
    }

    assert believed(sender, BODY, headers).dedupe_id == "msg_1"
    assert library.verify(BODY, sender.headers(BODY.encode())) == json.loads(BODY)


def test_stripe() -> None:
    sender, now = OF["stripe"], int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{now}.{BODY}", sender.secret)

    assert believed(sender, BODY, {"Stripe-Signature": f"t={now},v1={signature}"}).dedupe_id == "evt_1"
    ours = sender.headers(BODY.encode())["Stripe-Signature"]
    assert stripe.WebhookSignature.verify_header(BODY, ours, sender.secret, 300)


@pytest.mark.parametrize(
    "url", [SIGNED_URL, "https://feedback.example.org:443/hooks/crm", f"{SIGNED_URL}?a=1&b=%C3%A9"]
)
def test_twilio_forms(url: str) -> None:
    sender = OF["twilio"]
    fields = {"MessageSid": "SM1", "Body": "9, schön & gut", "From": "+14158675309", "Empty": ""}
    body = "MessageSid=SM1&Body=9%2C+sch%C3%B6n+%26+gut&From=%2B14158675309&Empty="
    library = RequestValidator(sender.secret)
    headers = {
        "X-Twilio-Signature": library.compute_signature(url, fields),
        "Content-Type": "application/x-www-form-urlencoded",
    }

    assert believed(sender, body, headers, url=url).dedupe_id == "SM1"
    ours = sender.headers(body.encode())["X-Twilio-Signature"]
    assert library.validate(SIGNED_URL, fields, ours)


def test_twilio_json() -> None:
    sender = OF["twilio, JSON"]
    library = RequestValidator(sender.secret)
    query = f"bodySHA256={library.compute_hash(BODY)}"
    url = f"{SIGNED_URL}?{query}"
    headers = {"X-Twilio-Signature": library.compute_signature(url, {}), "Content-Type": "application/json"}

    assert believed(sender, BODY, headers, url=url, query=query)
    assert library.validate(url, BODY, sender.headers(BODY.encode())["X-Twilio-Signature"])


@pytest.mark.parametrize("version", ["v1", "v2", "v3"])
def test_hubspot(version: str) -> None:
    sender, now = OF[f"hubspot_{version}"], str(int(time.time() * 1000))
    signature = Signature.get_signature(sender.secret, BODY, version, SIGNED_URL, "POST", now)
    headers = {str(sender.signature): signature, "X-HubSpot-Request-Timestamp": now}

    assert believed(sender, BODY, headers)
    ours = sender.headers(BODY.encode())
    assert Signature.is_valid(
        ours[str(sender.signature)],
        sender.secret,
        BODY,
        SIGNED_URL,
        "POST",
        version,
        ours.get("X-HubSpot-Request-Timestamp"),
    )
