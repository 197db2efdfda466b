"""How a recommendation stands in its procedure: what can be decided, by whom, until when, and whether it is stuck."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.recommendations.procedures import queries
from feedback_core.recommendations.procedures.calc import deciders, is_stuck
from feedback_core.recommendations.procedures.types import (
    ProcedureDocument,
    Reassignment,
    Step,
    StoredProcedure,
)
from feedback_core.recommendations.procedures.use_cases import procedures_of
from feedback_core.recommendations.types import Recommendation


@dataclass(frozen=True, slots=True)
class Way:
    """A decision that can be taken now.

    Attributes:
        roles: any of which may take it, by a key that carries it.
        people: who may take it, of those who have not left; empty with no roles: whoever may write recommendations.
        requires: what must be known.
    """

    to: str
    label: str
    roles: tuple[str, ...]
    people: tuple[str, ...]
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a recommendation stands.

    Attributes:
        procedure_title: of the procedure that it is under.
        document: the organisation's own, that says how it decides.
        overdue: its step is past its deadline.
        escalated_to: people whom that has gone to; empty before.
        stuck: nobody is left who could decide.
        ways: what can be decided, none at an end.
        reassignments: its steps that were given to others, oldest first.
    """

    step: Step
    procedure_title: str
    document: ProcedureDocument | None
    overdue: bool
    escalated_to: tuple[str, ...]
    stuck: bool
    ways: tuple[Way, ...]
    reassignments: tuple[Reassignment, ...]


async def standings_of(
    session: Session, organisation_id: UUID, found: Sequence[Recommendation], *, clock: Clock
) -> dict[UUID, Standing]:
    """How each of these recommendations stands."""
    if not found:
        return {}
    versions = {(one.procedure_key, one.procedure_version) for one in found}
    procedures = await procedures_of(session, organisation_id, versions)
    given = await queries.reassignments(session, organisation_id, [one.id for one in found])
    gone = (await queries.people_who_left(session, organisation_id)).names
    return {one.id: standing_of(one, procedures, given.get(one.id, ()), gone, now=clock.now()) for one in found}


def standing_of(
    found: Recommendation,
    procedures: Mapping[tuple[str, int], StoredProcedure],
    given: tuple[Reassignment, ...],
    gone: Collection[str],
    *,
    now: datetime,
) -> Standing:
    """How a recommendation stands, from what was read."""
    procedure = procedures[found.procedure_key, found.procedure_version].procedure
    step = procedure.step(found.step)
    assert step is not None  # a version never changes, and holds every step that it leads to
    escalated = is_past(found.escalates_at, now)
    reassigned = standing_reassignment(found, given)
    ways = []
    for way in step.transitions:
        who = deciders(procedure, step, way, gone=gone, reassigned=reassigned, escalated=escalated)
        to = procedure.step(way.to)
        ways.append(Way(way.to, to.label if to else way.to, way.roles, tuple(sorted(who.people)), way.requires))
    return Standing(
        step=step,
        procedure_title=procedure.title,
        document=procedure.document,
        overdue=is_past(found.due_at, now),
        escalated_to=step.escalation.to if escalated and step.escalation else (),
        stuck=is_stuck(procedure, step, gone=gone, reassigned=reassigned, escalated=escalated),
        ways=tuple(ways),
        reassignments=given,
    )


def is_past(instant: datetime | None, now: datetime) -> bool:
    """Whether an instant has been reached."""
    return instant is not None and instant <= now


def standing_reassignment(found: Recommendation, given: Sequence[Reassignment]) -> Reassignment | None:
    """To whom the step was last given since the recommendation entered it."""
    mine = [one for one in given if one.step == found.step and one.assigned_at >= found.entered_at]
    return mine[-1] if mine else None


async def stuck_steps(
    session: Session, organisation_id: UUID, versions: Collection[tuple[str, int]], gone: Collection[str]
) -> list[tuple[str, int, str, bool]]:
    """Steps (procedure, version, step) whose people are all gone, before and after they have escalated."""
    procedures = await procedures_of(session, organisation_id, versions)
    return [
        (key, version, step.key, late)
        for (key, version), stored in procedures.items()
        for step in stored.procedure.steps
        for late in (False, True)
        if is_stuck(stored.procedure, step, gone=gone, reassigned=None, escalated=late)
    ]
