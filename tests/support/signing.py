"""How senders sign, as the vendors describe it: written from their pages, not from the verifiers."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Headers = dict[str, str]

SIGNED_URL = "https://feedback.example.org/hooks/crm"
ORGANISATION = "00D000000000001EAA"
PRIVATE_KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a key of the tests").digest())
PRIVATE = "the private key of the tests"
PUBLIC = (
    "whpk_"
    + base64.b64encode(
        PRIVATE_KEY.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    ).decode()
)


def _mac(secret: bytes, content: bytes, algorithm: str) -> bytes:
    return hmac.new(secret, content, algorithm).digest()


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def _message_id(body: bytes) -> str:
    return "msg_" + hashlib.sha256(body).hexdigest()[:24]


def standard(secret: str, body: bytes, at: datetime) -> Headers:
    identifier, timestamp = _message_id(body), _seconds(at)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signature = "v1," + in_base64(_mac(key, f"{identifier}.{timestamp}.".encode() + body, "sha256"))
    return {"webhook-id": identifier, "webhook-timestamp": timestamp, "webhook-signature": f"v1,b2xk {signature}"}


def ed25519(secret: str, body: bytes, at: datetime) -> Headers:
    identifier, timestamp = _message_id(body), _seconds(at)
    key = (
        PRIVATE_KEY if secret == PRIVATE else Ed25519PrivateKey.from_private_bytes(b"another key, 32 bytes in length!")
    )
    signature = "v1a," + in_base64(key.sign(f"{identifier}.{timestamp}.".encode() + body))
    return {"webhook-id": identifier, "webhook-timestamp": timestamp, "webhook-signature": signature}


def hubspot_v3(secret: str, body: bytes, at: datetime) -> Headers:
    timestamp = str(int(at.timestamp() * 1000))
    content = b"POST" + SIGNED_URL.encode() + body + timestamp.encode()
    return {
        "X-HubSpot-Signature-v3": in_base64(_mac(secret.encode(), content, "sha256")),
        "X-HubSpot-Request-Timestamp": timestamp,
    }


def hubspot_v2(secret: str, body: bytes, _: datetime) -> Headers:
    signature = hashlib.sha256(secret.encode() + b"POST" + SIGNED_URL.encode() + body).hexdigest()
    return {"X-HubSpot-Signature-Version": "v2", "X-HubSpot-Signature": signature}


def hubspot_v1(secret: str, body: bytes, _: datetime) -> Headers:
    signature = hashlib.sha256(secret.encode() + body).hexdigest()
    return {"X-HubSpot-Signature-Version": "v1", "X-HubSpot-Signature": signature}


def zendesk(secret: str, body: bytes, at: datetime) -> Headers:
    timestamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "X-Zendesk-Webhook-Signature": in_base64(_mac(secret.encode(), timestamp.encode() + body, "sha256")),
        "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
    }


def stripe(secret: str, body: bytes, at: datetime) -> Headers:
    timestamp = _seconds(at)
    signature = _mac(secret.encode(), timestamp.encode() + b"." + body, "sha256").hex()
    return {"Stripe-Signature": f"t={timestamp},v1={'0' * 64},v1={signature},v0=old"}


def of_body(header: str, algorithm: str, form: Callable[[bytes], str]) -> Callable[[str, bytes, datetime], Headers]:
    return lambda secret, body, _: {header: form(_mac(secret.encode(), body, algorithm))}


def twilio_form(secret: str, body: bytes, _: datetime) -> Headers:
    pairs = sorted(httpx.QueryParams(body.decode("latin-1")).multi_items())
    content = SIGNED_URL + "".join(name + value for name, value in pairs)
    return {"X-Twilio-Signature": in_base64(_mac(secret.encode(), content.encode(), "sha1"))}


def twilio_query(body: bytes) -> str:
    return f"bodySHA256={hashlib.sha256(body).hexdigest()}"


def twilio_json(secret: str, body: bytes, _: datetime) -> Headers:
    return {
        "X-Twilio-Signature": in_base64(_mac(secret.encode(), f"{SIGNED_URL}?{twilio_query(body)}".encode(), "sha1"))
    }


def json_body(document: Callable[[int], Any]) -> Callable[[int], bytes]:
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


def basic(secret: str, _: bytes, __: datetime) -> Headers:
    return {"Authorization": "Basic " + in_base64(secret.encode())}
