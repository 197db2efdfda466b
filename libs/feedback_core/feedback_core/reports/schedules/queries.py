"""SQL of schedules of reports."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, insert, select, update

from feedback_core.analyses.tables import analysis_run
from feedback_core.db.session import Session
from feedback_core.reports.schedules.types import EDITIONS, ReportPlan, ReportSchedule, editions_to_json
from feedback_core.reports.tables import report_schedule


async def add_schedule(
    session: Session, organisation_id: UUID, schedule_id: UUID, plan: ReportPlan, *, after: UUID, at: datetime
) -> None:
    """A new schedule; editions are written of reviews with ids behind ``after``."""
    await session.execute(
        insert(report_schedule).values(
            organisation_id=organisation_id,
            id=schedule_id,
            analysis_schedule_id=plan.analysis_schedule_id,
            editions=editions_to_json(plan.editions),
            enabled=plan.enabled,
            last_run_id=after,
            created_at=at,
        )
    )


async def schedule_by_id(
    session: Session, organisation_id: UUID, schedule_id: UUID, *, hold: bool = False
) -> ReportSchedule | None:
    """A schedule; held until the end of the transaction if it is to be changed."""
    statement = select(report_schedule).where(
        report_schedule.c.organisation_id == organisation_id, report_schedule.c.id == schedule_id
    )
    row = (await session.execute(statement.with_for_update() if hold else statement)).one_or_none()
    return _schedule(row) if row else None


async def schedules_before(
    session: Session, organisation_id: UUID, *, before: UUID | None, limit: int
) -> list[ReportSchedule]:
    """Schedules, newest first; those made before ``before`` only."""
    statement = select(report_schedule).where(report_schedule.c.organisation_id == organisation_id)
    if before is not None:
        statement = statement.where(report_schedule.c.id < before)
    rows = await session.execute(statement.order_by(report_schedule.c.id.desc()).limit(limit))
    return [_schedule(row) for row in rows]


async def replace_schedule(session: Session, organisation_id: UUID, schedule_id: UUID, plan: ReportPlan) -> None:
    """Another plan; the revision counts up."""
    await session.execute(
        update(report_schedule)
        .where(report_schedule.c.organisation_id == organisation_id, report_schedule.c.id == schedule_id)
        .values(
            analysis_schedule_id=plan.analysis_schedule_id,
            editions=editions_to_json(plan.editions),
            enabled=plan.enabled,
            revision=report_schedule.c.revision + 1,
        )
    )


async def move_on(session: Session, organisation_id: UUID, schedule_id: UUID, run_id: UUID) -> None:
    """Editions of this run, and of those before, are asked for."""
    await session.execute(
        update(report_schedule)
        .where(report_schedule.c.organisation_id == organisation_id, report_schedule.c.id == schedule_id)
        .values(last_run_id=run_id)
    )


async def delete_schedule(session: Session, organisation_id: UUID, schedule_id: UUID) -> bool:
    """Remove a schedule; false if there is none."""
    gone = await session.execute(
        delete(report_schedule).where(
            report_schedule.c.organisation_id == organisation_id, report_schedule.c.id == schedule_id
        )
    )
    return gone.rowcount > 0


async def runs_after(session: Session, organisation_id: UUID, schedule: ReportSchedule) -> list[UUID]:
    """Runs of the analysis schedule that have found something since, oldest first."""
    rows = await session.execute(
        select(analysis_run.c.id)
        .where(
            analysis_run.c.organisation_id == organisation_id,
            analysis_run.c.schedule_id == schedule.plan.analysis_schedule_id,
            analysis_run.c.finished_at.is_not(None),
            analysis_run.c.id > schedule.last_run_id,
        )
        .order_by(analysis_run.c.id)
    )
    return list(rows.scalars())


async def schedules_due(system: Session) -> list[tuple[UUID, UUID]]:
    """Organisation and schedule of those with a new run."""
    rows = await system.execute(
        select(report_schedule.c.organisation_id, report_schedule.c.id)
        .join(
            analysis_run,
            and_(
                analysis_run.c.organisation_id == report_schedule.c.organisation_id,
                analysis_run.c.schedule_id == report_schedule.c.analysis_schedule_id,
            ),
        )
        .where(
            report_schedule.c.enabled,
            analysis_run.c.finished_at.is_not(None),
            analysis_run.c.id > report_schedule.c.last_run_id,
        )
        .distinct()
    )
    return [(row.organisation_id, row.id) for row in rows]


def _schedule(row: Row[Any]) -> ReportSchedule:
    plan = ReportPlan(row.analysis_schedule_id, EDITIONS.validate_python(row.editions), row.enabled)
    return ReportSchedule(row.id, plan, row.last_run_id, row.created_at, row.revision)
