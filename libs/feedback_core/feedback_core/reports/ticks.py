"""Which files are thrown away: those that are too old, and what was written of those that will never be finished."""

from datetime import datetime

from feedback_core.db.session import Session
from feedback_core.jobs.files import request_discards
from feedback_core.reports.queries import REPORT_FILES
from feedback_core.reports.types import DiscardReport


async def request_due_discards(system: Session, /, *, now: datetime) -> int:
    """Request a job for every file that is due to go; returns how many are."""
    return await request_discards(system, REPORT_FILES, DiscardReport, now=now)
