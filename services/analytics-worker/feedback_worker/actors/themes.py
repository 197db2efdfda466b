"""Reading of comments, and analyses of themes."""

from datetime import timedelta

from feedback_core.analyses.payloads import RunThemes
from feedback_core.jobs.runs import JobRun
from feedback_core.themes.reading.payloads import ReadComments
from feedback_worker.actor import actor


@actor(job=ReadComments, time_limit=timedelta(hours=2), max_retries=5, loads="feedback_core.themes.reading.jobs")
async def read_comments(run: JobRun[ReadComments]) -> None:
    """Read what has come in to a survey."""
    from feedback_core.themes.reading import jobs

    await jobs.run_read(run)


@actor(job=RunThemes, time_limit=timedelta(hours=1), max_retries=3, loads="feedback_core.themes.analysis.jobs")
async def run_themes(run: JobRun[RunThemes]) -> None:
    """Find out what comments speak of."""
    from feedback_core.themes.analysis import jobs

    await jobs.run_themes(run)
