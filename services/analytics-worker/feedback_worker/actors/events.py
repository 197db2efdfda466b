"""Events."""

from datetime import timedelta

from feedback_core.events import jobs
from feedback_core.events.jobs import ForgetEvents
from feedback_core.jobs.runs import JobRun
from feedback_core.kpis.announcing.jobs import AnnounceResponses, run_announce
from feedback_worker.actor import actor


@actor(
    job=AnnounceResponses,
    time_limit=timedelta(minutes=30),
    max_retries=10,
    loads="feedback_core.kpis.announcing.calc",
)
async def announce_responses(run: JobRun[AnnounceResponses]) -> None:
    """Tell that responses came in."""
    await run_announce(run)


@actor(job=ForgetEvents, time_limit=timedelta(minutes=30), max_retries=5)
async def forget_events(run: JobRun[ForgetEvents]) -> None:
    """Delete what is older than events are kept."""
    await jobs.run_forget(run)
