"""Keeps a running stack alive until told to stop: a part that ends by itself is started again."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedback_dev.children import CannotRun
from feedback_dev.service import Part

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60.0
_LOOK_EVERY = 0.2


@dataclass(slots=True)
class _Watched:
    """A part with what is remembered of its failures."""

    part: Part
    pause: float = _FIRST_PAUSE
    started_at: float = 0.0
    start_at: float | None = None


class Supervisor:
    """Watches parts; restarts with a pause that doubles up to half a minute, and is forgotten after a steady minute."""

    def __init__(self, parts: Sequence[Part], *, say: Callable[[str], None]) -> None:
        self._watched = [_Watched(part, started_at=time.monotonic()) for part in parts]
        self._say = say

    def watch(self, until: threading.Event) -> None:
        """Look after the parts until the event is set."""
        while not until.wait(_LOOK_EVERY):
            for watched in self._watched:
                self._look_at(watched, time.monotonic())

    def _look_at(self, watched: _Watched, now: float) -> None:
        if watched.start_at is not None:
            if now >= watched.start_at:
                self._start(watched, now)
            return
        code = watched.part.exit_code
        if code is None:
            return
        if now - watched.started_at >= _STEADY_SECONDS:
            watched.pause = _FIRST_PAUSE
        self._say(f"{watched.part.name} ended unexpectedly ({_how(code)}); starting it again in {watched.pause:g} s.")
        self._postpone(watched, now)

    def _start(self, watched: _Watched, now: float) -> None:
        watched.start_at = None
        try:
            watched.part.start()
        except CannotRun as reason:
            self._say(f"{reason} Trying again in {watched.pause:g} s.")
            self._postpone(watched, now)
        else:
            watched.started_at = now

    def _postpone(self, watched: _Watched, now: float) -> None:
        watched.start_at = now + watched.pause
        watched.pause = min(watched.pause * 2, _LONGEST_PAUSE)


class StopRequests:
    """Ctrl-C, SIGTERM and a closed terminal, for a program that starts, runs and stops in order.

    While starting, a request interrupts; while running, it sets `requested`; while stopping, the next one hurries.
    """

    def __init__(self) -> None:
        self.requested = threading.Event()
        self._running = False
        self._hurry: Callable[[], None] | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._receive)

    def running(self) -> None:
        """From here on a request is waited for, and interrupts nothing."""
        self._running = True

    def stopping(self, hurry: Callable[[], None]) -> None:
        """From here on another request calls `hurry`."""
        self._running = True
        self._hurry = hurry

    def _receive(self, _number: int, _frame: object) -> None:
        if self._hurry is not None:
            self._hurry()
        elif self._running:
            self.requested.set()
        else:
            raise KeyboardInterrupt


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
