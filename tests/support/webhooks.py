"""Senders of every preset, as the vendors describe them: written from their pages, not from the verifiers."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.api import Api

Headers = dict[str, str]

SIGNED_URL = "https://feedback.example.org/hooks/crm"
ORGANISATION = "00D000000000001EAA"
PRIVATE_KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a key of the tests").digest())


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


PRIVATE = "the private key of the tests"
PUBLIC = (
    "whpk_"
    + base64.b64encode(
        PRIVATE_KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    ).decode()
)


def _mac(secret: bytes, content: bytes, algorithm: str) -> bytes:
    return hmac.new(secret, content, algorithm).digest()


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def _message_id(body: bytes) -> str:
    return "msg_" + hashlib.sha256(body).hexdigest()[:24]


def _standard(secret: str, body: bytes, at: datetime) -> Headers:
    identifier, timestamp = _message_id(body), _seconds(at)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = "v1," + _b64(_mac(key, f"{identifier}.{timestamp}.".encode() + body, "sha256"))
    return {"webhook-id": identifier, "webhook-timestamp": timestamp, "webhook-signature": f"v1,b2xk {signature}"}


def _ed25519(secret: str, body: bytes, at: datetime) -> Headers:
    identifier, timestamp = _message_id(body), _seconds(at)
    key = (
        PRIVATE_KEY if secret == PRIVATE else Ed25519PrivateKey.from_private_bytes(b"another key, 32 bytes in length!")
    )
    signature = "v1a," + _b64(key.sign(f"{identifier}.{timestamp}.".encode() + body))
    return {"webhook-id": identifier, "webhook-timestamp": timestamp, "webhook-signature": signature}


def _hubspot_v3(secret: str, body: bytes, at: datetime) -> Headers:
    timestamp = str(int(at.timestamp() * 1000))
    content = b"POST" + SIGNED_URL.encode() + body + timestamp.encode()
    return {
        "X-HubSpot-Signature-v3": _b64(_mac(secret.encode(), content, "sha256")),
        "X-HubSpot-Request-Timestamp": timestamp,
    }


def _hubspot_v2(secret: str, body: bytes, _: datetime) -> Headers:
    signature = hashlib.sha256(secret.encode() + b"POST" + SIGNED_URL.encode() + body).hexdigest()
    return {"X-HubSpot-Signature-Version": "v2", "X-HubSpot-Signature": signature}


def _hubspot_v1(secret: str, body: bytes, _: datetime) -> Headers:
    signature = hashlib.sha256(secret.encode() + body).hexdigest()
    return {"X-HubSpot-Signature-Version": "v1", "X-HubSpot-Signature": signature}


def _zendesk(secret: str, body: bytes, at: datetime) -> Headers:
    timestamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "X-Zendesk-Webhook-Signature": _b64(_mac(secret.encode(), timestamp.encode() + body, "sha256")),
        "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
    }


def _stripe(secret: str, body: bytes, at: datetime) -> Headers:
    timestamp = _seconds(at)
    signature = _mac(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()
    return {"Stripe-Signature": f"t={timestamp},v1={'0' * 64},v1={signature},v0=old"}


def _of_body(header: str, algorithm: str, form: Callable[[bytes], str]) -> Callable[[str, bytes, datetime], Headers]:
    return lambda secret, body, _: {header: form(_mac(secret.encode(), body, algorithm))}


def _twilio_form(secret: str, body: bytes, _: datetime) -> Headers:
    pairs = sorted(httpx.QueryParams(body.decode("latin-1")).multi_items())
    content = SIGNED_URL + "".join(name + value for name, value in pairs)
    return {"X-Twilio-Signature": _b64(_mac(secret.encode(), content.encode(), "sha1"))}


def _twilio_query(body: bytes) -> str:
    return f"bodySHA256={hashlib.sha256(body).hexdigest()}"


def _twilio_json(secret: str, body: bytes, _: datetime) -> Headers:
    return {"X-Twilio-Signature": _b64(_mac(secret.encode(), f"{SIGNED_URL}?{_twilio_query(body)}".encode(), "sha1"))}


def _json(document: Callable[[int], Any]) -> Callable[[int], bytes]:
    return lambda number: json.dumps(document(number), ensure_ascii=False).encode()


def hubspot_event(number: int, **fields: Any) -> dict[str, Any]:
    """One event of HubSpot's."""
    event = {
        "eventId": 1,
        "subscriptionId": 12345,
        "portalId": 62515,
        "occurredAt": 1_772_000_000_000 + number,
        "subscriptionType": "contact.propertyChange",
        "attemptNumber": 0,
        "objectId": number,
        "propertyName": "nps",
        "propertyValue": "9",
    }
    return {**event, **fields}


def salesforce_message(*numbers: int, organisation: str = ORGANISATION) -> bytes:
    """An outbound message with a notification for each number."""
    notifications = "".join(
        f"<Notification><Id>04l{number:015}</Id><sObject xsi:type='sf:Case' xmlns:sf='urn:sobject.enterprise.soap."
        f"sforce.com'><sf:Id>500{number}</sf:Id><sf:Score__c>9</sf:Score__c></sObject></Notification>"
        for number in numbers
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope'
        ' xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
        '<notifications xmlns="http://soap.sforce.com/2005/09/outbound">'
        f"<OrganizationId>{organisation}</OrganizationId><ActionId>04k000000000001AAA</ActionId>"
        "<SessionId>00D!a-session-that-opens-everything</SessionId>"
        f"{notifications}</notifications></soapenv:Body></soapenv:Envelope>"
    ).encode()


def _basic(secret: str, _: bytes, __: datetime) -> Headers:
    return {"Authorization": "Basic " + _b64(secret.encode())}


_ADDRESS = {"signed_url": SIGNED_URL}
_FORM = "application/x-www-form-urlencoded"
STANDARD = Sender(
    name="standard",
    preset="standard",
    secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    other_secret="whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    sign=_standard,
    body=_json(lambda n: {"type": "survey.answered", "timestamp": "2026-03-01T10:00:00Z", "data": {"id": n, "nps": 9}}),
    signature="webhook-signature",
    timed=True,
)
HUBSPOT_V3 = Sender(
    name="hubspot_v3",
    preset="hubspot_v3",
    secret="yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    other_secret="zzzzzzzz-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    sign=_hubspot_v3,
    body=_json(lambda n: [hubspot_event(n), hubspot_event(n, propertyName="why", propertyValue="Schön & schnell")]),
    signature="X-HubSpot-Signature-v3",
    timed=True,
    settings=_ADDRESS,
)
TYPEFORM = Sender(
    name="typeform",
    preset="typeform",
    secret="typeform-secret-number-one",
    other_secret="typeform-secret-number-two",
    sign=_of_body("Typeform-Signature", "sha256", lambda mac: "sha256=" + _b64(mac)),
    body=_json(
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
    body=_json(lambda n: {"ticket": n, "rating": "good"}),
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
    sign=_zendesk,
    body=_json(
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
    sign=_twilio_form,
    body=lambda n: urlencode({"MessageSid": f"SM{n:032}", "From": "+14158675309", "Body": "9, schön & gut"}).encode(),
    signature="X-Twilio-Signature",
    content_type=_FORM,
    settings=_ADDRESS,
)

SENDERS: tuple[Sender, ...] = (
    STANDARD,
    replace(STANDARD, name="standard, ed25519", secret=PRIVATE, other_secret="another", sign=_ed25519),
    HUBSPOT_V3,
    replace(
        HUBSPOT_V3,
        name="hubspot_v2",
        preset="hubspot_v2",
        sign=_hubspot_v2,
        signature="X-HubSpot-Signature",
        timed=False,
    ),
    replace(
        HUBSPOT_V3,
        name="hubspot_v1",
        preset="hubspot_v1",
        sign=_hubspot_v1,
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
        sign=_of_body("X-Hub-Signature", "sha1", lambda mac: "sha1=" + mac.hex()),
        body=_json(lambda n: {"type": "notification_event", "id": f"notif_{n}", "created_at": 1_772_000_000}),
        signature="X-Hub-Signature",
    ),
    TYPEFORM,
    Sender(
        name="surveymonkey",
        preset="surveymonkey",
        secret="api-key-1&api-secret-1",
        other_secret="api-key-1&api-secret-2",
        sign=_of_body("Sm-Signature", "sha1", _b64),
        body=_json(lambda n: {"event_type": "response_completed", "event_id": str(n), "object_id": "123456"}),
        signature="Sm-Signature",
        content_type="application/vnd.surveymonkey.response.v1+json",
    ),
    Sender(
        name="smartsurvey",
        preset="smartsurvey",
        secret="smartsurvey-secret-0001",
        other_secret="smartsurvey-secret-0002",
        sign=_of_body("X-SmartSurvey-Signature", "sha256", bytes.hex),
        body=_json(lambda n: {"response": n}),
        signature="X-SmartSurvey-Signature",
    ),
    Sender(
        name="stripe",
        preset="stripe",
        secret="whsec_test_secret",
        other_secret="whsec_best_secret",
        sign=_stripe,
        body=_json(lambda n: {"id": f"evt_{n}", "type": "feedback.created", "created": 1_772_000_000}),
        signature="Stripe-Signature",
        timed=True,
    ),
    Sender(
        name="github",
        preset="github",
        secret="It's a Secret to Everybody",
        other_secret="It's a Secret to Everybodx",
        sign=_of_body("X-Hub-Signature-256", "sha256", lambda mac: "sha256=" + mac.hex()),
        body=_json(lambda n: {"action": "created", "comment": n}),
        signature="X-Hub-Signature-256",
    ),
    TWILIO,
    replace(
        TWILIO,
        name="twilio, JSON",
        sign=_twilio_json,
        query=_twilio_query,
        body=_json(lambda n: {"sid": n}),
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
        sign=_basic,
        signature="Authorization",
        settings={"options": {"scheme": "basic"}},
    ),
)

LONG_AGO = timedelta(seconds=301)
"""Beyond what clocks may differ by."""
