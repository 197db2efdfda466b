"""The schedule: regularly looks at what has become due by time, and requests the jobs for it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from feedback_core.db.session import Database, Session
from feedback_core.jobs.relay import oldest_due_age, take_turn
from feedback_core.kit.clock import Clock
from feedback_worker.metrics import Metrics
from feedback_worker.outages import Outage, pause


class Look(Protocol):
    """Looks across organisations for what is due, requests jobs (with a dedupe key), and returns how many."""

    async def __call__(self, session: Session, /, *, now: datetime) -> int:
        """Look once."""
        ...


@dataclass(frozen=True, slots=True)
class Tick:
    """Something that is looked at regularly.

    Attributes:
        name: stable; of several workers one looks at a time.
        look: what to do.
        every: the pause between looks; None with every round of the schedule.
    """

    name: str
    look: Look
    every: timedelta | None = None


@dataclass(slots=True)
class Schedule:
    """Goes through the ticks, until it is told to stop."""

    database: Database
    ticks: Sequence[Tick]
    clock: Clock
    metrics: Metrics
    pause: timedelta
    _looked: dict[str, datetime] = field(default_factory=dict)

    async def run(self, stopping: asyncio.Event) -> None:
        """Go round until ``stopping``. A failing tick neither ends the schedule nor keeps the others waiting."""
        outages = {tick.name: Outage(tick.name) for tick in self.ticks}
        measuring = Outage("oldest_due_job")
        while not stopping.is_set():
            for tick in self.ticks:
                try:
                    await self._look(tick)
                except Exception as error:  # noqa: BLE001 -- see above; it is tried again with the next round
                    outages[tick.name].failed(error)
                else:
                    outages[tick.name].over()
            try:
                await self._measure()
            except Exception as error:  # noqa: BLE001 -- as above
                measuring.failed(error)
            else:
                measuring.over()
            await pause(self.pause, stopping)

    async def _look(self, tick: Tick) -> None:
        now = self.clock.now()
        last = self._looked.get(tick.name)
        if tick.every is not None and last is not None and now < last + tick.every:
            return
        async with self.database.system() as session:
            if await take_turn(session, tick.name):
                self.metrics.requested(tick.name, await tick.look(session, now=now))
        self._looked[tick.name] = now

    async def _measure(self) -> None:
        async with self.database.system() as session:
            self.metrics.oldest_due(await oldest_due_age(session, now=self.clock.now()))
