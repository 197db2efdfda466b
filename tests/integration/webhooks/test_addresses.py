"""Where a name leads is looked at before each connection, and exactly that is called; nothing leads on from there."""

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.webhooks.types import WebhookFormat, WebhookInvalid, WebhookState
from feedback_core.webhooks.use_cases.endpoints import WebhookSettingsGiven, create_webhook
from tests.support.api import Api
from tests.support.receivers import TestReceiver, receiving, status
from tests.support.webhooks import CourierBench, bench_now, new_webhook

NAME = "receiver.example.com"
PUBLIC = "93.184.215.14"
SPELLINGS = ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0.0.0.0", "[::1]", "[::]"]
SPELLINGS += ["[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]"]


class Names:
    """A directory of names in which one leads where the test says, and other names as always."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: list[list[str]] = []
        self.asked = 0
        self._real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._find)

    def _find(self, host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != NAME:
            return self._real(host, port, *rest, **more)
        # The last answer stays.
        found = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    return Names(monkeypatch)


def _named(receiver: TestReceiver) -> TestReceiver:
    """The receiver as others know it: by a name."""
    return TestReceiver(f"http://{NAME}:{urlsplit(receiver.url).port}/hook")


async def test_no_spelling_of_this_machine_is_called(api: Api, receiver: TestReceiver, database: Database) -> None:
    port = urlsplit(receiver.url).port
    webhooks = [await new_webhook(api, TestReceiver(f"http://{host}:{port}/hook")) for host in SPELLINGS]
    bench = bench_now(database, allow_private_networks=False)
    await bench.record(api, "a")

    await bench.drain()

    assert receiver.requests == []
    for webhook in webhooks:
        ((delivery,), host) = await webhook.deliveries(), (await webhook.shown())["url"]
        (tried,) = (await webhook.delivery(delivery["event_id"]))["log"]
        assert tried["outcome"] in {"address_refused", "unreachable"}, host


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:10.0.0.1]", "[fec0::1]"])
async def test_an_address_that_is_plainly_private_is_refused_at_once(api: Api, database: Database, host: str) -> None:
    given = WebhookSettingsGiven(f"https://{host}/hook", None, (), WebhookFormat.STANDARD, WebhookState.ACTIVE)
    organisation_id = api.organisation.organisation_id

    async with database.tenant(organisation_id) as session:
        with pytest.raises(WebhookInvalid) as refused:
            await create_webhook(session, organisation_id, given, by="test", allow_private=False, clock=SystemClock())

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/url", "malformed_url")]


@pytest.mark.parametrize("found", [["127.0.0.1"], [PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC]])
async def test_a_name_that_leads_into_a_private_network_is_not_called(
    api: Api, receiver: TestReceiver, database: Database, names: Names, found: list[str]
) -> None:
    names.answers = [found]
    webhook = await new_webhook(api, _named(receiver))
    bench = bench_now(database, allow_private_networks=False)
    await bench.record(api, "a")

    await bench.drain()

    assert receiver.requests == []
    (delivery,) = await webhook.deliveries()
    assert (await webhook.delivery(delivery["event_id"]))["log"][0]["outcome"] == "address_refused"


async def test_a_name_that_leads_elsewhere_after_the_look_is_called_where_it_was_looked_at(
    api: Api, receiver: TestReceiver, bench: CourierBench, names: Names
) -> None:
    # The second answer is where nobody listens: whoever asked again before calling would reach nothing.
    names.answers = [["127.0.0.1"], ["127.0.0.99"]]
    await new_webhook(api, _named(receiver))
    await bench.record(api, "a", "b", "c")

    await bench.drain()

    assert len(receiver.requests) == 3
    assert names.asked == 1
    assert {taken.headers["host"].partition(":")[0] for taken in receiver.requests} == {NAME}


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(api: Api, receiver: TestReceiver, bench: CourierBench, code: int) -> None:
    with receiving() as elsewhere:
        receiver.answering = status(code, b"", {"Location": elsewhere.url})
        webhook = await new_webhook(api, receiver)
        await bench.record(api, "a")

        await bench.drain()

        assert (len(receiver.requests), elsewhere.requests) == (1, [])
    (delivery,) = await webhook.deliveries()
    (tried,) = (await webhook.delivery(delivery["event_id"]))["log"]
    assert (delivery["state"], tried["outcome"], tried["status"]) == ("pending", "redirected", code)
