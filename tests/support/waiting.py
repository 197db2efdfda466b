"""Waiting for what must come true, without sleeping longer than it takes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from inspect import isawaitable


def until(true: Callable[[], bool], *, seconds: float, unless: Callable[[], object] = lambda: None) -> None:
    """Return as soon as `true` holds; fail after `seconds`, or at once when `unless` gives anything but None."""
    deadline = time.monotonic() + seconds
    while not true():
        assert (reason := unless()) is None, f"it cannot come true any more: {reason}"
        assert time.monotonic() < deadline, f"not true within {seconds} s"
        time.sleep(0.05)


async def soon(true: Callable[[], bool | Awaitable[bool]], *, seconds: float, pause: float = 0.02) -> None:
    """Return as soon as `true` holds, letting others run meanwhile; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = true()
        if await found if isawaitable(found) else found:
            return
        assert time.monotonic() < deadline, f"not true within {seconds} s"
        await asyncio.sleep(pause)
