"""Scheduled analyses."""

from datetime import timedelta

from feedback_core.analyses.jobs import RequestScheduled, request_scheduled
from feedback_core.jobs.runs import JobRun
from feedback_worker.actor import actor


@actor(job=RequestScheduled, time_limit=timedelta(minutes=1), max_retries=10)
async def request_analysis(run: JobRun[RequestScheduled]) -> None:
    """Ask for the analysis of a schedule that has become due."""
    await request_scheduled(run)
