"""What becomes of a job whose function fails."""

import asyncio
from datetime import timedelta

import pytest

from feedback_core.jobs.calc import LONGEST_DELAY, retry_delay
from feedback_core.jobs.runs import JobRun
from feedback_core.jobs.types import JobError, JobStatus, Outcome
from feedback_core.kit.errors import Conflict, DomainError, Forbidden, Invalid, NotEstimable, NotFound
from feedback_core.kit.ids import new_id
from tests.support.jobs import NOW, JobBench, Mark, Work, leave_mark, never_end


def failing(error: BaseException) -> Work:
    async def work(run: JobRun[Mark]) -> None:
        raise error

    return work


async def test_a_failed_job_is_tried_again_after_a_pause(bench: JobBench) -> None:
    job_id = await bench.rung()

    outcome = await bench.run(job_id, failing(KeyError("name of a customer")))
    job = await bench.job(job_id)
    at_once = await bench.due()
    bench.clock.instant = job.run_at

    assert (outcome, job.status, at_once) == (Outcome.WILL_RETRY, JobStatus.QUEUED, [])
    assert job.run_at - NOW == retry_delay(job_id, 1)
    assert await bench.due() == [job_id]
    assert await bench.run(job_id, leave_mark) is Outcome.SUCCEEDED


async def test_an_unexpected_error_tells_its_class_and_nothing_more(bench: JobBench) -> None:
    job_id = await bench.rung()

    await bench.run(job_id, failing(KeyError("name of a customer")))

    assert (await bench.job(job_id)).error == JobError("internal_error", "KeyError")


async def test_a_job_that_succeeded_at_last_keeps_no_error(bench: JobBench) -> None:
    job_id = await bench.rung()
    await bench.run(job_id, failing(KeyError()))
    bench.wait(minutes=1)
    await bench.due()

    await bench.run(job_id, leave_mark)

    assert (await bench.job(job_id)).error is None


async def test_a_job_fails_when_its_retries_are_used_up(bench: JobBench) -> None:
    job_id = await bench.rung()

    outcomes = []
    for _ in range(3):
        outcomes.append(await bench.run(job_id, failing(OSError()), max_retries=2))
        bench.wait(minutes=1)
        await bench.due()

    job = await bench.job(job_id)
    assert outcomes == [Outcome.WILL_RETRY, Outcome.WILL_RETRY, Outcome.FAILED]
    assert (job.status, job.attempts) == (JobStatus.FAILED, 3)


@pytest.mark.parametrize(
    "error", [NotEstimable("Too few."), Invalid([]), NotFound("survey", "x"), Conflict("Closed.")], ids=str
)
async def test_what_another_attempt_cannot_mend_fails_at_once(bench: JobBench, error: DomainError) -> None:
    job_id = await bench.rung()

    assert await bench.run(job_id, failing(error)) is Outcome.FAILED
    assert (await bench.job(job_id)).error == JobError(error.code, error.detail)


async def test_another_error_of_the_domain_is_tried_again(bench: JobBench) -> None:
    job_id = await bench.rung()

    assert await bench.run(job_id, failing(Forbidden("Not now."))) is Outcome.WILL_RETRY
    assert (await bench.job(job_id)).error == JobError("forbidden", "Not now.")


async def test_a_job_that_takes_too_long_is_ended(bench: JobBench) -> None:
    job_id = await bench.rung()

    outcome = await bench.run(job_id, never_end, time_limit=timedelta(seconds=0.1))
    error = (await bench.job(job_id)).error

    assert error is not None
    assert (outcome, error.code) == (Outcome.WILL_RETRY, "time_limit_exceeded")


async def test_a_function_that_cancels_itself_has_failed(bench: JobBench) -> None:
    job_id = await bench.rung()

    assert await bench.run(job_id, failing(asyncio.CancelledError())) is Outcome.WILL_RETRY


def test_pauses_double_up_to_five_minutes_and_are_spread() -> None:
    job_id = new_id()

    pauses = [retry_delay(job_id, attempt) for attempt in range(1, 30)]
    spread = {retry_delay(new_id(), 1) for _ in range(50)}

    assert pauses == [retry_delay(job_id, attempt) for attempt in range(1, 30)]
    assert max(pauses) <= LONGEST_DELAY * 1.25
    assert pauses[20] >= LONGEST_DELAY * 0.75
    assert all(2 * 2**k * 0.75 <= pauses[k].total_seconds() <= 2 * 2**k * 1.25 for k in range(7))
    assert len(spread) == 50
