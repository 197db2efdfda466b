"""Vocabulary of procedures: steps, roles, transitions, who acts, and what can be wrong with a decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict, Forbidden, Invalid
from feedback_core.recommendations.types import RecommendationState

STANDARD: Final = "standard"
"""Key of the procedure that recommendations enter under unless another is named."""

ENDS: Final = frozenset({RecommendationState.REJECTED, RecommendationState.DONE})
"""What a step without transitions must stand for: nothing is left to be decided."""


class NotYours(Forbidden):
    """The procedure gives this decision to others."""

    code = "not_yours_to_decide"


class CannotRepresent(Forbidden):
    """The key may not say for whom it acts."""

    code = "cannot_represent"


class PersonLeft(Invalid):
    """Somebody named has left the organisation."""

    code = "person_left"


class NotStuck(Conflict):
    """Somebody can still decide, so nothing needs to be reassigned."""

    code = "not_stuck"


@dataclass(frozen=True, slots=True)
class ProcedureDocument:
    """The organisation's own document that says how it decides.

    Attributes:
        reference: as the organisation files it: ``QP-07``.
        version: of the document.
        url: where its people find it.
    """

    reference: str
    version: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A part in the procedure.

    Attributes:
        key: what keys carry and transitions name.
        people: who has it; empty: whoever acts with a key that carries it.
    """

    key: str
    label: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Escalation:
    """Whom an overdue step goes to; they may then decide, too.

    Attributes:
        to: names of people.
        after_days: beyond the deadline of the step.
    """

    to: tuple[str, ...]
    after_days: int = 0


@dataclass(frozen=True, slots=True)
class StepTransition:
    """A way out of a step.

    Attributes:
        to: key of the step that it leads to.
        roles: any of which may decide; with no people either: whoever may write recommendations.
        people: who may decide whatever their roles.
        requires: what must be known: ``cost``, ``effort_hours``, ``owner``, ``expected_effect`` of the recommendation,
            or fields of the organisation's own, given with the decision.
    """

    to: str
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """Where a recommendation can stand.

    Attributes:
        state: what the step means to everything that does not know this procedure.
        days: within which it is to be decided; ``None``: no deadline.
        transitions: none: an end.
    """

    key: str
    label: str
    state: RecommendationState
    days: int | None = None
    escalation: Escalation | None = None
    transitions: tuple[StepTransition, ...] = ()

    def transition(self, to: str) -> StepTransition | None:
        """The way to a step; ``None``: there is none."""
        return next((way for way in self.transitions if way.to == to), None)


@dataclass(frozen=True, slots=True)
class Procedure:
    """How an organisation decides on recommendations.

    Attributes:
        start: key of the step that they enter at.
    """

    title: str
    start: str
    steps: tuple[Step, ...]
    roles: tuple[Role, ...] = ()
    document: ProcedureDocument | None = None

    def step(self, key: str) -> Step | None:
        """The step with this key."""
        return next((step for step in self.steps if step.key == key), None)

    def role(self, key: str) -> Role | None:
        """The role with this key."""
        return next((role for role in self.roles if role.key == key), None)


@dataclass(frozen=True, slots=True)
class StoredProcedure:
    """One version of a procedure.

    Attributes:
        defined_by: name of who stored it; ``None``: it is built in.
    """

    key: str
    version: int
    procedure: Procedure
    defined_by: str | None
    defined_at: datetime | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who takes a decision, as the credential says.

    Attributes:
        key_name: name of the API key.
        roles: that the key carries.
        may_represent: whether the key may say for whom it acts.
        on_behalf_of: for whom it says to act; ``None``: for its own holder.
    """

    key_name: str
    roles: frozenset[str] = frozenset()
    may_represent: bool = False
    on_behalf_of: str | None = None

    @property
    def name(self) -> str:
        """Whose decision it is."""
        return self.on_behalf_of or self.key_name


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody who left the organisation: nothing more is decided in that name."""

    name: str
    left_on: date


@dataclass(frozen=True, slots=True)
class Departures:
    """Everybody who left, and the revision of the list; 0: nobody has written one yet."""

    people: tuple[Departure, ...] = ()
    revision: int = 0

    @property
    def names(self) -> frozenset[str]:
        """Of those who left."""
        return frozenset(person.name for person in self.people)


@dataclass(frozen=True, slots=True)
class Reassignment:
    """A step whose people are all gone, given to others."""

    id: UUID
    step: str
    people: tuple[str, ...]
    reason: str
    assigned_by: str
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides.

    Attributes:
        to: key of the step to go to.
        fields: of the organisation's own, as the procedure requires.
    """

    to: str
    reason: str
    fields: Mapping[str, str] = field(default_factory=dict)
