"""Reports, and what is sent of them."""

from datetime import timedelta

from feedback_core.jobs.runs import JobRun
from feedback_core.kit.settings import ReportSettings, SmtpSettings
from feedback_core.reports.distributions.types import RemindRecipient, SendReport
from feedback_core.reports.schedules.types import RequestEditions
from feedback_core.reports.types import DiscardReport, RenderReport
from feedback_worker.actor import actor


@actor(job=RenderReport, time_limit=timedelta(minutes=10), max_retries=5, loads="feedback_core.reports.jobs")
async def render_report(run: JobRun[RenderReport]) -> None:
    """Write the file of a report."""
    from feedback_core.reports import jobs

    await jobs.render_report(run)


@actor(job=DiscardReport, time_limit=timedelta(minutes=10), max_retries=5, loads="feedback_core.reports.jobs")
async def discard_report(run: JobRun[DiscardReport]) -> None:
    """Throw away a file that is too old, or that will never be finished."""
    from feedback_core.reports import jobs

    await jobs.discard_report(run)


@actor(job=SendReport, time_limit=timedelta(minutes=6), max_retries=8, loads="feedback_core.reports.distributions.jobs")
async def send_report(run: JobRun[SendReport]) -> None:
    """Send a mail with the link to a report."""
    from feedback_core.reports.distributions import jobs

    await jobs.send(run, smtp=SmtpSettings(), settings=ReportSettings())


@actor(
    job=RemindRecipient,
    time_limit=timedelta(minutes=6),
    max_retries=8,
    loads="feedback_core.reports.distributions.jobs",
)
async def remind_recipient(run: JobRun[RemindRecipient]) -> None:
    """Remind somebody who has not acknowledged a report."""
    from feedback_core.reports.distributions import jobs

    await jobs.remind(run, smtp=SmtpSettings(), settings=ReportSettings())


@actor(
    job=RequestEditions, time_limit=timedelta(minutes=5), max_retries=5, loads="feedback_core.reports.schedules.jobs"
)
async def request_editions(run: JobRun[RequestEditions]) -> None:
    """Ask for the editions of new reviews."""
    from feedback_core.reports.schedules import jobs

    await jobs.request_editions(run)
