"""A database with a worker of its own, which tests may kill and watch."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from feedback_api.app import create_app
from feedback_api.settings import ApiSettings, Settings
from feedback_core.db.session import Database
from feedback_core.kit.settings import DatabaseSettings, LogSettings, SecretSettings
from feedback_dev.embedded import embedded_redis
from tests.conftest import ROOT, TEMPLATE
from tests.support.api import Api
from tests.support.imports import client_of
from tests.support.organisations import new_organisation


@dataclass(slots=True)
class Workers:
    """Worker processes of one database, begun and ended by the test."""

    environment: dict[str, str]
    log: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def begin(self) -> subprocess.Popen[bytes]:
        """Another one."""
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "feedback_worker", "run"],
                env=self.environment,
                stdout=output,
                stderr=output,
                cwd=ROOT,
            )
        self.processes.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End it as if the machine had lost its power."""
        process.send_signal(signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        """End all of them."""
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def own_owner_url(worker_id: str) -> Iterator[str]:
    """A migrated database that no other worker looks at."""
    template = os.environ["TEST_OWNER_URL"]
    name = sql.Identifier(f"imports_{worker_id}")
    with psycopg.connect(template.replace("{database}", "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(TEMPLATE)))
        yield template.replace("{database}", f"imports_{worker_id}")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture(scope="module")
def own_settings(own_owner_url: str, worker_id: str) -> Settings:
    """The API over that database."""
    url = os.environ["TEST_SERVICE_URL"].replace("{database}", f"imports_{worker_id}")
    return Settings(
        DatabaseSettings(url=url),
        SecretSettings(),
        api=ApiSettings(),
        logs=LogSettings(level="WARNING"),
    )


@pytest.fixture(scope="module")
async def own_database(own_settings: Settings) -> AsyncIterator[Database]:
    """Sessions in that database."""
    database = Database(own_settings.database)
    yield database
    await database.dispose()


@pytest.fixture
async def own_api(own_settings: Settings, own_database: Database) -> AsyncIterator[Api]:
    """A client of a new organisation in it."""
    app = create_app(own_settings)
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield Api(client, await new_organisation(own_database))


@pytest.fixture
def workers(own_settings: Settings, tmp_path: Path) -> Iterator[Workers]:
    """Workers of that database; none runs yet."""
    with embedded_redis(tmp_path / "redis", log=tmp_path / "redis.log") as redis:
        environment = {
            **os.environ,
            "DATABASE_URL": own_settings.database.url.get_secret_value(),
            "BROKER_URL": redis.url(0),
            "WORKER_THREADS": "2",
            "WORKER_LEASE_SECONDS": "2",
            "WORKER_RING_AGAIN_AFTER_SECONDS": "1",
            "WORKER_RELAY_INTERVAL_SECONDS": "0.05",
        }
        workers = Workers(environment, tmp_path / "worker.log")
        try:
            yield workers
        finally:
            workers.end()
