"""Goals of people and teams, and thanks to them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.people.access import Entitlement
from feedback_core.people.performance import goal_queries, queries
from feedback_core.people.performance.replies import Writing
from feedback_core.people.performance.types import (
    Goal,
    GoalDetails,
    GoalSettled,
    GoalState,
    Recognition,
    Subject,
)
from feedback_core.people.subjects_named import check_there, refuse_unseen
from feedback_core.people.tables import performance_goal, recognition
from feedback_core.recommendations.evidence.writing import refuse_people_gone
from feedback_core.standards.use_cases import get_standard

_ENDS: Final = frozenset({GoalState.REACHED, GoalState.NOT_REACHED, GoalState.DROPPED})


async def set_goal(
    session: Session, organisation_id: UUID, subject: Subject, details: GoalDetails, *, writing: Writing
) -> Goal:
    """A new goal.

    Raises:
        Invalid: it names a measure that is not there, or one of the others; or a target without a measure.
        PersonLeft: who writes has left.
    """
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": writing.by.name})
    await _check(session, organisation_id, subject, details)
    goal_id, now = new_id(), writing.clock.now()
    await goal_queries.add_goal(
        session,
        organisation_id,
        subject,
        id=goal_id,
        **_values(details),
        state=GoalState.OPEN.value,
        sealed=_sealed(details.text, None, writing.seal),
        written_by=writing.by.name,
        created_at=now,
        updated_at=now,
    )
    return _goal(await _found(session, organisation_id, goal_id), writing.seal)


async def get_goal(
    session: Session, organisation_id: UUID, goal_id: UUID, *, entitled: Entitlement, seal: Seal
) -> Goal:
    """A goal.

    Raises:
        NotFound: no such goal here, or of somebody whom the caller may not see.
    """
    found = _goal(await _found(session, organisation_id, goal_id), seal)
    refuse_unseen(entitled, found.subject, "goal", goal_id)
    return found


async def change_goal(
    session: Session,
    organisation_id: UUID,
    goal_id: UUID,
    details: GoalDetails,
    *,
    if_revision: int,
    entitled: Entitlement,
    writing: Writing,
) -> Goal:
    """Other details of a goal that is open.

    Raises:
        NotFound: no such goal here, or of somebody whom the caller may not see.
        PreconditionFailed: it has changed since ``if_revision``.
        GoalSettled: what became of it has been said.
        Invalid: as ``set_goal``.
    """
    held = await _held(session, organisation_id, goal_id, if_revision, entitled, writing.seal)
    await _check(session, organisation_id, held.subject, details)
    await goal_queries.change_goal(
        session,
        organisation_id,
        goal_id,
        at=writing.clock.now(),
        **_values(details),
        sealed=_sealed(details.text, None, writing.seal),
    )
    return _goal(await _found(session, organisation_id, goal_id), writing.seal)


async def settle_goal(
    session: Session,
    organisation_id: UUID,
    goal_id: UUID,
    state: GoalState,
    said: str,
    *,
    entitled: Entitlement,
    writing: Writing,
) -> Goal:
    """Say what became of a goal.

    Raises:
        NotFound: no such goal here, or of somebody whom the caller may not see.
        GoalSettled: it has been said.
        Invalid: it is to stay open.
        PersonLeft: who says so has left.
    """
    if state not in _ENDS:
        raise Invalid([Fault("/state", "not_an_outcome", f"Say one of: {', '.join(sorted(_ENDS))}.")])
    held = await _held(session, organisation_id, goal_id, None, entitled, writing.seal)
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": writing.by.name})
    sealed = _sealed(held.details.text, said, writing.seal)
    await goal_queries.change_goal(
        session, organisation_id, goal_id, at=writing.clock.now(), state=state.value, sealed=sealed
    )
    return _goal(await _found(session, organisation_id, goal_id), writing.seal)


async def list_goals(
    session: Session,
    organisation_id: UUID,
    *,
    entitled: Entitlement,
    staff_id: UUID | None,
    team_id: UUID | None,
    state: GoalState | None,
    overdue_on: date | None,
    seal: Seal,
    cursor: str | None,
    limit: int,
) -> tuple[list[Goal], str | None]:
    """A page of the goals that the caller may see, the latest first, and the cursor of the next one.

    Raises:
        NotFound: no such person or team here.
        InvalidCursor: the cursor belongs to another query.
    """
    await check_there(session, organisation_id, staff_id=staff_id, team_id=team_id)
    query: Mapping[str, object] = {
        "list": "performance_goals",
        "organisation": organisation_id,
        "staff": staff_id,
        "team": team_id,
        "state": state,
        "overdue": overdue_on is not None,
    }
    found = await queries.about_before(
        session,
        organisation_id,
        performance_goal,
        entitled,
        staff_id=staff_id,
        team_id=team_id,
        before=id_in_cursor(cursor, query),
        limit=limit + 1,
        also=goal_queries.goals_wanted(state, overdue_on),
    )
    page, following = page_of(found, limit, query, at=lambda each: each.row.id)
    return [_goal(each, seal) for each in page], following


async def recognise(
    session: Session, organisation_id: UUID, subject: Subject, text: str, standard: str | None, *, writing: Writing
) -> Recognition:
    """Thank somebody, for good.

    Raises:
        Invalid: it names a standard that is not there.
        PersonLeft: who thanks has left.
    """
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": writing.by.name})
    if standard is not None:
        try:
            await get_standard(session, organisation_id, standard)
        except NotFound as unknown:
            raise Invalid([Fault("/standard", "unknown_standard", unknown.detail)]) from unknown
    given = Recognition(new_id(), subject, text, standard, writing.by.name, writing.by.key_name, writing.clock.now())
    await goal_queries.add_recognition(
        session,
        organisation_id,
        subject,
        id=given.id,
        standard_key=standard,
        sealed=writing.sealed(text),
        given_by=given.given_by,
        key_name=given.key_name,
        given_at=given.given_at,
    )
    return given


async def list_recognitions(
    session: Session,
    organisation_id: UUID,
    *,
    entitled: Entitlement,
    staff_id: UUID | None,
    team_id: UUID | None,
    seal: Seal,
    cursor: str | None,
    limit: int,
) -> tuple[list[Recognition], str | None]:
    """A page of thanks to those whom the caller may see, the latest first, and the cursor of the next one.

    Raises:
        NotFound: no such person or team here.
        InvalidCursor: the cursor belongs to another query.
    """
    await check_there(session, organisation_id, staff_id=staff_id, team_id=team_id)
    query = {"list": "recognitions", "organisation": organisation_id, "staff": staff_id, "team": team_id}
    found = await queries.about_before(
        session,
        organisation_id,
        recognition,
        entitled,
        staff_id=staff_id,
        team_id=team_id,
        before=id_in_cursor(cursor, query),
        limit=limit + 1,
    )
    page, following = page_of(found, limit, query, at=lambda each: each.row.id)
    return [_recognition(each, seal) for each in page], following


async def _held(
    session: Session,
    organisation_id: UUID,
    goal_id: UUID,
    if_revision: int | None,
    entitled: Entitlement,
    seal: Seal,
) -> Goal:
    found = _goal(await _found(session, organisation_id, goal_id, for_update=True), seal)
    refuse_unseen(entitled, found.subject, "goal", goal_id)
    if if_revision is not None and found.revision != if_revision:
        raise PreconditionFailed("The goal has changed since you read it: read it again.")
    if found.state is not GoalState.OPEN:
        raise GoalSettled("What became of it has been said: set another goal.")
    return found


async def _found(
    session: Session, organisation_id: UUID, goal_id: UUID, *, for_update: bool = False
) -> queries.StoredText:
    found = await goal_queries.goal_by_id(session, organisation_id, goal_id, for_update=for_update)
    if found is None:
        raise NotFound("goal", goal_id)
    return found


async def _check(session: Session, organisation_id: UUID, subject: Subject, details: GoalDetails) -> None:
    if details.measure is None:
        if details.target is not None:
            raise Invalid([Fault("/target", "not_applicable", "Name the measure that the target is of.")])
        return
    measure = await queries.latest_measure(session, organisation_id, details.measure)
    if measure is None:
        detail = f"There is no performance measure {details.measure} here."
        raise Invalid([Fault("/measure", "unknown_measure", detail)])
    if measure.details.of is not subject.kind:
        detail = f"The measure {measure.key} is of each {measure.details.of}, and this is a {subject.kind}."
        raise Invalid([Fault("/measure", "other_subject", detail)])


def _values(details: GoalDetails) -> dict[str, object]:
    return {"measure_key": details.measure, "target": details.target, "due_on": details.due_on}


def _sealed(text: str, said: str | None, seal: Seal) -> bytes:
    return seal.seal(json.dumps({"text": text, "said": said}, ensure_ascii=False).encode())


def _goal(stored: queries.StoredText, seal: Seal) -> Goal:
    row = stored.row
    texts = json.loads(seal.open(bytes(row.sealed)))
    return Goal(
        id=row.id,
        subject=stored.subject,
        details=GoalDetails(texts["text"], row.due_on, row.measure_key, row.target),
        state=GoalState(row.state),
        said=texts["said"],
        written_by=row.written_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
    )


def _recognition(stored: queries.StoredText, seal: Seal) -> Recognition:
    row = stored.row
    return Recognition(
        row.id,
        stored.subject,
        seal.open(bytes(row.sealed)).decode(),
        row.standard_key,
        row.given_by,
        row.key_name,
        row.given_at,
    )
