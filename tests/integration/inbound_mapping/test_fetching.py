"""Events that have ids only: the rest is fetched, kept sealed, and mapped; a sender that is down is asked again."""

import os
import sys
from collections.abc import Iterator

import pytest

from feedback_dev.service import Service
from tests.support.api import Api
from tests.support.inbound import Inbound, inbound, recorded_by
from tests.support.responses import everything, owner
from tests.support.sender_api import SenderApi, sender_api
from tests.support.surveys import Json, PublishedSurvey

THIN: Json = {
    "occurred_at": {"path": "timestamp"},
    "fetch": {"parameters": {"id": "data.id"}},
    "fields": [
        {"to": "external_id", "path": "data.id", "within": "item"},
        {"to": "question", "key": "nps", "path": "answers[?q=='nps'].v"},
        {"to": "question", "key": "why", "path": "text"},
    ],
}


@pytest.fixture(scope="module")
def fetching_worker(database_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A worker that may fetch from this machine."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "BROKER_URL": redis_url,
        "WORKER_THREADS": "2",
        "WORKER_TICK_SECONDS": "0.3",
        "WORKER_RELAY_INTERVAL_SECONDS": "0.05",
        "CONNECTOR_ALLOW_PRIVATE_NETWORKS": "true",
    }
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    worker = Service("worker", ["feedback_worker", "run"], environment=environment, log=log)
    worker.start()
    yield
    worker.stop()
    if os.environ.get("SHOW_WORKER_LOG"):
        sys.stderr.write(log.read_text())


@pytest.fixture
def of_sender() -> Iterator[SenderApi]:
    """The sender's own API."""
    with sender_api() as api:
        yield api


@pytest.fixture
async def source(
    api: Api, survey: PublishedSurvey, of_sender: SenderApi, monkeypatch: pytest.MonkeyPatch, fetching_worker: None
) -> Inbound:
    """A source whose events have ids only."""
    monkeypatch.setenv("CONNECTOR_ALLOW_PRIVATE_NETWORKS", "true")
    made = await inbound(api, survey, THIN)
    await api.put(f"{made.path}/connector", {"url": f"{of_sender.url}/r/{{id}}", "token": "secret-tok"}, status=201)
    return made


def thin(number: int) -> Json:
    return {"type": "done", "timestamp": "2026-03-01T10:00:00Z", "data": {"id": f"r{number}"}}


def document(nps: object) -> Json:
    return {"answers": [{"q": "nps", "v": nps}], "text": "a verbatim of its own"}


async def test_the_rest_is_fetched_and_nothing_of_it_lies_open(
    api: Api, survey: PublishedSurvey, source: Inbound, of_sender: SenderApi, owner_url: str
) -> None:
    of_sender.documents["/r/r1"] = document(8)
    await source.send(thin(1))
    (delivery,) = await source.settled()

    (response,) = await recorded_by(api, survey)
    assert (delivery["state"], response["answers"]["nps"], response["external_id"]) == ("processed", 8, "r1")
    assert (of_sender.asked, of_sender.tokens) == (["/r/r1"], {"Bearer secret-tok"})
    with owner(owner_url) as connection:
        stored = everything(connection)
    assert "secret-tok" not in stored
    assert stored.count("a verbatim of its own") == 1  # the response itself


async def test_a_sender_that_is_down_is_asked_again_and_holds_up_nobody(
    api: Api, survey: PublishedSurvey, source: Inbound, of_sender: SenderApi
) -> None:
    of_sender.statuses += [503]
    of_sender.documents |= {"/r/r1": document(8), "/r/r2": document(2)}
    await source.send(thin(1))
    await source.send(thin(2))
    assert {delivery["state"] for delivery in await source.settled()} == {"processed"}
    assert sorted(of_sender.asked) in (["/r/r1", "/r/r1", "/r/r2"], ["/r/r1", "/r/r2", "/r/r2"])
    assert sorted(r["answers"]["nps"] for r in await recorded_by(api, survey)) == [2, 8]


async def test_what_never_can_be_fetched_fails_and_can_be_replayed(
    api: Api, survey: PublishedSurvey, source: Inbound, of_sender: SenderApi
) -> None:
    of_sender.statuses += [410]
    await source.send(thin(1))
    (delivery,) = await source.settled()
    assert (delivery["state"], delivery["reason"]["code"]) == ("failed", "fetch_refused")

    of_sender.documents["/r/r1"] = document(8)
    await api.post(f"{source.path}/deliveries/{delivery['id']}/replay", status=202)
    (delivery,) = await source.settled()
    assert delivery["state"] == "processed"
    assert len(await recorded_by(api, survey)) == 1


async def test_what_was_fetched_is_not_fetched_again_when_the_mapping_is_mended(
    api: Api, survey: PublishedSurvey, source: Inbound, of_sender: SenderApi
) -> None:
    of_sender.documents["/r/r1"] = document("top")
    await source.send(thin(1))
    (delivery,) = await source.settled()
    assert (delivery["state"], delivery["reason"]["code"]) == ("unmapped", "wrong_type")

    mended = {**THIN, "fields": [THIN["fields"][0], {**THIN["fields"][1], "values": {"top": 10}}]}
    await source.map(mended, version=1, status=200)
    await source.replay_all()
    (delivery,) = await source.settled()
    assert (delivery["state"], of_sender.asked) == ("processed", ["/r/r1"])
    assert [r["answers"] for r in await recorded_by(api, survey)] == [{"nps": 10}]


async def test_without_a_connector_it_waits_until_there_is_one(
    api: Api, survey: PublishedSurvey, source: Inbound, of_sender: SenderApi
) -> None:
    await api.call("DELETE", f"{source.path}/connector", status=204)
    await source.send(thin(1))
    (delivery,) = await source.settled()
    assert (delivery["state"], delivery["reason"]["code"]) == ("unmapped", "no_connector")


async def test_redaction_takes_what_was_fetched_too(
    api: Api, survey: PublishedSurvey, source: Inbound, of_sender: SenderApi, owner_url: str
) -> None:
    of_sender.documents["/r/r1"] = document(8)
    await source.send(thin(1))
    (delivery,) = await source.settled()
    await api.post(f"{source.path}/deliveries/{delivery['id']}/redact", status=200)
    with owner(owner_url) as connection:
        kept = connection.execute("SELECT count(*) FROM delivery_fetch WHERE delivery_id = %s", [delivery["id"]])
        assert kept.fetchone() == (0,)
