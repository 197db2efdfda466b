"""Frames and samples."""

from datetime import timedelta

from feedback_core.jobs.runs import JobRun
from feedback_core.sampling.files.types import DiscardFrameFile, RunFrameImport
from feedback_core.sampling.types.frames import Deduplicate, EmptyFrame
from feedback_core.sampling.types.samples import DrawSample
from feedback_worker.actor import actor


@actor(job=Deduplicate, time_limit=timedelta(hours=1), max_retries=5, loads="feedback_core.sampling.jobs")
async def deduplicate(run: JobRun[Deduplicate]) -> None:
    """Find the units of a frame that are one person."""
    from feedback_core.sampling import jobs

    await jobs.deduplicate(run)


@actor(job=DrawSample, time_limit=timedelta(hours=1), max_retries=5, loads="feedback_core.sampling.jobs")
async def draw_sample(run: JobRun[DrawSample]) -> None:
    """Draw a sample as its design says."""
    from feedback_core.sampling import jobs

    await jobs.draw_sample(run)


@actor(job=EmptyFrame, time_limit=timedelta(hours=2), max_retries=10, loads="feedback_core.sampling.jobs")
async def empty_frame(run: JobRun[EmptyFrame]) -> None:
    """Take out of a frame whom it is of."""
    from feedback_core.sampling import jobs

    await jobs.empty_frame(run)


@actor(job=RunFrameImport, time_limit=timedelta(hours=12), max_retries=10, loads="feedback_core.sampling.files.jobs")
async def import_frame(run: JobRun[RunFrameImport]) -> None:
    """Read a file and put its units into the frame."""
    from feedback_core.sampling.files import jobs

    await jobs.run_frame_import(run)


@actor(job=DiscardFrameFile, time_limit=timedelta(minutes=10), max_retries=5, loads="feedback_core.sampling.files.jobs")
async def discard_frame_file(run: JobRun[DiscardFrameFile]) -> None:
    """Throw a file away once nothing will read it any more."""
    from feedback_core.sampling.files import jobs

    await jobs.discard_frame_file(run)
