"""What is wrong with a procedure, who may take a decision, when it is due: pure, of data that was read."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback_core.kit.errors import Fault
from feedback_core.recommendations.procedures.types import (
    ENDS,
    Actor,
    Procedure,
    Reassignment,
    Step,
    StepTransition,
)
from feedback_core.recommendations.types import RecommendationState


def faults_of(procedure: Procedure, gone: Collection[str] = ()) -> list[Fault]:
    """Everything that would leave a recommendation without a way on, each with a pointer.

    Args:
        procedure: as it is to be stored.
        gone: names of people who left.
    """
    return [
        *_repeated(procedure),
        *_unknown(procedure),
        *_exits(procedure),
        *_ways(procedure),
        *_people_gone(procedure, gone),
    ]


def due_at(step: Step, entered_at: datetime) -> datetime | None:
    """When a step is overdue from; ``None``: never."""
    return None if step.days is None else entered_at + timedelta(days=step.days)


def escalates_at(step: Step, entered_at: datetime) -> datetime | None:
    """When a step goes to those whom it escalates to; ``None``: never."""
    due = due_at(step, entered_at)
    return None if due is None or step.escalation is None else due + timedelta(days=step.escalation.after_days)


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who may take a decision.

    Attributes:
        anybody: whoever may write recommendations.
        people: named ones, who have not left.
        roles: keys of roles that name nobody: whoever acts with a key that carries one.
    """

    anybody: bool
    people: frozenset[str]
    roles: frozenset[str]

    @property
    def nobody(self) -> bool:
        """All who were named have left."""
        return not (self.anybody or self.people or self.roles)


def deciders(
    procedure: Procedure,
    step: Step,
    way: StepTransition,
    *,
    gone: Collection[str] = (),
    reassigned: Reassignment | None = None,
    escalated: bool = False,
) -> Deciders:
    """Who may take this way out of a step.

    Args:
        procedure: under which it is decided.
        step: where the recommendation stands.
        way: out of it.
        gone: names of people who left.
        reassigned: to whom the step was given since it was entered; they may decide beside those who are left.
        escalated: whether its escalation has been reached.
    """
    people = set(way.people)
    roles = set()
    for key in way.roles:
        role = procedure.role(key)
        if role is not None and role.people:
            people |= set(role.people)
        else:
            roles.add(key)
    if escalated and step.escalation is not None:
        people |= set(step.escalation.to)
    if reassigned is not None:
        people |= set(reassigned.people)
    anybody = not way.roles and not way.people
    return Deciders(anybody, frozenset(people) - frozenset(gone), frozenset(roles))


def may_decide(
    actor: Actor,
    procedure: Procedure,
    step: Step,
    way: StepTransition,
    *,
    gone: Collection[str] = (),
    reassigned: Reassignment | None = None,
    escalated: bool = False,
) -> bool:
    """Whether somebody may take this way out of a step.

    A role is proved by the key that carries it; where it names people, the one who acts must be among them, too. People
    named by the step, by its escalation or by a reassignment need no role.
    """
    if actor.name in gone:
        return False
    if not way.roles and not way.people:
        return True
    named = set(way.people)
    if escalated and step.escalation is not None:
        named |= set(step.escalation.to)
    if reassigned is not None:
        named |= set(reassigned.people)
    if actor.name in named:
        return True
    for key in way.roles:
        role = procedure.role(key)
        if role is not None and key in actor.roles and (not role.people or actor.name in role.people):
            return True
    return False


def is_stuck(
    procedure: Procedure, step: Step, *, gone: Collection[str], reassigned: Reassignment | None, escalated: bool = False
) -> bool:
    """Whether nobody is left who could take any way out of a step that is no end."""
    ways = [
        deciders(procedure, step, way, gone=gone, reassigned=reassigned, escalated=escalated)
        for way in step.transitions
    ]
    return bool(ways) and all(who.nobody for who in ways)


def missing_fields(way: StepTransition, known: Collection[str]) -> list[str]:
    """What the way requires and nobody has given, in its order."""
    return [name for name in way.requires if name not in known]


def _repeated(procedure: Procedure) -> Iterator[Fault]:
    for name, keys in (
        ("steps", [step.key for step in procedure.steps]),
        ("roles", [role.key for role in procedure.roles]),
    ):
        for place, key in enumerate(keys):
            if key in keys[:place]:
                yield Fault(f"/{name}/{place}/key", "duplicate_key", f"{key} is there already: give each its own key.")
    for place, step in enumerate(procedure.steps):
        ways = [way.to for way in step.transitions]
        for number, to in enumerate(ways):
            if to in ways[:number]:
                detail = f"There is a way from {step.key} to {to} already."
                yield Fault(f"/steps/{place}/transitions/{number}/to", "duplicate_key", detail)


def _unknown(procedure: Procedure) -> Iterator[Fault]:
    steps, roles = [step.key for step in procedure.steps], [role.key for role in procedure.roles]
    if procedure.start not in steps:
        yield Fault("/start", "unknown_step", f"The steps are: {', '.join(steps)}.")
    start = procedure.step(procedure.start)
    if start is not None and start.state is not RecommendationState.PROPOSED:
        detail = "A recommendation enters as proposed: nobody has decided yet."
        yield Fault(f"/steps/{steps.index(start.key)}/state", "start_is_decided", detail)
    for place, step in enumerate(procedure.steps):
        for number, way in enumerate(step.transitions):
            pointer = f"/steps/{place}/transitions/{number}"
            if way.to not in steps:
                yield Fault(f"{pointer}/to", "unknown_step", f"The steps are: {', '.join(steps)}.")
            for index, role in enumerate(way.roles):
                if role not in roles:
                    known = ", ".join(roles) or "none"
                    yield Fault(f"{pointer}/roles/{index}", "unknown_role", f"The procedure has the roles: {known}.")
        if step.escalation is not None and step.days is None:
            detail = "Nothing escalates without a deadline: give the step its days."
            yield Fault(f"/steps/{place}/escalation", "escalation_without_deadline", detail)


def _exits(procedure: Procedure) -> Iterator[Fault]:
    for place, step in enumerate(procedure.steps):
        if not step.transitions and step.state not in ENDS:
            detail = f"{step.key} has no way out and is no end: add a transition, or let it stand for rejected or done."
            yield Fault(f"/steps/{place}/transitions", "step_without_exit", detail)
        if not step.transitions and step.days is not None:
            detail = "Nothing is decided at an end: it has no deadline."
            yield Fault(f"/steps/{place}/days", "deadline_at_end", detail)


def _ways(procedure: Procedure) -> Iterator[Fault]:
    """Steps that cannot be entered, and those from which no end can be reached."""
    following = {step.key: {way.to for way in step.transitions} for step in procedure.steps}
    before = {key: {other for other, to in following.items() if key in to} for key in following}
    reached = _closure([procedure.start], following)
    ends = [step.key for step in procedure.steps if not step.transitions]
    ending = _closure(ends, before)
    for place, step in enumerate(procedure.steps):
        if procedure.start in following and step.key not in reached:
            yield Fault(f"/steps/{place}", "unreachable_step", f"No way leads from {procedure.start} to {step.key}.")
        if step.key not in ending:
            detail = f"From {step.key} no end can be reached: it would be decided on for ever."
            yield Fault(f"/steps/{place}", "no_way_to_an_end", detail)


def _people_gone(procedure: Procedure, gone: Collection[str]) -> Iterator[Fault]:
    places: list[tuple[str, Sequence[str]]] = [
        (f"/roles/{place}/people", role.people) for place, role in enumerate(procedure.roles)
    ]
    for place, step in enumerate(procedure.steps):
        if step.escalation is not None:
            places.append((f"/steps/{place}/escalation/to", step.escalation.to))
        places += [
            (f"/steps/{place}/transitions/{number}/people", way.people) for number, way in enumerate(step.transitions)
        ]
    for pointer, people in places:
        for index, name in enumerate(people):
            if name in gone:
                yield Fault(f"{pointer}/{index}", "person_left", f"{name} has left: name somebody who is there.")


def _closure(start: Collection[str], following: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [key for key in start if key in following]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += [other for other in following[key] if other in following]
    return found
