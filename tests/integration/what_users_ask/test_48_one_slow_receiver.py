"""48: one slow receiver delays the rest; attempts are counted as attempts."""

from datetime import timedelta

import pytest

from tests.support.api import Api
from tests.support.receivers import receiving, status
from tests.support.surveys import publish
from tests.support.waiting import soon
from tests.support.webhooks import new_webhook

pytestmark = pytest.mark.usefixtures("worker_process")


async def test_48_who_hangs_delays_nobody_and_every_attempt_is_counted(api: Api) -> None:
    survey = await publish(api)
    path = f"/v1/surveys/{survey.id}/responses"
    with receiving() as hanging, receiving() as failing, receiving() as quick:
        hanging.answering = hanging.hang
        failing.answering = status(503, b"busy")
        webhooks = [await new_webhook(api, one, ["response.completed"]) for one in (hanging, failing, quick)]
        await api.post(path, {"answers": {"nps": 9}}, status=201)
        await soon(lambda: bool(hanging.requests), seconds=60)
        for _ in range(5):
            await api.post(path, {"answers": {"nps": 9}}, status=201)

        await soon(lambda: len(quick.requests) == 6, seconds=60)

        assert len(hanging.requests) == 1  # it still hangs: its time is longer than all of this took
        assert quick.requests[-1].at - hanging.requests[0].at < timedelta(seconds=15)
        event = failing.requests[0].id
        await soon(lambda: failing.ids().count(event) == 2, seconds=60)
        failing.answering = status(200)
        await soon(lambda: failing.ids().count(event) >= 2 and len(set(failing.ids())) == 6, seconds=60)

        async def counted() -> bool:
            return bool((await webhooks[1].delivery(event))["attempts"] >= 2)

        await soon(counted, seconds=20)
        delivery = await webhooks[1].delivery(event)
        assert [tried["number"] for tried in delivery["log"]] == list(range(1, delivery["attempts"] + 1))
