"""Folding of responses into cells."""

from datetime import timedelta

from feedback_core.jobs.runs import JobRun
from feedback_core.kpis.jobs import FoldResponses, run_fold
from feedback_worker.actor import actor


@actor(job=FoldResponses, time_limit=timedelta(minutes=30), max_retries=5)
async def fold_responses(run: JobRun[FoldResponses]) -> None:
    """Fold what has come in to a survey."""
    await run_fold(run)
