"""SQL of goals and recognition."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, update

from feedback_core.db.session import Session
from feedback_core.people.performance.queries import StoredText, columns_of, subject_of
from feedback_core.people.performance.types import GoalState, Subject
from feedback_core.people.tables import performance_goal, recognition


async def add_goal(session: Session, organisation_id: UUID, subject: Subject, **values: object) -> None:
    """A goal."""
    await session.execute(
        insert(performance_goal).values(organisation_id=organisation_id, **columns_of(subject), **values)
    )


async def goal_by_id(
    session: Session, organisation_id: UUID, goal_id: UUID, *, for_update: bool = False
) -> StoredText | None:
    """One goal; held until the end of the transaction if it is to be changed."""
    columns = performance_goal.c
    statement = select(performance_goal).where(columns.organisation_id == organisation_id, columns.id == goal_id)
    row = (await session.execute(statement.with_for_update() if for_update else statement)).one_or_none()
    return None if row is None else StoredText(row, subject_of(row))


async def change_goal(
    session: Session, organisation_id: UUID, goal_id: UUID, *, at: datetime, **values: object
) -> None:
    """Other values of a goal."""
    columns = performance_goal.c
    await session.execute(
        update(performance_goal)
        .where(columns.organisation_id == organisation_id, columns.id == goal_id)
        .values(updated_at=at, revision=columns.revision + 1, **values)
    )


def goals_wanted(state: GoalState | None, overdue_on: date | None) -> list[ColumnElement[bool]]:
    """Conditions of a list: in a state; open, and due before a day."""
    columns = performance_goal.c
    wanted: list[ColumnElement[bool]] = []
    if state is not None:
        wanted.append(columns.state == state.value)
    if overdue_on is not None:
        wanted += [columns.state == GoalState.OPEN.value, columns.due_on < overdue_on]
    return wanted


async def add_recognition(session: Session, organisation_id: UUID, subject: Subject, **values: object) -> None:
    """Thanks to somebody."""
    await session.execute(insert(recognition).values(organisation_id=organisation_id, **columns_of(subject), **values))
