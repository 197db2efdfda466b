"""The whole service on this machine as one block: servers, migrations, API and worker."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from feedback_dev.children import CannotRun, StartFailed
from feedback_dev.ports import LOOPBACK, check_free, free_port
from feedback_dev.postgres import PostgresServer
from feedback_dev.redis_server import RedisServer
from feedback_dev.secret_files import Secrets, only_user_of, secrets_in, write_secret
from feedback_dev.service import Part, Service

ROOT = Path(__file__).resolve().parents[2]
"""The repository: this package only ever runs from it."""

DATABASE = "feedback"
AnyPart = TypeVar("AnyPart", bound=Part)
_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - named to be recognised, not to listen on
_ORGANISATION_EXISTS = 3
_READY_SECONDS = 60.0
_COMMAND_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Servers:
    """Servers to use instead of embedded ones.

    Attributes:
        database_url: Address with the service's login.
        migration_database_url: Address with the login that owns the tables; the same login when None.
        broker_url: Redis or RabbitMQ.
    """

    database_url: str | None = None
    migration_database_url: str | None = None
    broker_url: str | None = None


class Stack:
    """Everything that runs, part by part; entering starts it, leaving ends it, however the block is left.

    Each part (`postgres`, `redis`, `api`, `worker`) has `pid`, `start`, `stop`, `kill` and `restart`.
    """

    def __init__(
        self,
        data: Path,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        servers: Servers | None = None,
        secrets: Secrets | None = None,
        durable: bool = True,
        environment: dict[str, str] | None = None,
    ) -> None:
        """Name the data folder, the port (a free one when 0), and what API and worker find in their environment too."""
        self.data = data.resolve()
        self.logs = self.data / "logs"
        self.host = host
        self.port = port or free_port()
        self.api_key: str | None = None
        self.new_key = False
        self._servers = servers or Servers()
        self._secrets = secrets
        self._environment = {**os.environ, **(environment or {})}
        self._held = ExitStack()
        self._parts: dict[str, Part] = {}
        if self._servers.database_url is None:
            log = self.logs / "postgresql.log"
            self._parts["postgres"] = PostgresServer(self.data / "postgres", log=log, durable=durable)
        if self._servers.broker_url is None:
            self._parts["redis"] = RedisServer(self.data / "redis", log=self.logs / "redis.log")

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Address of the API."""
        return f"http://{self._near_host}:{self.port}"

    @property
    def api_key_file(self) -> Path:
        """Where the key of the organisation `demo` is kept."""
        return self.data / "demo-api-key"

    @property
    def parts(self) -> tuple[Part, ...]:
        """What was made so far, in the order of starting."""
        return tuple(self._parts.values())

    @property
    def postgres(self) -> PostgresServer:
        """The embedded PostgreSQL."""
        return self._part("postgres", PostgresServer)

    @property
    def redis(self) -> RedisServer:
        """The embedded Redis."""
        return self._part("redis", RedisServer)

    @property
    def api(self) -> Service:
        """The API process."""
        return self._part("api", Service)

    @property
    def worker(self) -> Service:
        """The worker process."""
        return self._part("worker", Service)

    @property
    def database_url(self) -> str:
        """Address with the service's login, whom row-level security binds."""
        return self._servers.database_url or self.postgres.url(DATABASE, PostgresServer.SERVICE)

    @property
    def owner_url(self) -> str:
        """Address with the login that owns the tables."""
        if self._servers.database_url is not None:
            return self._servers.migration_database_url or self._servers.database_url
        return self.postgres.url(DATABASE)

    @property
    def broker_url(self) -> str:
        """Address of the broker."""
        return self._servers.broker_url or self.redis.url()

    @property
    def service_environment(self) -> dict[str, str]:
        """What the API and the worker read, and any other process of this project on the same data."""
        secrets = self._secrets or secrets_in(self.data / "secret-keys")
        addresses = {"DATABASE_URL": self.database_url, "BROKER_URL": self.broker_url}
        return {**self._environment, **secrets.environment(), **addresses, "HOST": self.host, "PORT": str(self.port)}

    def start(self, progress: Callable[[str], None] = lambda _: None) -> None:
        """Start everything and return when the API is ready; `progress` is told each step.

        Raises:
            PortTaken: somebody listens on the port.
            StartFailed: a part did not start.
            CannotRun: the data is in use, or what was given does not fit.
        """
        self._held.enter_context(only_user_of(self.data))
        check_free(self.port, self.host)
        for part in self.parts:
            progress(f"Starting {part.name}")
            part.start()
        progress("Migrating the database")
        self.migrate()
        progress("Starting API and worker")
        self._start_services()
        if not self.api_key_file.exists():
            self._make_organisation()  # while the API starts
        self.wait_ready()
        if self.api_key is None:
            self._find_key()

    def stop(self, *, patience: float = 18.0) -> None:
        """End everything in order: the API finishes open requests, then the worker, then the servers."""
        stopping = [part for name in ("api", "worker", "redis", "postgres") if (part := self._parts.get(name))]
        with self._held, ExitStack() as each:
            for part in reversed(stopping):
                each.callback(part.stop, patience=patience)

    def hurry(self) -> None:
        """End API and worker at once, which is safe: what is durable is in the database. For signal handlers too."""
        for part in self.parts:
            if isinstance(part, Service):
                part.strike()

    def migrate(self) -> None:
        """Bring the database to the newest migration, and let the service's login in.

        Raises:
            StartFailed: a migration failed.
            CannotRun: the server given cannot be used.
        """
        if self._servers.database_url is None:
            if not self.postgres.database_exists(DATABASE):
                self.postgres.create_database(DATABASE)
        else:
            from feedback_dev import logins  # loads SQLAlchemy, which embedded servers do without

            for url in (self.owner_url, self.database_url):
                logins.check(url)
        environment = {**self._environment, "MIGRATION_DATABASE_URL": self.owner_url}
        self._command("alembic", "-c", str(ROOT / "migrations" / "alembic.ini"), "upgrade", "head", env=environment)
        if self._servers.database_url is None:
            self.postgres.create_service_login()
        else:
            logins.admit(self.database_url, by=self.owner_url)

    def wait_ready(self, seconds: float = _READY_SECONDS) -> None:
        """Return when the API says that it can serve.

        Raises:
            StartFailed: it ended, or was not ready in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.api.exit_code is not None:
                raise StartFailed("API", self.api.last_words(), self.api.log)
            with contextlib.suppress(OSError, HTTPException):
                if self._status("/readyz") == HTTPStatus.OK:
                    return
            time.sleep(0.03)
        raise StartFailed("API", f"not ready within {seconds:.0f} s", self.api.log)

    @property
    def _near_host(self) -> str:
        return LOOPBACK if self.host in _EVERY_ADDRESS else self.host

    def _part(self, name: str, kind: type[AnyPart]) -> AnyPart:
        part = self._parts.get(name)
        if not isinstance(part, kind):
            raise CannotRun(f"This stack runs no {name} of its own, or was not started yet.")
        return part

    def _start_services(self) -> None:
        environment = self.service_environment
        self._parts["api"] = Service(
            "API", ["feedback_api", "serve"], environment=environment, log=self.logs / "api.log"
        )
        self._parts["worker"] = Service(
            "worker", ["feedback_worker", "run"], environment=environment, log=self.logs / "worker.log"
        )
        self.api.start()
        self.worker.start()

    def _find_key(self) -> None:
        """Take the key that is kept, unless this database does not know it: then make the organisation here too."""
        kept = self.api_key_file.read_text().strip() if self.api_key_file.exists() else ""
        if kept and self._admits(kept):
            self.api_key = kept
        elif kept:
            self._make_organisation()

    def _make_organisation(self) -> None:
        """Make the organisation `demo` with a key, and keep the key; do nothing if it is there, its key unknown."""
        done = self._command(
            "feedback_api",
            *("create-organisation", "--key", "demo", "--name", "Demo", "--time-zone", "Europe/London"),
            env=self.service_environment,
            fine=(0, _ORGANISATION_EXISTS),
        )
        if done.returncode == 0:
            self.api_key, self.new_key = done.stdout.strip(), True
            write_secret(self.api_key_file, self.api_key + "\n")

    def _admits(self, key: str) -> bool:
        return self._status("/v1/organisation", Authorization=f"Bearer {key}") != HTTPStatus.UNAUTHORIZED

    def _status(self, path: str, **headers: str) -> int:
        with contextlib.closing(HTTPConnection(self._near_host, self.port, timeout=10)) as connection:
            connection.request("GET", path, headers=headers)
            return connection.getresponse().status

    def _command(
        self, *module: str, env: dict[str, str], fine: tuple[int, ...] = (0,)
    ) -> subprocess.CompletedProcess[str]:
        """Run one of the project's commands to its end, its complaints kept in the logs."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{module[0]}.log"
        with log.open("a") as complaints:
            done = subprocess.run(
                [sys.executable, "-m", *module],
                stdout=subprocess.PIPE,
                stderr=complaints,
                env=env,
                text=True,
                check=False,
                timeout=_COMMAND_SECONDS,
                start_new_session=True,
            )
        if done.returncode not in fine:
            lines = log.read_text(errors="replace").split("\n")
            reason = next((line for line in reversed(lines) if line.strip()), "it said nothing")
            raise StartFailed(module[0], reason, log)
        return done
