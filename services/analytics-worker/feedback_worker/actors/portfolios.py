"""Portfolios of evidence."""

from datetime import timedelta

from feedback_core.jobs.runs import JobRun
from feedback_core.reports.portfolios.types import DiscardPortfolio, WritePortfolio
from feedback_worker.actor import actor


@actor(
    job=WritePortfolio, time_limit=timedelta(minutes=30), max_retries=5, loads="feedback_core.reports.portfolios.jobs"
)
async def write_portfolio(run: JobRun[WritePortfolio]) -> None:
    """Write the file of a portfolio."""
    from feedback_core.reports.portfolios import jobs

    await jobs.write_portfolio(run)


@actor(
    job=DiscardPortfolio, time_limit=timedelta(minutes=10), max_retries=5, loads="feedback_core.reports.portfolios.jobs"
)
async def discard_portfolio(run: JobRun[DiscardPortfolio]) -> None:
    """Throw away a file that is too old, or that will never be finished."""
    from feedback_core.reports.portfolios import jobs

    await jobs.discard_portfolio(run)
