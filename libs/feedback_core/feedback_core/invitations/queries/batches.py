"""SQL of batches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, func, insert, select, text, update

from feedback_core.db.session import Session
from feedback_core.invitations.tables import invitation, invitation_batch
from feedback_core.invitations.types.batches import Batch, BatchSettings
from feedback_core.invitations.types.states import InvitationState
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.planning.types import CollectionMethod

_SETTINGS = TypeAdapter(BatchSettings)

# When a batch has something to do next: a message, something that was begun, something that is over.
_NEXT = text("""
    SELECT min(i.next_at) AS next_message,
           bool_or(i.state = 'started') AS is_begun,
           min(i.expires_at) FILTER (WHERE i.state IN ('created', 'sent', 'delivered', 'opened', 'started')) AS over,
           bool_or(i.contact IS NOT NULL OR i.email_ref IS NOT NULL OR i.phone_ref IS NOT NULL OR i.ref_ref IS NOT NULL)
               AS is_named
      FROM invitation i WHERE i.organisation_id = :organisation_id AND i.batch_id = :batch_id
""")


async def add_batch(session: Session, organisation_id: UUID, new: Batch) -> None:
    """A batch that is to go out."""
    await session.execute(
        insert(invitation_batch).values(
            organisation_id=organisation_id,
            id=new.id,
            survey_id=new.survey_id,
            sample_id=new.sample_id,
            collector_id=new.collector_id,
            name=new.name,
            method=new.method.value,
            wave=new.wave,
            settings=_SETTINGS.dump_python(new.settings, mode="json"),
            keeps_response=new.keeps_response,
            filled_to=new.filled_to,
            filled_at=new.filled_at,
            send_at=new.send_at,
            expires_at=new.expires_at,
            keep_until=new.keep_until,
            next_at=new.next_at,
            job_id=None if new.job is None else new.job.id,
            requested_by=new.requested_by,
            created_at=new.created_at,
        )
    )


async def batch_by_id(session: Session, organisation_id: UUID, batch_id: UUID, *, hold: bool = False) -> Batch | None:
    """A batch; held, nobody else changes it until the transaction ends."""
    columns = invitation_batch.c
    statement = select(invitation_batch).where(columns.organisation_id == organisation_id, columns.id == batch_id)
    rows = (await session.execute(statement.with_for_update() if hold else statement)).all()
    found = await _with_jobs(session, organisation_id, rows)
    return found[0] if found else None


async def batches_before(
    session: Session, organisation_id: UUID, *, survey_id: UUID | None, before: UUID | None, limit: int
) -> list[Batch]:
    """Batches, newest first, those below ``before`` only."""
    columns = invitation_batch.c
    statement = select(invitation_batch).where(columns.organisation_id == organisation_id)
    if survey_id is not None:
        statement = statement.where(columns.survey_id == survey_id)
    if before is not None:
        statement = statement.where(columns.id < before)
    rows = (await session.execute(statement.order_by(columns.id.desc()).limit(limit))).all()
    return await _with_jobs(session, organisation_id, rows)


async def counts_of(
    session: Session, organisation_id: UUID, batch_ids: Sequence[UUID]
) -> dict[UUID, dict[InvitationState, int]]:
    """Invitations of batches by state."""
    rows = await session.execute(
        select(invitation.c.batch_id, invitation.c.state, func.count().label("n"))
        .where(invitation.c.organisation_id == organisation_id, invitation.c.batch_id.in_(batch_ids))
        .group_by(invitation.c.batch_id, invitation.c.state)
    )
    found: dict[UUID, dict[InvitationState, int]] = {each: {} for each in batch_ids}
    for row in rows:
        found[row.batch_id][InvitationState(row.state)] = row.n
    return found


async def note_filled(
    session: Session, organisation_id: UUID, batch_id: UUID, *, to: int | None, at: datetime | None
) -> None:
    """Up to which unit invitations were made; ``at``: that everybody has one."""
    await _change(session, organisation_id, batch_id, filled_to=to, filled_at=at)


async def note_next(
    session: Session, organisation_id: UUID, batch_id: UUID, at: datetime | None, *, job_id: UUID | None = None
) -> None:
    """When there is something to do."""
    await _change(session, organisation_id, batch_id, next_at=at, **({} if job_id is None else {"job_id": job_id}))


async def note_cancelled(session: Session, organisation_id: UUID, batch_id: UUID, *, at: datetime) -> None:
    """It was taken back; what was begun is still looked at, and contacts are taken out in time."""
    await _change(
        session,
        organisation_id,
        batch_id,
        cancelled_at=at,
        next_at=at,
        revision=invitation_batch.c.revision + 1,
    )


async def silence(session: Session, organisation_id: UUID, batch_id: UUID) -> None:
    """Nothing more is sent to anybody of it."""
    await session.execute(
        update(invitation)
        .where(
            invitation.c.organisation_id == organisation_id,
            invitation.c.batch_id == batch_id,
            invitation.c.next_at.is_not(None),
        )
        .values(next_at=None)
    )


async def wake(session: Session, organisation_id: UUID, batch_id: UUID, *, at: datetime) -> None:
    """There is something to do at an instant, or before it."""
    await _change(
        session,
        organisation_id,
        batch_id,
        next_at=func.least(func.coalesce(invitation_batch.c.next_at, at), at),
    )


async def what_is_next(session: Session, organisation_id: UUID, batch_id: UUID) -> Row[Any]:
    """The next message, whether anything was begun, when something is over, whether anybody stands in it by name."""
    values = {"organisation_id": organisation_id, "batch_id": batch_id}
    return (await session.execute(_NEXT, values)).one()


async def batches_due(system: Session, now: datetime, *, most: int) -> list[tuple[UUID, UUID]]:
    """Organisation and batch of those with something to do."""
    rows = await system.execute(
        select(invitation_batch.c.organisation_id, invitation_batch.c.id)
        .where(invitation_batch.c.next_at <= now)
        .order_by(invitation_batch.c.next_at)
        .limit(most)
    )
    return [(row.organisation_id, row.id) for row in rows]


async def _change(session: Session, organisation_id: UUID, batch_id: UUID, **values: object) -> None:
    await session.execute(
        update(invitation_batch)
        .where(invitation_batch.c.organisation_id == organisation_id, invitation_batch.c.id == batch_id)
        .values(**values)
    )


async def _with_jobs(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[Batch]:
    jobs = await jobs_by_id(session, organisation_id, [row.job_id for row in rows if row.job_id is not None])
    return [
        Batch(
            id=row.id,
            survey_id=row.survey_id,
            sample_id=row.sample_id,
            collector_id=row.collector_id,
            name=row.name,
            method=CollectionMethod(row.method),
            wave=row.wave,
            settings=_SETTINGS.validate_python(row.settings),
            keeps_response=row.keeps_response,
            filled_to=row.filled_to,
            filled_at=row.filled_at,
            send_at=row.send_at,
            expires_at=row.expires_at,
            keep_until=row.keep_until,
            next_at=row.next_at,
            cancelled_at=row.cancelled_at,
            requested_by=row.requested_by,
            created_at=row.created_at,
            revision=row.revision,
            job=jobs.get(row.job_id),
        )
        for row in rows
    ]
