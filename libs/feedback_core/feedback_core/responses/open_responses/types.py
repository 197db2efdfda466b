"""Vocabulary of open responses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.types import Respondent
from feedback_core.surveys.types import Confidentiality
from feedback_core.surveys.validation import AnswerValue, Progress

MOST_CHANGES: Final = 5_000
"""Of one open response: far more than a respondent makes, few enough to keep all."""

MOST_TOKENS: Final = 10
"""That one open response has at a time; the oldest is forgotten for another."""

RESPONDENT_REQUESTS_PER_MINUTE: Final = 120
"""Of one respondent whose token no submission key is behind."""


class OpenState(StrEnum):
    """Where an open response stands.

    ``submitted``: its respondent ended it, it is a response. ``partial``: its time ran out, it is a partial response.
    ``discarded``: its time ran out, and there was no answer. ``superseded``: the same respondent's other response was
    recorded; its answers are kept, and count in no figure.
    """

    OPEN = "open"
    SUBMITTED = "submitted"
    PARTIAL = "partial"
    DISCARDED = "discarded"
    SUPERSEDED = "superseded"


class OpenResponseClosed(Conflict):
    """It takes no more answers: it was submitted, or its time ran out, or another of the respondent was submitted."""

    code = "open_response_closed"


class TooManyChanges(Conflict):
    """Answers of this open response were changed more often than any respondent changes them."""

    code = "too_many_changes"


@dataclass(frozen=True, slots=True)
class Opener:
    """With what an open response is opened.

    Attributes:
        id: of the API key or submission key.
        is_public: whether anybody can hold it: what it says of the respondent is not vouched for.
    """

    id: UUID
    is_public: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """What a caller says when a response is opened; as of ``NewResponse``.

    Attributes:
        reserve: whether places in quotas are to be kept for it.
    """

    answers: Mapping[str, object] = field(default_factory=dict)
    attributes: Mapping[str, object] = field(default_factory=dict)
    external_id: str | None = None
    idempotency_key: str | None = None
    method: CollectionMethod = CollectionMethod.ONLINE_QUESTIONNAIRE
    confidentiality: Confidentiality | None = None
    respondent: Respondent | None = None
    reserve: bool = False


@dataclass(frozen=True, slots=True)
class OpenResponse:
    """An open response, or one that was.

    Attributes:
        opened_by: id of the API key or submission key.
        opened_publicly: whether that was a submission key.
        identity: who answers, sealed; ``None``: not to be kept, or it is closed.
        attributes: as checked.
        updated_at: when an answer or attribute was last given.
        closes_at: when it is closed by itself.
        response_id: of the response that it became.
        revision: counts changes, from 1.
    """

    id: UUID
    survey_id: UUID
    survey_version_id: UUID
    state: OpenState
    opened_by: UUID
    opened_publicly: bool
    external_id: str | None
    external_ref: bytes | None
    respondent_ref: bytes | None
    identity: bytes | None
    method: CollectionMethod
    confidentiality: Confidentiality
    attributes: Mapping[str, str]
    opened_at: datetime
    updated_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    response_id: UUID | None
    revision: int


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """The latest version of an answer.

    Attributes:
        value: ``None``: it was withdrawn.
        version: 1 for the first answer to the question.
    """

    value: AnswerValue | None
    version: int
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """An open response with its answers, by question key."""

    opened: OpenResponse
    answers: Mapping[str, GivenAnswer]
    progress: Progress


@dataclass(frozen=True, slots=True)
class Opened:
    """An open response and a token of its respondent, which is shown here and never again.

    Attributes:
        is_new: false if the same request had opened it before.
        reserved_until: until when places in quotas are kept for it; ``None``: none are.
    """

    draft: Draft
    token: str
    is_new: bool
    reserved_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenSummary:
    """A line of the list of open responses.

    Attributes:
        answered: to how many questions it has an answer.
    """

    opened: OpenResponse
    answered: int


@dataclass(frozen=True, slots=True)
class OpenPage:
    """Open responses in the order in which they were opened; ``next_cursor`` is ``None`` on the last page."""

    items: tuple[OpenSummary, ...]
    next_cursor: str | None
