"""A day of deliveries by senders of every preset: repeated, reordered, forged, malformed."""

import asyncio
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import urlencode

import httpx

from feedback_core.inbound.mapping.templates import TEMPLATES
from tests.support.inbound_senders import SENDERS, Sender, TestSource
from tests.support.sender_api import SenderApi
from tests.support.signing import ORGANISATION, hubspot_event
from tests.support.surveys import Json, PublishedSurvey

QUESTIONS: list[Json] = [
    {"key": "nps", "type": "nps", "text": "Recommend?"},
    {"key": "happy", "type": "csat", "text": "Satisfied?"},
    {"key": "why", "type": "text", "text": "Why?"},
]
REPEATED, FORGED, MALFORMED = 0.30, 0.05, 0.02
AT_A_TIME = 24
AT = "2026-03-01T10:00:00Z"


class Kind(Enum):
    """What a request is."""

    GENUINE = "genuine"
    FORGED = "forged"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Case:
    """A sender, what it says of the thing with a number, and what that must become.

    Attributes:
        name: the external id of the response.
    """

    sender: Sender
    mapping: Json
    body: Callable[[int], bytes]
    answers: Callable[[int], Json]
    name: Callable[[int], str]
    connector: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the day."""

    case: int
    number: int
    kind: Kind


@dataclass(slots=True)
class Tally:
    """What was answered, by kind of request."""

    answers: defaultdict[Kind, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    broken: int = 0
    done: int = 0


def score(number: int) -> int:
    """What the customer of that number gave."""
    return number * 7 % 11


def _plain(number: int) -> Json:
    return {"id": f"e{number}", "score": score(number), "text": f"Reason {number}."}


_PLAIN: Json = {
    "fields": [
        {"to": "external_id", "path": "id"},
        {"to": "submitted_at", "path": "at"},
        {"to": "question", "key": "nps", "path": "score"},
        {"to": "question", "key": "why", "path": "text"},
    ]
}
_HUBSPOT: Json = {
    "items": "@",
    "occurred_at": {"path": "occurredAt", "date_format": "unix_ms"},
    "fields": [
        {"to": "external_id", "path": "to_string(objectId)"},
        {"to": "question", "key": "nps", "path": "propertyValue"},
    ],
}
_THIN: Json = {
    "when": "event_type == 'response_completed'",
    "occurred_at": {"path": "event_datetime"},
    "fetch": {"parameters": {"response_id": "object_id"}},
    "fields": [
        {"to": "external_id", "path": "object_id", "within": "item"},
        {"to": "submitted_at", "path": "event_datetime", "within": "item"},
        {"to": "question", "key": "nps", "path": "answers[?id=='q1'].value"},
        {"to": "question", "key": "why", "path": "answers[?id=='q2'].value"},
    ],
}
_SALESFORCE: Json = {
    "items": "to_array(Envelope.Body.notifications.Notification)",
    "fields": [
        {"to": "external_id", "path": "sObject.Id"},
        {"to": "question", "key": "nps", "path": "sObject.Score__c"},
    ],
}
_TWILIO: Json = {
    "fields": [
        {"to": "external_id", "path": "MessageSid"},
        {"to": "question", "key": "nps", "path": "Body"},
    ],
    "constants": [{"to": "method", "value": "sms"}],
}


def _json(document: Callable[[int], Any]) -> Callable[[int], bytes]:
    return lambda number: json.dumps(document(number)).encode()


def _template(key: str) -> Json:
    return dict(TEMPLATES[key].document)


def _soap(number: int) -> bytes:
    return (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        '<notifications xmlns="http://soap.sforce.com/2005/09/outbound">'
        f"<OrganizationId>{ORGANISATION}</OrganizationId><SessionId>x</SessionId>"
        f"<Notification><Id>04l{number:015}</Id><sObject><Id>e{number}</Id><Score__c>{score(number)}.0</Score__c>"
        "</sObject></Notification></notifications></s:Body></s:Envelope>"
    ).encode()


def _scored(number: int) -> Json:
    return {"nps": score(number)}


def _with_reason(number: int) -> Json:
    return {"nps": score(number), "why": f"Reason {number}."}


def _name(number: int) -> str:
    return f"e{number}"


def case_of(sender: Sender) -> Case:  # noqa: PLR0911 -- one per preset
    """What a sender says."""
    match sender.preset:
        case "hubspot_v1" | "hubspot_v3":
            body = _json(lambda n: [hubspot_event(n, propertyValue=str(score(n)))])
            return Case(sender, _HUBSPOT, body, _scored, str)
        case "hubspot_v2":
            fields = {"hs_survey_type": "NPS", "hs_submission_timestamp": 1772272800000}
            body = _json(
                lambda n: {**fields, "hs_ingestion_id": f"e{n}", "hs_value": score(n), "hs_content": f"Reason {n}."}
            )
            return Case(sender, _template("hubspot_feedback_submission"), body, _with_reason, _name)
        case "zendesk":
            body = _json(
                lambda n: {
                    "type": "zen:event-type:ticket.csat_received",
                    "id": f"uuid-{n}",
                    "time": AT,
                    "detail": {"id": f"e{n}"},
                    "event": {"satisfaction_score": {"score": "GOOD" if n % 3 else "BAD"}},
                }
            )
            return Case(sender, _template("zendesk_good_bad"), body, lambda n: {"happy": 5 if n % 3 else 1}, _name)
        case "intercom":
            body = _json(
                lambda n: {
                    "type": "notification_event",
                    "id": f"notif_{n}",
                    "topic": "conversation.rating.added",
                    "created_at": 1772272801,
                    "data": {
                        "item": {
                            "id": f"e{n}",
                            "conversation_rating": {"rating": n % 5 + 1, "remark": None, "created_at": 1772272800},
                        }
                    },
                }
            )
            return Case(sender, _template("intercom_rating"), body, lambda n: {"happy": n % 5 + 1}, _name)
        case "typeform":
            body = _json(
                lambda n: {
                    "event_id": f"event-{n}",
                    "event_type": "form_response",
                    "form_response": {
                        "token": f"e{n}",
                        "submitted_at": AT,
                        "answers": [
                            {"type": "number", "number": score(n), "field": {"ref": "nps_score"}},
                            {"type": "text", "text": f"Reason {n}.", "field": {"ref": "improve_feedback"}},
                        ],
                    },
                }
            )
            return Case(sender, _template("typeform"), body, _with_reason, _name)
        case "surveymonkey":
            body = _json(
                lambda n: {
                    "event_type": "response_completed",
                    "event_id": str(n),
                    "object_id": f"e{n}",
                    "event_datetime": AT,
                }
            )
            return Case(sender, _THIN, body, _with_reason, _name, connector="/responses/{response_id}")
        case "salesforce_outbound_message":
            return Case(sender, _SALESFORCE, _soap, _scored, _name)
        case "twilio" if sender.content_type != "application/json":
            form = lambda n: urlencode({"MessageSid": f"e{n}", "From": "+14158675309", "Body": score(n)}).encode()  # noqa: E731
            return Case(sender, _TWILIO, form, _scored, _name)
        case _:
            return Case(sender, _PLAIN, _json(lambda n: {**_plain(n), "at": AT}), _with_reason, _name)


CASES: tuple[Case, ...] = tuple(case_of(sender) for sender in SENDERS)


def fill(sender_api: SenderApi, requests: Sequence[Request]) -> None:
    """What the sender's own API knows of the events that have ids only; each answer is there twice, as some do."""
    for request in requests:
        if CASES[request.case].connector and request.kind is Kind.GENUINE:
            answers = [
                {"id": "q1", "value": score(request.number)},
                {"id": "q2", "value": f"Reason {request.number}."},
            ]
            sender_api.documents[f"/responses/e{request.number}"] = {"answers": [*answers, *answers]}


def requests_of_a_day(size: int, chance: random.Random) -> list[Request]:
    """So many requests, over all senders, in no order."""
    forged, malformed, repeated = (int(size * share) for share in (FORGED, MALFORMED, REPEATED))
    first = [
        Request(number % len(CASES), number, Kind.GENUINE) for number in range(size - forged - malformed - repeated)
    ]
    again = [chance.choice(first) for _ in range(repeated)]
    lies = [Request(number % len(CASES), 1_000_000 + number, Kind.FORGED) for number in range(forged)]
    # Malformed JSON is of those who send JSON; the others are told apart by what is in their bodies already.
    json_senders = [n for n, case in enumerate(CASES) if case.sender.preset in _JSON_OF_ANY_FORM]
    broken = [
        Request(json_senders[number % len(json_senders)], 2_000_000 + number, Kind.MALFORMED)
        for number in range(malformed)
    ]
    everything = [*first, *again, *lies, *broken]
    chance.shuffle(everything)
    return everything


_JSON_OF_ANY_FORM = {"standard", "github", "smartsurvey", "shared_secret", "freshdesk", "typeform", "zendesk"}


@dataclass(slots=True)
class HostileDay:
    """Sends the requests of a day, each until it is answered for good."""

    client: httpx.AsyncClient
    sources: Sequence[TestSource]
    surveys: Sequence[PublishedSurvey]
    tally: Tally = field(default_factory=Tally)

    async def send(self, requests: Sequence[Request]) -> None:
        """All of them, many at a time."""
        queue = iter(requests)

        async def one_by_one() -> None:
            for request in queue:
                await self._send(request)
                self.tally.done += 1

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_A_TIME):
                group.create_task(one_by_one())

    async def _send(self, request: Request) -> None:
        case, source = CASES[request.case], self.sources[request.case]
        sender = case.sender
        body = _malformed(case, request.number) if request.kind is Kind.MALFORMED else case.body(request.number)
        secret = sender.other_secret if request.kind is Kind.FORGED else None
        while True:
            try:
                answer = await self.client.post(
                    sender.path(source, body, secret=secret), content=body, headers=sender.headers(body, secret=secret)
                )
            except httpx.TransportError:
                self.tally.broken += 1
                await asyncio.sleep(0.05)
                continue
            self.tally.answers[request.kind][answer.status_code] += 1
            if not _asks_to_come_again(answer):
                return
            await asyncio.sleep(0.05)


def _asks_to_come_again(answer: httpx.Response) -> bool:
    return answer.status_code == 503 or "<Ack>false</Ack>" in answer.text


def _malformed(case: Case, number: int) -> bytes:
    """Signed by who signs, and yet nothing that can be read: broken off, deep, or with another kind of value."""
    body = case.body(number)
    return (body[:-7], b'{"n":%d,"d":' % number + b"[" * 500 + b"]" * 500 + b"}", b"[%d]" % number)[number % 3]
