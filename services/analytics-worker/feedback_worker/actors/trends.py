"""Trend analyses."""

from datetime import timedelta

from feedback_core.analyses.payloads import RunTrend
from feedback_core.jobs.runs import JobRun
from feedback_worker.actor import actor


@actor(job=RunTrend, time_limit=timedelta(minutes=10), max_retries=3, loads="feedback_core.trends.jobs")
async def run_trend(run: JobRun[RunTrend]) -> None:
    """Analyse the series of a KPI."""
    from feedback_core.trends import jobs

    await jobs.run_trend(run)
