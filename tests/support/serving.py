"""The API as a process of its own, as it is deployed."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from feedback_dev.ports import free_port
from feedback_dev.service import Service

START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Served:
    """A running API."""

    url: str
    log: Path


@pytest.fixture(scope="session")
def served(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The API process, as it is deployed."""
    port = free_port()
    log = tmp_path_factory.mktemp("api") / "api.log"
    environment = {**os.environ, "DATABASE_URL": database_url, "PORT": str(port), "LOG_LEVEL": "ERROR"}
    service = Service("API", ["feedback_api", "serve"], environment=environment, log=log)
    service.start()
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url)
        yield Served(url, log)
    finally:
        service.stop()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            httpx.get(f"{url}/livez").raise_for_status()
        except httpx.HTTPError:
            assert time.monotonic() < deadline, "the API did not start"
            time.sleep(0.05)
        else:
            return
