"""The worker ends in the middle of analyses and imports, killed or told to: each is finished, and took effect once."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from feedback_dev.service import Service
from feedback_dev.stack import Stack
from tests.support.api import Api
from tests.support.breakpoints import Place, breakpoint_at
from tests.support.surveys import PublishedSurvey
from tests.support.waiting import soon
from tests.support.work import (
    BEGUN,
    ENDED,
    FOLDED,
    READ,
    ROWS_AT_COMMIT,
    ROWS_BEFORE,
    RUNG,
    SAVED,
    ask,
    assert_cells_become_exact_for,
    assert_figures_are_exact_for,
)

pytestmark = pytest.mark.xdist_group("stack")


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the jobs wait when the worker is killed.

    Attributes:
        jobs: how many there are: three analyses, the import, and a fold where that is waited for too.
        wiped: whether Redis is killed too, and forgets everything.
        attempts: how many each job takes in all.
    """

    places: tuple[Place, ...]
    jobs: int = 4
    wiped: bool = False
    attempts: int = 2


MOMENTS = {
    "it was rung for": Moment((RUNG,), wiped=True, attempts=1),
    "it has begun": Moment((BEGUN,)),
    "it has read": Moment((READ, ROWS_BEFORE)),
    "it saves": Moment((SAVED, ROWS_AT_COMMIT, FOLDED), jobs=5, wiped=True),
    "its end is being committed": Moment((ENDED,), attempts=1),
}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_worker_killed_when(
    stack: Stack, api: Api, survey: PublishedSurvey, imported: PublishedSurvey, moment: str
) -> None:
    at = MOMENTS[moment]
    with breakpoint_at(stack.owner_url, *at.places) as here:
        work = await ask(api, stack.owner_url, survey, imported)
        await here.reached(by=at.jobs)
        stack.worker.kill()
        if at.wiped:
            stack.redis.kill()
            stack.redis.wipe()
        await here.release()
    stack.redis.start()
    stack.worker.start()

    await work.ended()

    await work.assert_done_once()
    assert work.attempts() == {at.attempts}
    await assert_figures_are_exact_for(work)
    if FOLDED in at.places:
        await assert_cells_become_exact_for(work, stack.database_url)


async def test_a_worker_killed_at_random_moments(
    stack: Stack, api: Api, survey: PublishedSurvey, imported: PublishedSurvey
) -> None:
    chance = random.Random(1)
    work = await ask(api, stack.owner_url, survey, imported)
    for _ in range(2):
        await work.begun()
        await asyncio.sleep(chance.uniform(0.1, 1.5))
        stack.worker.kill()
        stack.worker.start()

    await work.ended()

    await work.assert_done_once()
    await assert_figures_are_exact_for(work)
    await assert_cells_become_exact_for(work, stack.database_url)


async def test_a_worker_told_to_stop_gives_what_it_runs_to_another(
    stack: Stack, second_worker: Service, api: Api, survey: PublishedSurvey, imported: PublishedSurvey
) -> None:
    with breakpoint_at(stack.owner_url, READ, ROWS_BEFORE) as here:
        work = await ask(api, stack.owner_url, survey, imported)
        await here.reached(by=4)
        told = time.monotonic()
        os.kill(stack.worker.pid, signal.SIGTERM)
        await soon(lambda: stack.worker.exit_code is not None, seconds=15)
        took = time.monotonic() - told
        given_back = {(job.status, job.attempts) for job in work.jobs()}
        second_worker.start()
        await here.release()

    await work.ended()

    assert stack.worker.exit_code == 0
    assert took < 5
    assert given_back == {("queued", 0)}
    assert work.attempts() == {1}
    await work.assert_done_once()
    await assert_figures_are_exact_for(work)


@pytest.fixture
def second_worker(stack: Stack) -> Iterator[Service]:
    """Another worker on the same servers, not yet started."""
    worker = Service(
        "second worker",
        ["feedback_worker", "run"],
        environment=stack.service_environment,
        log=stack.logs / "second-worker.log",
    )
    yield worker
    worker.stop()
