"""The worker's part of schedules: each time that is due leads to one request."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from feedback_core.analyses import schedule_queries as queries
from feedback_core.analyses.calc import next_run_at
from feedback_core.analyses.payloads import PAYLOADS
from feedback_core.analyses.types import AnalysisRequest
from feedback_core.analyses.use_cases import request_analysis
from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobPayload
from feedback_core.jobs.use_cases import request_job

AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class RequestScheduled(JobPayload):
    """Ask for the analysis of a schedule that has become due."""

    kind: ClassVar[str] = "analyses.scheduled"

    schedule_id: UUID


async def request_due_runs(system: Session, /, *, now: datetime) -> int:
    """Request a job for every schedule whose time has come, and set when it is due next; returns how many.

    Both are one transaction, so a due time is never lost and never leads to two jobs. Times that went by while no
    worker ran lead to one job.
    """
    due = await queries.take_due(system, now=now, limit=AT_A_TIME)
    for schedule in due:
        await request_job(system, schedule.organisation_id, RequestScheduled(schedule.id), now=now)
        following = next_run_at(schedule.cadence, schedule.hour, schedule.time_zone, after=now)
        await queries.move_on(system, schedule, following)
    return len(due)


async def request_scheduled(run: JobRun[RequestScheduled]) -> None:
    """Ask for the analysis; nothing is asked for if the schedule is gone or was switched off meanwhile."""
    async with run.completion() as session:
        schedule = await queries.schedule_by_id(session, run.organisation_id, run.payload.schedule_id)
        if schedule is None or not schedule.enabled:
            return
        await request_analysis(
            session,
            run.organisation_id,
            AnalysisRequest(schedule.kind, schedule.survey_id, schedule.parameters),
            PAYLOADS[schedule.kind],
            requested_by="schedule",
            clock=run.clock,
            schedule_id=schedule.id,
        )
