"""Open responses whose time has run out."""

from datetime import timedelta

from feedback_core.jobs.runs import JobRun
from feedback_core.responses.open_responses import jobs
from feedback_core.responses.open_responses.jobs import CloseOverdue
from feedback_worker.actor import actor


@actor(job=CloseOverdue, time_limit=timedelta(minutes=30), max_retries=5)
async def close_overdue(run: JobRun[CloseOverdue]) -> None:
    """Close them as they stand: partial responses, or nothing."""
    await jobs.run_closing(run)
