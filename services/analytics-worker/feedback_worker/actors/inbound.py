"""The inbox of deliveries."""

from datetime import timedelta

from feedback_core.inbound.jobs import processing, redaction
from feedback_core.inbound.payloads import ProcessDeliveries, RedactDeliveries
from feedback_core.jobs.runs import JobRun
from feedback_worker.actor import actor


@actor(job=ProcessDeliveries, time_limit=timedelta(minutes=10), max_retries=10)
async def process_deliveries(run: JobRun[ProcessDeliveries]) -> None:
    """Read what a source delivered."""
    await processing.process_deliveries(run)


@actor(job=RedactDeliveries, time_limit=timedelta(minutes=30), max_retries=5)
async def redact_deliveries(run: JobRun[RedactDeliveries]) -> None:
    """Take away bodies that are older than their source keeps them."""
    await redaction.redact_deliveries(run)
