"""Analyses of drivers."""

from datetime import timedelta

from feedback_core.analyses.payloads import RunDrivers
from feedback_core.jobs.runs import JobRun
from feedback_worker.actor import actor


@actor(job=RunDrivers, time_limit=timedelta(minutes=30), max_retries=3, loads="feedback_core.drivers.jobs")
async def run_drivers(run: JobRun[RunDrivers]) -> None:
    """Find out what goes with an outcome."""
    from feedback_core.drivers import jobs

    await jobs.run_drivers(run)
