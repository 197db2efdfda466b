"""Telling that steps of recommendations and actions are overdue, once each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from feedback_core.db.session import Session
from feedback_core.events.use_cases import record_events
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobPayload
from feedback_core.jobs.use_cases import request_job
from feedback_core.recommendations import events, overdue_queries

BATCH: Final = 500
EVERYWHERE: Final = timedelta(hours=12)
"""After midnight in UTC, the day before is over in every time zone."""


@dataclass(frozen=True, slots=True)
class TellOverdue(JobPayload):
    """Tell what is overdue in an organisation."""

    kind: ClassVar[str] = "recommendations.tell_overdue"


async def request_due_telling(system: Session, /, *, now: datetime) -> int:
    """Request a job for every organisation in which something is overdue and untold; returns how many those are."""
    organisations = await overdue_queries.organisations_with_overdue(system, now, (now - EVERYWHERE).date())
    for organisation_id in organisations:
        await request_job(system, organisation_id, TellOverdue(), now=now, dedupe_key="all")
    return len(organisations)


async def tell_overdue(run: JobRun[TellOverdue]) -> None:
    """Record an event for what is overdue, and that it was told, in one transaction; the rest is told by the next."""
    now = run.clock.now()
    async with run.completion() as session:
        late = await overdue_queries.take_overdue(session, run.organisation_id, now, limit=BATCH)
        gone_up = await overdue_queries.take_escalated(session, run.organisation_id, now, limit=BATCH)
        undone = await overdue_queries.take_actions(
            session, run.organisation_id, (now - EVERYWHERE).date(), at=now, limit=BATCH
        )
        told = [events.overdue(each, step, escalated=False) for each, step in late]
        told += [events.overdue(each, step, escalated=True) for each, step in gone_up]
        told += [events.action_overdue(each, state) for each, state in undone]
        await record_events(session, run.organisation_id, told, clock=run.clock)
