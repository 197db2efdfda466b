"""Vocabulary of frames: who could be asked, what is known of them, and who must not be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from feedback_core.jobs.types import JobPayload
from feedback_core.kit.errors import Conflict, Fault

MOST_UNITS_OF_A_BATCH: Final = 1_000
MOST_VALUE: Final = 300
"""Characters of a name, an attribute's value, or a contact."""


class ContactKind(StrEnum):
    """By what two units are found to be one person."""

    EMAIL = "email"
    PHONE = "phone"
    NAME_POSTCODE = "name_postcode"


class OptOutBy(StrEnum):
    """By what somebody who does not want to be asked is known."""

    EMAIL = "email"
    PHONE = "phone"
    REF = "ref"


class UnitFault(StrEnum):
    """Codes of what can be wrong with a unit."""

    UNKNOWN_ATTRIBUTE = "unknown_attribute"
    UNKNOWN_MEASURE = "unknown_measure"
    UNUSABLE_CONTACT = "unusable_contact"
    REF_MISSING = "ref_missing"
    TOO_LONG = "too_long"
    UNREADABLE_NUMBER = "unreadable_number"
    NUL_CHARACTER = "nul_character"
    LONE_SURROGATE = "lone_surrogate"
    WRONG_TYPE = "wrong_type"


class FrameEmptied(Conflict):
    """The frame's time is over: whom it was of is gone."""

    code = "frame_emptied"


class FrameInUse(Conflict):
    """Samples were drawn from the frame, which say how they were; it can be emptied by its retention."""

    code = "frame_in_use"


@dataclass(frozen=True, slots=True)
class ContactRule:
    """How often somebody may be asked; counted over all frames of the organisation.

    Attributes:
        rest_days: after somebody was asked they are left alone for so long; ``None``: they need not be.
        most: times that somebody is asked within ``within_days`` at most; ``None``: any.
    """

    rest_days: int | None = None
    most: int | None = None
    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class FrameSettings:
    """What a frame is.

    Attributes:
        attributes: keys of what is known of its units in words: strata, clusters, orders.
        measures: keys of what is known of them in numbers: sizes, orders.
        deduplicate_by: what two units that are one person have in common.
        contact_rule: how often somebody may be asked.
        keep_days: contacts are kept for so long after units last came in; ``None``: until the frame is deleted.
    """

    name: str
    attributes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    deduplicate_by: tuple[ContactKind, ...] = tuple(ContactKind)
    contact_rule: ContactRule = ContactRule()
    keep_days: int | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame as it stands.

    Attributes:
        seed: the permanent random numbers of its units follow from it.
        changes: batches that came in.
        deduplicated: how many of them had come in when duplicates were last looked for.
        emptied_at: from when on nothing tells whose its units are; ``None``: it is in use.
    """

    id: UUID
    settings: FrameSettings
    seed: int
    changes: int
    deduplicated: int
    keep_until: datetime | None
    loaded_at: datetime | None
    emptied_at: datetime | None
    created_by: str
    created_at: datetime
    revision: int

    @property
    def is_settled(self) -> bool:
        """Whether duplicates were looked for since units last came in."""
        return self.deduplicated >= self.changes


@dataclass(frozen=True, slots=True)
class FrameCounts:
    """How many units there are: ``units`` that are not ``duplicates`` are people."""

    units: int
    duplicates: int
    opted_out: int
    with_email: int
    with_phone: int


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is called and reached; any of it may be missing."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    postcode: str | None = None


@dataclass(frozen=True, slots=True)
class NewUnit:
    """What a caller says of a unit; what was said of the same ``ref`` before is replaced by it."""

    ref: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, float] = field(default_factory=dict)
    contact: Contact = Contact()


@dataclass(frozen=True, slots=True)
class RejectedUnit:
    """What is wrong with a unit, with pointers from it."""

    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A checked unit, as its columns are written: the contact sealed, and keyed hashes of it."""

    id: UUID
    ref: str
    number: int
    attributes: Mapping[str, str]
    measures: Mapping[str, float]
    contact: bytes | None
    email_ref: bytes | None
    phone_ref: bytes | None
    name_ref: bytes | None
    ref_ref: bytes

    @property
    def person_ref(self) -> bytes:
        """By what the person is known in every frame: the likeliest to be the same there."""
        return self.email_ref or self.phone_ref or self.name_ref or self.ref_ref


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """A unit as it stands; ``contact`` is sealed."""

    id: UUID
    ref: str | None
    number: int
    attributes: Mapping[str, str]
    measures: Mapping[str, float]
    contact: bytes | None
    repeats: UUID | None
    shares: tuple[str, ...]
    opted_out_at: datetime | None
    added_at: datetime
    has_email: bool
    has_phone: bool


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A unit that another one stands for, and what they, or units between them, share."""

    id: UUID
    ref: str | None
    repeats: UUID
    repeats_ref: str | None
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who of a frame could be drawn at an instant; the parts and ``eligible`` add up to ``people``.

    Attributes:
        people: units that repeat no other.
        opted_out: do not want to be asked.
        resting: were asked too lately, or too often.
        unreachable: have no contact of the kind that was asked for.
        unsized: lack the size by which it is drawn, or it is not above 0.
        unplaced: lack the cluster by which it is drawn.
    """

    people: int
    eligible: int
    opted_out: int
    resting: int
    unreachable: int = 0
    unsized: int = 0
    unplaced: int = 0


@dataclass(frozen=True, slots=True)
class Deduplicate(JobPayload):
    """Look for units that are one person."""

    kind: ClassVar[str] = "sampling.deduplicate"

    frame_id: UUID


@dataclass(frozen=True, slots=True)
class EmptyFrame(JobPayload):
    """Take out of a frame whom it is of."""

    kind: ClassVar[str] = "sampling.empty_frame"

    frame_id: UUID
