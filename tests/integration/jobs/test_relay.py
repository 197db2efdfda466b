"""The relay and the schedule: every due job is rung for, and no message has to arrive."""

import asyncio
import itertools
from datetime import timedelta
from uuid import UUID

from prometheus_client import CollectorRegistry

from feedback_core.db.session import Database, Session
from feedback_core.jobs.lease_queries import claim_job
from feedback_core.jobs.relay import due_jobs, oldest_due_age
from feedback_core.jobs.types import DueJob
from feedback_core.jobs.use_cases import request_job
from feedback_worker.metrics import Metrics
from feedback_worker.relay import Relay
from feedback_worker.schedule import Schedule, Tick
from feedback_worker.settings import WorkerSettings
from tests.support.jobs import NOW, RING_AGAIN, JobBench, Mark, leave_mark


async def test_a_job_is_not_rung_again_too_soon(bench: JobBench) -> None:
    await bench.rung()

    bench.wait(seconds=14)

    assert await bench.due() == []


async def test_a_job_that_nobody_began_is_rung_again(bench: JobBench) -> None:
    job_id = await bench.rung()

    bench.wait(seconds=15)

    assert await bench.due() == [job_id]


async def test_a_job_that_waits_long_is_rung_ever_more_rarely_but_for_ever(bench: JobBench) -> None:
    await bench.request()
    rings = []
    for second in range(3600):
        if await bench.due():
            rings.append(second)
        bench.wait(seconds=1)
        if len(rings) > 6:
            break

    pauses = [later - earlier for earlier, later in itertools.pairwise(rings)]
    assert pauses == [15, 15, 30, 60, 120, 120]


async def test_relays_at_the_same_time_share_the_jobs(bench: JobBench) -> None:
    ids = {await bench.request() for _ in range(20)}

    taken = await asyncio.gather(*(bench.due() for _ in range(4)))

    assert sorted(job_id for part in taken for job_id in part) == sorted(ids)


async def test_the_oldest_jobs_are_taken_first(bench: JobBench, database: Database) -> None:
    bench.clock.instant -= timedelta(days=365)  # before any other test's jobs
    oldest = await bench.request()
    bench.wait(seconds=1)
    await bench.request()

    async with database.system() as session:
        taken = await due_jobs(
            session, now=bench.clock.now(), ring_again_after=RING_AGAIN, limit=1, max_retries={Mark.kind: 0}
        )

    assert [job.id for job in taken] == [oldest]


async def test_a_kind_that_the_worker_does_not_know_waits(bench: JobBench, database: Database) -> None:
    job_id = await bench.request()

    async with database.system() as session:
        taken = await due_jobs(
            session, now=NOW, ring_again_after=RING_AGAIN, limit=10_000, max_retries={"tests.unheard": 0}
        )

    assert taken == []
    assert await bench.due() == [job_id]


async def test_the_age_of_the_oldest_due_job_counts_what_a_dead_worker_left(
    bench: JobBench, database: Database
) -> None:
    bench.clock.instant -= timedelta(days=365 * 20)  # older than any other test's jobs
    job_id = await bench.rung()
    bench.wait(seconds=40)
    async with database.system() as session:
        waiting = await oldest_due_age(session, now=bench.clock.now())

    async with database.tenant(bench.organisation_id) as session:
        until = bench.clock.now() + timedelta(seconds=30)
        await claim_job(
            session, bench.organisation_id, job_id, Mark.kind, lease_token=job_id, now=NOW, lease_until=until
        )
    async with database.system() as session:
        held = await oldest_due_age(session, now=bench.clock.now())
        orphaned = await oldest_due_age(session, now=until + timedelta(seconds=5))

    assert (waiting, held, orphaned) == (timedelta(seconds=40), timedelta(), timedelta(seconds=5))
    bench.clock.instant = until + timedelta(minutes=1)
    assert await bench.due() == [job_id]
    await bench.run(job_id, leave_mark)


async def test_a_relay_keeps_what_it_could_not_send(bench: JobBench, database: Database) -> None:
    job_id = await bench.request()
    stopping = asyncio.Event()
    sent: list[UUID] = []
    refusals = 2

    def ring(job: DueJob) -> None:
        nonlocal refusals
        if job.organisation_id != bench.organisation_id:
            return
        if refusals:
            refusals -= 1
            raise ConnectionError
        sent.append(job.id)
        stopping.set()

    relay = Relay(database, ring, {Mark.kind: 2}, bench.clock, WorkerSettings())
    async with asyncio.timeout(10):
        await relay.run(stopping)

    assert (sent, refusals) == ([job_id], 0)


async def test_a_failing_tick_does_not_keep_the_others_waiting(bench: JobBench, database: Database) -> None:
    stopping = asyncio.Event()
    looks: list[str] = []

    async def broken(session: Session, /, *, now: object) -> int:
        looks.append("broken")
        raise ZeroDivisionError

    async def request(session: Session, /, *, now: object) -> int:
        looks.append("request")
        await request_job(session, bench.organisation_id, Mark(), now=NOW, dedupe_key="tick")
        if looks.count("request") == 2:
            stopping.set()
        return 1

    async def rare(session: Session, /, *, now: object) -> int:
        looks.append("rare")
        return 0

    ticks = (Tick("broken", broken), Tick("rare", rare, every=timedelta(hours=1)), Tick("request", request))
    metrics = Metrics(CollectorRegistry())
    schedule = Schedule(database, ticks, bench.clock, metrics, timedelta(seconds=0.01))
    async with asyncio.timeout(10):
        await schedule.run(stopping)

    assert looks == ["broken", "rare", "request", "broken", "request"]
    assert len(await bench.due()) == 1
    assert metrics.registry.get_sample_value("feedback_jobs_requested_total", {"tick": "request"}) == 2
