"""SQL of claiming: ring, claim, renew, end. A running job's row is written only by who holds its lease token."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, cast, func, literal, null, or_, select, text, update
from sqlalchemy.dialects.postgresql import INTERVAL, JSONB

from feedback_core.db.session import Session
from feedback_core.jobs.tables import job
from feedback_core.jobs.types import Claim, DueJob, JobError, JobStatus, LeaseLost

# Literal, not bound: only so can the planner match the partial indexes.
_QUEUED = text("status = 'queued'")
_RUNNING = text("status = 'running'")
# Waiting jobs are rung again ever more rarely, so that a long queue of slow jobs does not fill the broker with echoes.
_RAREST_RING = 8
_WORKER_LOST = JobError("worker_lost", "The worker ended in the middle of this job.")


async def ring_due(
    session: Session, *, now: datetime, ring_again_after: timedelta, limit: int, kinds: Collection[str]
) -> list[DueJob]:
    """Take up to ``limit`` waiting jobs of these kinds that are due, oldest first, and note that they were rung."""
    waited = func.least(job.c.rung_at - job.c.run_at, literal(ring_again_after * _RAREST_RING, INTERVAL))
    pause = func.greatest(literal(ring_again_after, INTERVAL), waited)
    due = (
        select(job.c.organisation_id, job.c.id)
        .where(_QUEUED, job.c.run_at <= now, job.c.kind.in_(kinds))
        .where(or_(job.c.rung_at.is_(None), job.c.rung_at + pause <= now))
        .order_by(job.c.run_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    statement = (
        update(job)
        .where(job.c.organisation_id == due.c.organisation_id, job.c.id == due.c.id)
        .values(rung_at=now)
        .returning(job.c.organisation_id, job.c.id, job.c.kind)
    )
    return [DueJob(*row) for row in await session.execute(statement)]


async def free_expired(session: Session, *, now: datetime, limit: int, max_attempts: Mapping[str, int]) -> int:
    """Queue jobs whose lease has run out; end those that are to be cancelled or have no attempt left. Returns how many.

    Args:
        session: across organisations.
        now: leases that ended before this instant have run out.
        limit: at most so many in one statement.
        max_attempts: attempts of a job by kind, the first included.
    """
    expired = (
        select(job.c.organisation_id, job.c.id)
        .where(_RUNNING, job.c.lease_until < now, job.c.kind.in_(list(max_attempts)))
        .order_by(job.c.lease_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("expired")
    )
    allowed = cast(func.jsonb_extract_path_text(literal(dict(max_attempts), JSONB), job.c.kind), job.c.attempts.type)
    statement = (
        update(job)
        .where(job.c.organisation_id == expired.c.organisation_id, job.c.id == expired.c.id)
        .values(_after_attempt(now, exhausted=job.c.attempts >= allowed, error=_document(_WORKER_LOST), retry_at=now))
        .returning(job.c.id)
    )
    return len((await session.execute(statement)).all())


async def claim_job(
    session: Session,
    organisation_id: UUID,
    job_id: UUID,
    kind: str,
    *,
    lease_token: UUID,
    now: datetime,
    lease_until: datetime,
) -> Claim | None:
    """Begin a job that waits and was rung; None if there is nothing to begin (another has it, it ended, it waits)."""
    statement = (
        update(job)
        .where(job.c.organisation_id == organisation_id, job.c.id == job_id, job.c.kind == kind)
        .where(_QUEUED, job.c.rung_at.is_not(None))
        .values(
            status=JobStatus.RUNNING,
            attempts=job.c.attempts + 1,
            lease_token=lease_token,
            lease_until=lease_until,
            started_at=func.coalesce(job.c.started_at, now),
            progress_done=0,
            progress_total=None,
            progress_unit=None,
        )
        .returning(job.c.payload, job.c.attempts)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        return None
    return Claim(organisation_id, job_id, row.payload, row.attempts, lease_token)


async def renew_lease(session: Session, claim: Claim, *, lease_until: datetime) -> bool:
    """Hold the job for longer; true if somebody asked for it to be cancelled.

    Raises:
        LeaseLost: it is not held any more.
    """
    return (await _write_held(session, claim, {"lease_until": lease_until})).cancel_requested


async def save_progress(
    session: Session, claim: Claim, *, done: int, total: int | None, unit: str | None, lease_until: datetime
) -> bool:
    """Note how far the job is, and hold it for longer; true if somebody asked for it to be cancelled.

    Raises:
        LeaseLost: it is not held any more.
    """
    progress = {"progress_done": done, "progress_total": total, "progress_unit": unit, "lease_until": lease_until}
    return (await _write_held(session, claim, progress)).cancel_requested


async def succeed(session: Session, claim: Claim, *, now: datetime) -> None:
    """End the job well.

    Raises:
        LeaseLost: it is not held any more.
    """
    await _write_held(session, claim, {"status": JobStatus.SUCCEEDED, "error": null(), **_ended(now)})


async def cancel_held(session: Session, claim: Claim, *, now: datetime) -> None:
    """End the job because somebody asked for it.

    Raises:
        LeaseLost: it is not held any more.
    """
    await _write_held(session, claim, {"status": JobStatus.CANCELLED, **_ended(now)})


async def end_attempt(
    session: Session, claim: Claim, *, now: datetime, error: JobError, retry_at: datetime | None
) -> JobStatus:
    """Note why the attempt failed, and queue the job for ``retry_at``; without that, end it. Returns where it stands.

    Raises:
        LeaseLost: it is not held any more.
    """
    outcome = _after_attempt(now, exhausted=literal(retry_at is None), error=_document(error), retry_at=retry_at or now)
    return (await _write_held(session, claim, outcome)).status


async def give_back(session: Session, claim: Claim, *, now: datetime) -> None:
    """Queue the job as if this attempt had never begun, so that another worker takes it at once.

    Raises:
        LeaseLost: it is not held any more.
    """
    queued = _after_attempt(now, exhausted=literal(False), error=job.c.error, retry_at=now)  # noqa: FBT003 -- SQL's false
    await _write_held(session, claim, {**queued, "attempts": job.c.attempts - 1})


async def oldest_due(session: Session, *, now: datetime) -> datetime | None:
    """Since when the job that has waited longest could have been begun, or taken over; None if none waits."""
    waiting = select(func.min(job.c.run_at)).where(_QUEUED, job.c.run_at <= now).scalar_subquery()
    orphaned = select(func.min(job.c.lease_until)).where(_RUNNING, job.c.lease_until <= now).scalar_subquery()
    since: datetime | None = (await session.execute(select(func.least(waiting, orphaned)))).scalar_one()
    return since


async def hold_name(session: Session, name: str) -> bool:
    """Hold a name until the transaction ends; false if another transaction holds it."""
    statement = select(func.pg_try_advisory_xact_lock(func.hashtextextended(name, 0)))
    held: bool = (await session.execute(statement)).scalar_one()
    return held


@dataclass(frozen=True, slots=True)
class _Held:
    status: JobStatus
    cancel_requested: bool


async def _write_held(session: Session, claim: Claim, values: Mapping[str, Any]) -> _Held:
    statement = (
        update(job)
        .where(job.c.organisation_id == claim.organisation_id, job.c.id == claim.job_id)
        .where(_RUNNING, job.c.lease_token == claim.lease_token)
        .values(values)
        .returning(job.c.status, job.c.cancel_requested_at.is_not(None))
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise LeaseLost
    return _Held(JobStatus(row[0]), row[1])


def _ended(now: datetime) -> dict[str, Any]:
    return {"finished_at": now, "lease_token": None, "lease_until": None}


def _document(error: JobError) -> ColumnElement[Any]:
    return literal({"code": error.code, "detail": error.detail}, JSONB)


def _after_attempt(
    now: datetime, *, exhausted: ColumnElement[bool], error: ColumnElement[Any], retry_at: datetime
) -> dict[str, Any]:
    to_cancel = job.c.cancel_requested_at.is_not(None)
    return {
        "status": case(
            (to_cancel, literal(JobStatus.CANCELLED.value)),
            (exhausted, literal(JobStatus.FAILED.value)),
            else_=literal(JobStatus.QUEUED.value),
        ),
        "error": error,
        "run_at": case((or_(to_cancel, exhausted), job.c.run_at), else_=retry_at),
        "finished_at": case((or_(to_cancel, exhausted), now), else_=None),
        "rung_at": None,
        "lease_token": None,
        "lease_until": None,
    }
