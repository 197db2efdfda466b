"""Planning actions, agreeing to them, following them, and closing them with what became of them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events.use_cases import record_event
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import InvalidCursor, decode_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound, PreconditionFailed, require_current
from feedback_core.kit.ids import new_id
from feedback_core.kpis.calc.periods import day_of
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.recommendations import events
from feedback_core.recommendations.actions import queries
from feedback_core.recommendations.actions.closing import check_closing
from feedback_core.recommendations.actions.queries import WantedActions
from feedback_core.recommendations.actions.types import (
    OPEN,
    WAYS,
    Action,
    ActionDetails,
    ActionEntry,
    ActionMove,
    ActionMoveNotAllowed,
    ActionSettled,
    ActionState,
    AgreementMissing,
    Answer,
    EntryKind,
    RecommendationNotAccepted,
)
from feedback_core.recommendations.evidence.writing import refuse_people_gone
from feedback_core.recommendations.procedures.types import Actor, NotYours
from feedback_core.recommendations.queries import recommendation_by_id
from feedback_core.recommendations.types import RecommendationState

_TO_BE_AGREED = (ActionState.PLANNED, ActionState.AGREED)


@dataclass(frozen=True, slots=True)
class SeenAction:
    """An action, whether it is overdue, and everything that happened to it, oldest first."""

    action: Action
    overdue: bool
    entries: tuple[ActionEntry, ...] = ()


async def plan_action(
    session: Session,
    organisation_id: UUID,
    recommendation_id: UUID,
    details: ActionDetails,
    *,
    by: Actor,
    clock: Clock,
) -> UUID:
    """A new action about an accepted recommendation; whoever is named is to agree.

    Raises:
        NotFound: no such recommendation here.
        RecommendationNotAccepted: it has not been accepted, or has been settled.
        PersonLeft: somebody named has left.
    """
    found = await recommendation_by_id(session, organisation_id, recommendation_id, for_update=True)
    if found is None:
        raise NotFound("recommendation", recommendation_id)
    if found.state is not RecommendationState.ACCEPTED:
        raise RecommendationNotAccepted(f"The recommendation is {found.state}: actions follow once it is accepted.")
    await _refuse_gone(session, organisation_id, details, by)
    now = clock.now()
    made = Action(
        id=new_id(),
        recommendation_id=recommendation_id,
        details=details,
        state=ActionState.PLANNED,
        change_on=None,
        outcome=None,
        effect_run_id=None,
        created_by=by.name,
        created_at=now,
        updated_at=now,
        revision=1,
    )
    await queries.add_action(session, organisation_id, made)
    await _note(session, organisation_id, made, EntryKind.CREATED, details.title, by, clock, to=made.state)
    await record_event(session, organisation_id, events.action_created(made.id, recommendation_id), clock=clock)
    return made.id


async def edit_action(
    session: Session,
    organisation_id: UUID,
    action_id: UUID,
    details: ActionDetails,
    *,
    reason: str,
    by: Actor,
    if_revision: int,
    clock: Clock,
) -> None:
    """Other details. Before it is under way everybody is to agree anew: it is not what they agreed to.

    Raises:
        NotFound: no such action here.
        PreconditionFailed: it has changed since ``if_revision``.
        ActionSettled: it has been completed or closed.
        PersonLeft: somebody named has left.
    """
    found = await _held(session, organisation_id, action_id, None)
    require_current("action", found.revision, if_revision)
    if found.state not in OPEN:
        raise ActionSettled(f"It is {found.state}: what was done is not changed any more.")
    await _refuse_gone(session, organisation_id, details, by)
    now, again = clock.now(), found.state in _TO_BE_AGREED
    await queries.replace_details(session, organisation_id, action_id, details, ask_again=again, at=now)
    to = ActionState.PLANNED if again else found.state
    if to is not found.state:
        await queries.move(session, organisation_id, action_id, at=now, state=to)
    await _note(session, organisation_id, found, EntryKind.EDITED, reason, by, clock, to=to)
    await record_event(session, organisation_id, events.action_changed(found, "edited", to), clock=clock)


async def answer_action(
    session: Session,
    organisation_id: UUID,
    action_id: UUID,
    answer: Answer,
    *,
    reason: str | None,
    by: Actor,
    if_revision: int | None,
    clock: Clock,
) -> None:
    """Agree to an action or decline it; it is agreed once everybody named has, and planned again if one declines.

    Raises:
        NotFound: no such action here.
        PreconditionFailed: it has changed since ``if_revision``.
        NotYours: who answers is not named.
        ActionMoveNotAllowed: it is under way, or done.
        Invalid: declined without a reason.
        PersonLeft: who answers has left.
    """
    found = await _held(session, organisation_id, action_id, if_revision)
    if by.name not in found.details.everybody:
        raise NotYours(f"{by.name} is not among those who are to agree: {', '.join(found.details.everybody)}.")
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": by.name})
    if found.state not in _TO_BE_AGREED:
        raise ActionMoveNotAllowed(f"It is {found.state}: there is nothing to agree to any more.")
    if answer is Answer.DECLINED and not reason:
        raise Invalid([Fault("/reason", "reason_missing", "Say why you decline.")])
    now = clock.now()
    await queries.answer(session, organisation_id, action_id, by.name, answer, reason=reason, at=now)
    answers = {one.person: one.answer for one in found.agreements} | {by.name: answer}
    agreed = all(answers.get(person) is Answer.AGREED for person in found.details.everybody)
    to = ActionState.AGREED if agreed else ActionState.PLANNED
    if to is not found.state:
        await queries.move(session, organisation_id, action_id, at=now, state=to)
    said = f"{answer}: {reason}" if reason else str(answer)
    await _note(session, organisation_id, found, EntryKind.ANSWERED, said, by, clock, to=to)
    await record_event(session, organisation_id, events.action_changed(found, "answered", to), clock=clock)


async def move_action(
    session: Session,
    organisation_id: UUID,
    action_id: UUID,
    move: ActionMove,
    *,
    by: Actor,
    if_revision: int | None,
    clock: Clock,
) -> None:
    """Take an action on: under way, completed, closed with its outcome.

    Raises:
        NotFound: no such action or analysis here.
        PreconditionFailed: it has changed since ``if_revision``.
        ActionMoveNotAllowed: no way leads there from where it stands.
        AgreementMissing: not everybody named has agreed.
        Invalid: what is said of its effect does not hold.
        PersonLeft: who moves it has left.
    """
    found = await _held(session, organisation_id, action_id, if_revision)
    if move.to not in WAYS[found.state]:
        possible = ", ".join(WAYS[found.state]) or "nowhere: that is final"
        raise ActionMoveNotAllowed(f"It is {found.state}; from there it can go to {possible}.")
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": by.name})
    missing = [one.person for one in found.agreements if one.answer is not Answer.AGREED]
    if move.to is ActionState.AGREED and missing:
        raise AgreementMissing(f"Not everybody has agreed: {', '.join(missing)}.")
    await check_closing(session, organisation_id, found, move)
    now = clock.now()
    values: dict[str, object] = {"state": move.to, "outcome": move.outcome, "effect_run_id": move.effect_run_id}
    if move.to is ActionState.COMPLETED:
        values["change_on"] = move.change_on or await _today(session, organisation_id, clock)
    await queries.move(session, organisation_id, action_id, at=now, **values)
    await _note(session, organisation_id, found, EntryKind.MOVED, move.reason, by, clock, to=move.to)
    closed = move.to is ActionState.CLOSED
    event = events.action_closed(found, move) if closed else events.action_changed(found, "moved", move.to)
    await record_event(session, organisation_id, event, clock=clock)


async def note_progress(
    session: Session, organisation_id: UUID, action_id: UUID, said: str, *, by: Actor, clock: Clock
) -> None:
    """Write down how an action goes.

    Raises:
        NotFound: no such action here.
        PersonLeft: who writes has left.
    """
    found = await _held(session, organisation_id, action_id, None)
    await refuse_people_gone(session, organisation_id, {"/on_behalf_of": by.name})
    await queries.move(session, organisation_id, action_id, at=clock.now())
    await _note(session, organisation_id, found, EntryKind.NOTED, said, by, clock, to=found.state)


async def get_action(session: Session, organisation_id: UUID, action_id: UUID, *, clock: Clock) -> SeenAction:
    """An action with everything that happened to it.

    Raises:
        NotFound: no such action here.
    """
    found = await queries.action_by_id(session, organisation_id, action_id)
    if found is None:
        raise NotFound("action", action_id)
    today = await _today(session, organisation_id, clock)
    told = await queries.entries(session, organisation_id, action_id)
    return SeenAction(found, is_overdue(found, today), told)


async def list_actions(
    session: Session,
    organisation_id: UUID,
    *,
    recommendation_id: UUID | None,
    owner: str | None,
    state: ActionState | None,
    overdue: bool,
    cursor: str | None,
    limit: int,
    clock: Clock,
) -> tuple[list[SeenAction], str | None]:
    """A page, those due first first, and the cursor of the next one.

    Raises:
        NotFound: no such recommendation here.
        InvalidCursor: the cursor belongs to another query.
    """
    if recommendation_id is not None and not await recommendation_by_id(session, organisation_id, recommendation_id):
        raise NotFound("recommendation", recommendation_id)
    query = {
        "list": "actions",
        "organisation": organisation_id,
        "recommendation": recommendation_id,
        "owner": owner,
        "state": state,
        "overdue": overdue,
    }
    after = _position(decode_cursor(cursor, query, parts=2)) if cursor else None
    today = await _today(session, organisation_id, clock)
    wanted = WantedActions(recommendation_id, owner, state, today if overdue else None)
    found = await queries.actions(session, organisation_id, wanted, after=after, limit=limit + 1)
    page, following = page_of(found, limit, query, at=lambda one: (one.details.due_on.isoformat(), one.id))
    return [SeenAction(one, is_overdue(one, today)) for one in page], following


def is_overdue(found: Action, today: date) -> bool:
    """Whether it was to be done before today, and is not."""
    return found.state in OPEN and found.details.due_on < today


async def _held(session: Session, organisation_id: UUID, action_id: UUID, if_revision: int | None) -> Action:
    found = await queries.action_by_id(session, organisation_id, action_id, for_update=True)
    if found is None:
        raise NotFound("action", action_id)
    if if_revision is not None and found.revision != if_revision:
        raise PreconditionFailed("The action has changed since you read it: read it again.")
    return found


async def _refuse_gone(session: Session, organisation_id: UUID, details: ActionDetails, by: Actor) -> None:
    named: dict[str, str | None] = {"/owner": details.owner, "/on_behalf_of": by.name}
    named |= {f"/people/{place}": person for place, person in enumerate(details.people)}
    await refuse_people_gone(session, organisation_id, named)


async def _note(
    session: Session,
    organisation_id: UUID,
    found: Action,
    kind: EntryKind,
    said: str,
    by: Actor,
    clock: Clock,
    *,
    to: ActionState,
) -> None:
    before = None if kind is EntryKind.CREATED else found.state
    entry = ActionEntry(new_id(), kind, before, to, said, by.name, by.key_name, clock.now())
    await queries.add_entry(session, organisation_id, found.id, entry)


async def _today(session: Session, organisation_id: UUID, clock: Clock) -> date:
    return day_of(clock.now(), (await get_organisation(session, organisation_id)).time_zone)


def _position(parts: tuple[str, ...]) -> tuple[date, UUID]:
    try:
        return date.fromisoformat(parts[0]), UUID(parts[1])
    except ValueError as error:
        raise InvalidCursor from error
