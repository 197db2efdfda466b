"""Vocabulary of a mapping of deliveries: what is read where, and what became of an item.

What a value stands for is said as for imports of files: the same targets, recodings, formats of time and constants.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter

from feedback_core.kit.errors import Invalid
from feedback_core.responses.imports.types import ISO, Canonical, Constant, Match, OnUnreadable, Target
from feedback_core.responses.types import NewResponse
from feedback_core.surveys.types import Confidentiality

MAX_FIELDS: Final = 500
"""Fields of one mapping."""

MAX_ITEMS: Final = 1_000
"""Items of one delivery."""


class Within(StrEnum):
    """What an expression is read in: an item, the delivery as a whole, or what was fetched for the item."""

    ITEM = "item"
    PAYLOAD = "payload"
    FETCHED = "fetched"


class MappingFault(StrEnum):
    """Codes of what can be wrong with a mapping or a payload, beside those of imports and of ``surveys.codes``."""

    INVALID_EXPRESSION = "invalid_expression"
    NOTHING_TO_ERASE_BY = "nothing_to_erase_by"
    NOTHING_FETCHED = "nothing_fetched"
    UNKNOWN_PARAMETER = "unknown_parameter"
    BODY_UNREADABLE = "body_unreadable"
    EXPRESSION_FAILED = "expression_failed"
    TOO_MANY_ITEMS = "too_many_items"
    CONTRADICTING_VALUES = "contradicting_values"
    NOTHING_ANSWERED = "nothing_answered"
    PARAMETER_MISSING = "parameter_missing"
    SUBJECT_MISSING = "subject_missing"


class PayloadUnreadable(Invalid):
    """The payload is no document that a mapping can read."""

    code = "payload_unreadable"

    def __init__(self, detail: str) -> None:
        super().__init__((), detail)


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """What one expression says.

    Attributes:
        to: what it says.
        path: JMESPath.
        within: what the expression is read in; ``None``: what was fetched, or else the item.
        key: of the question or attribute; of the respondent: ``id``, ``name``, ``email`` or ``phone``.
        item: row of a matrix.
        values: what raw values stand for; one that is not named is read as it is.
        blank: raw values that mean no answer; an empty one, and null, always do.
        separator: between the choices in one text, for multiple choice and ranking.
        match: how raw values are compared with ``values``, ``blank`` and declared keys.
        date_format: of this field; ``None``: that of the mapping.
        on_unreadable: of this field; ``None``: that of the mapping.
    """

    to: Target
    path: str
    within: Within | None = None
    key: str | None = None
    item: str | None = None
    values: Mapping[str, Canonical] = field(default_factory=dict)
    blank: tuple[str, ...] = ()
    separator: str | None = None
    match: Match = Match.LOOSE
    date_format: str | None = None
    on_unreadable: OnUnreadable | None = None


@dataclass(frozen=True, slots=True)
class Instant:
    """Where a time stands; ``date_format`` ``None``: that of the mapping."""

    path: str
    within: Within = Within.ITEM
    date_format: str | None = None


@dataclass(frozen=True, slots=True)
class ErasureRule:
    """Which items say that somebody, or one response, is to be forgotten; at least one of the others is there.

    Attributes:
        when: true of such items.
        external_id: of the response.
        respondent_id: of whom all responses go; so ``respondent_email``.
    """

    when: str
    external_id: str | None = None
    respondent_id: str | None = None
    respondent_email: str | None = None


@dataclass(frozen=True, slots=True)
class FetchRule:
    """What the source's connector needs to fetch the rest of an item, which has ids only: expressions by parameter."""

    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InboundMapping:
    """How deliveries of a source are read, and what their parts say.

    Attributes:
        fields: those that say something; the rest of the payload is passed over.
        constants: what every item says.
        when: true of the items that are wanted; others are ignored on purpose. ``None``: all are.
        items: where one delivery says several things: an expression that gives an array. ``None``: it says one.
        occurred_at: when the sender says that an item came about; of two that say the same response, the later holds.
            ``None``: the time of the delivery.
        erasure: items that ask to forget.
        fetch: items that have ids only.
        date_format: ``iso``, ``unix``, ``unix_ms``, or a pattern of ``strptime``'s numeric directives.
        time_zone: IANA name, for times that say no zone; ``None``: the organisation's.
        confidentiality: ``None``: the survey's.
        on_unreadable: what becomes of an item with an answer or attribute that cannot be read: without it, or not at
            all until the mapping is mended.
    """

    fields: tuple[FieldMapping, ...]
    constants: tuple[Constant, ...] = ()
    when: str | None = None
    items: str | None = None
    occurred_at: Instant | None = None
    erasure: ErasureRule | None = None
    fetch: FetchRule | None = None
    date_format: str = ISO
    time_zone: str | None = None
    confidentiality: Confidentiality | None = None
    on_unreadable: OnUnreadable = OnUnreadable.REJECT_ROW

    def to_json(self) -> dict[str, Any]:
        """The mapping as a JSON document."""
        document: dict[str, Any] = _MAPPING.dump_python(self, mode="json")
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "InboundMapping":
        """The mapping in a JSON document that ``to_json`` made."""
        return _MAPPING.validate_python(document)


_MAPPING = TypeAdapter(InboundMapping)


@dataclass(frozen=True, slots=True)
class ItemFault:
    """One thing wrong with an item.

    Attributes:
        pointer: JSON pointer into the mapping: ``/fields/3``.
        code: stable, machine-readable.
        detail: one sentence that says how to mend it; never a value.
        place: JSON pointer into the item, or the expression if it is no plain path.
    """

    pointer: str
    code: str
    detail: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """The item says a response.

    Attributes:
        response: named by its external id, if it has one.
        occurred_at: when the sender says that it came about; ``None``: it does not.
        left_out: what could not be read, and was left out as the mapping says.
        repeated: values that were there more than once, and count once.
    """

    response: NewResponse
    occurred_at: datetime | None = None
    left_out: tuple[ItemFault, ...] = ()
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class Unwanted:
    """The mapping says that the item is none of ours."""


@dataclass(frozen=True, slots=True)
class ToErase:
    """The item asks to forget a response, or everything of a respondent."""

    external_id: str | None
    respondent_id: str | None
    respondent_email: str | None
    occurred_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToFetch:
    """The item has ids only; the rest is to be fetched with these parameters."""

    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NotMapped:
    """What the item says cannot be told; it waits until the mapping is mended."""

    faults: tuple[ItemFault, ...]


ItemOutcome: TypeAlias = Said | Unwanted | ToErase | ToFetch | NotMapped
