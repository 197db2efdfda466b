"""HTTP shapes of responses."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from fastapi import Depends, Header, Query
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError

from feedback_api.problems import ProblemFault
from feedback_api.schemas.common import Input, Line, Output, Page
from feedback_core.kit.errors import Fault
from feedback_core.kit.pointers import step
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.quality.types import FlagKind
from feedback_core.responses.types import (
    MAX_BATCH,
    MAX_EXTERNAL_ID,
    Duplicate,
    NewResponse,
    Outcome,
    Recorded,
    Rejected,
    Respondent,
    ResponseFilter,
    ResponseHistory,
    StoredResponse,
)
from feedback_core.surveys.types import Confidentiality, ResponseStatus

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?")

MOST_ITEM_ERRORS: Final = 20

EXAMPLE: dict[str, Any] = {
    "external_id": "crm-123",
    "submitted_at": "2026-03-01T10:00:00Z",
    "method": "online_questionnaire",
    "attributes": {"region": "north"},
    "answers": {"nps": 9, "wait": 4, "used": ["web"], "why": "Quick and kind."},
}


def as_instant(value: object) -> object:
    """Text only: a number or a bare date is not a point in time. Whether a zone is said, the domain asks."""
    if value is None or (isinstance(value, str) and _INSTANT.fullmatch(value)):
        return value
    message = "must be a date and time with zone (RFC 3339), as 2026-03-01T10:00:00Z"
    raise ValueError(message)


Instant = Annotated[datetime, BeforeValidator(as_instant)]
Moment = Annotated[AwareDatetime, BeforeValidator(as_instant)]
Name = Annotated[str, Field(min_length=1, max_length=MAX_EXTERNAL_ID, pattern=r"^[^\x00]*$")]


class RespondentIn(Input):
    """Who answered. Of a pseudonymous response only a keyed hash of `id`, or else of `email`, is kept."""

    id: Name | None = None
    name: Name | None = None
    email: Name | None = None
    phone: Name | None = None


class NewResponseIn(Input):
    """What a customer said."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    external_id: Name | None = Field(
        default=None,
        description="Your own name for it: recorded once per survey. Of an anonymous response only a hash is kept",
    )
    submitted_at: Instant | None = Field(default=None, description="When it was said; now, if left out")
    started_at: Instant | None = Field(
        default=None, description="When the respondent saw the first question; tells who answered too fast to have read"
    )
    method: CollectionMethod = CollectionMethod.ONLINE_QUESTIONNAIRE
    confidentiality: Confidentiality | None = Field(
        default=None, description="The survey's, if left out; never one that keeps more of the respondent"
    )
    status: ResponseStatus | None = Field(
        default=None, description="If left out: complete when every required question that was shown has an answer"
    )
    respondent: RespondentIn | None = Field(default=None, description="Refused if the response is anonymous")
    attributes: dict[str, Any] = Field(default_factory=dict, description="Values that the survey declares")
    answers: dict[str, Any] = Field(description="By question key; kept as said")

    def said(self, sent_by: UUID, request_id: str, idempotency_key: str | None = None) -> NewResponse:
        """For the domain."""
        who = self.respondent
        return NewResponse(
            answers=self.answers,
            attributes=self.attributes,
            external_id=self.external_id,
            idempotency_key=idempotency_key,
            submitted_at=self.submitted_at,
            started_at=self.started_at,
            method=self.method,
            confidentiality=self.confidentiality,
            status=self.status,
            respondent=Respondent(who.id, who.name, who.email, who.phone) if who else None,
            sent_by=sent_by,
            request_id=request_id,
        )


def _as_sent(item: object) -> object:
    return item


# Each item is checked on its own (``parse_item``), so that a wrong one does not refuse the others.
Unread = Annotated[object, PlainValidator(_as_sent, json_schema_input_type=NewResponseIn)]


class BatchIn(Input):
    """Up to 1,000 responses; each is judged by itself."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [EXAMPLE]}]})

    items: list[Unread] = Field(min_length=1, max_length=MAX_BATCH)


class ReceiptOut(Output):
    """What was made of a response that is recorded."""

    id: UUID
    status: ResponseStatus
    confidentiality: Confidentiality
    submitted_at: datetime
    received_at: datetime


class BatchItemOut(Output):
    """What became of one item."""

    index: int = Field(description="Its place in `items`, from 0")
    status: Literal["recorded", "duplicate", "rejected"] = Field(
        description="`duplicate`: the same was recorded before, under this id. Treat what you don't know as other"
    )
    id: UUID | None = Field(description="Of the response; null if it was rejected")
    response_status: ResponseStatus | None = Field(
        description="Of the response: `over_quota` where enough of its kind had answered before; null if rejected"
    )
    errors: list[ProblemFault] = Field(
        description="Why it was rejected, with pointers into this request; the first 20 of them"
    )


class BatchOut(Output):
    """What became of each item, in the order of `items`."""

    recorded: int
    duplicate: int
    rejected: int
    items: list[BatchItemOut]


class ResponseFlagOut(Output):
    """A sign of careless answering: a fact beside the response. What it leads to, the survey's inclusion rule says."""

    kind: FlagKind
    sign: str = Field(description="What was found, more closely: the grid, or in what a duplicate is the same")
    value: float = Field(description="As measured, in the unit of its kind")
    threshold: float = Field(description="What the value is beyond")
    rule_version: int = Field(description="Of the inclusion rule that set the threshold")
    flagged_at: datetime


class ResponseOut(Output):
    """A response, as said."""

    id: UUID
    survey_id: UUID
    survey_version_id: UUID
    external_id: str | None
    respondent_ref: str | None = Field(description="The same for the same respondent of this survey; null if not known")
    status: ResponseStatus
    method: CollectionMethod
    confidentiality: Confidentiality
    submitted_at: datetime
    started_at: datetime | None
    received_at: datetime
    attributes: dict[str, str]
    answers: dict[str, Any]
    unanswered: list[str] = Field(description="Questions that were put and have no answer")
    import_id: UUID | None
    import_line: int | None
    sent_by: UUID | None = Field(description="Id of the key that it came with; null if it was imported")
    request_id: str | None = Field(description="Of the request that it came in; null if imported or anonymous")
    excluded: bool = Field(description="Whether somebody decided that it counts in no figure")
    suspect: bool = Field(description="Whether the survey's inclusion rule counts it beside the figures")
    flags: list[ResponseFlagOut] = Field(description="Signs of careless answering, as last measured")

    @classmethod
    def of(cls, stored: StoredResponse) -> Self:
        """From the domain."""
        return cls.model_validate(stored)


class ExclusionOut(Output):
    """Why a response does not count, or did not for a while."""

    id: UUID
    response_id: UUID
    reason: str
    excluded_by: str = Field(description="Name of the API key")
    excluded_at: datetime
    restore_reason: str | None
    restored_by: str | None
    restored_at: datetime | None = Field(description="Null while it stands")


class ResponseHistoryOut(ResponseOut):
    """A response, as said, and what was decided about it."""

    exclusions: list[ExclusionOut] = Field(description="Oldest first")

    @classmethod
    def with_history(cls, found: ResponseHistory) -> Self:
        """From the domain."""
        exclusions = [ExclusionOut.model_validate(row) for row in found.exclusions]
        return cls(**ResponseOut.of(found.response).model_dump(), exclusions=exclusions)


class ResponsesOut(Page[ResponseOut]):
    """A page of responses, in the order in which they were recorded."""


class IdentityOut(Output):
    """Who gave a response."""

    id: str | None
    name: str | None
    email: str | None
    phone: str | None


class ReasonIn(Input):
    """Why; who is the API key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "A test entry by our own staff"}]})

    reason: Line


async def response_filter(
    submitted_from: Annotated[Moment | None, Query(alias="from", description="Submitted then or later")] = None,
    submitted_to: Annotated[Moment | None, Query(alias="to", description="Submitted before then")] = None,
    updated_since: Annotated[Moment | None, Query(description="Received, excluded or restored then or later")] = None,
    status: Annotated[ResponseStatus | None, Query()] = None,
    excluded: Annotated[
        bool | None, Query(description="Only those that somebody excluded, or only those that nobody did")
    ] = None,
    flag: Annotated[FlagKind | None, Query(description="Only those with this sign of careless answering")] = None,
    suspect: Annotated[
        bool | None, Query(description="Only those that the inclusion rule counts beside the figures, or only others")
    ] = None,
) -> ResponseFilter:
    """Which responses to list, from the query."""
    return ResponseFilter(
        submitted_from=submitted_from,
        submitted_to=submitted_to,
        updated_since=updated_since,
        status=status,
        excluded=excluded,
        flag=flag,
        suspect=suspect,
    )


Wanted = Annotated[ResponseFilter, Depends(response_filter)]

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Repeat a request safely: the same key and content get the first answer again",
    ),
]


def parse_item(document: object, sent_by: UUID, request_id: str) -> NewResponse | Rejected:
    """One item of a batch for the domain, or what is wrong with its form."""
    try:
        return NewResponseIn.model_validate(document).said(sent_by, request_id)
    except ValidationError as error:
        return Rejected(
            tuple(
                Fault("".join(step(part) for part in found["loc"]), found["type"], f"{found['msg']}.")
                for found in error.errors(include_url=False, include_input=False, include_context=False)
            )
        )


def batch_out(outcomes: Iterable[Outcome]) -> BatchOut:
    """The answer to a batch, from the outcomes in the order of its items."""
    items = [_item(index, outcome) for index, outcome in enumerate(outcomes)]
    counts = Counter(item["status"] for item in items)
    # In one go: Pydantic makes a thousand models from a document in a fifth of the time of one by one.
    return BatchOut.model_validate(
        {
            "recorded": counts["recorded"],
            "duplicate": counts["duplicate"],
            "rejected": counts["rejected"],
            "items": items,
        }
    )


def _item(index: int, outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Recorded(receipt) | Duplicate(receipt):
            status = "recorded" if isinstance(outcome, Recorded) else "duplicate"
            known = {"id": receipt.id, "response_status": receipt.status}
            return {"index": index, "status": status, **known, "errors": []}
        case Rejected(faults):
            named = (fault.under(f"/items/{index}") for fault in faults[:MOST_ITEM_ERRORS])
            errors = [{"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in named]
            return {"index": index, "status": "rejected", "id": None, "response_status": None, "errors": errors}
