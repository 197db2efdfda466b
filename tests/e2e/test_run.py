"""`make run` as a person meets it: one command starts everything, Ctrl-C ends everything, an obstacle is one line."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from cryptography.fernet import Fernet

from feedback_dev.embedded import PostgresServer, RedisServer, embedded_postgres, embedded_redis
from feedback_dev.ports import LOOPBACK, free_port

pytestmark = pytest.mark.xdist_group("run")

FROM_OUTSIDE = (
    "DATABASE_URL",
    "MIGRATION_DATABASE_URL",
    "BROKER_URL",
    "HOST",
    "FEEDBACK_SECRET_KEYS",
    "FEEDBACK_PEPPER",
)


@dataclass
class Run:
    """One `feedback-dev run`, and what it printed."""

    process: subprocess.Popen[str]
    port: int
    data: Path
    printed: Path

    def text(self) -> str:
        return self.printed.read_text()

    def reads(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.text()):
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"{pattern!r} is not in:\n{self.text()}")

    def get(self, path: str, key: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.get(f"http://{LOOPBACK}:{self.port}{path}", headers=headers, timeout=10)

    def stop(self, number: signal.Signals = signal.SIGINT, seconds: float = 30) -> int:
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def children(self) -> dict[str, int]:
        """What runs under it: name to process id."""
        known = {
            "bin/postgres": "postgres",
            "redis-server": "redis",
            "feedback_api": "api",
            "feedback_worker": "worker",
        }
        return {
            name: pid
            for pid, command in processes_under(self.process.pid).items()
            for part, name in known.items()
            if part in command
        }


def processes_under(parent: int) -> dict[int, str]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            command = (folder / "cmdline").read_text().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] != "Z" and int(fields[1]) == parent:
            found[int(folder.name)] = command
    return found


def processes_naming(data: Path, port: int) -> list[str]:
    """Every process that works on this data or for this port, by its environment, arguments or folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "cmdline").read_text() + (folder / "environ").read_text(errors="replace")
            if (folder / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z" or folder.name == str(os.getpid()):
                continue
            if str(data) in told + str((folder / "cwd").readlink()) or f"PORT={port}\0" in told:
                found.append(told[:200])
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # it ended meanwhile, or is another user's
    return found


@contextmanager
def running(data: Path, *, port: int | None = None, environment: dict[str, str] | None = None) -> Iterator[Run]:
    port = port or free_port()
    inherited = {name: value for name, value in os.environ.items() if name not in FROM_OUTSIDE}
    printed = data.parent / f"printed-{port}-{time.monotonic_ns()}"
    with (
        printed.open("w") as out,
        subprocess.Popen(
            [sys.executable, "-m", "feedback_dev", "run"],
            env={**inherited, "DATA_DIR": str(data), "PORT": str(port), **(environment or {})},
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield Run(process, port, data, printed)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(60)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "data"


def test_the_first_start_prints_the_key_once_and_the_second_works_on_the_same_data(data: Path) -> None:
    with running(data) as first:
        key = first.reads(r"Key +(fbk_\S+)").group(1)
        first.reads("Ctrl-C stops it")
        assert f"API      http://127.0.0.1:{first.port}\n" in first.text()
        assert first.get("/readyz").status_code == 200
        assert first.get("/docs").status_code == 200
        before = first.get("/v1/organisation", key).json()
        assert before["key"] == "demo"
        assert set(first.children()) == {"postgres", "redis", "api", "worker"}

        assert first.stop() == 0

    assert first.text().endswith("Stopped.\n")
    assert processes_naming(data, first.port) == []
    for name, mode in (("demo-api-key", 0o600), ("secret-keys", 0o600)):
        assert stat.S_IMODE((data / name).stat().st_mode) == mode
    secrets = dict(line.split("=", 1) for line in (data / "secret-keys").read_text().splitlines())
    Fernet(secrets["FEEDBACK_SECRET_KEYS"])
    assert len(bytes.fromhex(secrets["FEEDBACK_PEPPER"])) == 32

    with running(data) as second:
        second.reads(r"Key +kept in .*demo-api-key")
        assert key not in second.text()
        assert (data / "demo-api-key").read_text() == f"{key}\n"
        assert second.get("/v1/organisation", key).json() == before
        assert second.stop(signal.SIGTERM) == 0
    assert processes_naming(data, second.port) == []
    kept = dict(line.split("=", 1) for line in (data / "secret-keys").read_text().splitlines())
    assert kept == secrets


def test_what_ends_by_itself_is_started_again_and_said_in_one_line(data: Path) -> None:
    with running(data) as run:
        run.reads("Ctrl-C stops it")
        before = run.children()
        for name, called in (("worker", "worker"), ("api", "API"), ("redis", "Redis"), ("postgres", "PostgreSQL")):
            os.kill(before[name], signal.SIGKILL)
            run.reads(rf"\n{called} ended unexpectedly \(signal SIGKILL\); starting it again in 0\.5 s\.\n")

        deadline = time.monotonic() + 30
        while not is_ready(run) or len(run.children()) < 4:
            assert time.monotonic() < deadline, run.text()
            time.sleep(0.1)

        after = run.children()
        assert [name for name in before if before[name] == after[name]] == []
        assert run.text().count("ended unexpectedly") == 4
        assert run.stop() == 0
    assert processes_naming(data, run.port) == []


def is_ready(run: Run) -> bool:
    try:
        return run.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_two_at_once_on_one_folder_is_one_clear_line(data: Path) -> None:
    with running(data) as first:
        first.reads("Ctrl-C stops it")
        with running(data) as second:
            assert second.process.wait(20) == 2
            assert second.text() == f"{data} is in use by process {first.process.pid}.\n"
        assert first.get("/readyz").status_code == 200


def test_a_taken_port_is_one_clear_line_and_nothing_was_started(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, free_port()))
        taken.listen()
        port = taken.getsockname()[1]
        with running(tmp_path / "data", port=port) as run:
            assert run.process.wait(20) == 2

    assert run.text() == f"Port {port} on 127.0.0.1 is taken by another program.\n"
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["lock"]


@pytest.mark.parametrize("port", ["0", "70000", "http", "-1"])
def test_a_senseless_port_is_one_clear_line(tmp_path: Path, port: str) -> None:
    with running(tmp_path / "data", environment={"PORT": port}) as run:
        assert run.process.wait(20) == 2
    assert run.text() == f"PORT is {port}; it must be a number from 1 to 65535.\n"


def test_ctrl_c_while_starting_leaves_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as run:
        run.reads("Migrating the database")
        assert run.stop() == 130
    assert processes_naming(data, run.port) == []


def test_a_second_ctrl_c_hurries(data: Path) -> None:
    with running(data) as run:
        run.reads("Ctrl-C stops it")
        # An open request holds the API back: it is drained before anything else stops.
        with socket.create_connection((LOOPBACK, run.port)) as slow:
            slow.sendall(b"POST /v1/surveys HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
            time.sleep(0.3)
            run.process.send_signal(signal.SIGINT)
            run.reads("Ctrl-C again hurries")
            began = time.monotonic()
            assert run.stop() == 0
            assert time.monotonic() - began < 5
    assert processes_naming(data, run.port) == []


def test_a_killed_supervisor_takes_everything_along(data: Path) -> None:
    with running(data) as run:
        run.reads("Ctrl-C stops it")
        run.process.kill()
        run.process.wait()
        deadline = time.monotonic() + 25
        while processes_naming(data, run.port):
            assert time.monotonic() < deadline, processes_naming(data, run.port)
            time.sleep(0.1)

    with running(data) as again:
        again.reads("Ctrl-C stops it")


def test_a_kept_key_that_the_database_does_not_know_is_replaced(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "demo-api-key").write_text("fbk_of_another_database\n")
    with running(data) as run:
        key = run.reads(r"Key +(fbk_\S+)").group(1)
        assert (data / "demo-api-key").read_text() == f"{key}\n"
        assert run.get("/v1/organisation", key).status_code == 200


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PostgresServer, RedisServer]]:
    folder = tmp_path_factory.mktemp("servers")
    with (
        embedded_postgres(folder / "pg", log=folder / "pg.log", durable=False) as postgres,
        embedded_redis(folder / "redis", log=folder / "redis.log") as broker,
    ):
        yield postgres, broker


def test_given_servers_are_used_and_none_is_started(
    tmp_path: Path, servers: tuple[PostgresServer, RedisServer]
) -> None:
    postgres, broker = servers
    postgres.create_database("given")
    # An owner who may make roles, and a login that is granted nothing yet.
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE owner LOGIN CREATEROLE PASSWORD 'o'")
        connection.execute("CREATE ROLE caller LOGIN NOINHERIT PASSWORD 'c'")
        connection.execute("ALTER DATABASE given OWNER TO owner")
    place = f"{postgres.host}:{postgres.port}/given"
    addresses = {
        "DATABASE_URL": f"postgresql://caller:c@{place}",
        "MIGRATION_DATABASE_URL": f"postgresql://owner:o@{place}",
        "BROKER_URL": broker.url(3),
    }

    with running(tmp_path / "data", environment=addresses) as run:
        key = run.reads(r"Key +(fbk_\S+)").group(1)
        run.reads("Ctrl-C stops it")
        assert set(run.children()) == {"api", "worker"}
        assert run.get("/v1/organisation", key).json()["key"] == "demo"
        assert run.stop() == 0

    with running(tmp_path / "other", environment=addresses) as elsewhere:
        elsewhere.reads("Key +not kept here; the organisation demo was made elsewhere")


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("postgresql://nobody:x@127.0.0.1:1/none", "The database cannot be used: connection .* refused"),
        ("no address", "The database cannot be used: Could not parse SQLAlchemy URL"),
        ("mysql://127.0.0.1:1/x", r"The database must be PostgreSQL, not mysql\."),
    ],
)
def test_a_database_that_cannot_be_used_is_one_clear_line(tmp_path: Path, url: str, complaint: str) -> None:
    with running(tmp_path / "data", environment={"DATABASE_URL": url, "BROKER_URL": "redis://127.0.0.1:1/0"}) as run:
        assert run.process.wait(20) == 2
    assert re.fullmatch(f"Migrating the database\n{complaint}.*\n", run.text())
