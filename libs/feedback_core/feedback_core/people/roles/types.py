"""Vocabulary of roles: what each is responsible for, to whom it was sent, and who has acknowledged it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from feedback_core.jobs.types import Job, JobPayload


class AssignmentWay(StrEnum):
    """How somebody gets to their role: by mail from here, or by a link that is handed over."""

    EMAIL = "email"
    LINK = "link"


class AssignmentState(StrEnum):
    """How far it came; ``outdated``: what was acknowledged, or is to be, has a newer version."""

    WAITING = "waiting"
    FAILED = "failed"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    OUTDATED = "outdated"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Something that a role answers for; ``standard``: key of the standard that it is about."""

    text: str
    standard: str | None = None


@dataclass(frozen=True, slots=True)
class RoleDetails:
    """What a role is."""

    title: str
    responsibilities: tuple[Responsibility, ...]
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class StaffRole:
    """A version of a role; versions are never changed."""

    key: str
    version: int
    details: RoleDetails
    defined_by: str
    defined_at: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role that was sent to somebody.

    Attributes:
        role_version: that was sent.
        latest_version: of the role now.
        job: that sends the mail; ``None``: it is handed over as a link.
        ended_at: when they no longer had the role, or it was sent anew.
    """

    id: UUID
    role: str
    role_version: int
    latest_version: int
    staff_id: UUID
    way: AssignmentWay
    job: Job | None
    requested_by: str
    created_at: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SharedRole:
    """What a link leads to."""

    organisation: str
    role: StaffRole
    assignment: Assignment


@dataclass(frozen=True, slots=True)
class SendRole(JobPayload):
    """Send a mail with the link to a role."""

    kind: ClassVar[str] = "roles.send"

    assignment_id: UUID
