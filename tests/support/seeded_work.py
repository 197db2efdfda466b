"""Work that an organisation asked for, done without a worker."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.jobs.execution import Executor
from feedback_core.jobs.types import Outcome
from feedback_core.jobs.use_cases import get_job
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors

# What the relay does, for one organisation.
RING = text(
    "UPDATE job SET rung_at = now() WHERE status = 'queued' AND run_at <= now() AND kind LIKE :kind RETURNING id, kind"
)


async def run_jobs(database: Database, organisation_id: UUID, kind: str = "%") -> None:
    """Do the organisation's work that is due, as a worker would; of one kind, or all."""
    load_actors()
    executor = Executor(database, SystemClock(), SecretSettings(), timedelta(minutes=1))
    async with database.tenant(organisation_id) as session:
        due = (await session.execute(RING, {"kind": kind})).all()
    for job_id, name in due:
        outcome = await executor.run(HANDLERS[name], organisation_id, job_id)
        async with database.tenant(organisation_id) as session:
            assert outcome is Outcome.SUCCEEDED, await get_job(session, organisation_id, job_id)
