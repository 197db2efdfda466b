"""Reading what waits in the inbox."""

from typing import Final

from feedback_core.inbound.payloads import ProcessDeliveries
from feedback_core.inbound.queries import processing
from feedback_core.jobs.runs import JobRun

BATCH: Final = 500


async def process_deliveries(run: JobRun[ProcessDeliveries]) -> None:
    """Set aside the deliveries of a source that has no mapping yet: they wait until it has one, and say so."""
    read = 0
    while True:
        async with run.transaction() as session:
            batch = await processing.set_aside_unmapped(
                session, run.organisation_id, run.payload.source_id, at=run.clock.now(), most=BATCH
            )
        read += batch
        await run.progress(read, unit="deliveries")
        if batch < BATCH:
            return
