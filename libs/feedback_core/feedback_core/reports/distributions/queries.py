"""SQL of distributions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update

from feedback_core.db.session import Session
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.reports.distributions.types import StoredDistribution, Way
from feedback_core.reports.tables import report_distribution


async def add_distribution(
    session: Session,
    organisation_id: UUID,
    distribution_id: UUID,
    *,
    report_id: UUID,
    way: Way,
    sealed_recipient: bytes,
    remind_after_days: int | None,
    job_id: UUID | None,
    requested_by: str,
    at: datetime,
) -> None:
    """Somebody to be told; who gets a link is taken to have it at once."""
    await session.execute(
        insert(report_distribution).values(
            organisation_id=organisation_id,
            id=distribution_id,
            report_id=report_id,
            way=way.value,
            sealed_recipient=sealed_recipient,
            remind_after_days=remind_after_days,
            job_id=job_id,
            requested_by=requested_by,
            created_at=at,
            sent_at=at if way is Way.LINK else None,
        )
    )


async def distribution_by_id(
    session: Session, organisation_id: UUID, distribution_id: UUID, *, hold: bool = False
) -> StoredDistribution | None:
    """A distribution; held until the end of the transaction if it is to be changed."""
    statement = select(report_distribution).where(
        report_distribution.c.organisation_id == organisation_id, report_distribution.c.id == distribution_id
    )
    rows = await session.execute(statement.with_for_update() if hold else statement)
    found = await _with_jobs(session, organisation_id, rows.all())
    return found[0] if found else None


async def distributions_before(
    session: Session, organisation_id: UUID, report_id: UUID, *, before: UUID | None, limit: int
) -> list[StoredDistribution]:
    """Distributions of a report, newest first; those asked for before ``before`` only."""
    statement = select(report_distribution).where(
        report_distribution.c.organisation_id == organisation_id, report_distribution.c.report_id == report_id
    )
    if before is not None:
        statement = statement.where(report_distribution.c.id < before)
    rows = await session.execute(statement.order_by(report_distribution.c.id.desc()).limit(limit))
    return await _with_jobs(session, organisation_id, rows.all())


async def note_sent(
    session: Session,
    organisation_id: UUID,
    distribution_id: UUID,
    *,
    reminder: int,
    next_at: datetime | None,
    at: datetime,
) -> None:
    """A mail was taken by the mail server."""
    await session.execute(
        update(report_distribution)
        .where(report_distribution.c.organisation_id == organisation_id, report_distribution.c.id == distribution_id)
        .values(
            sent_at=func.coalesce(report_distribution.c.sent_at, at), reminders_sent=reminder, next_reminder_at=next_at
        )
    )


async def put_off_reminder(
    session: Session, organisation_id: UUID, distribution_id: UUID, next_at: datetime | None
) -> None:
    """When somebody is reminded next; ``None``: no more."""
    await session.execute(
        update(report_distribution)
        .where(report_distribution.c.organisation_id == organisation_id, report_distribution.c.id == distribution_id)
        .values(next_reminder_at=next_at)
    )


async def note_opened(session: Session, organisation_id: UUID, distribution_id: UUID, *, at: datetime) -> bool:
    """The file was fetched by the link; the first time stays. Whether it was the first."""
    noted = await session.execute(
        update(report_distribution)
        .where(
            report_distribution.c.organisation_id == organisation_id,
            report_distribution.c.id == distribution_id,
            report_distribution.c.opened_at.is_(None),
        )
        .values(opened_at=at)
    )
    return noted.rowcount > 0


async def note_acknowledged(session: Session, organisation_id: UUID, distribution_id: UUID, *, at: datetime) -> bool:
    """The recipient says to have read it, and is not reminded any more; the first time stays. Whether it was that."""
    noted = await session.execute(
        update(report_distribution)
        .where(
            report_distribution.c.organisation_id == organisation_id,
            report_distribution.c.id == distribution_id,
            report_distribution.c.acknowledged_at.is_(None),
        )
        .values(acknowledged_at=at, next_reminder_at=None)
    )
    return noted.rowcount > 0


async def revoke(session: Session, organisation_id: UUID, distribution_id: UUID, *, at: datetime) -> None:
    """The link ends; the first time stays."""
    await session.execute(
        update(report_distribution)
        .where(report_distribution.c.organisation_id == organisation_id, report_distribution.c.id == distribution_id)
        .values(revoked_at=func.coalesce(report_distribution.c.revoked_at, at), next_reminder_at=None)
    )


async def reminders_due(system: Session, now: datetime) -> list[tuple[UUID, UUID]]:
    """Organisation and distribution of those who are to be reminded."""
    rows = await system.execute(
        select(report_distribution.c.organisation_id, report_distribution.c.id).where(
            report_distribution.c.next_reminder_at <= now
        )
    )
    return [(row.organisation_id, row.id) for row in rows]


async def delete_distributions(session: Session, organisation_id: UUID, ids: Sequence[UUID]) -> int:
    """Forget recipients, and that they were told."""
    gone = await session.execute(
        delete(report_distribution).where(
            report_distribution.c.organisation_id == organisation_id, report_distribution.c.id.in_(ids)
        )
    )
    return gone.rowcount


async def _with_jobs(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[StoredDistribution]:
    jobs = await jobs_by_id(session, organisation_id, [row.job_id for row in rows if row.job_id is not None])
    return [
        StoredDistribution(
            id=row.id,
            report_id=row.report_id,
            way=Way(row.way),
            sealed_recipient=bytes(row.sealed_recipient),
            remind_after_days=row.remind_after_days,
            reminders_sent=row.reminders_sent,
            next_reminder_at=row.next_reminder_at,
            requested_by=row.requested_by,
            created_at=row.created_at,
            sent_at=row.sent_at,
            opened_at=row.opened_at,
            acknowledged_at=row.acknowledged_at,
            revoked_at=row.revoked_at,
            job=None if row.job_id is None else jobs[row.job_id],
        )
        for row in rows
    ]
