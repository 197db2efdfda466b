"""Events reach the receivers that ask for them: signed, in order, with the same id whatever happens."""

import base64
from datetime import timedelta

import pytest
from standardwebhooks import WebhookVerificationError

from feedback_core.events.types import EventKind
from tests.support.api import Api
from tests.support.receivers import TestReceiver, receiving, status
from tests.support.webhooks import CourierBench, new_webhook


async def test_a_receiver_is_told_what_the_feed_says(api: Api, receiver: TestReceiver, bench: CourierBench) -> None:
    webhook = await new_webhook(api, receiver)
    await bench.record(api, "a", "b")

    await bench.drain()

    feed = (await api.get("/v1/events")).json()["items"]
    assert [taken.verified(webhook.secret) for taken in receiver.requests] == feed
    assert receiver.ids() == [event["id"] for event in feed]
    assert {taken.headers["content-type"] for taken in receiver.requests} == {"application/json"}


async def test_a_forged_message_is_not_believed(api: Api, receiver: TestReceiver, bench: CourierBench) -> None:
    webhook = await new_webhook(api, receiver)
    await bench.record(api, "a")
    await bench.drain()
    (taken,) = receiver.requests

    with pytest.raises(WebhookVerificationError):
        taken.verified("whsec_" + base64.b64encode(bytes(32)).decode())
    assert taken.verified(webhook.secret)


async def test_only_what_it_asks_for(api: Api, receiver: TestReceiver, bench: CourierBench) -> None:
    await new_webhook(api, receiver, ["case.*", "action.closed"])
    await bench.record(api, "a", kind=EventKind.ACTION_CHANGED)
    await bench.record(api, "a", kind=EventKind.ACTION_CLOSED)
    await bench.record(api, "c", kind=EventKind.CASE_OPENED)

    await bench.drain()

    assert [taken.document["type"] for taken in receiver.requests] == ["action.closed", "case.opened"]


async def test_a_cloudevent_says_the_same(api: Api, receiver: TestReceiver, bench: CourierBench) -> None:
    webhook = await new_webhook(api, receiver, format="cloudevents")
    await bench.record(api, "a")
    await bench.drain()

    (taken,) = receiver.requests
    (event,) = (await api.get("/v1/events")).json()["items"]
    assert taken.headers["content-type"] == "application/cloudevents+json"
    assert taken.verified(webhook.secret) == {
        "specversion": "1.0",
        "id": event["id"],
        "source": f"urn:uuid:{api.organisation.organisation_id}",
        "type": "action.changed",
        "subject": "action/a",
        "sequence": "1",
        "time": event["timestamp"],
        "datacontenttype": "application/json",
        "data": event["data"],
    }


async def test_nothing_is_sent_unsigned_and_nothing_is_lost_until_it_can_be(
    api: Api, receiver: TestReceiver, bench: CourierBench
) -> None:
    made = (await api.post("/v1/webhooks", {"url": receiver.url}, status=201)).json()
    await bench.record(api, "a")
    await bench.drain()
    assert receiver.requests == []

    secret = (await api.post(f"/v1/webhooks/{made['id']}/secrets", {}, status=201)).json()["secret"]
    bench.wait(seconds=30)
    await bench.drain()

    (taken,) = receiver.requests
    assert taken.verified(secret)


async def test_while_a_secret_is_changed_both_are_believed(
    api: Api, receiver: TestReceiver, bench: CourierBench
) -> None:
    webhook = await new_webhook(api, receiver)
    until = (bench.clock.now() + timedelta(minutes=2)).isoformat()
    body = {"previous_expire_at": until}
    newer = (await api.post(f"{webhook.path}/secrets", body, status=201)).json()["secret"]

    await bench.record(api, "a")
    await bench.drain()
    bench.wait(minutes=3)
    await bench.record(api, "b")
    await bench.drain()

    both, one = receiver.requests
    assert both.verified(webhook.secret) == both.verified(newer)
    assert one.verified(newer)
    with pytest.raises(WebhookVerificationError):
        one.verified(webhook.secret)


async def test_what_failed_is_sent_again_with_the_same_id_and_bytes(
    api: Api, receiver: TestReceiver, bench: CourierBench
) -> None:
    webhook = await new_webhook(api, receiver)
    receiver.answering = status(500, b"no room")
    await bench.record(api, "a")
    await bench.drain()
    receiver.answering = status(204, b"")
    bench.wait(seconds=10)
    await bench.drain()

    first, second = receiver.requests
    assert (first.id, first.body) == (second.id, second.body)
    found = await webhook.delivery(first.id)
    assert (found["state"], found["attempts"]) == ("delivered", 2)
    assert [(tried["outcome"], tried["status"], tried["snippet"]) for tried in found["log"]] == [
        ("server_error", 500, "no room"),
        ("delivered", 204, None),
    ]


async def test_events_of_one_subject_wait_for_each_other_and_others_do_not(
    api: Api, receiver: TestReceiver, bench: CourierBench
) -> None:
    await new_webhook(api, receiver)
    fails = {"a"}

    receiver.answering = lambda handler, taken: status(500 if taken.document["subject"]["id"] in fails else 200)(
        handler, taken
    )
    await bench.record(api, "a", "a", "b", "a")
    await bench.drain()
    sent = [(taken.document["subject"]["id"], taken.document["subject"]["sequence"]) for taken in receiver.requests]
    assert sorted(sent) == [("a", 1), ("b", 1)]

    fails.clear()
    await bench.record(api, "a", "b")
    await bench.drain()
    bench.wait(seconds=10)
    await bench.drain()

    assert _sequences(receiver, "a") == [1, 1, 2, 3, 4]
    assert _sequences(receiver, "b") == [1, 2]


async def test_a_receiver_that_hangs_is_left_alone_and_delays_nobody(api: Api, bench: CourierBench) -> None:
    with receiving() as hanging, receiving() as other:
        hanging.answering = hanging.hang
        stuck = await new_webhook(api, hanging)
        await new_webhook(api, other)
        await bench.record(api, *(f"s{n}" for n in range(30)))

        await bench.drain()

        assert len(other.requests) == 30
        assert len(hanging.requests) == 1
        shown = await stuck.shown()
        assert (shown["failures"], shown["pending"]) == (3, 30)
        assert shown["resting_until"] is not None
        assert other.requests[-1].at < hanging.requests[0].at + timedelta(seconds=bench.settings.timeout_seconds)


def _sequences(receiver: TestReceiver, subject: str) -> list[int]:
    """Sequences of what was told about a subject, as it came."""
    told = [taken.document["subject"] for taken in receiver.requests]
    return [about["sequence"] for about in told if about["id"] == subject]
