"""49: retries need a stable key, and a log of each attempt."""

from feedback_core.db.session import Database
from tests.support.api import Api
from tests.support.receivers import receiving, status
from tests.support.webhooks import bench_now, new_webhook


async def test_49_a_message_keeps_its_id_over_retries_replays_and_the_feed(api: Api, database: Database) -> None:
    bench = bench_now(database)
    with receiving() as receiver:
        webhook = await new_webhook(api, receiver)
        receiver.answering = status(500, b"first")
        await bench.record(api, "a")
        await bench.drain()
        receiver.answering = status(429, b"second", {"Retry-After": "1"})
        bench.wait(seconds=10)
        await bench.drain()
        receiver.answering = status(200, b"third")
        bench.wait(minutes=10)
        await bench.drain()
        (event,) = (await api.get("/v1/events")).json()["items"]
        await api.post(f"{webhook.path}/deliveries/{event['id']}/replay", status=202)
        bench.wait(minutes=1)
        await bench.drain()

        assert receiver.ids() == [event["id"]] * 4
        assert len({taken.body for taken in receiver.requests}) == 1
        log = (await webhook.delivery(event["id"]))["log"]
        assert [(tried["number"], tried["status"], tried["snippet"]) for tried in log] == [
            (1, 500, "first"),
            (2, 429, "second"),
            (3, 200, "third"),
            (4, 200, "third"),
        ]
