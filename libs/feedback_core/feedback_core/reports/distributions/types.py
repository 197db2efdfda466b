"""Vocabulary of distributions: to whom, by what way, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from feedback_core.jobs.types import Job, JobPayload

MOST_REMINDERS: Final = 3
"""After so many nobody is reminded any more."""


class Way(StrEnum):
    """How a recipient gets to a report: by mail from here, or by a link that somebody hands over."""

    EMAIL = "email"
    LINK = "link"


class DistributionState(StrEnum):
    """What became of it; ``failed``: the mail could not be sent."""

    WAITING = "waiting"
    SENT = "sent"
    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told; sealed at rest."""

    name: str
    email: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendReport(JobPayload):
    """Send a mail with the link to a report.

    Attributes:
        reminder: which one it is; 0: the first mail.
    """

    kind: ClassVar[str] = "distributions.send"

    distribution_id: UUID
    reminder: int = 0


@dataclass(frozen=True, slots=True)
class RemindRecipient(JobPayload):
    """Remind somebody who has not acknowledged a report."""

    kind: ClassVar[str] = "distributions.remind"

    distribution_id: UUID


@dataclass(frozen=True, slots=True)
class StoredDistribution:
    """A distribution as it stands.

    Attributes:
        sealed_recipient: a ``Recipient``, sealed.
        job: that sends the first mail; ``None``: it is handed over as a link.
    """

    id: UUID
    report_id: UUID
    way: Way
    sealed_recipient: bytes = field(repr=False)
    remind_after_days: int | None
    reminders_sent: int
    next_reminder_at: datetime | None
    requested_by: str
    created_at: datetime
    sent_at: datetime | None
    opened_at: datetime | None
    acknowledged_at: datetime | None
    revoked_at: datetime | None
    job: Job | None
