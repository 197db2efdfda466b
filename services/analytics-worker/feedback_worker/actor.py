"""An actor: a kind of job, the function that does it, and its limits."""

import importlib
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from feedback_core.jobs.execution import JobHandler
from feedback_core.jobs.runs import JobRun, P

Handler = JobHandler[Any]

_handlers: dict[str, Handler] = {}

HANDLERS = MappingProxyType(_handlers)
"""What this process can do, by kind of job; filled as the modules of ``actors`` are imported."""


_one_at_a_time = threading.Lock()


def actor(
    *, job: type[P], time_limit: timedelta, max_retries: int, loads: str | None = None
) -> Callable[[Callable[[JobRun[P]], Awaitable[None]]], JobHandler[P]]:
    """Make the decorated function what runs jobs of this payload.

    Args:
        job: the payload; its ``kind`` is the actor's name.
        time_limit: of one attempt.
        max_retries: attempts after the first; errors that another attempt cannot mend are not tried again.
        loads: module that is slow to import, which the function imports. It is loaded beforehand and beside the event
            loop: an import that held up the loop would let the leases of all running jobs run out.
    """

    def register(function: Callable[[JobRun[P]], Awaitable[None]]) -> JobHandler[P]:
        if job.kind in _handlers:
            raise ValueError(f"There is an actor for {job.kind} already.")
        work = function if loads is None else _after_loading(loads, function)
        handler = JobHandler(job, work, time_limit, max_retries)
        _handlers[job.kind] = handler
        return handler

    return register


def _after_loading(
    module: str, function: Callable[[JobRun[P]], Awaitable[None]]
) -> Callable[[JobRun[P]], Awaitable[None]]:
    async def load_and_call(run: JobRun[P]) -> None:
        await run.calculate(_load, module)
        await function(run)

    return load_and_call


def _load(module: str) -> None:
    with _one_at_a_time:
        importlib.import_module(module)
