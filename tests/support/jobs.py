"""A bench for jobs: request, ring and run them one by one, at a time that the test sets."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Database, Session
from feedback_core.jobs import use_cases
from feedback_core.jobs.execution import Executor, JobHandler
from feedback_core.jobs.relay import due_jobs
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import Job, JobPayload, Outcome
from feedback_core.kit.clock import FixedClock
from feedback_core.kit.ids import new_id
from feedback_core.kit.settings import SecretSettings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
RING_AGAIN = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Mark(JobPayload):
    """A job that leaves a mark."""

    kind: ClassVar[str] = "tests.mark"

    name: str = "mark"


Work = Callable[[JobRun[Mark]], Awaitable[None]]


async def make_mark(session: Session, organisation_id: UUID, name: str, *, attempt: int = 1) -> None:
    """An effect that can be counted: one row for every time it was made."""
    await session.execute(
        text("INSERT INTO feature (organisation_id, key, name, created_at) VALUES (:o, :k, :n, :t)"),
        {"o": organisation_id, "k": f"{name} {attempt} {new_id()}", "n": name, "t": NOW},
    )


async def marks_of(database: Database, organisation_id: UUID) -> list[str]:
    """The marks that are there, in order of their making."""
    async with database.tenant(organisation_id) as session:
        found = await session.execute(
            text("SELECT name FROM feature WHERE organisation_id = :o ORDER BY key"), {"o": organisation_id}
        )
        return list(found.scalars())


@dataclass(slots=True)
class JobBench:
    """Jobs of one new organisation."""

    database: Database
    organisation_id: UUID = field(default_factory=new_id)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))

    async def request(self, **options: Any) -> UUID:
        """Request a job."""
        async with self.database.tenant(self.organisation_id) as session:
            return await use_cases.request_job(session, self.organisation_id, Mark(), now=self.clock.now(), **options)

    async def due(self, *, max_retries: int = 2) -> list[UUID]:
        """Take the organisation's due jobs, as a relay does."""
        async with self.database.system() as session:
            jobs = await due_jobs(
                session,
                now=self.clock.now(),
                ring_again_after=RING_AGAIN,
                limit=10_000,
                max_retries={Mark.kind: max_retries},
            )
        return [job.id for job in jobs if job.organisation_id == self.organisation_id]

    async def rung(self, **options: Any) -> UUID:
        """Request a job and take it as due."""
        job_id = await self.request(**options)
        assert await self.due() == [job_id]
        return job_id

    def executor(self, *, lease: timedelta = timedelta(seconds=30)) -> Executor:
        """A worker's executor."""
        return Executor(self.database, self.clock, SecretSettings(), lease)

    async def run(self, job_id: UUID, work: Work, *, executor: Executor | None = None, **limits: Any) -> Outcome:
        """Attempt a job once."""
        executor = executor or self.executor()
        return await executor.run(handler(work, **limits), self.organisation_id, job_id)

    async def job(self, job_id: UUID) -> Job:
        """The job as its organisation sees it."""
        async with self.database.tenant(self.organisation_id) as session:
            return await use_cases.get_job(session, self.organisation_id, job_id)

    async def cancel(self, job_id: UUID) -> Job:
        """Ask for the job to be cancelled."""
        async with self.database.tenant(self.organisation_id) as session:
            return await use_cases.request_cancel(session, self.organisation_id, job_id, now=self.clock.now())

    async def marks(self) -> list[str]:
        """The effects of the organisation's jobs."""
        return await marks_of(self.database, self.organisation_id)

    def wait(self, **duration: float) -> None:
        """Let time pass."""
        self.clock.instant += timedelta(**duration)


def handler(work: Work, *, time_limit: timedelta = timedelta(seconds=20), max_retries: int = 2) -> JobHandler[Mark]:
    """How the job is run."""
    return JobHandler(Mark, work, time_limit, max_retries)


async def leave_mark(run: JobRun[Mark]) -> None:
    """Work with one effect, that completes with it."""
    async with run.completion() as session:
        await make_mark(session, run.organisation_id, run.payload.name, attempt=run.attempt)


async def never_end(run: JobRun[Mark]) -> None:
    """Work that only ends from outside."""
    await asyncio.Event().wait()
