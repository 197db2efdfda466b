"""Deciding on a recommendation, and giving a step whose people are gone to others."""

from collections.abc import Sequence
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events.use_cases import record_event
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed
from feedback_core.kit.ids import new_id
from feedback_core.organisations.types import Caller, Scope
from feedback_core.recommendations import events, history_queries
from feedback_core.recommendations import queries as recommendation_queries
from feedback_core.recommendations.procedures import queries
from feedback_core.recommendations.procedures.calc import due_at, escalates_at, is_stuck, may_decide, missing_fields
from feedback_core.recommendations.procedures.standing import is_past, standing_reassignment
from feedback_core.recommendations.procedures.types import (
    Actor,
    CannotRepresent,
    Decision,
    NotStuck,
    NotYours,
    PersonLeft,
    Procedure,
    Reassignment,
    Step,
)
from feedback_core.recommendations.procedures.use_cases import procedures_of
from feedback_core.recommendations.types import MoveNotAllowed, Recommendation, Transition


def actor_of(caller: Caller, on_behalf_of: str | None) -> Actor:
    """Who acts: the holder of the key, or the person whom it may speak for.

    Raises:
        CannotRepresent: the key names somebody else and may not.
    """
    may = Scope.PEOPLE_REPRESENT in caller.scopes
    if on_behalf_of is not None and on_behalf_of != caller.name and not may:
        detail = f"This key acts for {caller.name} alone: {Scope.PEOPLE_REPRESENT} lets a key say for whom it acts."
        raise CannotRepresent(detail)
    return Actor(caller.name, caller.roles, may, on_behalf_of)


async def decide(
    session: Session,
    organisation_id: UUID,
    recommendation_id: UUID,
    decision: Decision,
    *,
    by: Actor,
    if_revision: int | None,
    clock: Clock,
) -> tuple[Recommendation, Transition]:
    """Move a recommendation on, as the version of the procedure allows under which it entered.

    Raises:
        NotFound: no such recommendation here.
        PreconditionFailed: it has changed since ``if_revision``.
        MoveNotAllowed: no way leads there from where it stands.
        NotYours: the procedure gives this decision to others.
        PersonLeft: who decides has left.
        Invalid: something that the procedure requires is missing; each with a pointer.
    """
    found, procedure, step = await _held(session, organisation_id, recommendation_id, if_revision)
    way, to = step.transition(decision.to), procedure.step(decision.to)
    if way is None or to is None:
        possible = ", ".join(each.to for each in step.transitions) or "nowhere: that is final"
        raise MoveNotAllowed(f"It is at {step.key}; from there it can go to {possible}.")
    gone = (await queries.people_who_left(session, organisation_id)).names
    if by.name in gone:
        raise PersonLeft([Fault("/on_behalf_of", PersonLeft.code, f"{by.name} has left and decides nothing.")])
    given = (await queries.reassignments(session, organisation_id, [found.id])).get(found.id, ())
    now = clock.now()
    escalated = is_past(found.escalates_at, now)
    if not may_decide(
        by, procedure, step, way, gone=gone, reassigned=standing_reassignment(found, given), escalated=escalated
    ):
        raise NotYours(_whose(procedure, step, decision.to, by))
    missing = missing_fields(way, _known(found, decision))
    if missing:
        detail = "The procedure requires it for this decision."
        raise Invalid([Fault(_pointer(name), "required_by_procedure", f"{name}: {detail}") for name in missing])
    taken = Transition(
        id=new_id(),
        from_step=step.key,
        to_step=to.key,
        from_state=step.state,
        to_state=to.state,
        decided_by=by.name,
        key_name=by.key_name,
        reason=decision.reason,
        fields=dict(decision.fields),
        decided_at=now,
    )
    await history_queries.move(
        session, organisation_id, found.id, taken, due_at=due_at(to, now), escalates_at=escalates_at(to, now)
    )
    await record_event(session, organisation_id, events.moved(found.id, taken), clock=clock)
    return await _again(session, organisation_id, found.id), taken


async def reassign(
    session: Session,
    organisation_id: UUID,
    recommendation_id: UUID,
    people: Sequence[str],
    *,
    reason: str,
    by: Actor,
    if_revision: int | None,
    clock: Clock,
) -> tuple[Recommendation, Reassignment]:
    """Give the step of a recommendation to others, since nobody is left who could decide.

    Raises:
        NotFound: no such recommendation here.
        PreconditionFailed: it has changed since ``if_revision``.
        NotStuck: somebody can still decide, or it is at an end.
        PersonLeft: one of the people has left, too.
    """
    found, procedure, step = await _held(session, organisation_id, recommendation_id, if_revision)
    gone = (await queries.people_who_left(session, organisation_id)).names
    given = (await queries.reassignments(session, organisation_id, [found.id])).get(found.id, ())
    now = clock.now()
    escalated = is_past(found.escalates_at, now)
    if not is_stuck(procedure, step, gone=gone, reassigned=standing_reassignment(found, given), escalated=escalated):
        raise NotStuck(f"Somebody can still decide at {step.key}." if step.transitions else "Nothing is to be decided.")
    faults = [
        Fault(f"/people/{place}", PersonLeft.code, f"{name} has left, too.")
        for place, name in enumerate(people)
        if name in gone
    ]
    if faults:
        raise PersonLeft(faults)
    made = Reassignment(new_id(), step.key, tuple(dict.fromkeys(people)), reason, by.name, now)
    await queries.add_reassignment(session, organisation_id, found.id, made)
    await history_queries.touch(session, organisation_id, found.id, at=now)
    return await _again(session, organisation_id, found.id), made


async def _held(
    session: Session, organisation_id: UUID, recommendation_id: UUID, if_revision: int | None
) -> tuple[Recommendation, Procedure, Step]:
    """The recommendation, held until the transaction ends, with its procedure and step."""
    found = await recommendation_queries.recommendation_by_id(
        session, organisation_id, recommendation_id, for_update=True
    )
    if found is None:
        raise NotFound("recommendation", recommendation_id)
    if if_revision is not None and found.revision != if_revision:
        raise PreconditionFailed("The recommendation has changed since you read it: read it again.")
    version = (found.procedure_key, found.procedure_version)
    procedure = (await procedures_of(session, organisation_id, [version]))[version].procedure
    step = procedure.step(found.step)
    assert step is not None  # a version never changes, and holds every step that it leads to
    return found, procedure, step


async def _again(session: Session, organisation_id: UUID, recommendation_id: UUID) -> Recommendation:
    found = await recommendation_queries.recommendation_by_id(session, organisation_id, recommendation_id)
    assert found is not None
    return found


def _known(found: Recommendation, decision: Decision) -> set[str]:
    entered = {
        "cost": found.entered.cost,
        "effort_hours": found.entered.effort_hours,
        "owner": found.entered.owner,
        "expected_effect": found.expected_effect,
    }
    return {name for name, value in entered.items() if value is not None} | set(decision.fields)


def _pointer(name: str) -> str:
    return f"/fields/{name}"


def _whose(procedure: Procedure, step: Step, to: str, by: Actor) -> str:
    way = step.transition(to)
    assert way is not None
    roles = [role.label for key in way.roles if (role := procedure.role(key)) is not None]
    named = ", ".join([*roles, *way.people])
    return f"{by.name} may not take {step.key} to {to}: that is for {named}."
