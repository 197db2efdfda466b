"""Claims and leases: of all workers that believe they have a job, one leaves a trace."""

import asyncio
import threading
import time
from datetime import timedelta
from uuid import UUID

import pytest

from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobCancelled, JobProgress, JobStatus, LeaseLost, Outcome
from tests.support.jobs import NOW, JobBench, Mark, leave_mark, make_mark, never_end

SHORT = timedelta(seconds=0.3)


async def test_many_workers_run_a_job_once(bench: JobBench) -> None:
    job_id = await bench.rung()

    outcomes = await asyncio.gather(*(bench.run(job_id, leave_mark) for _ in range(8)))

    assert sorted(outcomes) == [Outcome.NOT_CLAIMED] * 7 + [Outcome.SUCCEEDED]
    assert await bench.marks() == ["mark"]


async def test_a_job_ends_when_its_function_returns(bench: JobBench) -> None:
    job_id = await bench.rung()

    async def work(run: JobRun[Mark]) -> None:
        async with run.transaction() as session:
            await make_mark(session, run.organisation_id, "step")

    assert await bench.run(job_id, work) is Outcome.SUCCEEDED
    job = await bench.job(job_id)
    assert (job.status, job.attempts, job.started_at, job.finished_at) == (JobStatus.SUCCEEDED, 1, NOW, NOW)


async def test_a_job_that_was_not_rung_is_not_begun(bench: JobBench) -> None:
    job_id = await bench.request()

    assert await bench.run(job_id, leave_mark) is Outcome.NOT_CLAIMED


async def test_a_job_is_taken_over_when_its_lease_has_run_out(bench: JobBench) -> None:
    job_id = await bench.rung()
    silent = asyncio.create_task(bench.run(job_id, never_end))
    await _running(bench, job_id)

    bench.wait(seconds=29)
    still_held = await bench.due()
    bench.wait(seconds=2)
    taken = await bench.due()
    outcome = await bench.run(job_id, leave_mark)
    silent.cancel()
    await asyncio.gather(silent, return_exceptions=True)

    assert (still_held, taken, outcome) == ([], [job_id], Outcome.SUCCEEDED)
    assert (await bench.job(job_id)).attempts == 2


async def test_who_lost_the_lease_leaves_no_trace(bench: JobBench) -> None:
    job_id = await bench.rung()
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slow(run: JobRun[Mark]) -> None:
        async with run.completion() as session:
            await make_mark(session, run.organisation_id, "of the loser")
            reached.set()
            await go_on.wait()

    loser = asyncio.create_task(bench.run(job_id, slow))
    await reached.wait()
    bench.wait(minutes=1)
    await bench.due()
    winner = await bench.run(job_id, leave_mark)
    go_on.set()

    assert (await loser, winner) == (Outcome.LOST, Outcome.SUCCEEDED)
    assert await bench.marks() == ["mark"]


async def test_a_transaction_of_a_lost_lease_is_rolled_back(bench: JobBench) -> None:
    job_id = await bench.rung()
    seen: list[type[Exception]] = []

    async def slow(run: JobRun[Mark]) -> None:
        bench.wait(minutes=1)
        await bench.due()
        try:
            async with run.transaction() as session:
                await make_mark(session, run.organisation_id, "of the loser")
        except LeaseLost as error:
            seen.append(type(error))
            raise

    assert await bench.run(job_id, slow) is Outcome.LOST
    assert (seen, await bench.marks()) == ([LeaseLost], [])


async def test_a_failed_completion_leaves_neither_effect_nor_success(bench: JobBench) -> None:
    job_id = await bench.rung()

    async def work(run: JobRun[Mark]) -> None:
        async with run.completion() as session:
            await make_mark(session, run.organisation_id, "half")
            raise ZeroDivisionError

    assert await bench.run(job_id, work) is Outcome.WILL_RETRY
    assert await bench.marks() == []


async def test_what_fails_after_completion_is_not_done_again(bench: JobBench) -> None:
    job_id = await bench.rung()

    async def work(run: JobRun[Mark]) -> None:
        await leave_mark(run)
        raise ZeroDivisionError

    assert await bench.run(job_id, work) is Outcome.SUCCEEDED
    assert ((await bench.job(job_id)).error, await bench.marks()) == (None, ["mark"])


async def test_a_calculation_does_not_keep_the_lease_from_being_renewed(bench: JobBench) -> None:
    job_id = await bench.rung()
    executor = bench.executor(lease=SHORT)

    def calculate(seconds: float) -> str:
        for _ in range(5):
            time.sleep(seconds / 5)
            bench.wait(seconds=seconds / 5)
        return threading.current_thread().name

    async def work(run: JobRun[Mark]) -> None:
        assert await run.calculate(calculate, 3 * SHORT.total_seconds()) == "calculate"
        assert await bench.due() == []

    assert await bench.run(job_id, work, executor=executor) is Outcome.SUCCEEDED


async def test_a_failing_calculation_fails_where_it_is_awaited(bench: JobBench) -> None:
    job_id = await bench.rung()

    async def work(run: JobRun[Mark]) -> None:
        with pytest.raises(ZeroDivisionError):
            await run.calculate(divmod, 1, 0)

    assert await bench.run(job_id, work) is Outcome.SUCCEEDED


async def test_progress_is_seen_while_the_job_runs(bench: JobBench) -> None:
    job_id = await bench.rung()
    seen: list[JobProgress] = []

    async def work(run: JobRun[Mark]) -> None:
        await run.progress(3, 10, "rows")
        seen.append((await bench.job(job_id)).progress)

    await bench.run(job_id, work)

    assert seen == [JobProgress(3, 10, "rows")]


async def test_a_running_job_is_cancelled_at_its_next_step(bench: JobBench) -> None:
    job_id = await bench.rung()

    async def work(run: JobRun[Mark]) -> None:
        asked = await bench.cancel(job_id)
        assert (asked.status, asked.cancel_requested_at) == (JobStatus.RUNNING, NOW)
        with pytest.raises(JobCancelled):
            await run.progress(1, 2)
        await run.progress(2, 2)

    assert await bench.run(job_id, work) is Outcome.CANCELLED
    assert (await bench.job(job_id)).status is JobStatus.CANCELLED


async def test_a_job_without_steps_is_cancelled_when_its_lease_is_renewed(bench: JobBench) -> None:
    job_id = await bench.rung()
    running = asyncio.create_task(bench.run(job_id, never_end, executor=bench.executor(lease=SHORT)))
    await _running(bench, job_id)

    await bench.cancel(job_id)

    assert await asyncio.wait_for(running, 5) is Outcome.CANCELLED


async def test_a_job_to_be_cancelled_is_not_tried_again(bench: JobBench) -> None:
    job_id = await bench.rung()

    async def work(run: JobRun[Mark]) -> None:
        await bench.cancel(job_id)
        raise ZeroDivisionError

    assert await bench.run(job_id, work) is Outcome.CANCELLED


async def test_a_job_to_be_cancelled_whose_worker_is_gone_is_cancelled(bench: JobBench) -> None:
    job_id = await bench.rung()
    gone = asyncio.create_task(bench.run(job_id, never_end))
    await _running(bench, job_id)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)

    await bench.cancel(job_id)
    bench.wait(minutes=1)

    assert await bench.due() == []
    assert (await bench.job(job_id)).status is JobStatus.CANCELLED


async def test_a_stopping_worker_gives_the_job_back_as_if_never_begun(bench: JobBench) -> None:
    job_id = await bench.rung()
    executor = bench.executor()
    running = asyncio.create_task(bench.run(job_id, never_end, executor=executor))
    await _running(bench, job_id)

    executor.stopping.set()
    outcome = await running
    job = await bench.job(job_id)

    assert (outcome, job.status, job.attempts) == (Outcome.GIVEN_BACK, JobStatus.QUEUED, 0)
    assert await bench.due() == [job_id]


async def test_a_job_that_ends_its_workers_is_given_up(bench: JobBench) -> None:
    job_id = await bench.rung()
    for _ in range(3):
        gone = asyncio.create_task(bench.run(job_id, never_end))
        await _running(bench, job_id)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        bench.wait(minutes=1)
        await bench.due(max_retries=2)

    job = await bench.job(job_id)

    assert job.error is not None
    assert (job.status, job.attempts, job.error.code) == (JobStatus.FAILED, 3, "worker_lost")


async def _running(bench: JobBench, job_id: UUID) -> None:
    async with asyncio.timeout(5):
        while (await bench.job(job_id)).status is not JobStatus.RUNNING:  # noqa: ASYNC110 -- it is a row in a table
            await asyncio.sleep(0.01)
