"""Following cases: who has them, what is done, and what became of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedback_core.cases import events, queries
from feedback_core.cases.types import (
    WAYS,
    Case,
    CaseEntry,
    CaseMove,
    CaseMoveNotAllowed,
    CaseSettled,
    CaseState,
    CaseWithoutResponse,
    EntryKind,
    WantedCases,
)
from feedback_core.db.session import Session
from feedback_core.events.use_cases import record_event
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import InvalidCursor, decode_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.recommendations.evidence.writing import refuse_people_gone
from feedback_core.recommendations.procedures.types import Actor
from feedback_core.surveys.use_cases import check_survey


@dataclass(frozen=True, slots=True)
class Writing:
    """How what people write of cases is kept: by whom, when, and sealed."""

    by: Actor
    seal: Seal
    clock: Clock


async def list_cases(
    session: Session, organisation_id: UUID, wanted: WantedCases, *, cursor: str | None, limit: int
) -> tuple[list[Case], str | None]:
    """A page, those due first first, and the cursor of the next one.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    if wanted.survey_id is not None:
        await check_survey(session, organisation_id, wanted.survey_id)
    query: dict[str, object] = {
        "list": "cases",
        "organisation": organisation_id,
        "survey": wanted.survey_id,
        "owner": wanted.owner,
        "state": wanted.state,
        "overdue": wanted.overdue_at is not None,
        "escalated": wanted.escalated,
    }
    after = _position(decode_cursor(cursor, query, parts=2)) if cursor else None
    found = await queries.cases_after(session, organisation_id, wanted, after=after, limit=limit + 1)
    return page_of(found, limit, query, at=lambda case: (case.due_at.isoformat(), case.id))


async def get_case(session: Session, organisation_id: UUID, case_id: UUID) -> Case:
    """A case.

    Raises:
        NotFound: no such case here.
    """
    found = await queries.case_by_id(session, organisation_id, case_id)
    if found is None:
        raise NotFound("case", case_id)
    return found


async def get_entries(session: Session, organisation_id: UUID, case_id: UUID, *, seal: Seal) -> tuple[CaseEntry, ...]:
    """Everything that happened to a case, oldest first; nothing once its response is gone."""
    return tuple(
        CaseEntry(
            id=row.id,
            kind=EntryKind(row.kind),
            from_state=CaseState(row.from_state),
            to_state=CaseState(row.to_state),
            said=None if row.sealed is None else seal.open(bytes(row.sealed)).decode(),
            written_by=row.written_by,
            key_name=row.key_name,
            written_at=row.written_at,
        )
        for row in await queries.entry_rows(session, organisation_id, case_id)
    )


async def edit_case(
    session: Session,
    organisation_id: UUID,
    case_id: UUID,
    *,
    owner: str | None,
    due_at: datetime,
    reason: str | None,
    writing: Writing,
    if_revision: int,
) -> Case:
    """Give a case to somebody, or another time.

    Raises:
        NotFound: no such case here.
        CaseWithoutResponse: its response is gone.
        PreconditionFailed: it has changed since ``if_revision``.
        CaseSettled: it is closed.
        PersonLeft: somebody named has left.
    """
    found = await _held(session, organisation_id, case_id, if_revision)
    if found.state is CaseState.CLOSED:
        raise CaseSettled("It is closed: nothing of it is changed any more.")
    named = {"/owner": owner, "/on_behalf_of": writing.by.name}
    await refuse_people_gone(session, organisation_id, named)
    await queries.change_case(session, organisation_id, case_id, at=writing.clock.now(), owner=owner, due_at=due_at)
    return await _told(session, organisation_id, found, EntryKind.EDITED, found.state, reason, writing)


async def note(session: Session, organisation_id: UUID, case_id: UUID, said: str, *, writing: Writing) -> Case:
    """Write down how a case goes; what was written is never changed.

    Raises:
        NotFound: no such case here.
        CaseWithoutResponse: its response is gone.
        PersonLeft: who writes has left.
    """
    found = await _held(session, organisation_id, case_id, None)
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": writing.by.name})
    await queries.change_case(session, organisation_id, case_id, at=writing.clock.now())
    return await _told(session, organisation_id, found, EntryKind.NOTED, found.state, said, writing)


async def move_case(
    session: Session,
    organisation_id: UUID,
    case_id: UUID,
    move: CaseMove,
    *,
    writing: Writing,
    if_revision: int | None,
) -> Case:
    """Take a case on, resolve it with what became of it, or close it.

    Raises:
        NotFound: no such case here.
        CaseWithoutResponse: its response is gone.
        PreconditionFailed: it has changed since ``if_revision``.
        CaseMoveNotAllowed: no way leads there from where it stands.
        Invalid: the outcome is missing, or is none yet.
        PersonLeft: who moves it has left.
    """
    found = await _held(session, organisation_id, case_id, if_revision)
    if move.to not in WAYS[found.state]:
        possible = ", ".join(WAYS[found.state]) or "nowhere: that is final"
        raise CaseMoveNotAllowed(f"It is {found.state}; from there it can go to {possible}.")
    ends = move.to in {CaseState.RESOLVED, CaseState.CLOSED}
    outcome = (move.outcome or found.outcome) if ends else None
    if ends and outcome is None:
        raise Invalid([Fault("/outcome", "outcome_missing", "Say what became of it.")])
    if not ends and move.outcome is not None:
        raise Invalid([Fault("/outcome", "outcome_too_early", "Give an outcome once it is resolved or closed.")])
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": writing.by.name})
    now = writing.clock.now()
    closed_at = now if move.to is CaseState.CLOSED else None
    await queries.change_case(
        session, organisation_id, case_id, at=now, state=move.to.value, outcome=outcome, closed_at=closed_at
    )
    return await _told(session, organisation_id, found, EntryKind.MOVED, move.to, move.reason, writing)


async def _held(session: Session, organisation_id: UUID, case_id: UUID, if_revision: int | None) -> Case:
    await queries.hold_case(session, organisation_id, case_id)
    found = await get_case(session, organisation_id, case_id)
    if found.response_id is None:
        raise CaseWithoutResponse("Its response was erased or made anonymous: the case has ended with it.")
    if if_revision is not None and found.revision != if_revision:
        raise PreconditionFailed("The case has changed since you read it: read it again.")
    return found


async def _told(
    session: Session,
    organisation_id: UUID,
    before: Case,
    kind: EntryKind,
    to: CaseState,
    said: str | None,
    writing: Writing,
) -> Case:
    await queries.add_entry(
        session,
        organisation_id,
        before.id,
        new_id(),
        kind=kind,
        states=(before.state, to),
        sealed=None if said is None else writing.seal.seal(said.encode()),
        by=writing.by.name,
        key_name=writing.by.key_name,
        at=writing.clock.now(),
    )
    after = await get_case(session, organisation_id, before.id)
    has_closed = kind is EntryKind.MOVED and to is CaseState.CLOSED
    event = (
        events.closed(after.id, after.survey_id, after.outcome)
        if has_closed
        else events.changed(after.id, after.survey_id, kind.value, before.state, to)
    )
    await record_event(session, organisation_id, event, clock=writing.clock)
    return after


def _position(parts: tuple[str, ...]) -> tuple[datetime, UUID]:
    try:
        found = datetime.fromisoformat(parts[0]), UUID(parts[1])
    except ValueError as error:
        raise InvalidCursor from error
    if found[0].tzinfo is None:
        raise InvalidCursor
    return found
