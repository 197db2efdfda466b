"""Sampling-bias assessments."""

from datetime import timedelta

from feedback_core.analyses.payloads import RunSamplingBias
from feedback_core.jobs.runs import JobRun
from feedback_worker.actor import actor


@actor(job=RunSamplingBias, time_limit=timedelta(minutes=10), max_retries=3, loads="feedback_core.bias.jobs")
async def run_sampling_bias(run: JobRun[RunSamplingBias]) -> None:
    """Hold the respondents against the frame."""
    from feedback_core.bias import jobs

    await jobs.run_sampling_bias(run)
