"""Vocabulary of cases: the rule that opens them, their states, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict, Gone


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"


WAYS: Final[Mapping[CaseState, tuple[CaseState, ...]]] = {
    CaseState.OPEN: (CaseState.IN_PROGRESS, CaseState.RESOLVED, CaseState.CLOSED),
    CaseState.IN_PROGRESS: (CaseState.RESOLVED, CaseState.CLOSED),
    CaseState.RESOLVED: (CaseState.IN_PROGRESS, CaseState.CLOSED),
    CaseState.CLOSED: (),
}
"""From each state, where a case may go; what was resolved too early is taken up again."""

WAITING: Final = frozenset({CaseState.OPEN, CaseState.IN_PROGRESS})
"""States in which somebody still waits, so that a case can be overdue, or escalate."""


class CaseOutcome(StrEnum):
    """What became of whoever had reason to complain."""

    HELPED = "helped"
    NOT_HELPED = "not_helped"
    NOT_REACHED = "not_reached"
    NO_ACTION_NEEDED = "no_action_needed"


class TriggerKind(StrEnum):
    """Why a response is a case."""

    SCORE = "score"
    THEME = "theme"
    CONTACT = "contact"


class EntryKind(StrEnum):
    """What happened to a case."""

    NOTED = "noted"
    MOVED = "moved"
    EDITED = "edited"


class CaseMoveNotAllowed(Conflict):
    """The case cannot go there from where it stands."""

    code = "case_move_not_allowed"


class CaseSettled(Conflict):
    """The case is closed, so it is not changed any more."""

    code = "case_settled"


class CaseWithoutResponse(Gone):
    """The response was erased or made anonymous: there is nobody to follow up any more."""

    code = "case_without_response"


@dataclass(frozen=True, slots=True)
class ScoreAtMost:
    """An answer that is low enough; ``row`` names the row of a matrix."""

    question: str
    at_or_below: int
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Says:
    """An answer that says yes: ``true`` to a boolean question, any of ``choices`` to one with choices."""

    question: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseEscalation:
    """Whom a case goes to that nobody has resolved, and how long after it was opened."""

    to: tuple[str, ...]
    after_hours: int


@dataclass(frozen=True, slots=True)
class CaseRule:
    """Which responses are cases; any trigger is enough, and consent must be given where it is asked for.

    Attributes:
        enabled: whether new responses are looked at.
        scores: answers at or below a value.
        themes: keys of themes of the survey's codebook that a comment speaks of.
        contact: answers that ask to be contacted.
        consent: the answer without which nobody is contacted; ``None``: nothing was asked.
        owner: of new cases.
        due_hours: hours after a case was opened until it is overdue.
    """

    enabled: bool
    scores: tuple[ScoreAtMost, ...]
    themes: tuple[str, ...]
    contact: tuple[Says, ...]
    consent: Says | None
    owner: str | None
    due_hours: int
    escalation: CaseEscalation | None


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A version of the rule of a survey."""

    version: int
    rule: CaseRule
    defined_by: str
    defined_at: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """What made a response a case: keys, never an answer.

    Attributes:
        question: whose answer did; of a theme, the question that the comment answers.
        key: of the theme; ``None`` otherwise.
    """

    kind: TriggerKind
    question: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A response that is followed up.

    Attributes:
        response_id: ``None``: it was erased or made anonymous, and the case has ended with it.
        matched: why it was opened; nothing once the response is gone.
        escalated_at: when it went to ``escalation_to``.
        outcome: ``None`` until it is resolved, or where it ended with its response.
    """

    id: UUID
    survey_id: UUID
    response_id: UUID | None
    matched: tuple[Match, ...]
    rule_version: int
    state: CaseState
    owner: str | None
    due_at: datetime
    escalates_at: datetime | None
    escalation_to: tuple[str, ...]
    escalated_at: datetime | None
    outcome: CaseOutcome | None
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    revision: int

    def is_overdue(self, now: datetime) -> bool:
        """Whether somebody has waited for longer than the rule says."""
        return self.state in WAITING and self.due_at < now


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """Something that happened to a case, with what was written then."""

    id: UUID
    kind: EntryKind
    from_state: CaseState
    to_state: CaseState
    said: str | None
    written_by: str
    key_name: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class CaseMove:
    """A step of a case; ``outcome`` is needed where it is resolved, or closed without having been."""

    to: CaseState
    reason: str
    outcome: CaseOutcome | None = None


@dataclass(frozen=True, slots=True)
class WantedCases:
    """Which cases a list has; ``None``: whatever they are. ``overdue_at``: those that were due before then."""

    survey_id: UUID | None = None
    owner: str | None = None
    state: CaseState | None = None
    overdue_at: datetime | None = None
    escalated: bool | None = None
