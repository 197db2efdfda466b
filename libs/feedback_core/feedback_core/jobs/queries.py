"""SQL of jobs, as their organisation sees them; that of claiming and leases is in ``lease_queries``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, case, select, text, update
from sqlalchemy.dialects.postgresql import insert

from feedback_core.db.session import Session
from feedback_core.jobs.tables import job
from feedback_core.jobs.types import Job, JobError, JobPayload, JobProgress, JobStatus

_VISIBLE = (
    job.c.organisation_id,
    job.c.id,
    job.c.kind,
    job.c.status,
    job.c.attempts,
    job.c.progress_done,
    job.c.progress_total,
    job.c.progress_unit,
    job.c.error,
    job.c.run_at,
    job.c.created_at,
    job.c.started_at,
    job.c.finished_at,
    job.c.cancel_requested_at,
)
# Literal, not bound: only so can the planner match the partial indexes.
_OPEN = text("status IN ('queued', 'running')")
_OPEN_WITH_KEY = text("dedupe_key IS NOT NULL AND status IN ('queued', 'running')")


async def add_job(
    session: Session,
    organisation_id: UUID,
    job_id: UUID,
    payload: JobPayload,
    *,
    now: datetime,
    dedupe_key: str | None,
    run_at: datetime,
) -> bool:
    """Write a queued job; false if an open job of its kind has the same ``dedupe_key``."""
    row = {
        "organisation_id": organisation_id,
        "id": job_id,
        "kind": payload.kind,
        "payload": payload.to_json(),
        "status": JobStatus.QUEUED,
        "dedupe_key": dedupe_key,
        "run_at": run_at,
        "created_at": now,
    }
    statement = (
        insert(job)
        .values(row)
        .on_conflict_do_nothing(
            index_elements=[job.c.organisation_id, job.c.kind, job.c.dedupe_key],
            index_where=_OPEN_WITH_KEY,
        )
        .returning(job.c.id)
    )
    return (await session.execute(statement)).first() is not None


async def open_job_id(session: Session, organisation_id: UUID, kind: str, dedupe_key: str) -> UUID | None:
    """The id of the job of this kind and key that has not ended."""
    statement = select(job.c.id).where(
        job.c.organisation_id == organisation_id, job.c.kind == kind, job.c.dedupe_key == dedupe_key, _OPEN
    )
    job_id: UUID | None = (await session.execute(statement)).scalar_one_or_none()
    return job_id


async def job_by_id(session: Session, organisation_id: UUID, job_id: UUID) -> Job | None:
    """The job, if the organisation has it."""
    statement = select(*_VISIBLE).where(job.c.organisation_id == organisation_id, job.c.id == job_id)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else _job(row)


async def jobs_by_id(session: Session, organisation_id: UUID, job_ids: Sequence[UUID]) -> dict[UUID, Job]:
    """Those of these jobs that the organisation has, by id."""
    statement = select(*_VISIBLE).where(job.c.organisation_id == organisation_id, job.c.id.in_(job_ids))
    return {row.id: _job(row) for row in await session.execute(statement)}


async def cancel_job(session: Session, organisation_id: UUID, job_id: UUID, *, now: datetime) -> Job | None:
    """Cancel a queued job, mark a running one; the job as it then stands, or None if none is open."""
    queued = job.c.status == JobStatus.QUEUED
    statement = (
        update(job)
        .where(job.c.organisation_id == organisation_id, job.c.id == job_id, _OPEN)
        .values(
            status=case((queued, JobStatus.CANCELLED), else_=job.c.status),
            finished_at=case((queued, now), else_=None),
            cancel_requested_at=case((job.c.cancel_requested_at.is_(None), now), else_=job.c.cancel_requested_at),
        )
        .returning(*_VISIBLE)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else _job(row)


def _job(row: Row[*tuple[Any, ...]]) -> Job:
    columns = row._mapping  # noqa: SLF001 -- the public name of SQLAlchemy's mapping view begins with an underscore
    return Job(
        organisation_id=columns["organisation_id"],
        id=columns["id"],
        kind=columns["kind"],
        status=JobStatus(columns["status"]),
        attempts=columns["attempts"],
        progress=JobProgress(columns["progress_done"], columns["progress_total"], columns["progress_unit"]),
        error=None if columns["error"] is None else JobError(**columns["error"]),
        run_at=columns["run_at"],
        created_at=columns["created_at"],
        started_at=columns["started_at"],
        finished_at=columns["finished_at"],
        cancel_requested_at=columns["cancel_requested_at"],
    )
