"""Request a job, look at it, cancel it."""

from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs import queries
from feedback_core.jobs.types import Job, JobFinished, JobPayload, JobStatus
from feedback_core.kit.errors import NotFound
from feedback_core.kit.ids import new_id


async def request_job(
    session: Session,
    organisation_id: UUID,
    payload: JobPayload,
    *,
    now: datetime,
    dedupe_key: str | None = None,
    run_at: datetime | None = None,
) -> UUID:
    """Write down work to be done once the caller's transaction is committed, and return the job's id.

    With a ``dedupe_key``, an open job (queued or running) of the same kind and key is returned instead of a second one.
    """
    job_id = new_id()
    while not await queries.add_job(
        session, organisation_id, job_id, payload, now=now, dedupe_key=dedupe_key, run_at=run_at or now
    ):
        assert dedupe_key is not None
        # The open job may end between the two statements; then there is room for a new one.
        open_job = await queries.open_job_id(session, organisation_id, payload.kind, dedupe_key)
        if open_job is not None:
            return open_job
    return job_id


async def get_job(session: Session, organisation_id: UUID, job_id: UUID) -> Job:
    """The job as it stands.

    Raises:
        NotFound: the organisation has no such job.
    """
    job = await queries.job_by_id(session, organisation_id, job_id)
    if job is None:
        raise NotFound("job", job_id)
    return job


async def request_cancel(session: Session, organisation_id: UUID, job_id: UUID, *, now: datetime) -> Job:
    """Cancel a waiting job at once; ask a running one to stop at its next step.

    Raises:
        NotFound: the organisation has no such job.
        JobFinished: it has ended already.
    """
    job = await queries.cancel_job(session, organisation_id, job_id, now=now)
    if job is not None:
        return job
    ended = await get_job(session, organisation_id, job_id)
    raise JobFinished(f"This job has already {_ENDED[ended.status]}.")


_ENDED = {
    JobStatus.SUCCEEDED: "succeeded",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "been cancelled",
}
