"""Shapes of cases."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field

from feedback_api.schemas.common import Input, Line, LongText, Output
from feedback_api.schemas.recommendations import OnBehalfOf
from feedback_api.schemas.responses import Moment
from feedback_core.cases.types import (
    Case,
    CaseEntry,
    CaseMove,
    CaseOutcome,
    CaseState,
    EntryKind,
    TriggerKind,
)


class CaseEditIn(Input):
    """Who has a case, and until when."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"owner": "Grace Hopper", "due_at": "2026-05-31T16:00:00Z"}]}
    )

    owner: Line | None = Field(description="Null: nobody has it")
    due_at: Moment
    reason: LongText | None = Field(default=None, description="Why it is changed")
    on_behalf_of: OnBehalfOf = None


class CaseMoveIn(Input):
    """A step of a case."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "resolved", "outcome": "helped", "reason": "A new part was sent."}]}
    )

    to: CaseState
    reason: LongText
    outcome: CaseOutcome | None = Field(
        default=None, description="What became of it: needed to resolve, and to close what was not resolved"
    )
    on_behalf_of: OnBehalfOf = None

    def move(self) -> CaseMove:
        """For the domain."""
        return CaseMove(self.to, self.reason, self.outcome)


class CaseNoteIn(Input):
    """How it goes. Kept sealed, and gone with the response."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "Called twice; will call again on Monday."}]})

    text: LongText
    on_behalf_of: OnBehalfOf = None


class MatchOut(Output):
    """Why the response is a case; the answer is with the response."""

    kind: TriggerKind
    question: str
    key: str | None = Field(description="Of the theme")


class CaseOut(Output):
    """A response that is followed up."""

    id: UUID
    survey_id: UUID
    response_id: UUID | None = Field(description="Null: it was erased or made anonymous; the case ended with it")
    response_url: str | None
    identity_url: str | None = Field(description="Who answered; takes a key with `identities:read`")
    matched: list[MatchOut]
    rule_version: int
    state: CaseState
    owner: str | None
    due_at: datetime
    overdue: bool
    escalates_at: datetime | None
    escalated_at: datetime | None = Field(description="When it went to `escalated_to`")
    escalated_to: list[str]
    outcome: CaseOutcome | None
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, found: Case, now: datetime) -> Self:
        """From the domain."""
        return cls.model_validate(_fields(found, now))


def _fields(found: Case, now: datetime) -> dict[str, object]:
    response = found.response_id and f"/v1/surveys/{found.survey_id}/responses/{found.response_id}"
    return {
        "id": found.id,
        "survey_id": found.survey_id,
        "response_id": found.response_id,
        "response_url": response,
        "identity_url": response and f"{response}/identity",
        "matched": [MatchOut.model_validate(match) for match in found.matched],
        "rule_version": found.rule_version,
        "state": found.state,
        "owner": found.owner,
        "due_at": found.due_at,
        "overdue": found.is_overdue(now),
        "escalates_at": found.escalates_at,
        "escalated_at": found.escalated_at,
        "escalated_to": list(found.escalation_to) if found.escalated_at else [],
        "outcome": found.outcome,
        "opened_at": found.opened_at,
        "updated_at": found.updated_at,
        "closed_at": found.closed_at,
    }


class CaseEntryOut(Output):
    """Something that happened to a case, and who did it."""

    id: UUID
    kind: EntryKind
    from_state: CaseState
    to_state: CaseState
    said: str | None
    written_by: str
    key_name: str = Field(description="Name of the API key")
    written_at: datetime


class CaseDetailOut(CaseOut):
    """A case with everything that happened to it, oldest first."""

    entries: list[CaseEntryOut]

    @classmethod
    def of_whole(cls, found: Case, entries: tuple[CaseEntry, ...], now: datetime) -> Self:
        """From the domain."""
        shown = [CaseEntryOut.model_validate(entry) for entry in entries]
        return cls.model_validate({**_fields(found, now), "entries": shown})
