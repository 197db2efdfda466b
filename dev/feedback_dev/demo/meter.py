"""Progress for a person: a bar at a terminal, a line for each finished step anywhere else."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any, TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Show: TypeAlias = Callable[[int, int | None], None]

_WIDTH_OF_FILES = 100


def console_of() -> Console:
    """Where the demonstration prints: as wide as the terminal, or of one fixed width where there is none."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an old terminal shows what it can
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_FILES
    return console


class Meter:
    """Shows steps as they are taken."""

    def __init__(self, console: Console) -> None:
        """Name the console."""
        self._console = console

    @contextmanager
    def step(self, words: str) -> Iterator[Show]:
        """A step while it is taken; what it gives may be told how many of how many are done."""
        began = time.monotonic()
        bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        with bar:
            task = bar.add_task(words, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        self._console.print(f"  {words} [dim]({time.monotonic() - began:.1f} s)[/dim]")


def progress_of(show: Show) -> Callable[[Mapping[str, Any]], None]:
    """Shows how far the worker says it is."""
    return lambda state: show(state["progress"]["done"], state["progress"]["total"])
