"""SQL of exports and their files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, TextClause, and_, case, insert, or_, select, text, update

from feedback_core.db.session import Session
from feedback_core.jobs.file_queries import FileTables, drop_parts
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.jobs.types import FileState, Job
from feedback_core.responses.exports.tables import export_chunk, response_export
from feedback_core.responses.exports.types import (
    ExportCounts,
    ExportRequest,
    GoneReason,
    StoredExport,
)
from feedback_core.surveys.tables import survey, survey_version
from feedback_core.surveys.types import Confidentiality, Questionnaire, questionnaire_from_json

EXPORT_FILES = FileTables(response_export, export_chunk, export_chunk.c.export_id)


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """What is known of a file once it is there as a whole.

    Attributes:
        first_response_id: least id of the responses in it; ``None``: there is none.
        last_response_id: greatest of them.
    """

    counts: ExportCounts
    size: int
    sha256: bytes
    watermark: int
    snapshot_at: datetime
    through_version: int
    confidentiality: Confidentiality
    first_response_id: UUID | None
    last_response_id: UUID | None


@dataclass(frozen=True, slots=True)
class SurveyVersions:
    """What a survey has asked so far, by the numbers of its versions, and what it promises now."""

    key: str
    confidentiality: Confidentiality
    questionnaires: Mapping[int, Questionnaire]
    numbers: Mapping[UUID, int]


async def add_export(
    session: Session,
    organisation_id: UUID,
    export_id: UUID,
    *,
    survey_id: UUID,
    request: ExportRequest,
    since: int | None,
    job_id: UUID,
    requested_by: str,
    at: datetime,
    expires_at: datetime,
) -> None:
    """An export whose file is to be written."""
    await session.execute(
        insert(response_export).values(
            organisation_id=organisation_id,
            id=export_id,
            survey_id=survey_id,
            request=request.to_json(),
            since=None if since is None else str(since),
            file_state=FileState.WRITING.value,
            job_id=job_id,
            requested_by=requested_by,
            created_at=at,
            expires_at=expires_at,
        )
    )


async def survey_versions(session: Session, organisation_id: UUID, survey_id: UUID) -> SurveyVersions | None:
    """The published versions of a survey; ``None`` if there is no such survey."""
    rows = (
        await session.execute(
            select(
                survey.c.key, survey.c.confidentiality, survey_version.c.id, survey_version.c.number,
                survey_version.c.document,
            )
            .outerjoin(
                survey_version,
                and_(
                    survey_version.c.organisation_id == survey.c.organisation_id,
                    survey_version.c.survey_id == survey.c.id,
                ),
            )
            .where(survey.c.organisation_id == organisation_id, survey.c.id == survey_id)
        )
    ).all()  # fmt: skip
    if not rows:
        return None
    published = [row for row in rows if row.id is not None]
    return SurveyVersions(
        key=rows[0].key,
        confidentiality=Confidentiality(rows[0].confidentiality),
        questionnaires={row.number: questionnaire_from_json(row.document) for row in published},
        numbers={row.id: row.number for row in published},
    )


async def begin_again(session: Session, organisation_id: UUID, export_id: UUID) -> None:
    """Forget what an earlier attempt wrote."""
    await drop_parts(session, EXPORT_FILES, organisation_id, [export_id])
    await session.execute(
        update(response_export)
        .where(response_export.c.organisation_id == organisation_id, response_export.c.id == export_id)
        .values(spoilt=False, rows_written=0)
    )


async def add_chunk(
    session: Session, organisation_id: UUID, export_id: UUID, number: int, content: bytes, *, rows: int
) -> bool:
    """One part of a file, and how many rows are written by now; false if what has been written is spoilt.

    Parts are numbered from 0.
    """
    whole = await session.execute(
        update(response_export)
        .where(
            response_export.c.organisation_id == organisation_id,
            response_export.c.id == export_id,
            response_export.c.spoilt.is_(False),
        )
        .values(rows_written=rows)
        .returning(response_export.c.id)
    )
    if whole.first() is None:
        return False
    await session.execute(
        insert(export_chunk).values(
            organisation_id=organisation_id, export_id=export_id, number=number, content=content
        )
    )
    return True


async def save_finished(
    session: Session, organisation_id: UUID, export_id: UUID, file: FinishedFile, *, at: datetime, expires_at: datetime
) -> bool:
    """The file is there as a whole; false if what has been written is spoilt."""
    saved = await session.execute(
        update(response_export)
        .where(
            response_export.c.organisation_id == organisation_id,
            response_export.c.id == export_id,
            response_export.c.file_state == FileState.WRITING.value,
            response_export.c.spoilt.is_(False),
        )
        .values(
            file_state=FileState.READY.value,
            rows_written=file.counts.written,
            rows_erased=file.counts.erased,
            rows_left=file.counts.left,
            values_shortened=file.counts.values_shortened,
            file_size=file.size,
            file_sha256=file.sha256,
            watermark=str(file.watermark),
            snapshot_at=file.snapshot_at,
            through_version=file.through_version,
            confidentiality=file.confidentiality.value,
            first_response_id=file.first_response_id,
            last_response_id=file.last_response_id,
            finished_at=at,
            expires_at=expires_at,
        )
        .returning(response_export.c.id)
    )
    return saved.first() is not None


async def discard_files_with(
    session: Session, organisation_id: UUID, survey_id: UUID, response_ids: Sequence[UUID] | None
) -> list[UUID]:
    """Throw away the files that may hold a response; what is being written is spoilt. The exports that were ready.

    A response can be in a file if its id lies between those of the first and the last one. ``None``: any response.
    """
    table = response_export.c
    held: ColumnElement[bool] | TextClause = (
        table.first_response_id.is_not(None) if response_ids is None else _holds_one_of(response_ids)
    )
    is_ready = table.file_state == FileState.READY.value
    touched = await session.execute(
        update(response_export)
        .where(
            table.organisation_id == organisation_id,
            table.survey_id == survey_id,
            or_(table.file_state == FileState.WRITING.value, and_(is_ready, held)),
        )
        .values(
            spoilt=True,
            file_state=case((is_ready, FileState.GONE.value), else_=table.file_state),
            gone_reason=case((is_ready, GoneReason.ERASURE.value), else_=table.gone_reason),
        )
        .returning(table.id, table.file_state)
    )
    gone = [row.id for row in touched if row.file_state == FileState.GONE.value]
    await drop_parts(session, EXPORT_FILES, organisation_id, gone)
    return gone


async def export_by_id(session: Session, organisation_id: UUID, export_id: UUID) -> StoredExport | None:
    """An export."""
    rows = await session.execute(
        select(response_export).where(
            response_export.c.organisation_id == organisation_id, response_export.c.id == export_id
        )
    )
    found = await _with_jobs(session, organisation_id, rows.all())
    return found[0] if found else None


async def exports_before(
    session: Session, organisation_id: UUID, survey_id: UUID, *, before: UUID | None, limit: int
) -> list[StoredExport]:
    """Exports of a survey, newest first; those asked for before ``before`` only."""
    statement = select(response_export).where(
        response_export.c.organisation_id == organisation_id, response_export.c.survey_id == survey_id
    )
    if before is not None:
        statement = statement.where(response_export.c.id < before)
    rows = await session.execute(statement.order_by(response_export.c.id.desc()).limit(limit))
    return await _with_jobs(session, organisation_id, rows.all())


async def mark_at(session: Session, organisation_id: UUID, survey_id: UUID, instant: datetime) -> int | None:
    """The mark of the survey's latest export that looked at that instant or before; ``None``: there is none."""
    found = await session.execute(
        select(response_export.c.watermark)
        .where(
            response_export.c.organisation_id == organisation_id,
            response_export.c.survey_id == survey_id,
            response_export.c.snapshot_at <= instant,
        )
        .order_by(response_export.c.snapshot_at.desc())
        .limit(1)
    )
    mark = found.scalar_one_or_none()
    return None if mark is None else int(mark)


def _holds_one_of(response_ids: Sequence[UUID]) -> TextClause:
    # The ids as one array: there may be thousands.
    return text(
        "EXISTS (SELECT FROM unnest(CAST(:ids AS uuid[])) AS e (id) WHERE e.id BETWEEN first_response_id"
        " AND last_response_id)"
    ).bindparams(ids=list(response_ids))


async def _with_jobs(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[StoredExport]:
    if not rows:
        return []
    jobs = await jobs_by_id(session, organisation_id, [row.job_id for row in rows])
    return [_export(row, jobs[row.job_id]) for row in rows]


def _export(row: Row[Any], its_job: Job) -> StoredExport:
    return StoredExport(
        id=row.id,
        survey_id=row.survey_id,
        request=ExportRequest.from_json(row.request),
        since=None if row.since is None else int(row.since),
        file_state=FileState(row.file_state),
        gone_reason=None if row.gone_reason is None else GoneReason(row.gone_reason),
        counts=ExportCounts(row.rows_written, row.rows_erased, row.rows_left, row.values_shortened),
        size=row.file_size,
        sha256=None if row.file_sha256 is None else bytes(row.file_sha256).hex(),
        watermark=None if row.watermark is None else int(row.watermark),
        snapshot_at=row.snapshot_at,
        through_version=row.through_version,
        confidentiality=None if row.confidentiality is None else Confidentiality(row.confidentiality),
        requested_by=row.requested_by,
        created_at=row.created_at,
        finished_at=row.finished_at,
        expires_at=row.expires_at,
        job=its_job,
    )
