"""What the schedule asks of fieldwork; light, since every worker imports it."""

from datetime import datetime

from feedback_core.db.session import Session
from feedback_core.fieldwork.queries.rules import surveys_due
from feedback_core.fieldwork.types.rules import SETTLE, WatchFieldwork
from feedback_core.jobs.use_cases import request_job


async def request_due_looks(system: Session, /, *, now: datetime) -> int:
    """Request a job for every survey with rules that is due, or of which something has come in; how many there are."""
    due = await surveys_due(system, now=now, settled=now - SETTLE)
    for organisation_id, survey_id in due:
        await request_job(system, organisation_id, WatchFieldwork(survey_id), now=now, dedupe_key=str(survey_id))
    return len(due)
