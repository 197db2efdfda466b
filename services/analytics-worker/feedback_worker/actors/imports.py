"""Imports of files."""

from datetime import timedelta

from feedback_core.jobs.runs import JobRun
from feedback_core.responses.imports.types import DiscardFile, RunImport
from feedback_worker.actor import actor


@actor(job=RunImport, time_limit=timedelta(hours=12), max_retries=10, loads="feedback_core.responses.imports.jobs")
async def run_import(run: JobRun[RunImport]) -> None:
    """Read a file and record its rows."""
    from feedback_core.responses.imports import jobs

    await jobs.run_import(run)


@actor(job=DiscardFile, time_limit=timedelta(minutes=10), max_retries=5, loads="feedback_core.responses.imports.jobs")
async def discard_file(run: JobRun[DiscardFile]) -> None:
    """Throw a file away once nothing will read it any more."""
    from feedback_core.responses.imports import jobs

    await jobs.discard_file(run)
