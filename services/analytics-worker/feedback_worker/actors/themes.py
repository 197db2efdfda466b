"""Reading of comments, and analyses of themes."""

from datetime import timedelta

from feedback_core.jobs.runs import JobRun
from feedback_core.themes.reading.payloads import ReadComments
from feedback_worker.actor import actor


@actor(job=ReadComments, time_limit=timedelta(hours=2), max_retries=5, loads="feedback_core.themes.reading.jobs")
async def read_comments(run: JobRun[ReadComments]) -> None:
    """Read what has come in to a survey."""
    from feedback_core.themes.reading import jobs

    await jobs.run_read(run)
