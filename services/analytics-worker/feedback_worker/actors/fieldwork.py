"""Actor of fieldwork."""

from datetime import timedelta

from feedback_core.fieldwork.types.rules import WatchFieldwork
from feedback_core.jobs.runs import JobRun
from feedback_core.themes.focus_queries import off_topic_counts
from feedback_worker.actor import actor


@actor(job=WatchFieldwork, time_limit=timedelta(minutes=5), max_retries=5, loads="feedback_core.fieldwork.jobs")
async def watch_fieldwork(run: JobRun[WatchFieldwork]) -> None:
    """Hold the collection of a survey against its rules."""
    from feedback_core.fieldwork import jobs

    await jobs.watch_fieldwork(run, off_topic=off_topic_counts)
