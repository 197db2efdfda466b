"""SQL of analysis schedules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update

from feedback_core.analyses.tables import analysis_schedule
from feedback_core.analyses.types import AnalysisKind, AnalysisSchedule, Cadence
from feedback_core.db.session import Session

_TABLE = analysis_schedule.c


@dataclass(frozen=True, slots=True)
class DueSchedule:
    """As much of a schedule as may be seen across organisations."""

    organisation_id: UUID
    id: UUID
    cadence: Cadence
    hour: int
    time_zone: str
    next_run_at: datetime


async def add_schedule(session: Session, organisation_id: UUID, schedule: AnalysisSchedule) -> None:
    """A new schedule."""
    values = {**_content(schedule), "organisation_id": organisation_id, "id": schedule.id}
    await session.execute(insert(analysis_schedule).values({**values, "created_at": schedule.created_at}))


async def replace_schedule(session: Session, organisation_id: UUID, schedule: AnalysisSchedule) -> None:
    """Everything of a schedule but its id and its creation; a new revision."""
    await session.execute(
        update(analysis_schedule)
        .where(_TABLE.organisation_id == organisation_id, _TABLE.id == schedule.id)
        .values({**_content(schedule), "revision": _TABLE.revision + 1})
    )


async def delete_schedule(session: Session, organisation_id: UUID, schedule_id: UUID) -> bool:
    """Remove a schedule; false if there is none."""
    statement = (
        delete(analysis_schedule)
        .where(_TABLE.organisation_id == organisation_id, _TABLE.id == schedule_id)
        .returning(_TABLE.id)
    )
    return (await session.execute(statement)).first() is not None


async def schedule_by_id(
    session: Session, organisation_id: UUID, schedule_id: UUID, *, hold: bool = False
) -> AnalysisSchedule | None:
    """A schedule; with ``hold``, kept from others until the transaction ends."""
    statement = select(analysis_schedule).where(_TABLE.organisation_id == organisation_id, _TABLE.id == schedule_id)
    found = (await session.execute(statement.with_for_update() if hold else statement)).one_or_none()
    return None if found is None else _schedule(found)


async def schedules(
    session: Session, organisation_id: UUID, *, survey_id: UUID | None, before: UUID | None, limit: int
) -> list[AnalysisSchedule]:
    """Schedules, newest first, from below ``before``."""
    statement = select(analysis_schedule).where(_TABLE.organisation_id == organisation_id)
    if survey_id is not None:
        statement = statement.where(_TABLE.survey_id == survey_id)
    if before is not None:
        statement = statement.where(_TABLE.id < before)
    rows = await session.execute(statement.order_by(_TABLE.id.desc()).limit(limit))
    return [_schedule(row) for row in rows]


async def take_due(system: Session, *, now: datetime, limit: int) -> list[DueSchedule]:
    """Schedules, across organisations, whose time has come; held, so that no other worker takes them now."""
    statement = (
        select(_TABLE.organisation_id, _TABLE.id, _TABLE.cadence, _TABLE.hour, _TABLE.time_zone, _TABLE.next_run_at)
        .where(_TABLE.enabled, _TABLE.next_run_at <= now)
        .order_by(_TABLE.next_run_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = await system.execute(statement)
    return [
        DueSchedule(row.organisation_id, row.id, Cadence(row.cadence), row.hour, row.time_zone, row.next_run_at)
        for row in rows
    ]


async def move_on(system: Session, due: DueSchedule, next_run_at: datetime) -> None:
    """Set when a schedule is due next."""
    await system.execute(
        update(analysis_schedule)
        .where(_TABLE.organisation_id == due.organisation_id, _TABLE.id == due.id)
        .values(next_run_at=next_run_at)
    )


def _content(schedule: AnalysisSchedule) -> Mapping[str, Any]:
    return {
        "kind": schedule.kind,
        "survey_id": schedule.survey_id,
        "parameters": dict(schedule.parameters),
        "cadence": schedule.cadence,
        "hour": schedule.hour,
        "time_zone": schedule.time_zone,
        "enabled": schedule.enabled,
        "next_run_at": schedule.next_run_at,
    }


def _schedule(row: Row[Any]) -> AnalysisSchedule:
    return AnalysisSchedule(
        id=row.id,
        kind=AnalysisKind(row.kind),
        survey_id=row.survey_id,
        parameters=row.parameters,
        cadence=Cadence(row.cadence),
        hour=row.hour,
        time_zone=row.time_zone,
        enabled=row.enabled,
        next_run_at=row.next_run_at,
        created_at=row.created_at,
        revision=row.revision,
    )
