"""Remembered answers to idempotent requests are forgotten after two days, and not before."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.jobs.execution import Executor
from feedback_core.jobs.relay import due_jobs
from feedback_core.jobs.types import Outcome
from feedback_core.kit.clock import FixedClock
from feedback_core.kit.ids import new_id
from feedback_core.kit.settings import SecretSettings
from feedback_core.organisations import jobs
from feedback_core.organisations.jobs import ForgetRequests, request_due_forgetting
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors

# Far ahead, so that a worker of other tests finds none of this due.
NOW = datetime(2100, 3, 1, tzinfo=UTC)


async def test_old_requests_are_forgotten_by_the_job_that_the_schedule_requests(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation_id = new_id()
    times = [NOW - timedelta(hours=hours) for hours in (1, 47, 49, 50, 51, 500)]
    async with database.tenant(organisation_id) as session:
        for at in times:
            await session.execute(
                text(
                    "INSERT INTO idempotent_request (organisation_id, operation, key_hash, request_hash, created_at)"
                    " VALUES (:o, 'test', :k, '', :t)"
                ),
                {"o": organisation_id, "k": at.isoformat().encode(), "t": at},
            )
    monkeypatch.setattr(jobs, "BATCH", 3)  # more than one transaction
    load_actors()

    async with database.system() as system:
        assert await request_due_forgetting(system, now=NOW) >= 1
        assert await request_due_forgetting(system, now=NOW) >= 1
    async with database.system() as system:
        due = await due_jobs(
            system, now=NOW, ring_again_after=timedelta(1), limit=10_000, max_retries={ForgetRequests.kind: 0}
        )
    (job,) = [job for job in due if job.organisation_id == organisation_id]
    executor = Executor(database, FixedClock(NOW), SecretSettings(), timedelta(seconds=30))
    outcome = await executor.run(HANDLERS[job.kind], organisation_id, job.id)

    assert outcome is Outcome.SUCCEEDED
    assert await _remembered(database, organisation_id) == times[1::-1]


async def _remembered(database: Database, organisation_id: UUID) -> list[datetime]:
    async with database.tenant(organisation_id) as session:
        found = await session.execute(text("SELECT created_at FROM idempotent_request ORDER BY created_at"))
        return list(found.scalars())
