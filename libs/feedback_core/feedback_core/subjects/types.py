"""Vocabulary of what people may ask about their data, and of how long a survey keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from feedback_core.jobs.types import Job
from feedback_core.kit.errors import Conflict, Invalid


class SurveyNotClosed(Conflict):
    """Answers still come in: what is taken out now would come in again."""

    code = "survey_not_closed"


class SubjectNotNamed(Invalid):
    """Nothing says whom the request is about."""

    code = "subject_not_named"


class ExportNotThere(Conflict):
    """The request has nothing to be fetched: it is not one for an export, it is not done, or the export has expired."""

    code = "export_not_there"


class ErasureKind(StrEnum):
    """What is taken out of a survey."""

    ANONYMISE = "anonymise"
    ANSWERS = "answers"
    RETENTION = "retention"


class Comments(StrEnum):
    """What becomes of answers in words when a survey is made anonymous."""

    KEEP = "keep"
    ERASE = "erase"


class RetentionAction(StrEnum):
    """What becomes of responses when their time is over.

    ``erase``: they are gone, also from the figures. ``anonymise``: who gave them is gone; the figures stay.
    """

    ERASE = "erase"
    ANONYMISE = "anonymise"


@dataclass(frozen=True, slots=True)
class Touched:
    """A store out of which something was taken, and how much; or in which something was found, for an export."""

    store: str
    rows: int


@dataclass(frozen=True, slots=True)
class Stays:
    """What stays, and why."""

    store: str
    why: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, store by store.

    Attributes:
        touched: every store that was looked through, also those with nothing in them.
        stays: what was left, and why.
    """

    touched: tuple[Touched, ...] = ()
    stays: tuple[Stays, ...] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a survey keeps what was said.

    Attributes:
        days: after submission; ``None``: by ``until``.
        until: from when on nothing of the survey is kept; ``None``: by ``days``.
        comments: of ``anonymise``: what becomes of answers in words.
    """

    action: RetentionAction
    comments: Comments
    days: int | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class StoredRetention:
    """A retention with who set it, and when it is next applied."""

    survey_id: UUID
    retention: Retention
    set_by: str
    set_at: datetime
    next_run_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class SurveyErasure:
    """What was asked to be taken out of a survey, and what became of it."""

    id: UUID
    survey_id: UUID
    kind: ErasureKind
    parameters: Mapping[str, object]
    reason: str
    requested_by: str
    job: Job
    report: Report | None
    created_at: datetime
    finished_at: datetime | None


class RequestKind(StrEnum):
    """What a data subject asks for."""

    EXPORT = "export"
    ERASE = "erase"


class Mentions(StrEnum):
    """What becomes of comments of others in which the subject's e-mail address or telephone number stands."""

    ERASE = "erase"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a request is about, as far as the caller says; at least one field is there.

    Attributes:
        id: the organisation's own name for them.
        external_id: of a response.
        response_id: of a response.
    """

    id: str | None = None
    email: str | None = None
    phone: str | None = None
    name: str | None = None
    external_id: str | None = None
    response_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SubjectRequest:
    """A request of a data subject; who it is about is not shown, and forgotten when it is done.

    Attributes:
        named_by: which fields named the subject.
        export_until: until when an export can be fetched; ``None``: there is none.
    """

    id: UUID
    kind: RequestKind
    named_by: tuple[str, ...]
    reason: str
    requested_by: str
    job: Job
    report: Report | None
    created_at: datetime
    finished_at: datetime | None
    export_until: datetime | None
