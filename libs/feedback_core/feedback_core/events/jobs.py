"""The worker's part of events: forgetting what is older than they are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from feedback_core.db.session import Session
from feedback_core.events import queries
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobPayload
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.settings import EventSettings

AT_A_TIME: Final = 5_000


@dataclass(frozen=True, slots=True)
class ForgetEvents(JobPayload):
    """Delete the events of an organisation that are older than they are kept."""

    kind: ClassVar[str] = "events.forget"


async def request_due_forgetting(system: Session, /, *, now: datetime) -> int:
    """Ask for every organisation that has events older than they are kept; how many there are."""
    before = now - timedelta(days=EventSettings().keep_days)
    due = await queries.organisations_with_old(system, before=before)
    for organisation_id in due:
        await request_job(system, organisation_id, ForgetEvents(), now=now, dedupe_key="all")
    return len(due)


async def run_forget(run: JobRun[ForgetEvents]) -> None:
    """Delete them in parts, with what became of them at webhooks. The latest event of a subject stays."""
    before = run.clock.now() - timedelta(days=EventSettings().keep_days)
    forgotten = AT_A_TIME
    while forgotten == AT_A_TIME:
        async with run.transaction() as session:
            forgotten = await queries.forget_events(session, run.organisation_id, before=before, most=AT_A_TIME)
