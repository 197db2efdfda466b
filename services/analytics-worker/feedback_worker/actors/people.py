"""Actors of people."""

from datetime import timedelta

from feedback_core.jobs.runs import JobRun
from feedback_core.kit.settings import ReportSettings, SmtpSettings
from feedback_core.people.roles.types import SendRole
from feedback_worker.actor import actor


@actor(job=SendRole, time_limit=timedelta(minutes=6), max_retries=8, loads="feedback_core.people.roles.jobs")
async def send_role(run: JobRun[SendRole]) -> None:
    """Send a mail with the link to a role."""
    from feedback_core.people.roles import jobs

    await jobs.send(run, smtp=SmtpSettings(), settings=ReportSettings())
