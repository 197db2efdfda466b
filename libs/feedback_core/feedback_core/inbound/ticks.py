"""What the schedule asks of the inbox; light, since every worker imports it."""

from datetime import datetime

from feedback_core.db.session import Session
from feedback_core.inbound.payloads import ProcessDeliveries, RedactDeliveries
from feedback_core.inbound.queries import deliveries
from feedback_core.jobs.use_cases import request_job


async def request_due_processing(system: Session, *, now: datetime) -> int:
    """Ask for the reading of every source that has something to read; at most one is open per source.

    A delivery asks for it itself. This finds those that committed while the job that they met was ending.
    """
    due = await deliveries.sources_with_waiting(system)
    for organisation_id, source_id in due:
        await request_job(system, organisation_id, ProcessDeliveries(source_id), now=now, dedupe_key=str(source_id))
    return len(due)


async def request_due_redaction(system: Session, *, now: datetime) -> int:
    """Ask for redaction wherever bodies are older than their source keeps them."""
    due = await deliveries.organisations_with_old_bodies(system, at=now)
    for organisation_id in due:
        await request_job(system, organisation_id, RedactDeliveries(), now=now, dedupe_key="all")
    return len(due)
