"""Mappings and what they make of payloads, for tests of the mapping of deliveries."""

from typing import Any

from feedback_core.inbound.mapping.mapper import Item, Mapper
from feedback_core.inbound.mapping.types import InboundMapping, ItemOutcome, NotMapped, Said
from feedback_core.surveys.types import Confidentiality
from tests.unit.imports.builders import survey


def mapping(*fields: dict[str, Any], **options: Any) -> InboundMapping:
    """A mapping of fields."""
    return InboundMapping.from_json({"fields": list(fields), **options})


def to(target: str, path: str | None = None, **fields: Any) -> dict[str, Any]:
    """A field to ``question:nps``, ``attribute:region``, ``external_id``; found under its key, by default."""
    kind, _, key = target.partition(":")
    return {"to": kind, "key": key or None, "path": path or key or kind, **fields}


def mapper(wanted: InboundMapping, confidentiality: Confidentiality = Confidentiality.IDENTIFIED) -> Mapper:
    """A mapper to the survey that asks everything."""
    return Mapper(wanted, survey(confidentiality), time_zone="Europe/London")


def outcomes(wanted: InboundMapping, payload: Any, fetched: Any = None) -> list[ItemOutcome]:
    """What each item of a payload says."""
    reader = mapper(wanted)
    items = reader.items(payload)
    if isinstance(items, NotMapped):
        return [items]
    return [reader.read(Item(item.number, item.value, item.payload, fetched)) for item in items]


def said(wanted: InboundMapping, payload: Any, fetched: Any = None) -> Said:
    """The one response that a payload says."""
    (outcome,) = outcomes(wanted, payload, fetched)
    assert isinstance(outcome, Said), outcome
    return outcome


def faults(wanted: InboundMapping, payload: Any) -> list[tuple[str, str]]:
    """What keeps a payload from being mapped: pointers into the mapping, with codes."""
    (outcome,) = outcomes(wanted, payload)
    assert isinstance(outcome, NotMapped), outcome
    return [(fault.pointer, fault.code) for fault in outcome.faults]


def answer(value: Any, target: str, **fields: Any) -> object:
    """What one value becomes: the answer, or the code of what is wrong."""
    (outcome,) = outcomes(mapping(to(target, "v", **fields), to("question:day", "d")), {"v": value, "d": "2026-03-01"})
    if isinstance(outcome, NotMapped):
        return outcome.faults[0].code
    assert isinstance(outcome, Said)
    return outcome.response.answers.get(target.partition(":")[2])
