"""Flags beside responses, and the analysis of them."""

from datetime import timedelta

from feedback_core.analyses.payloads import RunDataQuality
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


@actor(
    job=RunDataQuality,
    time_limit=timedelta(minutes=30),
    max_retries=3,
    loads="feedback_core.data_quality.jobs.analysis",
)
async def run_data_quality(run: JobRun[RunDataQuality]) -> None:
    """Find out what the answers are worth."""
    from feedback_core.data_quality.jobs import analysis

    await analysis.run_data_quality(run)
