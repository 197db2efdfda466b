"""44: no webhook when an answer to a satisfaction question arrives."""

import pytest

from tests.support.api import Api
from tests.support.receivers import receiving
from tests.support.surveys import publish
from tests.support.waiting import soon
from tests.support.webhooks import new_webhook

pytestmark = pytest.mark.usefixtures("worker_process")


async def test_44_a_low_score_is_told_by_itself_with_the_score(api: Api) -> None:
    survey = await publish(api)
    with receiving() as receiver:
        webhook = await new_webhook(api, receiver, ["response.low_score"])
        path = f"/v1/surveys/{survey.id}/responses"
        await api.post(path, {"answers": {"nps": 10, "wait": 5}}, status=201)
        poor = (await api.post(path, {"answers": {"nps": 2, "wait": 5}}, status=201)).json()["id"]

        await soon(lambda: bool(receiver.requests), seconds=60)

        (taken,) = receiver.requests
        told = taken.verified(webhook.secret)
    assert (told["type"], told["subject"]["id"]) == ("response.low_score", poor)
    assert told["data"]["scores"] == [{"question": "nps", "score": 2, "low_up_to": 6}]
