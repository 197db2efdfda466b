"""Random walks through the API: the same in every run, few enough to be quick."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

Walk = TypeVar("Walk")


async def each_of(walks: SearchStrategy[Walk], follow: Callable[[Walk], Awaitable[Any]], *, examples: int = 12) -> None:
    """Follow so many walks, one after the other, in the loop of the test."""
    loop = asyncio.get_running_loop()

    async def followed(walk: Walk) -> None:
        await follow(walk)

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],  # no shorter walk is looked for: that would take longer than anybody waits
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(walks)
    def goes_its_way(walk: Walk) -> None:
        asyncio.run_coroutine_threadsafe(followed(walk), loop).result(60)

    await asyncio.to_thread(goes_its_way)
