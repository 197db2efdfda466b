"""Which files are thrown away: those that are too old, and what was written of those that will never be finished."""

from datetime import datetime

from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.reports.portfolios.queries import store
from feedback_core.reports.portfolios.types import DiscardPortfolio


async def request_due_discards(system: Session, /, *, now: datetime) -> int:
    """Request a job for every file that is due to go; returns how many are."""
    due = await store.files_due(system, now)
    for organisation_id, portfolio_id in due:
        discard = DiscardPortfolio(portfolio_id)
        await request_job(system, organisation_id, discard, now=now, dedupe_key=str(portfolio_id))
    return len(due)
