"""HTTP shapes of what a mapping would make of a payload."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import Field

from feedback_api.schemas.common import Output
from feedback_api.schemas.responses import RespondentIn
from feedback_core.inbound.mapping.types import ItemFault, NotMapped, Said, ToErase, ToFetch
from feedback_core.inbound.mapping.use_cases import PreviewItem
from feedback_core.planning.types import CollectionMethod
from feedback_core.surveys.types import Confidentiality, ResponseStatus


class PreviewOutcome(StrEnum):
    """What would become of an item."""

    RECORD = "record"
    IGNORE = "ignore"
    ERASE = "erase"
    FETCH = "fetch"
    UNMAPPED = "unmapped"


class PreviewFaultOut(Output):
    """One thing wrong with an item."""

    pointer: str = Field(description="JSON pointer into the mapping", examples=["/fields/3"])
    place: str | None = Field(
        description="JSON pointer into the item; the expression, where it is no plain path", examples=["/data/score"]
    )
    code: str = Field(examples=["off_scale"])
    detail: str = Field(examples=["Give a whole number from 0 to 10."])


class PreviewResponseOut(Output):
    """A response as it would be recorded."""

    external_id: str | None
    submitted_at: datetime | None = Field(description="Null: when the sender says, or else when it is received")
    started_at: datetime | None
    method: CollectionMethod
    confidentiality: Confidentiality
    status: ResponseStatus
    respondent: RespondentIn | None
    attributes: dict[str, Any]
    answers: dict[str, Any]

    @classmethod
    def of(cls, item: PreviewItem) -> Self | None:
        """From the domain."""
        row, said = item.row, item.outcome
        if row is None or not isinstance(said, Said):
            return None
        who = said.response.respondent
        return cls(
            external_id=said.response.external_id,
            submitted_at=said.response.submitted_at,
            started_at=row.started_at,
            method=row.method,
            confidentiality=row.confidentiality,
            status=row.status,
            respondent=RespondentIn(id=who.id, name=who.name, email=who.email, phone=who.phone) if who else None,
            attributes=json.loads(row.attributes),
            answers=json.loads(row.answers),
        )


class PreviewItemOut(Output):
    """What would become of an item."""

    number: int = Field(description="Its place in the payload, from 0")
    outcome: PreviewOutcome
    response: PreviewResponseOut | None
    faults: list[PreviewFaultOut] = Field(description="Why it would wait; of a response: what would be left out")
    occurred_at: datetime | None
    repeated: int = Field(description="Values that are there more than once, and count once")
    parameters: dict[str, str] | None = Field(description="What the rest would be fetched by")

    @classmethod
    def of(cls, item: PreviewItem) -> Self:
        """From the domain."""
        outcome = item.outcome
        return cls(
            number=item.number,
            outcome=_outcome(item),
            response=PreviewResponseOut.of(item),
            faults=[PreviewFaultOut.model_validate(fault) for fault in _faults(item)],
            occurred_at=outcome.occurred_at if isinstance(outcome, Said | ToErase) else None,
            repeated=outcome.repeated if isinstance(outcome, Said) else 0,
            parameters=dict(outcome.parameters) if isinstance(outcome, ToFetch) else None,
        )


class PreviewOut(Output):
    """What a mapping would make of a payload; nothing was recorded."""

    items: list[PreviewItemOut]

    @classmethod
    def of(cls, items: list[PreviewItem]) -> Self:
        """From the domain."""
        return cls(items=[PreviewItemOut.of(item) for item in items])


def _outcome(item: PreviewItem) -> PreviewOutcome:
    match item.outcome:
        case Said():
            return PreviewOutcome.UNMAPPED if item.row is None else PreviewOutcome.RECORD
        case ToErase():
            return PreviewOutcome.ERASE
        case ToFetch():
            return PreviewOutcome.FETCH
        case NotMapped():
            return PreviewOutcome.UNMAPPED
        case _:
            return PreviewOutcome.IGNORE


def _faults(item: PreviewItem) -> tuple[ItemFault, ...]:
    match item.outcome:
        case Said(left_out=left_out):
            return (*left_out, *item.faults)
        case NotMapped(faults):
            return faults
        case _:
            return ()
