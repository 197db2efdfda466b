"""Pure parts of events: ids that follow from what an event is about, and places in the sequence of a subject."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from feedback_core.events.types import Event, EventKind

Subject: TypeAlias = tuple[str, str]
"""Kind and id of what events are about."""


@dataclass(frozen=True, slots=True)
class Last:
    """Where the events of a subject end: sequence and transaction of the latest."""

    sequence: int
    xid: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """An event with its id and its place."""

    id: UUID
    event: Event
    sequence: int
    xid: int


def subject_of(event: Event) -> Subject:
    """What an event is about."""
    return event.kind.subject_kind, str(event.subject)


def event_id(organisation_id: UUID, kind: EventKind, subject: UUID | str, mark: str) -> UUID:
    """The id of an event, the same whenever and wherever it is made (RFC 9562, version 8).

    Args:
        organisation_id: whose event it is.
        kind: what happened.
        subject: to what.
        mark: tells this event from others of the kind on the same subject: ``version 3``, ``sequence 7``.
    """
    said = "\0".join((str(organisation_id), kind.value, str(subject), mark))
    digest = bytearray(hashlib.blake2b(said.encode(), digest_size=16, person=b"event id").digest())
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))


def numbered(organisation_id: UUID, events: Sequence[Event], last: Mapping[Subject, Last], xid: int) -> list[Numbered]:
    """Events with the next places of their subjects.

    An event never comes before one of the same subject, even if that was recorded by a transaction that began later.

    Args:
        organisation_id: whose events they are.
        events: in the order in which they came to be true.
        last: of each subject that has events already.
        xid: of the transaction that records them.
    """
    ends = dict(last)
    found = []
    for event in events:
        subject = subject_of(event)
        before = ends.get(subject, Last(0, 0))
        end = ends[subject] = Last(before.sequence + 1, max(before.xid, xid))
        mark = f"sequence {end.sequence}" if event.version is None else f"version {event.version}"
        found.append(Numbered(event_id(organisation_id, event.kind, event.subject, mark), event, end.sequence, end.xid))
    return found
