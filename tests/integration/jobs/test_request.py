"""Requesting a job: a row in the caller's transaction, and at most one open per key."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from feedback_core.db.session import Database
from feedback_core.jobs.types import JobFinished, JobStatus, Outcome
from feedback_core.jobs.use_cases import get_job, request_job
from feedback_core.kit.errors import NotFound
from feedback_core.kit.ids import new_id
from tests.support.jobs import NOW, JobBench, Mark, leave_mark


async def test_a_job_is_due_once_its_transaction_is_committed(bench: JobBench) -> None:
    job_id = await bench.request()

    assert await bench.due() == [job_id]


async def test_a_job_of_a_failed_transaction_never_was(bench: JobBench, database: Database) -> None:
    async def caller() -> None:
        async with database.tenant(bench.organisation_id) as session:
            ids.append(await request_job(session, bench.organisation_id, Mark(), now=NOW))
            raise ZeroDivisionError

    ids: list[UUID] = []
    with pytest.raises(ZeroDivisionError):
        await caller()

    assert await bench.due() == []
    with pytest.raises(NotFound):
        await bench.job(ids[0])


async def test_a_job_waits_for_its_time(bench: JobBench) -> None:
    job_id = await bench.request(run_at=NOW + timedelta(minutes=1))

    early = await bench.due()
    bench.wait(minutes=1)

    assert (early, await bench.due()) == ([], [job_id])


async def test_an_open_job_of_the_same_key_is_returned(bench: JobBench) -> None:
    first = await bench.request(dedupe_key="fold")

    assert await bench.request(dedupe_key="fold") == first
    assert await bench.request(dedupe_key="other") != first


async def test_the_same_key_requested_at_the_same_time_gives_one_job(bench: JobBench) -> None:
    ids = await asyncio.gather(*(bench.request(dedupe_key="fold") for _ in range(8)))

    assert len(set(ids)) == 1


async def test_a_key_is_free_again_when_its_job_has_ended(bench: JobBench) -> None:
    first = await bench.rung(dedupe_key="fold")
    await bench.run(first, leave_mark)

    assert await bench.request(dedupe_key="fold") != first


async def test_the_schedule_may_request_for_any_organisation(bench: JobBench, database: Database) -> None:
    async with database.system() as session:
        job_id = await request_job(session, bench.organisation_id, Mark(), now=NOW, dedupe_key="tick")
        again = await request_job(session, bench.organisation_id, Mark(), now=NOW, dedupe_key="tick")

    assert job_id == again == (await bench.job(job_id)).id


async def test_another_organisation_has_no_such_job(bench: JobBench, database: Database) -> None:
    job_id = await bench.request()
    other = new_id()

    async with database.tenant(other) as session:
        with pytest.raises(NotFound):
            await get_job(session, bench.organisation_id, job_id)
        with pytest.raises(NotFound):
            await get_job(session, other, job_id)


async def test_a_waiting_job_is_cancelled_at_once(bench: JobBench) -> None:
    job_id = await bench.rung()

    cancelled = await bench.cancel(job_id)

    assert (cancelled.status, cancelled.finished_at) == (JobStatus.CANCELLED, NOW)
    assert await bench.run(job_id, leave_mark) is Outcome.NOT_CLAIMED
    assert await bench.marks() == []


async def test_what_has_ended_cannot_be_cancelled(bench: JobBench) -> None:
    job_id = await bench.rung()
    await bench.run(job_id, leave_mark)

    with pytest.raises(JobFinished) as refused:
        await bench.cancel(job_id)

    assert (refused.value.code, (await bench.job(job_id)).status) == ("job_finished", JobStatus.SUCCEEDED)


async def test_a_job_that_is_not_there_cannot_be_cancelled(bench: JobBench) -> None:
    with pytest.raises(NotFound):
        await bench.cancel(new_id())
