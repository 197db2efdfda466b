"""Actors of cases."""

from datetime import timedelta

from feedback_core.cases.jobs import FindCases, FollowCases, run_find, run_follow
from feedback_core.jobs.runs import JobRun
from feedback_worker.actor import actor


@actor(job=FindCases, time_limit=timedelta(minutes=30), max_retries=10)
async def find_cases(run: JobRun[FindCases]) -> None:
    """Open cases of the responses that came in."""
    await run_find(run)


@actor(job=FollowCases, time_limit=timedelta(minutes=5), max_retries=5)
async def follow_cases(run: JobRun[FollowCases]) -> None:
    """Hand on the cases that wait for too long, and end those whose response is gone."""
    await run_follow(run)
