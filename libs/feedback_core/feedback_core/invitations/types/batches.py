"""Vocabulary of batches: what is sent to whom, by which way, when, and how often."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from feedback_core.jobs.types import Job, JobPayload
from feedback_core.kit.errors import Conflict
from feedback_core.planning.types import CollectionMethod
from feedback_core.sampling.types.frames import Contact

MOST_RECIPIENTS: Final = 1_000
"""People by name in one batch."""

MOST_REMINDERS: Final = 5
MOST_DAYS: Final = 365
MOST_LANGUAGES: Final = 50

SENT_FROM_HERE: Final = frozenset({CollectionMethod.EMAIL, CollectionMethod.SMS})
"""Ways by which messages go out from here; by all others somebody invites, and says so."""


class BatchFault(StrEnum):
    """Codes of what can be wrong with a batch."""

    NOBODY_NAMED = "nobody_named"
    NAMED_TWICE = "named_twice"
    OTHER_SURVEY = "other_survey"
    NO_PLACE_TO_ANSWER = "no_place_to_answer"
    MESSAGES_NEEDED = "messages_needed"
    NOTHING_IS_SENT = "nothing_is_sent"
    NOT_ITS_LANGUAGE = "not_its_language"
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"
    LINK_MISSING = "link_missing"
    OPT_OUT_MISSING = "opt_out_missing"
    SUBJECT_NEEDED = "subject_needed"
    NOT_IN_ORDER = "not_in_order"
    ENDS_BEFORE_SENDING = "ends_before_sending"
    UNKNOWN_ATTRIBUTE = "unknown_attribute"
    UNUSABLE_CONTACT = "unusable_contact"
    NOT_AN_ADDRESS = "not_an_address"
    ZONE_MISSING = "zone_missing"


class SendingNotConfigured(Conflict):
    """Messages of this way cannot be sent: no server, sender, gateway or address of links is set."""

    code = "sending_not_configured"


class BatchCancelled(Conflict):
    """The batch was taken back."""

    code = "invitation_batch_cancelled"


@dataclass(frozen=True, slots=True)
class MessageTexts:
    """A message in one language, with places for what differs: ``{name}``, ``{link}``, ``{opt_out}``.

    Attributes:
        subject: of an e-mail; ``None``: it is a short message.
    """

    text: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A message to whoever has not answered.

    Attributes:
        after_days: since the first message.
        messages: by language; none: the first message again.
    """

    after_days: int
    messages: Mapping[str, MessageTexts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody is written to, by the clock of the organisation; over midnight if it ends before it begins."""

    begin: time
    end: time


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """How a batch goes out.

    Attributes:
        messages: by language; none where somebody else invites.
        language: of those of whom no other is known, or has no message.
        language_attribute: of units, in which their language stands.
        reminders: in their order.
        per_minute: messages that go out in a minute at most.
        resumable: whether whoever has the link goes on where its person stopped; else only the browser that began.
        link_url: where links lead, with ``{token}``; ``None``: to the page of the collector.
        message_cost: of one message, in the smallest unit of ``currency``.
    """

    messages: Mapping[str, MessageTexts] = field(default_factory=dict)
    language: str | None = None
    language_attribute: str | None = None
    reminders: tuple[Reminder, ...] = ()
    quiet: QuietHours | None = None
    per_minute: int = 300
    resumable: bool = True
    link_url: str | None = None
    message_cost: float = 0.0
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody invited by name.

    Attributes:
        ref: the organisation's own name for them.
        language: in which they are asked.
        interviewer: who asks them.
    """

    contact: Contact = field(repr=False)
    ref: str | None = None
    language: str | None = None
    stratum: str | None = None
    interviewer: str | None = None


@dataclass(frozen=True, slots=True)
class NewBatch:
    """What a caller says of a batch; of a sample, or of recipients.

    Attributes:
        send_at: ``None``: at once.
        expires_after_days: after it is sent, links end.
        keep_days: contacts of people by name are kept for so long after that.
    """

    survey_id: UUID
    name: str
    method: CollectionMethod
    sample_id: UUID | None = None
    recipients: tuple[Recipient, ...] = field(default=(), repr=False)
    collector_id: UUID | None = None
    wave: str | None = None
    settings: BatchSettings = BatchSettings()
    send_at: datetime | None = None
    expires_after_days: int = 30
    keep_days: int = 90


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it stands.

    Attributes:
        keeps_response: whether invitations are told which response came of them.
        filled_at: since when everybody of it has an invitation; ``None``: they are being made.
        next_at: when there is something to do; ``None``: nothing.
        job: that does it now, or did last.
    """

    id: UUID
    survey_id: UUID
    sample_id: UUID | None
    collector_id: UUID | None
    name: str
    method: CollectionMethod
    wave: str | None
    settings: BatchSettings
    keeps_response: bool
    filled_to: int | None
    filled_at: datetime | None
    send_at: datetime
    expires_at: datetime
    keep_until: datetime
    next_at: datetime | None
    cancelled_at: datetime | None
    requested_by: str
    created_at: datetime
    revision: int
    job: Job | None


@dataclass(frozen=True, slots=True)
class ConductBatch(JobPayload):
    """Do what is due of a batch: make its invitations, send, remind, look at what was begun, end what is over."""

    kind: ClassVar[str] = "invitations.conduct"

    batch_id: UUID
