"""What a receiver does is its own affair: whatever it answers, it costs us little and stands in the log."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from tests.support.api import Api
from tests.support.receivers import Taken, TestReceiver, receiving, status
from tests.support.webhooks import CourierBench, TestWebhook, new_webhook


async def _only_attempt(webhook: TestWebhook) -> dict[str, object]:
    (delivery,) = await webhook.deliveries()
    (tried,) = (await webhook.delivery(delivery["event_id"]))["log"]
    return {**tried, "state": delivery["state"]}


async def test_an_answer_of_a_gigabyte_is_not_fetched(api: Api, receiver: TestReceiver, bench: CourierBench) -> None:
    sent = 0

    def pour(handler: BaseHTTPRequestHandler, _: Taken) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.send_header("Content-Length", str(2**30))
        handler.end_headers()
        while sent < 2**30:
            handler.wfile.write(b"x" * 65_536)
            sent += 65_536

    receiver.answering = pour
    webhook = await new_webhook(api, receiver)
    await bench.record(api, "a")

    await bench.drain()

    tried = await _only_attempt(webhook)
    assert (tried["state"], tried["status"], tried["snippet"]) == ("delivered", 200, "x" * 1_000)
    assert sent < 32 * 2**20


async def test_who_answers_a_byte_at_a_time_is_cut(api: Api, receiver: TestReceiver, bench: CourierBench) -> None:
    def drip(handler: BaseHTTPRequestHandler, _: Taken) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not receiver.closing.wait(0.05):
            handler.wfile.write(b"x")

    receiver.answering = drip
    webhook = await new_webhook(api, receiver)
    await bench.record(api, "a")
    begun = time.monotonic()

    await bench.drain()

    assert time.monotonic() - begun < 5 * bench.settings.timeout_seconds
    assert (await _only_attempt(webhook))["outcome"] == "timed_out"


async def test_who_is_not_there_is_tried_later(api: Api, bench: CourierBench) -> None:
    with receiving() as receiver:
        webhook = await new_webhook(api, receiver)
    await bench.record(api, "a")

    await bench.drain()

    tried = await _only_attempt(webhook)
    assert (tried["state"], tried["outcome"], tried["status"]) == ("pending", "unreachable", None)


@contextmanager
def _closing_after_each() -> Iterator[tuple[str, list[bytes]]]:
    """A server that says that it keeps a connection and ends it, as many do under load."""
    listening = socket.create_server(("127.0.0.1", 0))
    came: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                came.append(connection.recv(65_536))
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/", came
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


async def test_a_connection_that_ended_between_two_messages_is_no_failure(api: Api, bench: CourierBench) -> None:
    with _closing_after_each() as (url, _):
        webhook = await new_webhook(api, TestReceiver(url))
        await bench.record(api, "a", "b", "c")

        await bench.drain()

        assert [(one["state"], one["attempts"]) for one in await webhook.deliveries()] == [("delivered", 1)] * 3


async def test_what_is_refused_is_not_tried_again_and_can_be_replayed(
    api: Api, receiver: TestReceiver, bench: CourierBench
) -> None:
    webhook = await new_webhook(api, receiver)
    receiver.answering = status(422, b"unknown")
    await bench.record(api, "a", "b")
    await bench.drain()
    assert len(receiver.requests) == 2
    assert {one["state"] for one in await webhook.deliveries(state="failed")} == {"failed"}

    receiver.answering = status(200)
    answer = await api.post(f"{webhook.path}/replay", {"what": "failed"}, status=202)
    bench.wait(minutes=1)
    await bench.drain()

    assert answer.json() == {"replayed": 2}
    assert sorted(receiver.ids()[2:]) == sorted(receiver.ids()[:2])
    assert await webhook.deliveries(state="failed") == []


async def test_a_range_brings_what_happened_before_the_webhook_was_there(
    api: Api, receiver: TestReceiver, bench: CourierBench
) -> None:
    await bench.record(api, "a", "a", "b")
    since = (bench.clock.now() - timedelta(hours=1)).isoformat()
    until = (bench.clock.now() + timedelta(hours=1)).isoformat()
    webhook = await new_webhook(api, receiver, ["action.*"])
    await bench.drain()

    answer = await api.post(f"{webhook.path}/replay", {"what": "range", "from": since, "to": until}, status=202)
    bench.wait(minutes=1)
    await bench.drain()

    feed = [event["id"] for event in (await api.get("/v1/events")).json()["items"]]
    assert answer.json() == {"replayed": 3}
    assert receiver.ids()[-3:] == feed


async def test_one_is_replayed_with_the_same_id(api: Api, receiver: TestReceiver, bench: CourierBench) -> None:
    webhook = await new_webhook(api, receiver)
    await bench.record(api, "a")
    await bench.drain()

    (event_id,) = receiver.ids()
    await api.post(f"{webhook.path}/deliveries/{event_id}/replay", status=202)
    bench.wait(minutes=1)
    await bench.drain()

    assert receiver.ids() == [event_id, event_id]
    assert receiver.requests[0].body == receiver.requests[1].body


async def test_a_test_goes_before_everything_that_waits(api: Api, receiver: TestReceiver, bench: CourierBench) -> None:
    receiver.answering = status(500)
    webhook = await new_webhook(api, receiver, ["action.*"])
    await bench.record(api, "a", "b", "c")
    await bench.drain()
    receiver.answering = status(200)
    before = len(receiver.requests)

    sent = await api.post(f"{webhook.path}/test", status=202)
    bench.wait(seconds=2)
    await bench.drain()

    assert receiver.requests[before].verified(webhook.secret)["type"] == "webhook.test"
    shown = (await api.get(sent.headers["location"])).json()
    assert (shown["state"], shown["log"][0]["status"]) == ("delivered", 200)


async def test_who_is_gone_is_told_nothing_more_and_that_is_itself_told(api: Api, bench: CourierBench) -> None:
    with receiving() as gone, receiving() as watching:
        gone.answering = status(410)
        webhook = await new_webhook(api, gone, ["action.*"])
        await new_webhook(api, watching, ["webhook.*"])
        await bench.record(api, "a", "b")

        await bench.drain()
        await bench.drain()

        assert len(gone.requests) == 1
        (listed,) = (await api.get("/v1/webhooks", params={"state": "paused"})).json()["items"]
        assert (listed["id"], listed["pause_reason"], listed["pending"]) == (webhook.id, "gone", 2)
        assert [one.document["subject"]["id"] for one in watching.requests] == [webhook.id]

        gone.answering = status(200)
        await webhook.change(state="active")
        bench.wait(minutes=1)
        await bench.drain()
        assert len(gone.requests) == 3


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"url": "ftp://example.com/"}, "/url"),
        ({"url": "https://user:secret@example.com/"}, "/url"),
        ({"url": "https://example.com/#part"}, "/url"),
        ({"url": "https://example.com:99999/"}, "/url"),
        ({"url": "https://exa mple.com/"}, "/url"),
        ({"url": "https://example.com/", "events": ["case.opened", "case.unheard"]}, "/events/1"),
        ({"url": "https://example.com/", "events": ["webhook.test"]}, "/events/0"),
    ],
)
async def test_what_cannot_be_used_is_named(api: Api, body: dict[str, object], pointer: str) -> None:
    answer = await api.post("/v1/webhooks", body, status=422)

    assert answer.json()["code"] == "webhook_invalid"
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
