"""Vocabulary of single invitations, and of what links to them lead to."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from feedback_core.invitations.types.states import EndReason, InvitationState
from feedback_core.planning.types import CollectionMethod
from feedback_core.surveys.types import Confidentiality


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as it stands; how its person is reached is not in it.

    Attributes:
        ref: the organisation's own name for a unit of a frame; ``None``: invited by name, or not in the frame any more.
        started_at: the day only, where the survey promises anonymity; so is ``completed_at``.
        ended_at: when it became partial, refused, opted out, bounced, ineligible, expired or cancelled.
        next_at: when the next message goes out.
        cost: of its messages, in the smallest unit of the currency of its batch.
        response_id: of the response that came of it; never where the survey promises anonymity.
    """

    id: UUID
    batch_id: UUID
    survey_id: UUID
    sample_id: UUID | None
    unit_id: UUID | None
    collector_id: UUID | None
    method: CollectionMethod
    wave: str | None
    stratum: str | None
    interviewer: str | None
    language: str | None
    state: InvitationState
    reason: EndReason | None
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    opened_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime
    next_at: datetime | None
    messages_sent: int
    attempts: int
    reminders_sent: int
    cost: float
    open_response_id: UUID | None
    response_id: UUID | None
    contact: bytes | None = field(repr=False)
    email_ref: bytes | None = field(repr=False)
    phone_ref: bytes | None = field(repr=False)
    ref_ref: bytes | None = field(repr=False)
    revision: int
    keeps_response: bool
    resumable: bool


@dataclass(frozen=True, slots=True)
class InvitationStep:
    """What happened to an invitation, and the state that it had afterwards.

    Attributes:
        happening: a state, or ``reminded`` or ``not_taken``.
        noted_by: name of the API key, or which part of the service noted it.
    """

    number: int
    happening: str
    state: InvitationState
    reason: EndReason | None
    noted_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonalLink:
    """What a personal link leads to, told to whoever has it.

    Attributes:
        may_answer: whether it takes answers now.
    """

    organisation: str
    survey_id: UUID
    survey_title: str
    confidentiality: Confidentiality
    state: InvitationState
    language: str | None
    expires_at: datetime
    may_answer: bool
