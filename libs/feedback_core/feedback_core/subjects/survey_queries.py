"""SQL of what was asked to be taken out of surveys, and of how long they keep what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from feedback_core.db.session import Session
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.subjects.tables import retention_policy, survey_erasure
from feedback_core.subjects.types import (
    Comments,
    ErasureKind,
    Report,
    Retention,
    RetentionAction,
    StoredRetention,
    SurveyErasure,
)

_REPORT = TypeAdapter(Report)


def report_from(document: Mapping[str, object] | None) -> Report | None:
    """A report as it was kept."""
    return None if document is None else _REPORT.validate_python(document)


def report_document(report: Report) -> dict[str, object]:
    """A report as it is kept."""
    return asdict(report)


async def add_erasure(
    session: Session,
    organisation_id: UUID,
    erasure_id: UUID,
    *,
    survey_id: UUID,
    kind: ErasureKind,
    parameters: Mapping[str, object],
    reason: str,
    by: str,
    job_id: UUID,
    at: datetime,
) -> None:
    """Something that is to be taken out of a survey."""
    await session.execute(
        insert(survey_erasure).values(
            organisation_id=organisation_id,
            id=erasure_id,
            survey_id=survey_id,
            kind=kind.value,
            parameters=dict(parameters),
            reason=reason,
            requested_by=by,
            job_id=job_id,
            created_at=at,
        )
    )


async def save_report(
    session: Session, organisation_id: UUID, erasure_id: UUID, report: Report, *, finished_at: datetime | None
) -> None:
    """What has been done so far; ``finished_at``: all of it."""
    await session.execute(
        update(survey_erasure)
        .where(survey_erasure.c.organisation_id == organisation_id, survey_erasure.c.id == erasure_id)
        .values(report=report_document(report), finished_at=finished_at)
    )


async def erasure_by_id(
    session: Session, organisation_id: UUID, survey_id: UUID | None, erasure_id: UUID
) -> SurveyErasure | None:
    """One erasure; of this survey, if one is named."""
    statement = select(survey_erasure).where(
        survey_erasure.c.organisation_id == organisation_id, survey_erasure.c.id == erasure_id
    )
    if survey_id is not None:
        statement = statement.where(survey_erasure.c.survey_id == survey_id)
    found = await _with_jobs(session, organisation_id, (await session.execute(statement)).all())
    return found[0] if found else None


async def erasures_before(
    session: Session, organisation_id: UUID, survey_id: UUID, *, before: UUID | None, limit: int
) -> list[SurveyErasure]:
    """Erasures of a survey, the latest first."""
    statement = select(survey_erasure).where(
        survey_erasure.c.organisation_id == organisation_id, survey_erasure.c.survey_id == survey_id
    )
    if before is not None:
        statement = statement.where(survey_erasure.c.id < before)
    rows = await session.execute(statement.order_by(survey_erasure.c.id.desc()).limit(limit))
    return await _with_jobs(session, organisation_id, rows.all())


async def retention_of(session: Session, organisation_id: UUID, survey_id: UUID) -> StoredRetention | None:
    """How long a survey keeps what was said, if that is set."""
    row = (
        await session.execute(
            select(retention_policy).where(
                retention_policy.c.organisation_id == organisation_id, retention_policy.c.survey_id == survey_id
            )
        )
    ).one_or_none()
    if row is None:
        return None
    return StoredRetention(
        survey_id=row.survey_id,
        retention=Retention(RetentionAction(row.action), Comments(row.comments), row.days, row.until),
        set_by=row.set_by,
        set_at=row.set_at,
        next_run_at=row.next_run_at,
        revision=row.revision,
    )


async def save_retention(session: Session, organisation_id: UUID, stored: StoredRetention) -> None:
    """Set, or set anew, how long a survey keeps what was said."""
    values = {
        "action": stored.retention.action.value,
        "comments": stored.retention.comments.value,
        "days": stored.retention.days,
        "until": stored.retention.until,
        "set_by": stored.set_by,
        "set_at": stored.set_at,
        "next_run_at": stored.next_run_at,
        "revision": stored.revision,
    }
    await session.execute(
        upsert(retention_policy)
        .values(organisation_id=organisation_id, survey_id=stored.survey_id, **values)
        .on_conflict_do_update(index_elements=["organisation_id", "survey_id"], set_=values)
    )


async def delete_retention(session: Session, organisation_id: UUID, survey_id: UUID) -> bool:
    """Let a survey keep what was said for good; false if it did."""
    gone = await session.execute(
        delete(retention_policy).where(
            retention_policy.c.organisation_id == organisation_id, retention_policy.c.survey_id == survey_id
        )
    )
    return gone.rowcount == 1


async def put_off(session: Session, organisation_id: UUID, survey_id: UUID, *, until: datetime) -> None:
    """Note when a retention is next applied."""
    await session.execute(
        update(retention_policy)
        .where(retention_policy.c.organisation_id == organisation_id, retention_policy.c.survey_id == survey_id)
        .values(next_run_at=until)
    )


async def retentions_due(system: Session, now: datetime) -> list[tuple[UUID, UUID]]:
    """Every (organisation, survey), across tenants, whose retention is to be applied."""
    rows = await system.execute(
        select(retention_policy.c.organisation_id, retention_policy.c.survey_id)
        .where(retention_policy.c.next_run_at <= now)
        .order_by(retention_policy.c.organisation_id, retention_policy.c.survey_id)
    )
    return [(row.organisation_id, row.survey_id) for row in rows]


async def _with_jobs(session: Session, organisation_id: UUID, rows: Sequence[Row[Any]]) -> list[SurveyErasure]:
    jobs = await jobs_by_id(session, organisation_id, [row.job_id for row in rows]) if rows else {}
    return [
        SurveyErasure(
            id=row.id,
            survey_id=row.survey_id,
            kind=ErasureKind(row.kind),
            parameters=row.parameters,
            reason=row.reason,
            requested_by=row.requested_by,
            job=jobs[row.job_id],
            report=report_from(row.report),
            created_at=row.created_at,
            finished_at=row.finished_at,
        )
        for row in rows
    ]
