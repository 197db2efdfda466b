"""What a delivery is told apart by, and the items in it: only by what its sender signed.

Source: the vendors' pages on repeated deliveries; where an id is outside the signature (GitHub, Zendesk's invocation),
or there is none, the body itself is the id.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from feedback_core.inbound.instants import from_iso, from_milliseconds, from_seconds
from feedback_core.inbound.types import Preset

LONGEST_ID: Final = 200
_HUBSPOT: Final = frozenset({Preset.HUBSPOT_V3, Preset.HUBSPOT_V2, Preset.HUBSPOT_V1})
_HUBSPOT_KEY: Final = ("portalId", "subscriptionId", "objectId", "propertyName", "occurredAt")
_HUBSPOT_REQUIRED: Final = ("portalId", "subscriptionId", "objectId", "occurredAt")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a delivery says.

    Attributes:
        number: its place in the delivery, from 0.
        item_id: the same whenever its sender repeats it, in whichever delivery.
        occurred_at: when its sender says that it came about.
        payload: the part of the document that is about it.
    """

    number: int
    item_id: str
    occurred_at: datetime | None
    payload: Any


@dataclass(frozen=True, slots=True)
class Told:
    """What a delivery as a whole is told apart by, and when it came about."""

    dedupe_id: str
    occurred_at: datetime | None


def told_by(preset: Preset, body: bytes, document: object, *, signed_id: str | None = None) -> Told:
    """What a verified delivery is told apart by.

    Args:
        preset: of its source.
        body: as it came.
        document: what is in the body; ``None`` if it could not be read.
        signed_id: an id that was signed beside the body, or found in it by its verifier.
    """
    found = signed_id or _id_in(preset, document)
    if found is None and preset in _HUBSPOT and isinstance(document, list) and document:
        try:
            found = joint_id([_hubspot_id(event) for event in document])
        except RecursionError:
            found = None  # so deep that it can be read and not written again
    return Told(plain_id(found) if found else by_digest(body), _occurred_at(preset, document))


def items_of(preset: Preset, dedupe_id: str, document: Any) -> tuple[Item, ...]:  # noqa: ANN401 - any JSON value
    """The items of a delivery, as far as its preset says that it has several; else the one that it is.

    Args:
        preset: of its source.
        dedupe_id: of the delivery.
        document: JSON; of XML, elements as objects by their local names, repeated ones as arrays.
    """
    if preset in _HUBSPOT and isinstance(document, list):
        return tuple(
            Item(number, plain_id(_hubspot_id(event)), _occurred_at(preset, event), event)
            for number, event in enumerate(document)
        )
    if preset is Preset.SALESFORCE_OUTBOUND_MESSAGE:
        return tuple(
            Item(number, plain_id(str(found.get("Id", ""))) or f"{dedupe_id}#{number}", None, found)
            for number, found in enumerate(_notifications(document))
        )
    return (Item(0, dedupe_id, _occurred_at(preset, document), document),)


def joint_id(ids: Sequence[str]) -> str:
    """One id for several, whatever their order."""
    joined = json.dumps(sorted(set(ids)))
    return "items:" + hashlib.sha256(joined.encode()).hexdigest()


def by_digest(content: bytes) -> str:
    """An id for what has none."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def plain_id(found: str) -> str:
    """An id as it can be stored and asked for: one that is long or cannot be printed stands by its digest."""
    if len(found) <= LONGEST_ID and found.isprintable():
        return found
    return by_digest(found.encode("utf-8", "surrogatepass"))


def read_json(body: bytes) -> object:
    """The JSON in a body; ``None`` if there is none that can be read."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _id_in(preset: Preset, document: object) -> str | None:
    if not isinstance(document, Mapping):
        return None
    match preset:
        case Preset.ZENDESK | Preset.INTERCOM | Preset.STRIPE:
            return _text(document.get("id"))
        case Preset.TYPEFORM:
            form = document.get("form_response")
            token = _text(form.get("token")) if isinstance(form, Mapping) else None
            # The partial and the final answer of a visit share its token.
            kind = (
                "" if document.get("event_type") == "form_response" else f":{_text(document.get('event_type')) or ''}"
            )
            return f"{token}{kind}" if token else _text(document.get("event_id"))
        case Preset.SURVEYMONKEY:
            return _text(document.get("event_id"))
        case _:
            return None


def _occurred_at(preset: Preset, document: object) -> datetime | None:  # noqa: PLR0911 - one case per sender
    if isinstance(document, list) and preset in _HUBSPOT:
        known = [found for event in document if (found := _occurred_at(preset, event))]
        return min(known, default=None)
    if not isinstance(document, Mapping):
        return None
    match preset:
        case Preset.STANDARD:
            return from_iso(document.get("timestamp"))
        case Preset.HUBSPOT_V3 | Preset.HUBSPOT_V2 | Preset.HUBSPOT_V1:
            return from_milliseconds(document.get("occurredAt"))
        case Preset.ZENDESK:
            return from_iso(document.get("time"))
        case Preset.INTERCOM:
            return from_seconds(document.get("created_at"))
        case Preset.TYPEFORM:
            form = document.get("form_response")
            return from_iso(form.get("submitted_at")) if isinstance(form, Mapping) else None
        case Preset.SURVEYMONKEY:
            return from_iso(document.get("event_datetime"))
        case Preset.STRIPE:
            return from_seconds(document.get("created"))
        case _:
            return None


def _hubspot_id(event: object) -> str:
    """``eventId`` is not promised to be unique, and the number of the attempt changes."""
    if isinstance(event, Mapping):
        if all(_text(event.get(name)) for name in _HUBSPOT_REQUIRED):
            return ":".join(_text(event.get(name)) or "" for name in _HUBSPOT_KEY)
        event = {name: value for name, value in event.items() if name != "attemptNumber"}
    return by_digest(json.dumps(event, sort_keys=True).encode())


def _notifications(document: object) -> list[Mapping[str, Any]]:
    for name in ("Envelope", "Body", "notifications", "Notification"):
        document = document.get(name) if isinstance(document, Mapping) else None
    found = document if isinstance(document, list) else [document]
    return [notification for notification in found if isinstance(notification, Mapping)]


def _text(value: object) -> str | None:
    """An id, written as text or as a number."""
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
