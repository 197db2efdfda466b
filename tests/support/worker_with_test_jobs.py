"""The worker as it is, with jobs that tests can watch: run as a program."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobPayload
from feedback_worker.__main__ import main
from feedback_worker.actor import actor
from tests.support.jobs import Mark, leave_mark, make_mark


@dataclass(frozen=True, slots=True)
class SlowMark(JobPayload):
    """Leaves its mark after a while."""

    kind: ClassVar[str] = "tests.slow_mark"

    seconds: float


@dataclass(frozen=True, slots=True)
class DeadlyMark(JobPayload):
    """Its first attempt kills the worker in the middle of the transaction that makes its effect."""

    kind: ClassVar[str] = "tests.deadly_mark"


@actor(job=Mark, time_limit=timedelta(seconds=30), max_retries=3)
async def mark(run: JobRun[Mark]) -> None:
    await leave_mark(run)


@actor(job=SlowMark, time_limit=timedelta(seconds=60), max_retries=3)
async def slow_mark(run: JobRun[SlowMark]) -> None:
    await asyncio.sleep(run.payload.seconds)
    async with run.completion() as session:
        await make_mark(session, run.organisation_id, "slow", attempt=run.attempt)


@actor(job=DeadlyMark, time_limit=timedelta(seconds=30), max_retries=3)
async def deadly_mark(run: JobRun[DeadlyMark]) -> None:
    async with run.completion() as session:
        await make_mark(session, run.organisation_id, "deadly", attempt=run.attempt)
        if run.attempt == 1:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
