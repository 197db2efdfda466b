"""The worker itself: nobody has to ask for a case."""

import pytest

from tests.integration.cases.conftest import Loop
from tests.support.waiting import soon


@pytest.mark.usefixtures("worker_process")
async def test_G3_6_a_case_opens_by_itself_and_ends_by_itself(loop: Loop) -> None:
    response = await loop.give()

    async def is_open() -> bool:
        return [case["response_id"] for case in await loop.cases()] == [response]

    await soon(is_open, seconds=90)
    (case,) = await loop.cases()
    await loop.api.post(f"{case['response_url']}/erase", {"reason": "Asked for"}, status=204)

    async def is_told() -> bool:
        return await loop.events_of(case["id"]) == ["case.opened", "case.closed"]

    await soon(is_told, seconds=120)
