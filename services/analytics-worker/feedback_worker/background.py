"""A thread with an event loop of its own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine

from feedback_core.kit.logs import get_logger

log = get_logger(__name__)


class Background:
    """Runs a coroutine beside the jobs, so that neither delays the other; it ends when told to, or by an error."""

    def __init__(self, name: str, main: Callable[[asyncio.Event], Coroutine[None, None, None]]) -> None:
        self._name = name
        self._main = main
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        self._ready.wait()

    def stop(self, *, patience: float) -> None:
        """Tell it to end and wait for that, but at most ``patience`` seconds."""
        if self._loop is not None and self._stopping is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(patience)

    def _run(self) -> None:
        try:
            asyncio.run(self._enter())
        except Exception:
            log.exception("background_ended", background=self._name)

    async def _enter(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await self._main(self._stopping)
