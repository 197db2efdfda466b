"""SQL of what is overdue and has not been told."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, or_, select, union, update

from feedback_core.db.session import Session
from feedback_core.recommendations.actions.tables import action
from feedback_core.recommendations.actions.types import OPEN, ActionState
from feedback_core.recommendations.tables import recommendation


async def organisations_with_overdue(system: Session, now: datetime, today: date) -> list[UUID]:
    """Organisations with something overdue that was not told, across tenants."""
    late = select(recommendation.c.organisation_id).where(or_(_late(now), _escalated(now)))
    undone = select(action.c.organisation_id).where(_undone(today))
    return list((await system.execute(union(late, undone))).scalars())


async def take_overdue(session: Session, organisation_id: UUID, now: datetime, *, limit: int) -> list[tuple[UUID, str]]:
    """Recommendations whose step is newly overdue, noted as told, with their steps."""
    rows = await _take(session, recommendation, organisation_id, _late(now), limit, overdue_told_at=now)
    return [(row.id, row.step) for row in rows]


async def take_escalated(
    session: Session, organisation_id: UUID, now: datetime, *, limit: int
) -> list[tuple[UUID, str]]:
    """Recommendations whose step has newly escalated, noted as told, with their steps."""
    rows = await _take(session, recommendation, organisation_id, _escalated(now), limit, escalation_told_at=now)
    return [(row.id, row.step) for row in rows]


async def take_actions(
    session: Session, organisation_id: UUID, today: date, *, at: datetime, limit: int
) -> list[tuple[UUID, ActionState]]:
    """Actions that are newly overdue, noted as told, with their states."""
    rows = await _take(session, action, organisation_id, _undone(today), limit, overdue_told_at=at)
    return [(row.id, ActionState(row.state)) for row in rows]


def _late(now: datetime) -> ColumnElement[bool]:
    return and_(recommendation.c.due_at <= now, recommendation.c.overdue_told_at.is_(None))


def _escalated(now: datetime) -> ColumnElement[bool]:
    return and_(recommendation.c.escalates_at <= now, recommendation.c.escalation_told_at.is_(None))


def _undone(today: date) -> ColumnElement[bool]:
    return and_(action.c.due_on < today, action.c.state.in_(sorted(OPEN)), action.c.overdue_told_at.is_(None))


async def _take(
    session: Session,
    table: Table,
    organisation_id: UUID,
    condition: ColumnElement[bool],
    limit: int,
    **told: datetime,
) -> list[Any]:
    mine = (
        select(table.c.id)
        .where(table.c.organisation_id == organisation_id, condition)
        .order_by(table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(table)
        .where(table.c.organisation_id == organisation_id, table.c.id.in_(mine.scalar_subquery()))
        .values(told)
        .returning(*table.c)
    )
    return list(await session.execute(statement))
