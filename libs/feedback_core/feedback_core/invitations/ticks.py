"""Which batches have something to do."""

from datetime import datetime
from typing import Final

from feedback_core.db.session import Session
from feedback_core.invitations.queries.batches import batches_due
from feedback_core.invitations.types.batches import ConductBatch
from feedback_core.jobs.use_cases import request_job

_MOST: Final = 200


async def request_due_conducting(system: Session, /, *, now: datetime) -> int:
    """Request a job for each batch with something to do, unless it has one; returns how many have."""
    due = await batches_due(system, now, most=_MOST)
    for organisation_id, batch_id in due:
        await request_job(system, organisation_id, ConductBatch(batch_id), now=now, dedupe_key=str(batch_id))
    return len(due)
