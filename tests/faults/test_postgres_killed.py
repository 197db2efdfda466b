"""PostgreSQL ends at once under load: what was acknowledged is there, once, and the service comes back by itself."""

import asyncio
import os
import random
import signal
from http import HTTPStatus

import psutil
import psycopg
import pytest

from feedback_dev.stack import Stack
from tests.support.api import Api
from tests.support.senders import AT_MOST_SECONDS, Senders
from tests.support.surveys import PublishedSurvey, publish
from tests.support.truth import assert_cells_become_exact, assert_figures_are_exact, stored_ids
from tests.support.work import ask, assert_figures_are_exact_for

pytestmark = pytest.mark.xdist_group("stack")

REFUSALS = 25


def _kill_postmaster(stack: Stack) -> None:
    """Its other processes notice, and end by themselves."""
    os.kill(stack.postgres.pid, signal.SIGKILL)


def _kill_one_session(stack: Stack) -> None:
    """As when the system runs out of memory: the postmaster ends all others, recovers, and goes on."""
    with psycopg.connect(stack.owner_url) as connection:
        found = connection.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'feedback'").fetchone()
    assert found is not None
    os.kill(found[0], signal.SIGKILL)


def _kill_everything(stack: Stack) -> None:
    """As when the machine loses its power, but for what the system's cache would have lost."""
    postmaster = psutil.Process(stack.postgres.pid)
    postmaster.suspend()
    for process in (*postmaster.children(), postmaster):
        process.kill()


async def test_acknowledged_responses_survive_and_none_is_there_twice(
    stack: Stack, api: Api, survey: PublishedSurvey, imported: PublishedSurvey, senders: Senders
) -> None:
    ledger, chance = senders.ledger, random.Random(5)
    processes = (stack.api.pid, stack.worker.pid)
    async with senders.sending():
        await ledger.grows(acknowledged=chance.randrange(200, 600))
        _kill_one_session(stack)
        await ledger.grows(acknowledged=chance.randrange(200, 600))
        work = await ask(api, stack.owner_url, await publish(api), imported)
        await work.begun()
        for kill in (_kill_postmaster, _kill_everything):
            kill(stack)
            await ledger.grows(refused=REFUSALS)
            assert (await api.get("/livez")).status_code == HTTPStatus.OK
            assert (await api.get("/readyz", status=None)).status_code == HTTPStatus.SERVICE_UNAVAILABLE
            await asyncio.to_thread(stack.postgres.start)
            await ledger.grows(acknowledged=chance.randrange(200, 600))
    await work.ended()

    assert stored_ids(stack.owner_url, survey) == ledger.ids
    assert len(ledger.ids) == ledger.acknowledged
    assert ledger.slowest < AT_MOST_SECONDS
    await assert_figures_are_exact(api, stack.owner_url, survey)
    await assert_cells_become_exact(api, stack.database_url, survey)
    await work.assert_done_once()
    await assert_figures_are_exact_for(work)
    assert (stack.api.pid, stack.worker.pid) == processes
    assert (stack.api.exit_code, stack.worker.exit_code) == (None, None)
    assert "unhandled_error" not in stack.api.log.read_text()
