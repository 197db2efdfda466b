"""The embedded servers keep what they are given, refuse strangers, and never outlive their owner."""

import os
import pwd
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from feedback_dev import launch as launcher
from feedback_dev.children import CannotRun, StartFailed
from feedback_dev.embedded import PortTaken, PostgresServer, RedisServer, embedded_postgres, embedded_redis
from feedback_dev.ports import LOOPBACK, free_port

OWNER_OF_BOTH = """
import sys, time
from pathlib import Path
from feedback_dev.embedded import embedded_postgres, embedded_redis
data = Path(sys.argv[1])
with embedded_postgres(data / "pg", log=data / "pg.log", durable=False) as pg:
    with embedded_redis(data / "redis", log=data / "redis.log") as broker:
        print(pg.pid, broker.pid, flush=True)
        time.sleep(120)
"""


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    folder = tmp_path_factory.mktemp("postgres")
    with embedded_postgres(folder / "data", log=folder / "log", durable=False) as server:
        yield server


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    folder = tmp_path_factory.mktemp("redis")
    with embedded_redis(folder / "data", log=folder / "log") as server:
        yield server


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, free_port()))
        taken.listen()
        yield taken.getsockname()[1]


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def tell(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def ends(pid: int, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while runs(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not runs(pid)


def test_postgresql_18_speaks_utf_8_and_is_not_root(postgres: PostgresServer) -> None:
    assert str(ask(postgres.url(), "SHOW server_version")).startswith("18.")
    assert ask(postgres.url(), "SELECT lower('ÉÜ') || current_setting('server_encoding')") == "éüUTF8"
    assert Path(f"/proc/{postgres.pid}").stat().st_uid != 0


def test_postgresql_listens_on_loopback_only_and_on_no_socket(postgres: PostgresServer) -> None:
    assert ask(postgres.url(), "SHOW listen_addresses") == LOOPBACK
    assert ask(postgres.url(), "SHOW unix_socket_directories") == ""


def test_a_wrong_password_is_refused(postgres: PostgresServer) -> None:
    address = f"postgresql://postgres:guess@{postgres.host}:{postgres.port}/postgres"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address)


def test_a_database_is_copied_from_a_template(postgres: PostgresServer) -> None:
    original = postgres.create_database("original")
    tell(original, "CREATE TABLE said AS SELECT 7 AS score")

    copy = postgres.create_database("copy", template="original")

    assert ask(copy, "SELECT score FROM said") == 7
    postgres.drop_database("copy")
    assert (postgres.database_exists("original"), postgres.database_exists("copy")) == (True, False)


def test_the_service_login_may_only_what_its_roles_may(postgres: PostgresServer) -> None:
    database = postgres.create_database("owned")
    for role in ("feedback_app", "feedback_system"):
        tell(database, f"CREATE ROLE {role} NOLOGIN")
    tell(database, "CREATE TABLE kept (n int); GRANT SELECT ON kept TO feedback_app")

    postgres.create_service_login()
    postgres.create_service_login()  # as a second start does

    service = postgres.url("owned", PostgresServer.SERVICE)
    assert ask(service, "SELECT rolsuper OR rolinherit OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is (
        False
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(service, "SELECT count(*) FROM kept")
    with psycopg.connect(service) as connection:
        connection.execute("SET LOCAL ROLE feedback_app")
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE kept")


def test_what_was_committed_outlives_a_kill(tmp_path: Path) -> None:
    with embedded_postgres(tmp_path / "data", log=tmp_path / "log") as server:
        assert ask(server.url(), "SHOW fsync") == "on"
        tell(server.url(), "CREATE TABLE said AS SELECT 9 AS score")
        port, before = server.port, server.pid

        with psycopg.connect(server.url(), autocommit=True) as busy:
            busy.execute("SELECT 1")
            server.kill()
            server.start()

        assert (server.port, ask(server.url(), "SELECT score FROM said")) == (port, 9)
        assert server.pid != before

    # The pid file of a crashed machine may by now name some other program: here, this test.
    (tmp_path / "data" / "cluster" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with embedded_postgres(tmp_path / "data", log=tmp_path / "log", port=port) as again:
        assert ask(again.url(), "SELECT score FROM said") == 9


def test_two_servers_do_not_share_one_folder(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback_dev.postgres._GONE_SECONDS", 0.1)
    second = PostgresServer(postgres._data, log=postgres._log)

    with pytest.raises(CannotRun, match=f"already runs on .* as process {postgres.pid}"):
        second.start()

    assert ask(postgres.url(), "SELECT 1") == 1


def test_a_lost_password_is_said_and_leaves_no_server(tmp_path: Path) -> None:
    with embedded_postgres(tmp_path / "data", log=tmp_path / "log", durable=False):
        pass
    (tmp_path / "data" / "postgres.password").unlink()
    server = PostgresServer(tmp_path / "data", log=tmp_path / "log")

    with pytest.raises(StartFailed, match="has no password that fits"):
        server.start()

    assert not (tmp_path / "data" / "cluster" / "postmaster.pid").exists()


def test_a_taken_port_is_one_clear_line(tmp_path: Path, listener: int) -> None:
    for server in (
        PostgresServer(tmp_path / "pg", log=tmp_path / "log", port=listener),
        RedisServer(tmp_path / "redis", log=tmp_path / "log", port=listener),
    ):
        with pytest.raises(PortTaken) as caught:
            server.start()
        assert str(caught.value) == f"Port {listener} on 127.0.0.1 is taken by another program."


def test_a_free_port_lost_in_the_meantime_is_replaced(
    tmp_path: Path, listener: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = free_port()
    for module, server in (
        ("postgres", PostgresServer(tmp_path / "pg", log=tmp_path / "pg.log", durable=False)),
        ("redis_server", RedisServer(tmp_path / "redis", log=tmp_path / "redis.log")),
    ):
        offered = iter([listener, other])
        monkeypatch.setattr(f"feedback_dev.{module}.free_port", lambda offered=offered: next(offered))
        try:
            server.start()
            assert server.port == other
        finally:
            server.stop()


def test_redis_keeps_over_a_kill_and_forgets_when_wiped(broker: RedisServer) -> None:
    with redis.Redis.from_url(broker.url()) as client:
        client.set("doorbell", "rung")
        broker.kill()
        broker.start()
        assert client.get("doorbell") == b"rung"

        with pytest.raises(CannotRun):
            broker.wipe()
        broker.kill()
        broker.wipe()
        broker.start()
        assert client.get("doorbell") is None


def test_redis_asks_for_its_password(broker: RedisServer) -> None:
    with (
        redis.Redis(host=broker.host, port=broker.port, retry=Retry(NoBackoff(), 0)) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_an_error_inside_the_block_ends_the_servers(tmp_path: Path) -> None:
    pids: list[int] = []

    def fail() -> None:
        with (
            embedded_postgres(tmp_path / "pg", log=tmp_path / "log", durable=False) as server,
            embedded_redis(tmp_path / "redis", log=tmp_path / "log") as second,
        ):
            pids.extend([server.pid, second.pid])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert len(pids) == 2
    assert [runs(pid) for pid in pids] == [False, False]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_owner_takes_its_servers_along(tmp_path: Path, end: signal.Signals) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER_OF_BOTH, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    with owner:
        assert owner.stdout is not None
        pids = [int(pid) for pid in owner.stdout.readline().split()]
        assert len(pids) == 2

        owner.send_signal(end)

    ended = [ends(pid) for pid in pids]
    for pid in (pid for pid, gone in zip(pids, ended, strict=True) if not gone):
        os.kill(pid, signal.SIGINT)
    assert ended == [True, True]


def test_a_server_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    server = RedisServer(tmp_path / "redis", log=tmp_path / "log")
    try:
        starter = threading.Thread(target=server.start)
        starter.start()
        starter.join()
        with redis.Redis.from_url(server.url()) as client:
            assert client.ping()
            assert not ends(server.pid, seconds=0.3)
    finally:
        server.stop()


def test_a_server_finds_its_neighbours_in_a_folder_that_only_root_may_enter(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        return  # only root becomes somebody else
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    neighbour = closed / "neighbour"
    neighbour.touch(mode=0o755)
    asks = f"import os; print(os.geteuid(), os.access({str(neighbour)!r}, os.X_OK))"
    launch = [sys.executable, "-I", "-S", launcher.__file__, str(os.getpid()), str(int(signal.SIGTERM)), "nobody"]

    said = subprocess.run(
        [*launch, sys.executable, "-c", asks], cwd=closed, capture_output=True, text=True, check=True
    ).stdout.split()

    assert said == [str(pwd.getpwnam("nobody").pw_uid), "True"]
