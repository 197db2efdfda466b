"""Actor of alerts."""

from datetime import timedelta

from feedback_core.jobs.runs import JobRun
from feedback_core.standards.alerts.types import CheckAlert
from feedback_worker.actor import actor


@actor(job=CheckAlert, time_limit=timedelta(minutes=5), max_retries=5, loads="feedback_core.standards.alerts.jobs")
async def check_alert(run: JobRun[CheckAlert]) -> None:
    """Hold the KPI of an alert against its threshold."""
    from feedback_core.standards.alerts import jobs

    await jobs.check_alert(run)
