"""Actors of recommendations."""

from datetime import timedelta

from feedback_core.analyses.payloads import RunReview
from feedback_core.jobs.runs import JobRun
from feedback_worker.actor import actor


@actor(job=RunReview, time_limit=timedelta(minutes=15), max_retries=5, loads="feedback_core.recommendations.jobs")
async def review(run: JobRun[RunReview]) -> None:
    """Review every feature of a survey."""
    from feedback_core.recommendations.jobs import run_review

    await run_review(run)
