"""One attempt at a job: claim, hold, call, end."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic
from uuid import UUID, uuid4

from sqlalchemy.exc import SQLAlchemyError

from feedback_core.db.session import Database
from feedback_core.jobs import lease_queries
from feedback_core.jobs.calc import retry_delay
from feedback_core.jobs.runs import JobRun, P
from feedback_core.jobs.types import Claim, JobCancelled, JobError, JobStatus, LeaseLost, Outcome, TimeLimitExceeded
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Conflict, DomainError, Invalid, NotEstimable, NotFound
from feedback_core.kit.logs import get_logger
from feedback_core.kit.settings import SecretSettings

log = get_logger(__name__)

BEYOND_RETRY = (NotEstimable, Invalid, NotFound, Conflict)
"""What another attempt cannot mend."""


@dataclass(frozen=True, slots=True)
class JobHandler(Generic[P]):
    """How a kind of job is run.

    Attributes:
        payload: its payload; names the kind.
        function: does the work; the job succeeds when it returns, or with its ``completion``.
        time_limit: of one attempt.
        max_retries: attempts after the first.
    """

    payload: type[P]
    function: Callable[[JobRun[P]], Awaitable[None]]
    time_limit: timedelta
    max_retries: int


@dataclass(frozen=True, slots=True)
class Executor:
    """Runs jobs on behalf of a worker.

    Attributes:
        database: the worker's.
        clock: the worker's.
        secrets: for jobs that handle what identifies people.
        lease: how long a job stays claimed without a sign of life.
        stopping: once set, running jobs are given back, so that another worker takes them at once.
    """

    database: Database
    clock: Clock
    secrets: SecretSettings
    lease: timedelta
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, handler: JobHandler[P], organisation_id: UUID, job_id: UUID) -> Outcome:
        """Attempt a job once, if it is there to be begun, and write down how that ended.

        Raises:
            SQLAlchemyError: the database cannot be reached; the lease will run out, and the job be taken up again.
        """
        now = self.clock.now()
        async with self.database.tenant(organisation_id) as session:
            claim = await lease_queries.claim_job(
                session,
                organisation_id,
                job_id,
                handler.payload.kind,
                lease_token=uuid4(),
                now=now,
                lease_until=now + self.lease,
            )
        if claim is None:
            return Outcome.NOT_CLAIMED
        try:
            return await self._attempt(handler, claim)
        except LeaseLost:
            log.warning("job_lost", kind=handler.payload.kind, job_id=str(job_id), attempt=claim.attempt)
            return Outcome.LOST

    async def _attempt(self, handler: JobHandler[P], claim: Claim) -> Outcome:
        try:
            await self._call(handler, claim)
        except _WorkerStops:
            async with self.database.tenant(claim.organisation_id) as session:
                await lease_queries.give_back(session, claim, now=self.clock.now())
            return Outcome.GIVEN_BACK
        except JobCancelled:
            async with self.database.tenant(claim.organisation_id) as session:
                await lease_queries.cancel_held(session, claim, now=self.clock.now())
            return Outcome.CANCELLED
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever a job's function raises ends this attempt, not the worker
            return await self._end_failed(handler, claim, error)
        return Outcome.SUCCEEDED

    async def _call(self, handler: JobHandler[P], claim: Claim) -> None:
        run = JobRun(
            self.database,
            claim,
            handler.payload.from_json(claim.payload),
            clock=self.clock,
            lease=self.lease,
            time_limit=handler.time_limit,
            secrets=self.secrets,
        )
        try:
            await self._call_held(handler, run)
        except Exception:
            if not run.completed:
                raise
            log.exception("job_failed_after_completion", kind=handler.payload.kind, job_id=str(claim.job_id))
        if not run.completed:
            async with run.completion():
                pass

    async def _call_held(self, handler: JobHandler[P], run: JobRun[P]) -> None:
        work = asyncio.ensure_future(handler.function(run))
        hold = asyncio.ensure_future(_hold(run, pause=self.lease / 3))
        stop = asyncio.ensure_future(self.stopping.wait())
        try:
            done, _ = await asyncio.wait(
                (work, hold, stop), timeout=handler.time_limit.total_seconds(), return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                raise TimeLimitExceeded
            if work.cancelled():
                raise RuntimeError("The function of this job cancelled itself.")
            if work in done:
                work.result()
            elif hold in done:
                hold.result()
            else:
                raise _WorkerStops
        finally:
            for task in (work, hold, stop):
                task.cancel()
            await asyncio.gather(work, hold, stop, return_exceptions=True)

    async def _end_failed(self, handler: JobHandler[P], claim: Claim, error: Exception) -> Outcome:
        now = self.clock.now()
        retry_at = now + retry_delay(claim.job_id, claim.attempt)
        is_last = isinstance(error, BEYOND_RETRY) or claim.attempt > handler.max_retries
        log.warning(
            "job_attempt_failed",
            kind=handler.payload.kind,
            job_id=str(claim.job_id),
            attempt=claim.attempt,
            is_last=is_last,
            exc_info=None if isinstance(error, DomainError) else error,
        )
        async with self.database.tenant(claim.organisation_id) as session:
            status = await lease_queries.end_attempt(
                session, claim, now=now, error=_as_job_error(error, handler), retry_at=None if is_last else retry_at
            )
        return _OUTCOMES[status]


class _WorkerStops(Exception):
    """The worker was told to stop while the job ran."""


_OUTCOMES = {
    JobStatus.QUEUED: Outcome.WILL_RETRY,
    JobStatus.FAILED: Outcome.FAILED,
    JobStatus.CANCELLED: Outcome.CANCELLED,
}


async def _hold(run: JobRun[P], *, pause: timedelta) -> None:
    while True:
        await asyncio.sleep(pause.total_seconds())
        try:
            await run.renew()
        except (SQLAlchemyError, OSError):
            # Whether the job is still ours is decided by the row when the database answers again, not by this clock.
            log.warning("lease_not_renewed", job_id=str(run.job_id), exc_info=True)


def _as_job_error(error: Exception, handler: JobHandler[P]) -> JobError:
    if isinstance(error, DomainError):
        return JobError(error.code, error.detail)
    if isinstance(error, TimeLimitExceeded):
        return JobError("time_limit_exceeded", f"It took longer than {handler.time_limit.total_seconds():g} seconds.")
    return JobError("internal_error", type(error).__name__)
