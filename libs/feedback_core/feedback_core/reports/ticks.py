"""Which files are thrown away: those that are too old, and what was written of those that will never be finished."""

from datetime import datetime

from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.reports import queries
from feedback_core.reports.types import DiscardReport


async def request_due_discards(system: Session, /, *, now: datetime) -> int:
    """Request a job for every file that is due to go; returns how many are."""
    due = await queries.files_due(system, now)
    for organisation_id, report_id in due:
        await request_job(system, organisation_id, DiscardReport(report_id), now=now, dedupe_key=str(report_id))
    return len(due)
