"""Exports of responses."""

from datetime import timedelta

from feedback_core.jobs.runs import JobRun
from feedback_core.responses.exports.types import DiscardExport, RunExport
from feedback_worker.actor import actor


@actor(job=RunExport, time_limit=timedelta(hours=12), max_retries=10, loads="feedback_core.responses.exports.jobs")
async def run_export(run: JobRun[RunExport]) -> None:
    """Write the file of an export."""
    from feedback_core.responses.exports import jobs

    await jobs.run_export(run)


@actor(job=DiscardExport, time_limit=timedelta(minutes=10), max_retries=5, loads="feedback_core.responses.exports.jobs")
async def discard_export(run: JobRun[DiscardExport]) -> None:
    """Throw away a file that is too old, or that will never be finished."""
    from feedback_core.responses.exports import jobs

    await jobs.discard_export(run)
