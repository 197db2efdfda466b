"""The worker as a process: told to stop, killed, and with broker and database going away under it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from feedback_core.db.session import Database
from feedback_core.jobs.types import Job, JobPayload, JobStatus
from feedback_core.jobs.use_cases import get_job, request_job
from feedback_core.kit.ids import new_id
from feedback_dev.embedded import RedisServer, embedded_redis
from feedback_dev.ports import free_port
from tests.support.jobs import Mark, marks_of
from tests.support.worker_with_test_jobs import DeadlyMark, SlowMark

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.xdist_group("worker")


class Worker:
    """A worker process over a Redis of its own."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.metrics_port = environment["WORKER_METRICS_PORT"]
        self._environment = environment
        self._log = log
        self.begun_at = datetime.now(UTC)
        self.process = self._begin()

    def _begin(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.support.worker_with_test_jobs", "run"],
                env=self._environment,
                stdout=output,
                stderr=output,
                cwd=ROOT,
                start_new_session=True,
            )

    def restart(self) -> None:
        """Begin anew after its end."""
        self.process.wait(20)
        self.process = self._begin()

    def stop(self) -> int:
        """Tell it to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def kill(self) -> None:
        """End it at once, if it runs."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis that may be killed."""
    folder = tmp_path_factory.mktemp("redis")
    with embedded_redis(folder / "data", log=folder / "redis.log") as redis:
        yield redis


@pytest.fixture(scope="module")
def worker(database_url: str, own_redis: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """A running worker with short times; a test that ends it starts it again."""
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "BROKER_URL": own_redis.url(0),
        "WORKER_THREADS": "2",
        "WORKER_LEASE_SECONDS": "2",
        "WORKER_RING_AGAIN_AFTER_SECONDS": "1",
        "WORKER_RELAY_INTERVAL_SECONDS": "0.05",
        "WORKER_TICK_SECONDS": "0.2",
        "WORKER_METRICS_PORT": str(free_port()),
    }
    worker = Worker(environment, log)
    yield worker
    worker.kill()
    if os.environ.get("SHOW_WORKER_LOG"):
        sys.stderr.write(log.read_text())


class Customer:
    """An organisation that requests jobs and waits for them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.organisation_id = new_id()

    async def request(self, payload: JobPayload) -> UUID:
        """Request a job."""
        async with self._database.tenant(self.organisation_id) as session:
            return await request_job(session, self.organisation_id, payload, now=datetime.now(UTC))

    async def until(self, job_id: UUID, status: JobStatus, *, seconds: float = 40) -> Job:
        """Wait until the job stands so."""
        deadline = time.monotonic() + seconds
        while True:
            async with self._database.tenant(self.organisation_id) as session:
                job = await get_job(session, self.organisation_id, job_id)
            if job.status is status:
                return job
            assert time.monotonic() < deadline, job
            await asyncio.sleep(0.05)

    async def marks(self) -> list[str]:
        """The effects of its jobs."""
        return await marks_of(self._database, self.organisation_id)


@pytest.fixture
def customer(database: Database) -> Customer:
    """A new organisation."""
    return Customer(database)


async def test_a_requested_job_is_done(worker: Worker, customer: Customer) -> None:
    job_id = await customer.request(Mark())

    job = await customer.until(job_id, JobStatus.SUCCEEDED)

    assert (job.attempts, await customer.marks()) == (1, ["mark"])


async def test_a_stopping_worker_gives_its_job_to_another_and_leaves_nothing(
    worker: Worker, customer: Customer
) -> None:
    job_id = await customer.request(SlowMark(seconds=3))
    await customer.until(job_id, JobStatus.RUNNING)

    begun = time.monotonic()
    code = worker.stop()
    took = time.monotonic() - begun
    with pytest.raises(ProcessLookupError):
        os.killpg(worker.process.pid, 0)
    given_back = await customer.until(job_id, JobStatus.QUEUED, seconds=0)
    worker.restart()
    job = await customer.until(job_id, JobStatus.SUCCEEDED)

    assert code == 0
    assert took < 5
    assert (given_back.attempts, job.attempts, await customer.marks()) == (0, 1, ["slow"])


async def test_a_job_whose_worker_is_killed_is_done_once(worker: Worker, customer: Customer) -> None:
    job_id = await customer.request(DeadlyMark())

    worker.restart()  # it waits for the end that the job brings about
    job = await customer.until(job_id, JobStatus.SUCCEEDED)

    assert (job.attempts, await customer.marks()) == (2, ["deadly"])


async def test_a_broker_that_forgets_everything_loses_no_job(
    worker: Worker, customer: Customer, own_redis: RedisServer
) -> None:
    slow = [await customer.request(SlowMark(seconds=1)) for _ in range(4)]
    await customer.until(slow[0], JobStatus.RUNNING)

    own_redis.kill()
    own_redis.wipe()
    late = await customer.request(Mark())
    await asyncio.sleep(1)
    own_redis.start()
    for job_id in (*slow, late):
        await customer.until(job_id, JobStatus.SUCCEEDED)

    assert sorted(await customer.marks()) == ["mark", *["slow"] * 4]


async def test_a_database_that_ends_every_connection_loses_no_job(
    worker: Worker, customer: Customer, database: Database, owner_url: str
) -> None:
    job_id = await customer.request(SlowMark(seconds=1))
    await customer.until(job_id, JobStatus.RUNNING)

    # Connections that other tests keep are older than the worker, and stay.
    await database.dispose()
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_start >= %s",
            [worker.begun_at],
        )
    await customer.until(job_id, JobStatus.SUCCEEDED)

    assert await customer.marks() == ["slow"]


async def test_the_worker_tells_what_it_did(worker: Worker, customer: Customer) -> None:
    await customer.until(await customer.request(Mark()), JobStatus.SUCCEEDED)

    def read() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{worker.metrics_port}/metrics") as answer:
            text: str = answer.read().decode()
            return text

    metrics = await asyncio.to_thread(read)

    assert 'feedback_job_attempts_total{kind="tests.mark",outcome="succeeded"}' in metrics
    assert "feedback_oldest_due_job_age_seconds " in metrics


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"BROKER_URL": "kafka://somewhere"}, "BROKER_URL begins with kafka: use redis:// or amqp://."),
        ({"BROKER_URL": "redis://somewhere", "WORKER_THREADS": "0"}, "threads"),
    ],
)
def test_wrong_settings_are_told_in_one_line(changed: dict[str, str], said: str) -> None:
    environment = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", **changed}

    ended = subprocess.run(
        [sys.executable, "-m", "feedback_worker", "run"], env=environment, capture_output=True, text=True, check=False
    )

    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert said in ended.stderr
