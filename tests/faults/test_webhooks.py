"""A receiver is down for a day, the worker is killed while it sends, the broker forgets everything: nothing is lost."""

import threading
from collections import defaultdict
from typing import Any

import psycopg
import pytest

from feedback_dev.stack import Stack
from tests.support.api import Api
from tests.support.receivers import receiving, status
from tests.support.surveys import Json, PublishedSurvey
from tests.support.waiting import soon
from tests.support.webhooks import TestWebhook, new_webhook

pytestmark = pytest.mark.xdist_group("stack")

# A day goes by: everything that was to happen at some time was to happen a day before.
A_DAY_LATER = (
    "UPDATE webhook_delivery SET next_attempt_at = next_attempt_at - interval '1 day'",
    "UPDATE webhook_queue SET due_at = due_at - interval '1 day', resting_until = resting_until - interval '1 day'",
    "UPDATE webhook_queue SET failing_since = failing_since - interval '1 day'",
)
RESPONSES = 40


async def test_every_event_arrives_at_least_once_in_order_with_the_same_id(
    stack: Stack, api: Api, survey: PublishedSurvey
) -> None:
    with receiving() as receiver:
        receiver.answering = status(503, b"down")
        webhook = await new_webhook(api, receiver, ["response.*"])
        path = f"/v1/surveys/{survey.id}/responses"
        items = [{"answers": {"nps": number % 11}} for number in range(RESPONSES)]
        await api.post(f"{path}/batch", {"items": items}, status=200)
        expected = RESPONSES + sum(number % 11 <= 6 for number in range(RESPONSES))
        await soon(lambda: bool(receiver.requests), seconds=60)

        async def all_wait() -> bool:
            return bool((await webhook.shown())["pending"] == expected)

        await soon(all_wait, seconds=60)
        stack.worker.kill()
        stack.redis.kill()
        stack.redis.wipe()
        _let_a_day_pass(stack)
        begun, go_on = threading.Event(), threading.Event()
        up_from = len(receiver.requests)

        def slowly(handler: object, taken: object) -> None:
            if len(receiver.requests) > up_from + 5:
                begun.set()
                go_on.wait(30)
            status(200)(handler, taken)  # type: ignore[arg-type]

        receiver.answering = slowly
        stack.redis.start()
        stack.worker.start()
        await soon(begun.is_set, seconds=90)
        stack.worker.kill()
        go_on.set()
        receiver.answering = status(200)
        stack.worker.start()
        await _all_delivered(webhook, expected)

    ours = {event["id"]: event for event in await _told(api) if event["data"]["survey_id"] == survey.id}
    taken = receiver.requests[up_from:]
    assert {one.id for one in taken} == set(ours)
    assert len(ours) == expected
    sequences: dict[str, list[int]] = defaultdict(list)
    for one in taken:
        told = one.verified(webhook.secret)
        assert told == ours[one.id]
        if told["subject"]["sequence"] not in sequences[told["subject"]["id"]]:
            sequences[told["subject"]["id"]].append(told["subject"]["sequence"])
    assert all(seen == sorted(seen) for seen in sequences.values())
    await api.post(f"{webhook.path}/retire", status=200)


async def _told(api: Api) -> list[Json]:
    """Every event of responses: others of this stack have told of theirs before."""
    query: dict[str, Any] = {"limit": 1000, "type": ["response.completed", "response.low_score"]}
    found: list[Json] = []
    while True:
        page = (await api.get("/v1/events", params=query)).json()
        found += page["items"]
        if not page["has_more"]:
            return found
        query["cursor"] = page["next_cursor"]


async def _all_delivered(webhook: TestWebhook, expected: int) -> None:
    async def all_delivered() -> bool:
        return len(await webhook.deliveries(state="delivered", limit=1000)) == expected

    await soon(all_delivered, seconds=120, pause=0.2)


def _let_a_day_pass(stack: Stack) -> None:
    with psycopg.connect(stack.owner_url, autocommit=True) as connection:
        for statement in A_DAY_LATER:
            connection.execute(statement)
