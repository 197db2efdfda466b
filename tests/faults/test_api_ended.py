"""The API ends, killed or told to, while responses come in: what was acknowledged is there, once."""

import asyncio
import json
import os
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from feedback_dev.ports import LOOPBACK
from feedback_dev.stack import Stack
from tests.support.api import Api
from tests.support.breakpoints import Place, breakpoint_at
from tests.support.senders import Senders, said
from tests.support.surveys import PublishedSurvey
from tests.support.truth import assert_cells_become_exact, assert_figures_are_exact, stored_ids
from tests.support.waiting import soon

pytestmark = pytest.mark.xdist_group("stack")

KILLS = 2
GRACE_SECONDS = 10.0
"""How long the API waits for open requests at most."""


async def test_what_was_acknowledged_is_there_once_however_often_the_api_is_killed(
    stack: Stack, api: Api, survey: PublishedSurvey, senders: Senders
) -> None:
    ledger, chance = senders.ledger, random.Random(3)
    async with senders.sending():
        for _ in range(KILLS):
            await ledger.grows(acknowledged=chance.randrange(200, 600))
            stack.api.kill()
            await ledger.grows(broken=1)
            stack.api.start()
        await ledger.grows(acknowledged=200)

    assert stored_ids(stack.owner_url, survey) == ledger.ids
    assert len(ledger.ids) == ledger.acknowledged
    await assert_figures_are_exact(api, stack.owner_url, survey)
    await assert_cells_become_exact(api, stack.database_url, survey)


@pytest.mark.parametrize("at_commit", [False, True])
async def test_a_request_whose_api_is_killed_in_its_transaction_may_be_repeated(
    stack: Stack, survey: PublishedSurvey, senders: Senders, at_commit: bool
) -> None:
    place, everything = Place("response", "INSERT", at_commit=at_commit), 8
    with breakpoint_at(stack.owner_url, place) as here:
        async with asyncio.TaskGroup() as group:
            singles = [group.create_task(senders.single(number)) for number in (0, 1)]
            with_key, without = [group.create_task(senders.batch(range(n, n + 3))) for n in (9, 12)]
            await here.reached(by=4)
            stack.api.kill()
            await here.release()
            left = len(stored_ids(stack.owner_url, survey))
            stack.api.start()

    assert left == (everything if at_commit else 0)
    assert [single.result() for single in singles] == [200 if at_commit else 201] * 2
    assert without.result() == {"duplicate" if at_commit else "recorded": 3}
    assert with_key.result() == {"recorded": 3}
    assert stored_ids(stack.owner_url, survey) == senders.ledger.ids
    assert len(senders.ledger.ids) == everything


async def test_an_api_told_to_stop_answers_everything_it_has_begun(
    stack: Stack, api: Api, survey: PublishedSurvey, senders: Senders
) -> None:
    ledger = senders.ledger
    async with senders.sending(), half_a_request(stack, api, survey) as half:
        await ledger.grows(acknowledged=300)
        os.kill(stack.api.pid, signal.SIGTERM)
        told = time.monotonic()
        await ledger.grows(broken=1)
        late = await half.finish()
        await soon(lambda: stack.api.exit_code is not None, seconds=GRACE_SECONDS)
        took = time.monotonic() - told
        # Then every attempt meets a closed port, and what is stored was stored before the end.
        await ledger.grows(broken=20)
        stored, answered = stored_ids(stack.owner_url, survey), sorted([*ledger.ids, late])
        stack.api.start()

    assert stored == answered
    assert took < GRACE_SECONDS
    assert stored_ids(stack.owner_url, survey) == sorted([*ledger.ids, late])
    assert len(ledger.ids) == ledger.acknowledged
    assert "unhandled_error" not in stack.api.log.read_text()


async def test_a_client_that_never_finishes_does_not_keep_the_api_from_stopping(
    stack: Stack, api: Api, survey: PublishedSurvey
) -> None:
    async with half_a_request(stack, api, survey):
        os.kill(stack.api.pid, signal.SIGTERM)
        await soon(lambda: stack.api.exit_code is not None, seconds=GRACE_SECONDS + 3)

    assert stored_ids(stack.owner_url, survey) == []


class HalfARequest:
    """A request of which the service has the head, and not yet the body."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes) -> None:
        self._reader = reader
        self._writer = writer
        self._body = body

    async def finish(self) -> str:
        """Send the rest; the id of the receipt."""
        self._writer.write(self._body)
        answer = (await asyncio.wait_for(self._reader.read(), GRACE_SECONDS)).decode()
        head, _, body = answer.partition("\r\n\r\n")
        assert head.startswith("HTTP/1.1 201 "), answer
        return str(json.loads(body)["id"])


@asynccontextmanager
async def half_a_request(stack: Stack, api: Api, survey: PublishedSurvey) -> AsyncIterator[HalfARequest]:
    body = json.dumps(said(99_999)).encode()
    reader, writer = await asyncio.open_connection(LOOPBACK, stack.port)
    try:
        head = (
            f"POST /v1/surveys/{survey.id}/responses HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {api.organisation.token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body[:1])
        await writer.drain()
        yield HalfARequest(reader, writer, body[1:])
    finally:
        writer.close()
