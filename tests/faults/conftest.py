"""A service of its own for all tests here: real processes, which the tests kill."""

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from feedback_core.organisations.credentials import parse_credential
from feedback_dev.stack import Stack
from tests.support.api import Api
from tests.support.organisations import TestOrganisation
from tests.support.senders import AT_MOST_SECONDS, Senders
from tests.support.surveys import PublishedSurvey, publish

SHORT_TIMES = {
    "WORKER_THREADS": "6",
    "WORKER_LEASE_SECONDS": "5",
    "WORKER_RING_AGAIN_AFTER_SECONDS": "1",
    "WORKER_TICK_SECONDS": "0.5",
    "CONNECTOR_ALLOW_PRIVATE_NETWORKS": "true",
    "WEBHOOK_ALLOW_PRIVATE_NETWORKS": "true",
    "WEBHOOK_TIMEOUT_SECONDS": "1",
}


@pytest.fixture(scope="session")
def running() -> Iterator[Stack]:
    """Servers that write everything to disk before they say so, an API and a worker; nobody restarts what ends."""
    with tempfile.TemporaryDirectory(prefix="feedback-faults-") as folder:
        Path(folder).chmod(0o755)
        stack = Stack(Path(folder) / "data", durable=True, environment=SHORT_TIMES)
        with stack:
            yield stack
        if os.environ.get("SHOW_LOGS"):
            for log in (stack.api.log, stack.worker.log):
                sys.stderr.write(log.read_text())


@pytest.fixture
def stack(running: Stack) -> Stack:
    """All of it up, whatever the test before did to it."""
    for part in running.parts:
        part.start()
    running.wait_ready()
    return running


@pytest.fixture
async def api(stack: Stack) -> AsyncIterator[Api]:
    """A client over the network, with a key for everything."""
    assert stack.api_key is not None
    credential = parse_credential(stack.api_key)
    assert credential is not None
    limits = httpx.Limits(max_connections=50, max_keepalive_connections=50)
    async with httpx.AsyncClient(base_url=stack.url, timeout=AT_MOST_SECONDS, limits=limits) as client:
        yield Api(client, TestOrganisation(credential.organisation_id, stack.api_key))


@pytest.fixture
async def survey(api: Api) -> PublishedSurvey:
    """A survey that takes answers."""
    return await publish(api)


@pytest.fixture
async def imported(api: Api) -> PublishedSurvey:
    """A survey for a file."""
    return await publish(api)


@pytest.fixture
def senders(api: Api, survey: PublishedSurvey) -> Senders:
    """Clients that send to the survey."""
    return Senders(api.client, api.organisation.token, survey)
