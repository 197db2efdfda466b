"""The inbox of deliveries."""

from datetime import timedelta

from feedback_core.inbound.jobs import redaction
from feedback_core.inbound.payloads import ProcessDeliveries, RedactDeliveries
from feedback_core.inbound.processing.types import MOST_RETRIES, ReplayDeliveries, RetryDelivery
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.settings import ConnectorSettings
from feedback_core.kpis.corrections import recount
from feedback_worker.actor import actor


@actor(
    job=ProcessDeliveries,
    time_limit=timedelta(minutes=60),
    max_retries=10,
    loads="feedback_core.inbound.processing.jobs",
)
async def process_deliveries(run: JobRun[ProcessDeliveries]) -> None:
    """Read what a source delivered."""
    from feedback_core.inbound.processing import jobs

    await jobs.process_deliveries(run, recount=recount)


@actor(
    job=RetryDelivery,
    time_limit=timedelta(minutes=30),
    max_retries=MOST_RETRIES,
    loads="feedback_core.inbound.processing.fetching",
)
async def retry_delivery(run: JobRun[RetryDelivery]) -> None:
    """Read one delivery by itself, with what has to be fetched for it."""
    from feedback_core.inbound.processing import fetching

    await fetching.retry_delivery(run, recount=recount, settings=ConnectorSettings())


@actor(
    job=ReplayDeliveries,
    time_limit=timedelta(minutes=30),
    max_retries=10,
    loads="feedback_core.inbound.processing.jobs",
)
async def replay_deliveries(run: JobRun[ReplayDeliveries]) -> None:
    """Have deliveries read again that are not processed."""
    from feedback_core.inbound.processing import jobs

    await jobs.replay_deliveries(run)


@actor(job=RedactDeliveries, time_limit=timedelta(minutes=30), max_retries=5)
async def redact_deliveries(run: JobRun[RedactDeliveries]) -> None:
    """Take away bodies that are older than their source keeps them."""
    await redaction.redact_deliveries(run)
