"""SQL of the files that jobs write: where their parts are, which are due to go, and throwing them away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Table, and_, delete, func, or_, select, update

from feedback_core.db.session import Session
from feedback_core.jobs.tables import job
from feedback_core.jobs.types import FileState, JobStatus

_ENDED_WITHOUT = (JobStatus.FAILED.value, JobStatus.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class FileTables:
    """Where the files of one kind are.

    Attributes:
        files: a row for each, with ``file_state``, ``gone_reason``, ``finished_at``, ``expires_at`` and ``job_id``.
        parts: their bytes, by ``number`` from 0.
        part_of: column of ``parts`` with the id of the file.
    """

    files: Table
    parts: Table
    part_of: Column[UUID]


async def part_of_file(
    session: Session, where: FileTables, organisation_id: UUID, file_id: UUID, number: int
) -> bytes | None:
    """One part of a file; ``None`` if there is none, or none any more."""
    found = await session.execute(
        select(where.parts.c.content).where(
            where.parts.c.organisation_id == organisation_id,
            where.part_of == file_id,
            where.parts.c.number == number,
        )
    )
    content = found.scalar_one_or_none()
    return None if content is None else bytes(content)


async def discard_file(
    session: Session, where: FileTables, organisation_id: UUID, file_id: UUID, reason: str, *, at: datetime
) -> None:
    """Throw the bytes of a file away; why the first time stays."""
    files = where.files.c
    await session.execute(
        update(where.files)
        .where(
            files.organisation_id == organisation_id,
            files.id == file_id,
            files.file_state != FileState.GONE.value,
        )
        .values(
            file_state=FileState.GONE.value,
            gone_reason=reason,
            finished_at=func.coalesce(files.finished_at, at),
        )
    )
    await drop_parts(session, where, organisation_id, [file_id])


async def drop_parts(session: Session, where: FileTables, organisation_id: UUID, file_ids: Sequence[UUID]) -> None:
    """Delete the bytes of files."""
    if file_ids:
        await session.execute(
            delete(where.parts).where(where.parts.c.organisation_id == organisation_id, where.part_of.in_(file_ids))
        )


async def files_due(system: Session, where: FileTables, now: datetime) -> list[tuple[UUID, UUID]]:
    """Organisation and id of files that are too old, or that will never be finished."""
    files = where.files.c
    rows = await system.execute(
        select(files.organisation_id, files.id)
        .join(job, and_(job.c.organisation_id == files.organisation_id, job.c.id == files.job_id))
        .where(
            files.file_state != FileState.GONE.value,
            or_(files.expires_at <= now, job.c.status.in_(_ENDED_WITHOUT)),
        )
    )
    return [(row.organisation_id, row.id) for row in rows]
