"""The worker's part of schedules: each new review leads to its editions, once."""

from datetime import datetime

from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.errors import DomainError
from feedback_core.kit.logs import get_logger
from feedback_core.reports.schedules import queries
from feedback_core.reports.schedules.types import RequestEditions
from feedback_core.reports.use_cases import request_report

log = get_logger(__name__)


async def request_due_editions(system: Session, /, *, now: datetime) -> int:
    """Request a job for every schedule with a new review; returns how many."""
    due = await queries.schedules_due(system)
    for organisation_id, schedule_id in due:
        await request_job(system, organisation_id, RequestEditions(schedule_id), now=now, dedupe_key=str(schedule_id))
    return len(due)


async def request_editions(run: JobRun[RequestEditions]) -> None:
    """Ask for the editions of reviews since, and note that in the same transaction."""
    async with run.completion() as session:
        schedule = await queries.schedule_by_id(session, run.organisation_id, run.payload.schedule_id, hold=True)
        if schedule is None or not schedule.plan.enabled:
            return
        for run_id in await queries.runs_after(session, run.organisation_id, schedule):
            for edition in schedule.plan.editions:
                try:
                    await request_report(
                        session,
                        run.organisation_id,
                        edition.request(run_id),
                        by="schedule",
                        clock=run.clock,
                        schedule_id=schedule.id,
                    )
                except DomainError as nothing:
                    # A feature may have got another owner since: the other editions are written all the same.
                    log.info("edition_left_out", schedule=str(schedule.id), code=nothing.code)
            await queries.move_on(session, run.organisation_id, schedule.id, run_id)
