"""Closing open responses whose time has run out."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobPayload
from feedback_core.jobs.use_cases import request_job
from feedback_core.responses.open_responses.closing import close_overdue
from feedback_core.responses.open_responses.queries import closing
from feedback_core.responses.privacy import Privacy

BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class CloseOverdue(JobPayload):
    """Close every open response of one organisation whose time has run out."""

    kind: ClassVar[str] = "open_responses.close_overdue"


async def request_due_closing(system: Session, /, *, now: datetime) -> int:
    """Request a job for every organisation with something to close; returns how many have."""
    organisations = await closing.organisations_with_overdue(system, now)
    for organisation_id in organisations:
        await request_job(system, organisation_id, CloseOverdue(), now=now, dedupe_key="all")
    return len(organisations)


async def run_closing(run: JobRun[CloseOverdue]) -> None:
    """Close in batches, each a transaction of its own; what a submitter holds is passed over, and not overdue then."""
    privacy = Privacy.from_settings(run.secrets)
    closed = 0
    while True:
        now = run.clock.now()
        async with run.transaction() as session:
            batch = await closing.hold_overdue(session, run.organisation_id, now, limit=BATCH)
            gone: set[UUID] = set()
            for opened in batch:
                if opened.id not in gone:
                    gone |= await close_overdue(session, run.organisation_id, opened, privacy=privacy, now=now)
        closed += len(batch)
        await run.progress(closed, unit="responses")
        if len(batch) < BATCH:
            return
