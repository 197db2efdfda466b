"""Senders of every preset, and what they deliver."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.support.api import Api
from tests.support.signing import (
    ORGANISATION,
    PRIVATE,
    PUBLIC,
    SIGNED_URL,
    Headers,
    basic,
    ed25519,
    hubspot_event,
    hubspot_v1,
    hubspot_v2,
    hubspot_v3,
    in_base64,
    json_body,
    of_body,
    salesforce_message,
    standard,
    stripe,
    twilio_form,
    twilio_json,
    twilio_query,
    zendesk,
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Someone who delivers.

    Attributes:
        name: of the case; the preset's, or with a variant.
        preset: of the source.
        secret: what was agreed.
        other_secret: one of the same form that was not.
        sign: headers for a body sent at an instant.
        body: a genuine body about the thing with this number.
        content_type: of the body.
        signature: name of the header that proves it; ``None``: the path does.
        timed: whether an old signature is refused.
        covers_body: whether another body needs another signature.
        settings: of the source, beside preset and survey.
    """

    name: str
    preset: str
    secret: str
    other_secret: str
    sign: Callable[[str, bytes, datetime], Headers]
    body: Callable[[int], bytes]
    signature: str | None
    content_type: str = "application/json"
    timed: bool = False
    covers_body: bool = True
    query: Callable[[bytes], str] = field(default=lambda _: "")
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name

    def headers(self, body: bytes, *, secret: str | None = None, at: datetime | None = None) -> Headers:
        """What comes with a body, the signature included."""
        signed = self.sign(secret or self.secret, body, at or datetime.now(UTC))
        return {"Content-Type": self.content_type, **signed}

    def path(self, source: "TestSource", body: bytes, *, secret: str | None = None) -> str:
        """Where a body goes."""
        by_path = f"/{secret or self.secret}" if self.signature is None else ""
        query = self.query(body)
        return f"{source.path}{by_path}{'?' if query else ''}{query}"


@dataclass(frozen=True, slots=True)
class TestSource:
    """A source of a test."""

    __test__ = False

    id: str
    path: str
    secret_id: str


async def new_source(api: Api, survey_id: str, sender: Sender, **settings: Any) -> TestSource:
    """A source that believes a sender."""
    body = {"name": str(sender), "preset": sender.preset, "survey_id": survey_id, **sender.settings, **settings}
    made = (await api.post("/v1/sources", body, status=201)).json()
    path = f"/v1/sources/{made['id']}/secrets"
    secret = PUBLIC if sender.secret == PRIVATE else sender.secret
    added = (await api.post(path, {"secret": secret}, status=201)).json()
    return TestSource(made["id"], made["inbound_url"], added["id"])


async def deliver(
    client: httpx.AsyncClient, source: TestSource, sender: Sender, body: bytes, headers: Headers | None = None
) -> httpx.Response:
    """One request of a sender, genuine unless other headers are given."""
    return await client.post(
        sender.path(source, body), content=body, headers=sender.headers(body) if headers is None else headers
    )


_ADDRESS = {"signed_url": SIGNED_URL}
_FORM = "application/x-www-form-urlencoded"
STANDARD = Sender(
    name="standard",
    preset="standard",
    secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    other_secret="whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    sign=standard,
    body=json_body(
        lambda n: {"type": "survey.answered", "timestamp": "2026-03-01T10:00:00Z", "data": {"nps": 9, "n": n}}
    ),
    signature="webhook-signature",
    timed=True,
)
HUBSPOT_V3 = Sender(
    name="hubspot_v3",
    preset="hubspot_v3",
    secret="yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    other_secret="zzzzzzzz-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    sign=hubspot_v3,
    body=json_body(lambda n: [hubspot_event(n), hubspot_event(n, propertyName="why", propertyValue="Schön & schnell")]),
    signature="X-HubSpot-Signature-v3",
    timed=True,
    settings=_ADDRESS,
)
TYPEFORM = Sender(
    name="typeform",
    preset="typeform",
    secret="typeform-secret-number-one",
    other_secret="typeform-secret-number-two",
    sign=of_body("Typeform-Signature", "sha256", lambda mac: "sha256=" + in_base64(mac)),
    body=json_body(
        lambda n: {
            "event_id": f"01EK4R5PFZZP6C8H14RTP4YW6C-{n}",
            "event_type": "form_response",
            "form_response": {"token": f"token-{n}", "submitted_at": "2026-03-01T10:00:00Z", "answers": []},
        }
    ),
    signature="Typeform-Signature",
)
SHARED_SECRET = Sender(
    name="shared_secret",
    preset="shared_secret",
    secret="a secret that both sides know",
    other_secret="a secret that one side knows.",
    sign=lambda secret, _, __: {"X-Webhook-Secret": secret},
    body=json_body(lambda n: {"ticket": n, "rating": "good"}),
    signature="X-Webhook-Secret",
    covers_body=False,
)
SALESFORCE = Sender(
    name="salesforce_outbound_message",
    preset="salesforce_outbound_message",
    secret="pAth-secret_of-salesforce-0001",
    other_secret="pAth-secret_of-salesforce-0002",
    sign=lambda _, __, ___: {"SOAPAction": '""'},
    body=lambda n: salesforce_message(2 * n, 2 * n + 1),
    signature=None,
    content_type="text/xml; charset=UTF-8",
    covers_body=False,
    settings={"options": {"organisation_ids": [ORGANISATION]}},
)
ZENDESK = Sender(
    name="zendesk",
    preset="zendesk",
    secret="dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==",
    other_secret="dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seR==",
    sign=zendesk,
    body=json_body(
        lambda n: {
            "type": "zen:event-type:ticket.csat_received",
            "id": f"01890a5d-ac96-774b-bcce-{n:012}",
            "time": "2026-03-01T10:00:00Z",
            "event": {"satisfaction_score": {"score": "GOOD"}},
        }
    ),
    signature="X-Zendesk-Webhook-Signature",
    timed=True,
)
TWILIO = Sender(
    name="twilio",
    preset="twilio",
    secret="0123456789abcdef0123456789abcdef",
    other_secret="1123456789abcdef0123456789abcdef",
    sign=twilio_form,
    body=lambda n: urlencode({"MessageSid": f"SM{n:032}", "From": "+14158675309", "Body": "9, schön & gut"}).encode(),
    signature="X-Twilio-Signature",
    content_type=_FORM,
    settings=_ADDRESS,
)

SENDERS: tuple[Sender, ...] = (
    STANDARD,
    replace(STANDARD, name="standard, ed25519", secret=PRIVATE, other_secret="another", sign=ed25519),
    HUBSPOT_V3,
    replace(
        HUBSPOT_V3,
        name="hubspot_v2",
        preset="hubspot_v2",
        sign=hubspot_v2,
        signature="X-HubSpot-Signature",
        timed=False,
    ),
    replace(
        HUBSPOT_V3,
        name="hubspot_v1",
        preset="hubspot_v1",
        sign=hubspot_v1,
        signature="X-HubSpot-Signature",
        timed=False,
        settings={},
    ),
    ZENDESK,
    Sender(
        name="intercom",
        preset="intercom",
        secret="client-secret-0001",
        other_secret="client-secret-0002",
        sign=of_body("X-Hub-Signature", "sha1", lambda mac: "sha1=" + mac.hex()),
        body=json_body(lambda n: {"type": "notification_event", "id": f"notif_{n}", "created_at": 1_772_000_000}),
        signature="X-Hub-Signature",
    ),
    TYPEFORM,
    Sender(
        name="surveymonkey",
        preset="surveymonkey",
        secret="api-key-1&api-secret-1",
        other_secret="api-key-1&api-secret-2",
        sign=of_body("Sm-Signature", "sha1", in_base64),
        body=json_body(lambda n: {"event_type": "response_completed", "event_id": str(n), "object_id": "123456"}),
        signature="Sm-Signature",
        content_type="application/vnd.surveymonkey.response.v1+json",
    ),
    Sender(
        name="smartsurvey",
        preset="smartsurvey",
        secret="smartsurvey-secret-0001",
        other_secret="smartsurvey-secret-0002",
        sign=of_body("X-SmartSurvey-Signature", "sha256", bytes.hex),
        body=json_body(lambda n: {"response": n}),
        signature="X-SmartSurvey-Signature",
    ),
    Sender(
        name="stripe",
        preset="stripe",
        secret="whsec_test_secret",
        other_secret="whsec_best_secret",
        sign=stripe,
        body=json_body(lambda n: {"id": f"evt_{n}", "type": "feedback.created", "created": 1_772_000_000}),
        signature="Stripe-Signature",
        timed=True,
    ),
    Sender(
        name="github",
        preset="github",
        secret="It's a Secret to Everybody",
        other_secret="It's a Secret to Everybodx",
        sign=of_body("X-Hub-Signature-256", "sha256", lambda mac: "sha256=" + mac.hex()),
        body=json_body(lambda n: {"action": "created", "comment": n}),
        signature="X-Hub-Signature-256",
    ),
    TWILIO,
    replace(
        TWILIO,
        name="twilio, JSON",
        sign=twilio_json,
        query=twilio_query,
        body=json_body(lambda n: {"sid": n}),
        content_type="application/json",
    ),
    SALESFORCE,
    replace(SHARED_SECRET, name="freshdesk", preset="freshdesk"),
    SHARED_SECRET,
    replace(
        SHARED_SECRET,
        name="shared_secret, Basic",
        secret="freshdesk:a-long-password",
        other_secret="freshdesk:a-wrong-password",
        sign=basic,
        signature="Authorization",
        settings={"options": {"scheme": "basic"}},
    ),
)

LONG_AGO = timedelta(seconds=301)
"""Beyond what clocks may differ by."""
