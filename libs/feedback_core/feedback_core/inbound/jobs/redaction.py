"""Retention: bodies of deliveries are taken away once their source keeps them no longer."""

from typing import Final

from feedback_core.inbound.payloads import RedactDeliveries
from feedback_core.inbound.processing.queries import drop_fetched
from feedback_core.inbound.queries import deliveries
from feedback_core.jobs.runs import JobRun

BATCH: Final = 1_000


async def redact_deliveries(run: JobRun[RedactDeliveries]) -> None:
    """Redact in batches, each a transaction of its own, so that no lock is held for long."""
    redacted = 0
    while True:
        async with run.transaction() as session:
            batch = await deliveries.redact_old(session, run.organisation_id, at=run.clock.now(), most=BATCH)
            await drop_fetched(session, run.organisation_id)
        redacted += batch
        await run.progress(redacted, unit="deliveries")
        if batch < BATCH:
            return
