"""Nothing that was said, and no secret, is written into the log, whatever happens to a delivery."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from feedback_core.db.session import Database
from feedback_dev.ports import free_port
from feedback_dev.service import Service
from tests.support.api import Api
from tests.support.inbound_senders import SALESFORCE, SHARED_SECRET, deliver, new_source
from tests.support.organisations import new_organisation
from tests.support.serving import Served
from tests.support.surveys import publish
from tests.support.waiting import until

SAID = b"What I would never want to be read"


@pytest.fixture
def talkative(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """The API process with every line of its log."""
    port, log = free_port(), tmp_path / "api.log"
    environment = {**os.environ, "DATABASE_URL": database_url, "PORT": str(port), "LOG_LEVEL": "DEBUG"}
    service = Service(
        "API",
        ["feedback_api", "serve"],
        environment={**environment, "API_WEBHOOK_READ_SECONDS": "0.5", "API_WEBHOOK_LIMIT_BYTES": "4096"},
        log=log,
    )
    service.start()
    try:
        url = f"http://127.0.0.1:{port}"
        until(lambda: _answers(url), seconds=60)
        yield Served(url, log)
    finally:
        service.stop()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/livez").is_success
    except httpx.HTTPError:
        return False


async def test_the_log_tells_neither_bodies_nor_secrets(talkative: Served, database: Database) -> None:
    async with httpx.AsyncClient(base_url=talkative.url, timeout=30) as client:
        api = Api(client, await new_organisation(database))
        survey = await publish(api)
        salesforce = await new_source(api, survey.id, SALESFORCE)
        shared = await new_source(api, survey.id, SHARED_SECRET)
        message = SALESFORCE.body(1).replace(b"<sf:Score__c>9", b"<sf:Score__c>" + SAID)

        statuses = [
            (await deliver(client, salesforce, SALESFORCE, message)).status_code,
            (await deliver(client, salesforce, SALESFORCE, message + SAID)).status_code,
            (await deliver(client, shared, SHARED_SECRET, b'{"text": "' + SAID + b'"}')).status_code,
            (await deliver(client, shared, SHARED_SECRET, SAID * 1_000)).status_code,
            (await deliver(client, shared, SHARED_SECRET, SAID + b"\xff")).status_code,
        ]

    assert statuses == [200, 401, 200, 413, 401]
    log = talkative.log.read_text()
    assert "receive" not in log
    assert log.count('"/v1/inbound/{source_id}/{path_secret}"') == 2
    for secret in (SALESFORCE.secret, SHARED_SECRET.secret, SAID.decode(), "a-session-that-opens", salesforce.path):
        assert secret not in log


async def test_a_connection_that_trickles_is_closed(talkative: Served, database: Database) -> None:
    async with httpx.AsyncClient(base_url=talkative.url, timeout=30) as client:
        api = Api(client, await new_organisation(database))
        source = await new_source(api, (await publish(api)).id, SHARED_SECRET)
    host, port = talkative.url.removeprefix("http://").split(":")
    request = (
        f"POST {source.path} HTTP/1.1\r\nHost: x\r\nX-Webhook-Secret: {SHARED_SECRET.secret}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request.encode())
        answer = b""
        while part := connection.recv(4096):
            answer += part

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"body_too_slow" in answer
