"""Flags beside responses."""

from datetime import timedelta

from feedback_core.data_quality.payloads import FlagResponses
from feedback_core.jobs.runs import JobRun
from feedback_worker.actor import actor


@actor(
    job=FlagResponses, time_limit=timedelta(minutes=30), max_retries=5, loads="feedback_core.data_quality.jobs.flags"
)
async def flag_responses(run: JobRun[FlagResponses]) -> None:
    """Hold the responses of a survey to its inclusion rule."""
    from feedback_core.data_quality.jobs import flags

    await flags.run_flags(run)
