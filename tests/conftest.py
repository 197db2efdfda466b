"""The servers and fixtures that every test shares: real PostgreSQL and Redis, migrated by Alembic, the real wiring."""

import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from _pytest.nodeid import coerce_node_id
from cryptography.fernet import Fernet
from fastapi import FastAPI
from hypothesis import settings as hypothesis

from feedback_api.app import create_app
from feedback_api.settings import ApiSettings, Settings
from feedback_core.db.session import Database
from feedback_core.kit.settings import DatabaseSettings, LogSettings, SecretSettings
from feedback_dev.embedded import PostgresServer, RedisServer, embedded_postgres, embedded_redis
from feedback_dev.service import Service
from tests.support.api import Api
from tests.support.organisations import new_organisation
from tests.support.transactions import open_transactions

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "feedback_template"
NO_SERVERS = ("tests/unit", "tests/reference", "tests/architecture")

# The same examples in every run: a failure is of the change, never of the day.
hypothesis.register_profile("repeatable", derandomize=True)
hypothesis.load_profile("repeatable")

_stack = ExitStack()
_postgres: PostgresServer | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, in the process that controls the others; those learn the addresses from it."""
    if hasattr(config, "workerinput") or config.option.collectonly or _needs_no_servers(config):
        return
    folder = Path(_stack.enter_context(tempfile.TemporaryDirectory(prefix="feedback-test-")))
    folder.chmod(0o755)
    postgres = _stack.enter_context(embedded_postgres(folder / "postgres", log=folder / "postgres.log", durable=False))
    redis = _stack.enter_context(embedded_redis(folder / "redis", log=folder / "redis.log"))
    _prepare(postgres, redis)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep each group in one process, and begin with the groups, which take longest.

    A module with a worker of its own is a group: each process that ran a part of it would start a worker. Early, that
    worker finds little to do that others have left. xdist reads a group from the id, where it cannot put it with
    pytest 9.2.
    """
    if not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        group = _group_of(item)
        if group and not item.nodeid.endswith(f"@{group}"):
            item._id = coerce_node_id(f"{item.nodeid}@{group}")
    items.sort(key=lambda item: not _group_of(item))


def _group_of(item: pytest.Item) -> str:
    named = "_".join(sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")}))
    if named or "worker_process" not in getattr(item, "fixturenames", ()):
        return named
    return f"{item.path.parent.name}.{item.path.stem}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers, and leave nothing running."""
    if not hasattr(config, "workerinput"):
        _stack.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say beside a failure which transactions are open: they are what a wait that has no end waits for."""
    report = yield
    if report.failed and "TEST_OWNER_URL" in os.environ:
        server = os.environ["TEST_OWNER_URL"].replace("{database}", "postgres")
        report.sections.append(("Open transactions", open_transactions(server)))
    return report


def _needs_no_servers(config: pytest.Config) -> bool:
    places = [argument.split("::")[0] for argument in config.args]
    return bool(places) and all(place.startswith(NO_SERVERS) for place in places)


def _prepare(postgres: PostgresServer, redis: RedisServer) -> None:
    owner = postgres.create_database(TEMPLATE)
    subprocess.run(
        [sys.executable, "-m", "alembic", "-c", "migrations/alembic.ini", "upgrade", "head"],
        cwd=ROOT,
        env={**os.environ, "MIGRATION_DATABASE_URL": owner},
        check=True,
    )
    postgres.create_service_login()
    os.environ["TEST_OWNER_URL"] = postgres.url("{database}")
    os.environ["TEST_SERVICE_URL"] = postgres.url("{database}", "feedback_service")
    os.environ["TEST_REDIS_URL"] = redis.url(0)
    os.environ["FEEDBACK_SECRET_KEYS"] = Fernet.generate_key().decode()
    # The receivers of webhooks are on this machine.
    os.environ["WEBHOOK_ALLOW_PRIVATE_NETWORKS"] = "true"
    os.environ["INVITATIONS_LINK_BASE_URL"] = "https://feedback.example.org"
    os.environ["FEEDBACK_PEPPER"] = "pepper of the tests, thirty-two bytes or more"


@pytest.fixture(scope="session")
def owner_url(worker_id: str) -> str:
    """A migrated database of this test process, for its owner."""
    import psycopg

    template = os.environ["TEST_OWNER_URL"]
    name = f"test_{worker_id}"
    with psycopg.connect(template.replace("{database}", "postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE}')
    return template.replace("{database}", name)


@pytest.fixture(scope="session")
def database_url(owner_url: str, worker_id: str) -> str:
    """The same database, for the login that the service has."""
    return os.environ["TEST_SERVICE_URL"].replace("{database}", f"test_{worker_id}")


@pytest.fixture(scope="session")
def redis_url(worker_id: str) -> str:
    """A Redis database of this test process."""
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0
    base, _, _ = os.environ["TEST_REDIS_URL"].rpartition("/")
    return f"{base}/{number}"


@pytest.fixture(scope="session")
def settings(database_url: str) -> Settings:
    """Settings of the API under test: as in production, but for a short memory of keys."""
    return Settings(
        DatabaseSettings(url=database_url),
        SecretSettings(),
        api=ApiSettings(key_cache_seconds=0.2, source_cache_seconds=0.2),
        logs=LogSettings(level="WARNING"),
    )


@pytest.fixture(scope="session")
async def database(settings: Settings) -> AsyncIterator[Database]:
    """Sessions of the domain, as the service has them."""
    database = Database(settings.database)
    yield database
    await database.dispose()


@pytest.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application, by its own wiring."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def api(app: FastAPI, database: Database) -> AsyncIterator[Api]:
    """A client of a new organisation, with a key for everything."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    organisation = await new_organisation(database)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Api(client, organisation)


@pytest.fixture
async def other_api(api: Api, database: Database) -> Api:
    """A client of another organisation."""
    return Api(api.client, await new_organisation(database))


@pytest.fixture(scope="module")
def worker_process(database_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A real worker with its relay, as a process of its own.

    It does whatever is due in the database that the tests of this process share, so it ends with the module: the next
    one may be counting rows.
    """
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "BROKER_URL": redis_url,
        "WORKER_THREADS": "2",
        "WORKER_TICK_SECONDS": "0.3",
        "WORKER_RELAY_INTERVAL_SECONDS": "0.05",
    }
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    worker = Service("worker", ["feedback_worker", "run"], environment=environment, log=log)
    worker.start()
    yield
    worker.stop()
    if os.environ.get("SHOW_WORKER_LOG"):
        sys.stderr.write(log.read_text())


@pytest.fixture(autouse=True)
def _no_global_randomness() -> Iterator[None]:
    """Fail a test whose code draws from a global generator: seeds and generators are passed in."""
    import numpy as np

    def position() -> str:
        return repr(np.random.get_state(legacy=False))  # noqa: NPY002 - this is the guard

    before = position()
    yield
    assert position() == before, "a global random generator was used"
