"""Redis ends and forgets everything: the work that it rang for is done all the same, and once."""

import random

import pytest

from feedback_dev.stack import Stack
from tests.support.api import Api
from tests.support.breakpoints import breakpoint_at
from tests.support.surveys import PublishedSurvey, publish
from tests.support.work import READ, ROWS, ROWS_BEFORE, ask, assert_figures_are_exact_for

pytestmark = pytest.mark.xdist_group("stack")


async def test_what_runs_waits_or_is_asked_for_meanwhile_is_done_once(
    stack: Stack, api: Api, survey: PublishedSurvey, imported: PublishedSurvey
) -> None:
    with breakpoint_at(stack.owner_url, READ, ROWS_BEFORE) as here:
        running = await ask(api, stack.owner_url, survey, imported)
        await here.reached(by=4)
        waiting = await ask(api, stack.owner_url, await publish(api))
        await here.reached(by=6)  # of the worker's threads; more is rung, and not taken
        stack.redis.kill()
        stack.redis.wipe()
        asked_meanwhile = await ask(api, stack.owner_url, await publish(api))
        stack.redis.start()
        await here.release()

    for work in (running, waiting, asked_meanwhile):
        await work.ended()
        await work.assert_done_once()
        assert work.attempts() == {1}
    await assert_figures_are_exact_for(running)


async def test_at_random_moments_of_an_import(
    stack: Stack, api: Api, survey: PublishedSurvey, imported: PublishedSurvey
) -> None:
    chance = random.Random(2)
    work = await ask(api, stack.owner_url, survey, imported)
    for moment in sorted(chance.randrange(ROWS) for _ in range(3)):
        await work.reads(moment)
        stack.redis.kill()
        stack.redis.wipe()
        stack.redis.start()

    await work.ended()

    await work.assert_done_once()
    assert work.attempts() == {1}
    await assert_figures_are_exact_for(work)
