"""SQL of actions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, tuple_, update

from feedback_core.db.session import Session
from feedback_core.kit.money import Money
from feedback_core.recommendations.actions.tables import action, action_entry, action_person
from feedback_core.recommendations.actions.types import (
    OPEN,
    Action,
    ActionDetails,
    ActionEntry,
    ActionOutcome,
    ActionState,
    Agreement,
    Answer,
    EntryKind,
)


async def add_action(session: Session, organisation_id: UUID, made: Action) -> None:
    """A new action, and who is to agree to it."""
    await session.execute(
        insert(action).values(
            organisation_id=organisation_id,
            id=made.id,
            recommendation_id=made.recommendation_id,
            state=made.state,
            created_by=made.created_by,
            created_at=made.created_at,
            updated_at=made.updated_at,
            **_details(made.details),
        )
    )
    await _ask(session, organisation_id, made.id, made.details.everybody)


async def replace_details(
    session: Session, organisation_id: UUID, action_id: UUID, details: ActionDetails, *, ask_again: bool, at: datetime
) -> None:
    """Other details; with ``ask_again``, everybody is to agree anew, otherwise only who was not named before."""
    await _update(session, organisation_id, action_id, at=at, overdue_told_at=None, **_details(details))
    columns, mine = action_person.c, details.everybody
    gone = delete(action_person).where(columns.organisation_id == organisation_id, columns.action_id == action_id)
    await session.execute(gone if ask_again else gone.where(columns.person.not_in(mine)))
    known = set() if ask_again else {one.person for one in await _agreements(session, organisation_id, [action_id])}
    await _ask(session, organisation_id, action_id, [person for person in mine if person not in known])


async def answer(
    session: Session,
    organisation_id: UUID,
    action_id: UUID,
    person: str,
    said: Answer,
    *,
    reason: str | None,
    at: datetime,
) -> None:
    """Keep whether somebody agrees."""
    columns = action_person.c
    await session.execute(
        update(action_person)
        .where(columns.organisation_id == organisation_id, columns.action_id == action_id, columns.person == person)
        .values(answer=said, reason=reason, answered_at=at)
    )
    await _update(session, organisation_id, action_id, at=at)


async def move(session: Session, organisation_id: UUID, action_id: UUID, *, at: datetime, **values: object) -> None:
    """Another state, and what is known with it."""
    await _update(session, organisation_id, action_id, at=at, **values)


async def add_entry(session: Session, organisation_id: UUID, action_id: UUID, entry: ActionEntry) -> None:
    """Something that happened."""
    await session.execute(
        insert(action_entry).values(
            organisation_id=organisation_id,
            id=entry.id,
            action_id=action_id,
            kind=entry.kind,
            from_state=entry.from_state,
            to_state=entry.to_state,
            said=entry.said,
            written_by=entry.written_by,
            key_name=entry.key_name,
            written_at=entry.written_at,
        )
    )


async def action_by_id(
    session: Session, organisation_id: UUID, action_id: UUID, *, for_update: bool = False
) -> Action | None:
    """One action; held until the end of the transaction if it is to be changed."""
    statement = select(action).where(action.c.organisation_id == organisation_id, action.c.id == action_id)
    row = (await session.execute(statement.with_for_update() if for_update else statement)).one_or_none()
    return (await _with_agreements(session, organisation_id, [row]))[0] if row else None


@dataclass(frozen=True, slots=True)
class WantedActions:
    """Which actions a list has; ``None``: whatever they are.

    Attributes:
        overdue_on: those that were to be done before that day, and are not.
    """

    recommendation_id: UUID | None = None
    owner: str | None = None
    state: ActionState | None = None
    overdue_on: date | None = None


async def actions(
    session: Session, organisation_id: UUID, wanted: WantedActions, *, after: tuple[date, UUID] | None, limit: int
) -> list[Action]:
    """Actions, those due first first, from behind ``after``."""
    columns = action.c
    statement = select(action).where(columns.organisation_id == organisation_id)
    for column, value in (
        (columns.recommendation_id, wanted.recommendation_id),
        (columns.owner, wanted.owner),
        (columns.state, wanted.state),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.overdue_on is not None:
        statement = statement.where(columns.due_on < wanted.overdue_on, columns.state.in_(sorted(OPEN)))
    if after is not None:
        statement = statement.where(tuple_(columns.due_on, columns.id) > after)
    rows = (await session.execute(statement.order_by(columns.due_on, columns.id).limit(limit))).all()
    return await _with_agreements(session, organisation_id, rows)


async def actions_of(session: Session, organisation_id: UUID, recommendation_ids: Collection[UUID]) -> list[Action]:
    """Every action about these recommendations, those due first first."""
    columns = action.c
    statement = select(action).where(
        columns.organisation_id == organisation_id, columns.recommendation_id.in_(list(recommendation_ids))
    )
    rows = (await session.execute(statement.order_by(columns.due_on, columns.id))).all()
    return await _with_agreements(session, organisation_id, rows)


async def entries(session: Session, organisation_id: UUID, action_id: UUID) -> tuple[ActionEntry, ...]:
    """Everything that happened to an action, oldest first."""
    columns = action_entry.c
    rows = await session.execute(
        select(action_entry)
        .where(columns.organisation_id == organisation_id, columns.action_id == action_id)
        .order_by(columns.id)
    )
    return tuple(
        ActionEntry(
            id=row.id,
            kind=EntryKind(row.kind),
            from_state=ActionState(row.from_state) if row.from_state else None,
            to_state=ActionState(row.to_state) if row.to_state else None,
            said=row.said,
            written_by=row.written_by,
            key_name=row.key_name,
            written_at=row.written_at,
        )
        for row in rows
    )


async def _update(session: Session, organisation_id: UUID, action_id: UUID, *, at: datetime, **values: object) -> None:
    await session.execute(
        update(action)
        .where(action.c.organisation_id == organisation_id, action.c.id == action_id)
        .values(updated_at=at, revision=action.c.revision + 1, **values)
    )


async def _ask(session: Session, organisation_id: UUID, action_id: UUID, people: Sequence[str]) -> None:
    if people:
        rows = [{"organisation_id": organisation_id, "action_id": action_id, "person": person} for person in people]
        await session.execute(insert(action_person), rows)


async def _agreements(session: Session, organisation_id: UUID, ids: Collection[UUID]) -> list[Row[Any]]:
    columns = action_person.c
    statement = select(action_person).where(
        columns.organisation_id == organisation_id, columns.action_id.in_(list(ids))
    )
    return list((await session.execute(statement.order_by(columns.action_id, columns.person))).all())


async def _with_agreements(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[Action]:
    found: dict[UUID, list[Agreement]] = {row.id: [] for row in rows}
    for row in await _agreements(session, organisation_id, list(found)):
        said = Answer(row.answer) if row.answer else None
        found[row.action_id].append(Agreement(row.person, said, row.reason, row.answered_at))
    return [_action(row, tuple(found[row.id])) for row in rows]


def _details(details: ActionDetails) -> dict[str, Any]:
    return {
        "title": details.title,
        "description": details.description,
        "owner": details.owner,
        "due_on": details.due_on,
        "cost_amount": details.cost.amount if details.cost else None,
        "cost_currency": details.cost.currency if details.cost else None,
        "hours": details.hours,
    }


def _action(row: Row[Any], agreements: tuple[Agreement, ...]) -> Action:
    return Action(
        id=row.id,
        recommendation_id=row.recommendation_id,
        details=ActionDetails(
            title=row.title,
            description=row.description,
            owner=row.owner,
            due_on=row.due_on,
            cost=None if row.cost_amount is None else Money(row.cost_amount, row.cost_currency),
            hours=row.hours,
            people=tuple(one.person for one in agreements if one.person != row.owner),
        ),
        state=ActionState(row.state),
        change_on=row.change_on,
        outcome=ActionOutcome(row.outcome) if row.outcome else None,
        effect_run_id=row.effect_run_id,
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
        agreements=agreements,
    )
