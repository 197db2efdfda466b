"""SQL of files that are put into frames, and of what was wrong in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, tuple_, update

from feedback_core.db.session import Session
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.jobs.types import Job
from feedback_core.sampling.files.types import (
    FrameFileState,
    FrameImport,
    FrameMapping,
    UnitCounts,
    UnitRowFault,
)
from feedback_core.sampling.tables import frame_import, frame_import_chunk, frame_import_fault


async def add_import(
    session: Session,
    organisation_id: UUID,
    import_id: UUID,
    *,
    frame_id: UUID,
    mapping: FrameMapping,
    file_name: str | None,
    requested_by: str,
    at: datetime,
) -> None:
    """A file that is coming in."""
    await session.execute(
        insert(frame_import).values(
            organisation_id=organisation_id,
            id=import_id,
            frame_id=frame_id,
            state=FrameFileState.RECEIVING.value,
            mapping=mapping.to_json(),
            file_name=file_name,
            requested_by=requested_by,
            created_at=at,
        )
    )


async def add_chunk(
    session: Session, organisation_id: UUID, import_id: UUID, chunk_id: UUID, number: int, sealed: bytes
) -> None:
    """One part of a file; parts are numbered from 0."""
    values = {"id": chunk_id, "import_id": import_id, "number": number, "content": sealed}
    await session.execute(insert(frame_import_chunk).values(organisation_id=organisation_id, **values))


async def chunk(session: Session, organisation_id: UUID, import_id: UUID, number: int) -> bytes | None:
    """One part of a file, sealed; ``None`` after the last."""
    found = await session.execute(
        select(frame_import_chunk.c.content).where(
            frame_import_chunk.c.organisation_id == organisation_id,
            frame_import_chunk.c.import_id == import_id,
            frame_import_chunk.c.number == number,
        )
    )
    content = found.scalar_one_or_none()
    return None if content is None else bytes(content)


async def save_received(
    session: Session, organisation_id: UUID, import_id: UUID, *, sha256: bytes, size: int, job_id: UUID
) -> bool:
    """The file is there as a whole; false if it was thrown away meanwhile."""
    saved = await session.execute(
        _of(organisation_id, import_id)
        .where(frame_import.c.state == FrameFileState.RECEIVING.value)
        .values(state=FrameFileState.RECEIVED.value, file_sha256=sha256, file_size=size, job_id=job_id)
        .returning(frame_import.c.id)
    )
    return saved.first() is not None


async def discard_file(session: Session, organisation_id: UUID, import_id: UUID) -> None:
    """Throw the bytes of a file away."""
    await session.execute(
        delete(frame_import_chunk).where(
            frame_import_chunk.c.organisation_id == organisation_id, frame_import_chunk.c.import_id == import_id
        )
    )
    await session.execute(_of(organisation_id, import_id).values(state=FrameFileState.GONE.value))


async def job_of(session: Session, organisation_id: UUID, import_id: UUID) -> Job | None:
    """The job that reads a file; ``None`` while the file has not come in."""
    found = await session.execute(
        select(frame_import.c.job_id).where(
            frame_import.c.organisation_id == organisation_id, frame_import.c.id == import_id
        )
    )
    job_id = found.scalar_one_or_none()
    return None if job_id is None else (await jobs_by_id(session, organisation_id, [job_id])).get(job_id)


async def import_by_id(session: Session, organisation_id: UUID, import_id: UUID) -> FrameImport | None:
    """A file that has come in."""
    rows = await session.execute(
        select(frame_import).where(
            frame_import.c.organisation_id == organisation_id,
            frame_import.c.id == import_id,
            frame_import.c.job_id.is_not(None),
        )
    )
    found = await _with_jobs(session, organisation_id, rows.all())
    return found[0] if found else None


async def imports_before(
    session: Session, organisation_id: UUID, frame_id: UUID, *, before: UUID | None, limit: int
) -> list[FrameImport]:
    """Files of a frame, newest first."""
    statement = select(frame_import).where(
        frame_import.c.organisation_id == organisation_id,
        frame_import.c.frame_id == frame_id,
        frame_import.c.job_id.is_not(None),
    )
    if before is not None:
        statement = statement.where(frame_import.c.id < before)
    rows = await session.execute(statement.order_by(frame_import.c.id.desc()).limit(limit))
    return await _with_jobs(session, organisation_id, rows.all())


async def add_counts(session: Session, organisation_id: UUID, import_id: UUID, counts: UnitCounts) -> None:
    """Count rows that have been done; the sum is where another attempt goes on."""
    columns = frame_import.c
    await session.execute(
        _of(organisation_id, import_id).values(
            rows_read=columns.rows_read + counts.read,
            rows_added=columns.rows_added + counts.added,
            rows_updated=columns.rows_updated + counts.updated,
            rows_rejected=columns.rows_rejected + counts.rejected,
        )
    )


async def add_faults(session: Session, organisation_id: UUID, import_id: UUID, faults: Sequence[UnitRowFault]) -> None:
    """List faults."""
    if faults:
        await session.execute(
            insert(frame_import_fault),
            [
                {
                    "organisation_id": organisation_id,
                    "import_id": import_id,
                    "line": fault.line,
                    "number": fault.number,
                    "column": fault.column,
                    "code": fault.code,
                    "detail": fault.detail,
                }
                for fault in faults
            ],
        )


async def faults_after(
    session: Session, organisation_id: UUID, import_id: UUID, *, after: tuple[int, int] | None, limit: int
) -> list[UnitRowFault]:
    """Faults in the order of the file; those after a place (line, number) only."""
    columns = frame_import_fault.c
    statement = select(frame_import_fault).where(
        columns.organisation_id == organisation_id, columns.import_id == import_id
    )
    if after is not None:
        statement = statement.where(tuple_(columns.line, columns.number) > tuple_(*after))
    rows = await session.execute(statement.order_by(columns.line, columns.number).limit(limit))
    return [
        UnitRowFault(row.line, row.number, row._mapping["column"], row.code, row.detail)  # noqa: SLF001 -- SQLAlchemy's public name
        for row in rows
    ]


def _of(organisation_id: UUID, import_id: UUID) -> Any:  # noqa: ANN401 - a SQLAlchemy statement
    return update(frame_import).where(frame_import.c.organisation_id == organisation_id, frame_import.c.id == import_id)


async def _with_jobs(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[FrameImport]:
    if not rows:
        return []
    jobs = await jobs_by_id(session, organisation_id, [row.job_id for row in rows])
    columns = frame_import_fault.c
    counted = await session.execute(
        select(columns.import_id, func.count().label("listed"))
        .where(columns.organisation_id == organisation_id, columns.import_id.in_([row.id for row in rows]))
        .group_by(columns.import_id)
    )
    listed = {row.import_id: row.listed for row in counted}
    return [
        FrameImport(
            id=row.id,
            frame_id=row.frame_id,
            mapping=FrameMapping.from_json(row.mapping),
            state=FrameFileState(row.state),
            file_name=row.file_name,
            file_sha256=bytes(row.file_sha256).hex(),
            file_size=row.file_size,
            counts=UnitCounts(row.rows_read, row.rows_added, row.rows_updated, row.rows_rejected),
            faults_listed=listed.get(row.id, 0),
            requested_by=row.requested_by,
            created_at=row.created_at,
            job=jobs[row.job_id],
        )
        for row in rows
    ]
