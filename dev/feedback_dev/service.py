"""The API and the worker as parts that can be stopped, killed and started again."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from feedback_dev.children import CannotRun, Child, Program


class Part(Protocol):
    """What a stack is made of: servers, the API, the worker."""

    name: str

    @property
    def pid(self) -> int:
        """Process id while it runs."""

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs or before its first start."""

    def start(self) -> None:
        """Start it, unless it runs."""

    def stop(self, *, patience: float = 10.0) -> None:
        """Ask it to end in order; make it after `patience` seconds."""

    def kill(self) -> None:
        """End it at once."""


class Service:
    """One of the project's own processes, run as a module of this Python."""

    def __init__(self, name: str, arguments: list[str], *, environment: Mapping[str, str], log: Path) -> None:
        """Name it, its module with arguments, its whole environment and its log."""
        self.name = name
        self._program = Program(name, [sys.executable, "-m", *arguments], log.resolve(), environment=environment)
        self._child: Child | None = None

    @property
    def pid(self) -> int:
        """Process id of the running process."""
        if self._child is None:
            raise CannotRun(f"The {self.name} is not running.")
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return None if self._child is None else self._child.exit_code

    @property
    def log(self) -> Path:
        """The file its output goes to."""
        return self._program.log

    def start(self) -> None:
        """Start it, unless it runs; it may not be ready yet."""
        if self._child is None or self._child.exit_code is not None:
            self._child = Child(self._program)

    def stop(self, *, patience: float = 18.0) -> None:
        """Ask it to finish what it is doing and end."""
        if self._child is not None:
            self._child.stop(patience=patience)

    def kill(self) -> None:
        """End it at once, as `kill -9` does."""
        if self._child is not None:
            self._child.kill()

    def strike(self) -> None:
        """Kill it without waiting for its end: the one way that is safe in a signal handler."""
        if self._child is not None:
            self._child.strike()

    def restart(self) -> None:
        """Stop it and start it again."""
        self.stop()
        self.start()

    def last_words(self) -> str:
        """The last line of its log that says something."""
        lines = [line for line in self._child.said(50) if line.strip()] if self._child else []
        return lines[-1] if lines else "it said nothing"
