"""Housekeeping: answers to idempotent requests are remembered for two days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobPayload
from feedback_core.jobs.use_cases import request_job
from feedback_core.organisations import housekeeping_queries as queries

REMEMBERED_FOR = timedelta(hours=48)
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class ForgetRequests(JobPayload):
    """Forget the requests of one organisation that are older than two days."""

    kind: ClassVar[str] = "organisations.forget_requests"


async def request_due_forgetting(system: Session, /, *, now: datetime) -> int:
    """Request a job for every organisation with something to forget; returns how many have."""
    organisations = await queries.organisations_with_requests_before(system, now - REMEMBERED_FOR)
    for organisation_id in organisations:
        await request_job(system, organisation_id, ForgetRequests(), now=now, dedupe_key="all")
    return len(organisations)


async def forget_requests(run: JobRun[ForgetRequests]) -> None:
    """Forget in batches, each a transaction of its own, so that no lock is held for long."""
    before = run.clock.now() - REMEMBERED_FOR
    forgotten = 0
    while True:
        async with run.transaction() as session:
            batch = await queries.forget_requests_before(session, run.organisation_id, before, limit=BATCH)
        forgotten += batch
        await run.progress(forgotten, unit="requests")
        if batch < BATCH:
            return
