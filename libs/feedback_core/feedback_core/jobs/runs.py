"""A job being run: what its function is handed."""

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, ParamSpec, TypeVar
from uuid import UUID

from feedback_core.db.session import Database, Session
from feedback_core.jobs import lease_queries
from feedback_core.jobs.types import Claim, JobCancelled, JobPayload
from feedback_core.kit.clock import Clock
from feedback_core.kit.settings import SecretSettings

P = TypeVar("P", bound=JobPayload)
A = ParamSpec("A")
R = TypeVar("R")


class JobRun(Generic[P]):
    """One attempt at a job.

    Every transaction it opens takes effect only if the job is still held when it commits, so that of two workers that
    believe they have the job only one leaves a trace.

    Attributes:
        organisation_id: whose job it is.
        job_id: its id.
        payload: what it needs to know.
        attempt: 1 the first time.
        clock: the worker's clock.
        secrets: for what identifies people.
        completed: whether ``completion`` has been committed.
    """

    def __init__(
        self,
        database: Database,
        claim: Claim,
        payload: P,
        *,
        clock: Clock,
        secrets: SecretSettings,
        lease: timedelta,
        time_limit: timedelta,
    ) -> None:
        self.organisation_id: UUID = claim.organisation_id
        self.job_id: UUID = claim.job_id
        self.payload = payload
        self.attempt = claim.attempt
        self.clock = clock
        self.secrets = secrets
        self.completed = False
        self._database = database
        self._claim = claim
        self._lease = lease
        self._time_limit = time_limit
        # The run's own statements on its row never race: a renewal that met the completion would call the job lost.
        self._row = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """A transaction of the organisation; just before the commit the lease is renewed.

        Raises:
            LeaseLost: the job is not held any more; nothing of the transaction remains.
        """
        async with self._tenant() as session:
            yield session
            await lease_queries.renew_lease(session, self._claim, lease_until=self._lease_until())

    @asynccontextmanager
    async def completion(self) -> AsyncIterator[Session]:
        """The last transaction: its effect and the job's success are one.

        Raises:
            LeaseLost: the job is not held any more; nothing of the transaction remains.
        """
        async with AsyncExitStack() as after_commit:
            async with self._tenant() as session:
                yield session
                await after_commit.enter_async_context(self._row)
                await lease_queries.succeed(session, self._claim, now=self.clock.now())
            self.completed = True

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Session]:
        """A read-only transaction in which every statement sees the same instant."""
        limit = self._time_limit.total_seconds()
        async with self._database.snapshot(self.organisation_id, timeout_seconds=limit) as session:
            yield session

    async def progress(self, done: int, total: int | None = None, unit: str | None = None) -> None:
        """Note how far the job is, at once and for all to see.

        It is a transaction of its own, so not to be called inside another: that would hold one connection while it
        waits for a second, and, having read the job, a lock that a migration of its table waits for.

        Raises:
            JobCancelled: somebody asked for the job to be cancelled; let it pass.
            LeaseLost: the job is not held any more.
        """
        async with self._row, self._tenant() as session:
            cancel_requested = await lease_queries.save_progress(
                session, self._claim, done=done, total=total, unit=unit, lease_until=self._lease_until()
            )
        if cancel_requested:
            raise JobCancelled

    async def renew(self) -> None:
        """Hold the job for another lease; nothing to do once it is completed.

        Raises:
            JobCancelled: somebody asked for the job to be cancelled.
            LeaseLost: the job is not held any more.
        """
        async with self._row:
            if self.completed:
                return
            async with self._tenant() as session:
                cancel_requested = await lease_queries.renew_lease(
                    session, self._claim, lease_until=self._lease_until()
                )
        if cancel_requested:
            raise JobCancelled

    async def calculate(self, function: Callable[A, R], *args: A.args, **kwargs: A.kwargs) -> R:
        """Call a heavy function beside the event loop, so that the lease is renewed meanwhile.

        If the run ends first (cancelled, out of time, worker stopping), the function calculates on for nobody; it must
        have no effects. Its thread never keeps the process from ending.
        """
        loop = asyncio.get_running_loop()
        result: asyncio.Future[R] = loop.create_future()
        call = partial(contextvars.copy_context().run, partial(function, *args, **kwargs))
        threading.Thread(target=_deliver, args=(call, loop, result), name="calculate", daemon=True).start()
        return await result

    def _tenant(self) -> AbstractAsyncContextManager[Session]:
        return self._database.tenant(self.organisation_id, timeout_seconds=self._time_limit.total_seconds())

    def _lease_until(self) -> datetime:
        return self.clock.now() + self._lease


def _deliver(call: Callable[[], R], loop: asyncio.AbstractEventLoop, result: asyncio.Future[R]) -> None:
    try:
        value = call()
    except BaseException as error:  # noqa: BLE001 -- it is raised again where the result is awaited
        settle: Callable[[], None] = partial(result.set_exception, error)
    else:
        settle = partial(result.set_result, value)
    # The loop is closed when the worker has stopped meanwhile: nobody waits any more.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(lambda: None if result.done() else settle())
