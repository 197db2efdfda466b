"""Who is to be reminded."""

from datetime import datetime

from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.reports.distributions import queries
from feedback_core.reports.distributions.types import RemindRecipient


async def request_due_reminders(system: Session, /, *, now: datetime) -> int:
    """Request a job for everybody whose time has come; returns how many."""
    due = await queries.reminders_due(system, now)
    for organisation_id, distribution_id in due:
        reminding = RemindRecipient(distribution_id)
        await request_job(system, organisation_id, reminding, now=now, dedupe_key=str(distribution_id))
    return len(due)
