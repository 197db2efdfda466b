"""SQL of imports, their files and faults."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, tuple_, update

from feedback_core.db.session import Session
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.jobs.types import Job
from feedback_core.responses.imports.types import FileState, ImportMapping, RowCounts, RowFault, StoredImport
from feedback_core.responses.tables import import_chunk, import_fault, response_import
from feedback_core.surveys.tables import survey_version
from feedback_core.surveys.types import Questionnaire, questionnaire_from_json


@dataclass(frozen=True, slots=True)
class FaultPlace:
    """Where a fault stands in the list of an import: its line, and its number among those of the line."""

    line: int
    number: int


@dataclass(frozen=True, slots=True)
class PlacedFault:
    """A fault with its place."""

    place: FaultPlace
    fault: RowFault


@dataclass(frozen=True, slots=True)
class Version:
    """The version of a survey that an import was checked against."""

    number: int
    questionnaire: Questionnaire


async def add_import(
    session: Session,
    organisation_id: UUID,
    import_id: UUID,
    *,
    survey_id: UUID,
    survey_version_id: UUID,
    mapping: ImportMapping,
    file_name: str | None,
    requested_by: str,
    at: datetime,
) -> None:
    """An import whose file is coming in."""
    await session.execute(
        insert(response_import).values(
            organisation_id=organisation_id,
            id=import_id,
            survey_id=survey_id,
            survey_version_id=survey_version_id,
            state=FileState.RECEIVING.value,
            format=mapping.format.value,
            mapping=mapping.to_json(),
            dry_run=mapping.dry_run,
            file_name=file_name,
            requested_by=requested_by,
            created_at=at,
        )
    )


async def add_chunk(session: Session, organisation_id: UUID, import_id: UUID, number: int, content: bytes) -> None:
    """One part of a file; parts are numbered from 0."""
    await session.execute(
        insert(import_chunk).values(
            organisation_id=organisation_id, import_id=import_id, number=number, content=content
        )
    )


async def save_received(
    session: Session, organisation_id: UUID, import_id: UUID, *, sha256: bytes, size: int, job_id: UUID
) -> bool:
    """The file is there as a whole; false if it was thrown away meanwhile."""
    saved = await session.execute(
        update(response_import)
        .where(
            response_import.c.organisation_id == organisation_id,
            response_import.c.id == import_id,
            response_import.c.state == FileState.RECEIVING.value,
        )
        .values(state=FileState.RECEIVED.value, file_sha256=sha256, file_size=size, job_id=job_id)
        .returning(response_import.c.id)
    )
    return saved.first() is not None


async def chunk(session: Session, organisation_id: UUID, import_id: UUID, number: int) -> bytes | None:
    """One part of a file; ``None`` after the last."""
    found = await session.execute(
        select(import_chunk.c.content).where(
            import_chunk.c.organisation_id == organisation_id,
            import_chunk.c.import_id == import_id,
            import_chunk.c.number == number,
        )
    )
    content = found.scalar_one_or_none()
    return None if content is None else bytes(content)


async def discard_file(session: Session, organisation_id: UUID, import_id: UUID, *, at: datetime) -> None:
    """Throw the bytes of a file away."""
    await session.execute(
        delete(import_chunk).where(
            import_chunk.c.organisation_id == organisation_id, import_chunk.c.import_id == import_id
        )
    )
    await session.execute(
        update(response_import)
        .where(response_import.c.organisation_id == organisation_id, response_import.c.id == import_id)
        .values(state=FileState.GONE.value, finished_at=at)
    )


async def job_of(session: Session, organisation_id: UUID, import_id: UUID) -> Job | None:
    """The job that reads a file; ``None`` while the file has not come in."""
    found = await session.execute(
        select(response_import.c.job_id).where(
            response_import.c.organisation_id == organisation_id, response_import.c.id == import_id
        )
    )
    job_id = found.scalar_one_or_none()
    return None if job_id is None else (await jobs_by_id(session, organisation_id, [job_id])).get(job_id)


async def import_by_id(session: Session, organisation_id: UUID, import_id: UUID) -> StoredImport | None:
    """An import whose file has come in."""
    rows = await session.execute(
        select(response_import).where(
            response_import.c.organisation_id == organisation_id,
            response_import.c.id == import_id,
            response_import.c.job_id.is_not(None),
        )
    )
    found = await _with_jobs(session, organisation_id, rows.all())
    return found[0] if found else None


async def imports_before(
    session: Session, organisation_id: UUID, survey_id: UUID, *, before: UUID | None, limit: int
) -> list[StoredImport]:
    """Imports of a survey, newest first; those requested before ``before`` only."""
    statement = select(response_import).where(
        response_import.c.organisation_id == organisation_id,
        response_import.c.survey_id == survey_id,
        response_import.c.job_id.is_not(None),
    )
    if before is not None:
        statement = statement.where(response_import.c.id < before)
    rows = await session.execute(statement.order_by(response_import.c.id.desc()).limit(limit))
    return await _with_jobs(session, organisation_id, rows.all())


async def version(session: Session, organisation_id: UUID, survey_version_id: UUID) -> Version:
    """The version that an import was checked against."""
    row = (
        await session.execute(
            select(survey_version.c.number, survey_version.c.document).where(
                survey_version.c.organisation_id == organisation_id, survey_version.c.id == survey_version_id
            )
        )
    ).one()
    return Version(row.number, questionnaire_from_json(row.document))


async def begin_again(session: Session, organisation_id: UUID, import_id: UUID) -> None:
    """Forget what an earlier attempt at a dry run counted and found."""
    await session.execute(
        delete(import_fault).where(
            import_fault.c.organisation_id == organisation_id, import_fault.c.import_id == import_id
        )
    )
    await session.execute(
        update(response_import)
        .where(response_import.c.organisation_id == organisation_id, response_import.c.id == import_id)
        .values(rows_read=0, rows_recorded=0, rows_duplicate=0, rows_rejected=0, values_left_out=0)
    )


async def add_counts(session: Session, organisation_id: UUID, import_id: UUID, counts: RowCounts) -> None:
    """Count rows that have been done; the sum is where another attempt goes on."""
    columns = response_import.c
    await session.execute(
        update(response_import)
        .where(columns.organisation_id == organisation_id, columns.id == import_id)
        .values(
            rows_read=columns.rows_read + counts.read,
            rows_recorded=columns.rows_recorded + counts.recorded,
            rows_duplicate=columns.rows_duplicate + counts.duplicate,
            rows_rejected=columns.rows_rejected + counts.rejected,
            values_left_out=columns.values_left_out + counts.left_out,
        )
    )


async def add_faults(session: Session, organisation_id: UUID, import_id: UUID, faults: Sequence[PlacedFault]) -> None:
    """List faults."""
    if not faults:
        return
    await session.execute(
        insert(import_fault),
        [
            {
                "organisation_id": organisation_id,
                "import_id": import_id,
                "line": placed.place.line,
                "number": placed.place.number,
                "column": placed.fault.column,
                "code": placed.fault.code,
                "detail": placed.fault.detail,
                "value": placed.fault.value,
                "row_kept": placed.fault.row_kept,
            }
            for placed in faults
        ],
    )


async def faults_after(
    session: Session, organisation_id: UUID, import_id: UUID, *, after: FaultPlace | None, limit: int
) -> list[PlacedFault]:
    """Faults in the order of the file; those after a place only."""
    statement = select(import_fault).where(
        import_fault.c.organisation_id == organisation_id, import_fault.c.import_id == import_id
    )
    if after is not None:
        statement = statement.where(
            tuple_(import_fault.c.line, import_fault.c.number) > tuple_(after.line, after.number)
        )
    rows = await session.execute(statement.order_by(import_fault.c.line, import_fault.c.number).limit(limit))
    return [
        PlacedFault(
            FaultPlace(row.line, row.number),
            RowFault(row.line, row._mapping["column"], row.code, row.detail, row.value, row.row_kept),  # noqa: SLF001 -- SQLAlchemy's public name
        )
        for row in rows
    ]


async def _with_jobs(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[StoredImport]:
    if not rows:
        return []
    jobs = await jobs_by_id(session, organisation_id, [row.job_id for row in rows])
    listed = await _faults_listed(session, organisation_id, [row.id for row in rows])
    return [_import(row, jobs[row.job_id], listed.get(row.id, 0)) for row in rows]


async def _faults_listed(session: Session, organisation_id: UUID, import_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = await session.execute(
        select(import_fault.c.import_id, func.count().label("listed"))
        .where(import_fault.c.organisation_id == organisation_id, import_fault.c.import_id.in_(import_ids))
        .group_by(import_fault.c.import_id)
    )
    return {row.import_id: row.listed for row in rows}


def _import(row: Row[Any], job: Job, faults_listed: int) -> StoredImport:
    return StoredImport(
        id=row.id,
        survey_id=row.survey_id,
        survey_version_id=row.survey_version_id,
        mapping=ImportMapping.from_json(row.mapping),
        file_state=FileState(row.state),
        file_name=row.file_name,
        file_sha256=bytes(row.file_sha256).hex(),
        file_size=row.file_size,
        counts=RowCounts(
            read=row.rows_read,
            recorded=row.rows_recorded,
            duplicate=row.rows_duplicate,
            rejected=row.rows_rejected,
            left_out=row.values_left_out,
        ),
        faults_listed=faults_listed,
        requested_by=row.requested_by,
        created_at=row.created_at,
        job=job,
    )
