"""Vocabulary of actions: their states, the agreement of the people named, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict
from feedback_core.kit.money import Money


class ActionState(StrEnum):
    """Where an action stands."""

    PLANNED = "planned"
    AGREED = "agreed"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"
    CLOSED = "closed"


WAYS: Final[Mapping[ActionState, tuple[ActionState, ...]]] = {
    ActionState.PLANNED: (ActionState.AGREED, ActionState.CLOSED),
    ActionState.AGREED: (ActionState.UNDER_WAY, ActionState.CLOSED),
    ActionState.UNDER_WAY: (ActionState.COMPLETED, ActionState.CLOSED),
    ActionState.COMPLETED: (ActionState.CLOSED,),
    ActionState.CLOSED: (),
}
"""From each state, where an action may go; what is given up is closed without an effect to look at."""

OPEN: Final = frozenset({ActionState.PLANNED, ActionState.AGREED, ActionState.UNDER_WAY})
"""States in which something is still to be done, so that an action can be overdue."""


class ActionOutcome(StrEnum):
    """Whether a closed action worked."""

    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    UNKNOWN = "unknown"


class Answer(StrEnum):
    """What somebody named says to an action."""

    AGREED = "agreed"
    DECLINED = "declined"


class EntryKind(StrEnum):
    """What happened to an action."""

    CREATED = "created"
    EDITED = "edited"
    ANSWERED = "answered"
    MOVED = "moved"
    NOTED = "noted"


class RecommendationNotAccepted(Conflict):
    """Nothing is done about a recommendation before it has been accepted."""

    code = "recommendation_not_accepted"


class ActionMoveNotAllowed(Conflict):
    """The action cannot go there from where it stands."""

    code = "action_move_not_allowed"


class AgreementMissing(Conflict):
    """Not everybody named has agreed."""

    code = "agreement_missing"


class ActionSettled(Conflict):
    """The action has been completed or closed, so it is not changed any more."""

    code = "action_settled"


@dataclass(frozen=True, slots=True)
class ActionDetails:
    """What is to be done, by whom, until when, and with what.

    Attributes:
        people: who are to agree; the owner always is.
        hours: of work.
    """

    title: str
    description: str | None
    owner: str
    due_on: date
    cost: Money | None
    hours: float | None
    people: tuple[str, ...]

    @property
    def everybody(self) -> tuple[str, ...]:
        """Who are to agree, the owner first."""
        return tuple(dict.fromkeys((self.owner, *self.people)))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether somebody named agrees; ``answer`` is ``None`` as long as nothing was said."""

    person: str
    answer: Answer | None
    reason: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """Something that happened to an action, and who did it."""

    id: UUID
    kind: EntryKind
    from_state: ActionState | None
    to_state: ActionState | None
    said: str
    written_by: str
    key_name: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Action:
    """What is done about a recommendation.

    Attributes:
        change_on: first day on which it could have an effect; ``None`` until it is completed.
        outcome: whether it worked; ``None`` until it is closed.
        effect_run_id: the analysis that says so.
    """

    id: UUID
    recommendation_id: UUID
    details: ActionDetails
    state: ActionState
    change_on: date | None
    outcome: ActionOutcome | None
    effect_run_id: UUID | None
    created_by: str
    created_at: datetime
    updated_at: datetime
    revision: int
    agreements: tuple[Agreement, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionMove:
    """A step of an action.

    Attributes:
        change_on: first day on which it could have an effect; ``None``: the day on which it is completed.
        outcome: of one that is closed.
        effect_run_id: the analysis that says so.
    """

    to: ActionState
    reason: str
    change_on: date | None = None
    outcome: ActionOutcome | None = None
    effect_run_id: UUID | None = None
