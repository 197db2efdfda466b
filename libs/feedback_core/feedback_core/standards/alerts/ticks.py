"""What the schedule asks of alerts; light, since every worker imports it."""

from datetime import datetime

from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.standards.alerts import queries
from feedback_core.standards.alerts.types import CheckAlert


async def request_due_checks(system: Session, /, *, now: datetime) -> int:
    """Request a job for every alert that is to be looked at; returns how many are."""
    due = await queries.alerts_due(system, now)
    for organisation_id, key in due:
        await request_job(system, organisation_id, CheckAlert(key), now=now, dedupe_key=key)
    return len(due)
