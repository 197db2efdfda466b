"""Vocabulary of capture: what a caller says, what became of it, and what is decided about it afterwards."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import Conflict, Fault, Invalid
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.quality.types import FlagKind, ResponseFlag
from feedback_core.surveys.types import Confidentiality, ResponseStatus

MAX_BATCH: Final = 1_000
"""Responses in one batch."""

MAX_EXTERNAL_ID: Final = 300
"""Characters of an ``external_id``, and of each field of a respondent."""

Recount: TypeAlias = Callable[[Session, UUID, UUID, UUID], AbstractAsyncContextManager[None]]
"""A block around a change to how one response stands (organisation, survey, response): it keeps the counts exact."""


class ResponseFault(StrEnum):
    """Codes of what can be wrong with a response beside its answers and attributes (``surveys.codes``)."""

    EXTERNAL_ID_REUSED = "external_id_reused"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    CONFIDENTIALITY_LOOSER = "confidentiality_looser"
    IDENTITY_NOT_ALLOWED = "identity_not_allowed"
    RESPONDENT_NOT_NAMED = "respondent_not_named"
    ZONE_MISSING = "zone_missing"
    IN_THE_FUTURE = "in_the_future"
    TOO_EARLY = "too_early"
    STARTS_AFTER_SUBMISSION = "starts_after_submission"
    TOOK_TOO_LONG = "took_too_long"


class SurveyClosed(Conflict):
    """The survey takes no more answers."""

    code = "survey_closed"


class ResponseRefused(Invalid):
    """The response cannot be recorded; everything wrong with it is named."""


class ExternalIdReused(ResponseRefused):
    """The ``external_id`` came before, with other content."""

    code = ResponseFault.EXTERNAL_ID_REUSED.value


class IdempotencyKeyReused(ResponseRefused):
    """The ``Idempotency-Key`` came before, with other content."""

    code = ResponseFault.IDEMPOTENCY_KEY_REUSED.value


class ConfidentialityLooser(ResponseRefused):
    """The response would keep more of the respondent than the survey promises."""

    code = ResponseFault.CONFIDENTIALITY_LOOSER.value


class IdentityNotAllowed(ResponseRefused):
    """Somebody is named in a response that is anonymous."""

    code = ResponseFault.IDENTITY_NOT_ALLOWED.value


class StillSettling(Conflict):
    """Others kept writing and erasing the same response meanwhile; a later attempt will find them done."""

    code = "request_in_progress"


class AlreadyExcluded(Conflict):
    """The response does not count already."""

    code = "already_excluded"


class NotExcluded(Conflict):
    """The response counts already."""

    code = "not_excluded"


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who answered, as far as the caller says; at least one field is there."""

    id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class NewResponse:
    """What a caller says of one response, not yet checked.

    Attributes:
        answers: JSON values by question key, as said.
        attributes: JSON values by attribute key, as said.
        external_id: the caller's own name for the response; the same one is recorded once per survey.
        idempotency_key: names this attempt; the same one is recorded once per survey.
        submitted_at: with its zone; ``None``: when it is received.
        started_at: when the respondent saw the first question, with its zone; ``None``: not known.
        confidentiality: ``None``: the survey's.
        status: ``None``: complete or partial, by the required questions.
        respondent: who answered; refused if the response is anonymous.
        import_line: where in the imported file it stands.
        sent_by: id of the API key or submission key that it came with.
        request_id: of the request that it came in; of an anonymous response not kept, since logs may tell who sent it.
    """

    answers: Mapping[str, object]
    attributes: Mapping[str, object] = field(default_factory=dict)
    external_id: str | None = None
    idempotency_key: str | None = None
    submitted_at: datetime | None = None
    started_at: datetime | None = None
    method: CollectionMethod = CollectionMethod.ONLINE_QUESTIONNAIRE
    confidentiality: Confidentiality | None = None
    status: ResponseStatus | None = None
    respondent: Respondent | None = None
    import_line: int | None = None
    sent_by: UUID | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was made of a response that is recorded."""

    id: UUID
    status: ResponseStatus
    confidentiality: Confidentiality
    submitted_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """The response is new, and recorded."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same response was recorded before: this is the receipt of then."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Rejected:
    """The response is not recorded; pointers of the faults start at the response."""

    faults: tuple[Fault, ...]


Outcome: TypeAlias = Recorded | Duplicate | Rejected


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a response does not count, or did not for a while.

    Attributes:
        excluded_by: name of the API key that decided; so is ``restored_by``.
        restored_at: ``None`` while it stands.
    """

    id: UUID
    response_id: UUID
    reason: str
    excluded_by: str
    excluded_at: datetime
    restore_reason: str | None
    restored_by: str | None
    restored_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response as it is kept.

    Attributes:
        respondent_ref: a code that is the same for the same respondent of this survey, in hexadecimal; ``None``: not
            said, or anonymous.
        answers: JSON values as said.
        unanswered: keys of the questions that were put and have no answer.
        sent_by: id of the key that it came with; ``None``: it was imported, or came before this was kept.
        request_id: of the request that it came in; ``None``: the same, or it is anonymous.
        excluded: whether somebody decided that it does not count.
        suspect: whether the survey's inclusion rule lets it stand beside the figures.
        flags: signs of careless answering, by kind.
    """

    id: UUID
    survey_id: UUID
    survey_version_id: UUID
    external_id: str | None
    respondent_ref: str | None
    status: ResponseStatus
    method: CollectionMethod
    confidentiality: Confidentiality
    submitted_at: datetime
    started_at: datetime | None
    received_at: datetime
    attributes: Mapping[str, str]
    answers: Mapping[str, object]
    unanswered: tuple[str, ...]
    import_id: UUID | None
    import_line: int | None
    excluded: bool
    sent_by: UUID | None = None
    request_id: str | None = None
    suspect: bool = False
    flags: tuple[ResponseFlag, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseHistory:
    """A response with everything that was decided about it, oldest first."""

    response: StoredResponse
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True, slots=True)
class ResponseFilter:
    """Which responses of a survey to list; ``None``: all.

    Attributes:
        submitted_from: submitted then or later.
        submitted_to: submitted before.
        updated_since: received, excluded or restored then or later.
        flag: with this sign of careless answering.
        suspect: whether the inclusion rule lets it stand beside the figures.
    """

    submitted_from: datetime | None = None
    submitted_to: datetime | None = None
    updated_since: datetime | None = None
    status: ResponseStatus | None = None
    excluded: bool | None = None
    flag: FlagKind | None = None
    suspect: bool | None = None


@dataclass(frozen=True, slots=True)
class ResponsePage:
    """Responses in the order in which they were recorded; ``next_cursor`` is ``None`` on the last page."""

    items: tuple[StoredResponse, ...]
    next_cursor: str | None
