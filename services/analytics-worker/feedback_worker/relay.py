"""The relay: looks for due jobs in the database and rings for each."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from feedback_core.db.session import Database
from feedback_core.jobs.relay import due_jobs
from feedback_core.jobs.types import DueJob
from feedback_core.kit.clock import Clock
from feedback_worker.outages import Outage, pause
from feedback_worker.settings import WorkerSettings


@dataclass(frozen=True, slots=True)
class Relay:
    """Takes due jobs and rings for them, until it is told to stop.

    Attributes:
        database: its own; it runs in a loop of its own.
        ring: sends the message; may block.
        max_retries: of each kind of job that this worker knows.
        clock: the worker's.
        settings: pauses and sizes.
    """

    database: Database
    ring: Callable[[DueJob], None]
    max_retries: Mapping[str, int]
    clock: Clock
    settings: WorkerSettings

    async def run(self, stopping: asyncio.Event) -> None:
        """Go round until ``stopping``. An outage of database or broker only delays it.

        Jobs are noted as rung before the message is sent, so that no transaction waits for the broker; what could not
        be sent is kept and sent first when the broker is back. If the process ends in between, they are rung again.
        """
        outage = Outage("relay")
        taken: deque[DueJob] = deque()
        while not stopping.is_set():
            try:
                full = await self._round(taken)
            except Exception as error:  # noqa: BLE001 -- an outage of any kind must not end the relay
                await pause(outage.failed(error), stopping)
                continue
            outage.over()
            if not full:
                await pause(timedelta(seconds=self.settings.relay_interval_seconds), stopping)

    async def _round(self, taken: deque[DueJob]) -> bool:
        if not taken:
            taken.extend(await self._take())
        full = len(taken) >= self.settings.relay_batch
        while taken:
            self.ring(taken[0])
            taken.popleft()
        return full

    async def _take(self) -> list[DueJob]:
        async with self.database.system() as session:
            return await due_jobs(
                session,
                now=self.clock.now(),
                ring_again_after=self.settings.ring_again_after,
                limit=self.settings.relay_batch,
                max_retries=self.max_retries,
            )
