"""How a loop of the worker lives through an outage: it says so once, waits ever longer, and goes on."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from feedback_core.kit.logs import get_logger

log = get_logger(__name__)

FIRST_PAUSE = timedelta(seconds=0.5)
LONGEST_PAUSE = timedelta(seconds=5)


class Outage:
    """Failures of one loop, in a row."""

    def __init__(self, loop: str) -> None:
        self._loop = loop
        self._failures = 0

    def over(self) -> None:
        """The loop went round without an error."""
        if self._failures:
            log.info("loop_recovered", loop=self._loop, failures=self._failures)
        self._failures = 0

    def failed(self, error: Exception) -> timedelta:
        """The loop met an error; how long to wait before trying again."""
        if not self._failures:
            log.warning("loop_failed", loop=self._loop, exc_info=error)
        self._failures += 1
        return min(FIRST_PAUSE * 2.0 ** min(self._failures - 1, 8), LONGEST_PAUSE)


async def pause(duration: timedelta, stopping: asyncio.Event) -> None:
    """Wait, but no longer than until the worker is told to stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), duration.total_seconds())
