"""A receiver is down for a day, and workers end in the middle of sending: every event arrives, in order, as itself."""

import asyncio
from collections import defaultdict
from datetime import timedelta

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.receivers import TestReceiver, status
from tests.support.webhooks import bench_now, new_webhook

HOURS = 24


async def test_every_event_arrives_in_the_order_of_its_subject_with_its_own_id(
    api: Api, receiver: TestReceiver, database: Database
) -> None:
    bench = bench_now(database, ago=timedelta(hours=HOURS), timeout_seconds=2)
    webhook = await new_webhook(api, receiver)
    receiver.answering = status(503, b"down")
    for hour in range(HOURS):
        if hour < 5:
            await bench.record(api, "a", "b", "a", "c")
        await bench.drain()
        bench.wait(hours=1)
    tried_in_vain = len(receiver.requests)

    receiver.answering = status(200)
    ended = asyncio.create_task(bench.drain())
    while len(receiver.requests) < tried_in_vain + 3:
        await asyncio.sleep(0)  # until the middle of a batch: there the worker ends, and writes nothing down
        if ended.done():
            break
    ended.cancel()
    await asyncio.gather(ended, return_exceptions=True)
    bench.wait(minutes=1)  # what was claimed is claimed anew once the lease is over
    await bench.drain()

    feed = (await api.get("/v1/events", params={"limit": 1000})).json()["items"]
    taken = receiver.requests[tried_in_vain:]
    assert {one.id for one in taken} == {event["id"] for event in feed}
    assert [one.verified(webhook.secret) for one in taken if one.id == feed[0]["id"]][0] == feed[0]
    first_seen: dict[str, list[int]] = defaultdict(list)
    for one in taken:
        about = one.verified(webhook.secret)["subject"]
        if about["sequence"] not in first_seen[about["id"]]:
            first_seen[about["id"]].append(about["sequence"])
    assert first_seen == {"a": list(range(1, 11)), "b": [1, 2, 3, 4, 5], "c": [1, 2, 3, 4, 5]}
    assert {one["state"] for one in await webhook.deliveries()} == {"delivered"}
    # It was asked now and then whether it is there again, and not with everything that waits.
    assert tried_in_vain < 2 * HOURS


async def test_a_receiver_that_takes_nothing_for_days_is_paused_and_loses_nothing(
    api: Api, receiver: TestReceiver, database: Database
) -> None:
    bench = bench_now(database, ago=timedelta(hours=80))
    webhook = await new_webhook(api, receiver, ["action.*"])
    receiver.answering = status(500)
    await bench.record(api, "a", "b")
    for _ in range(37):
        await bench.drain()
        bench.wait(hours=2)

    (listed,) = (await api.get("/v1/webhooks", params={"state": "paused"})).json()["items"]
    assert (listed["id"], listed["pause_reason"], listed["pending"]) == (webhook.id, "failing", 2)
    assert "webhook.paused" in {event["type"] for event in (await api.get("/v1/events")).json()["items"]}
    before = len(receiver.requests)
    receiver.answering = status(200)
    await webhook.change(state="active")
    bench.wait(hours=7)
    await bench.drain()

    assert len(receiver.requests) - before == 2
    assert (await webhook.shown())["pending"] == 0
