"""Analyses of method effectiveness."""

from datetime import timedelta

from feedback_core.analyses.payloads import RunMethodEffectiveness
from feedback_core.jobs.runs import JobRun
from feedback_worker.actor import actor


@actor(
    job=RunMethodEffectiveness,
    time_limit=timedelta(minutes=30),
    max_retries=3,
    loads="feedback_core.method_effectiveness.jobs",
)
async def run_method_effectiveness(run: JobRun[RunMethodEffectiveness]) -> None:
    """Find out what each method brought and at what price."""
    from feedback_core.method_effectiveness import jobs

    await jobs.run_method_effectiveness(run)
