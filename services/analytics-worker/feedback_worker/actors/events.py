"""Events."""

from datetime import timedelta

from feedback_core.events.jobs import ForgetEvents, run_forget
from feedback_core.jobs.runs import JobRun
from feedback_core.kpis.announcing.ticks import AnnounceResponses
from feedback_worker.actor import actor


@actor(
    job=AnnounceResponses,
    time_limit=timedelta(minutes=30),
    max_retries=10,
    loads="feedback_core.kpis.announcing.jobs",
)
async def announce_responses(run: JobRun[AnnounceResponses]) -> None:
    """Tell that responses came in."""
    from feedback_core.kpis.announcing import jobs

    await jobs.run_announce(run)


@actor(job=ForgetEvents, time_limit=timedelta(minutes=30), max_retries=5)
async def forget_events(run: JobRun[ForgetEvents]) -> None:
    """Delete what is older than events are kept."""
    await run_forget(run)
