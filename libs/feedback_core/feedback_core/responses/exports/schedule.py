"""Which files are thrown away: those that are too old, and what was written of those that will never be finished."""

from datetime import datetime

from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.responses.exports import queries
from feedback_core.responses.exports.types import DiscardExport


async def request_due_discards(system: Session, /, *, now: datetime) -> int:
    """Request a job for every file that is due to go; returns how many are."""
    due = await queries.files_due(system, now)
    for organisation_id, export_id in due:
        await request_job(system, organisation_id, DiscardExport(export_id), now=now, dedupe_key=str(export_id))
    return len(due)
