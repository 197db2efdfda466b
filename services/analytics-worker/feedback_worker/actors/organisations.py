"""Housekeeping of organisations."""

from datetime import timedelta

from feedback_core import organisations
from feedback_core.jobs.runs import JobRun
from feedback_core.organisations.jobs import ForgetRequests
from feedback_worker.actor import actor


@actor(job=ForgetRequests, time_limit=timedelta(minutes=5), max_retries=5)
async def forget_requests(run: JobRun[ForgetRequests]) -> None:
    """Forget answers to idempotent requests that nobody will repeat any more."""
    await organisations.jobs.forget_requests(run)
