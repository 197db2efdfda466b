"""SQL of analysis runs."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, null, select, text, update

from feedback_core.analyses.tables import analysis_run
from feedback_core.analyses.types import AnalysisKind, AnalysisRequest, AnalysisRun
from feedback_core.db.session import Session
from feedback_core.jobs.queries import jobs_by_id
from feedback_core.jobs.tables import job
from feedback_core.jobs.types import Job, JobStatus
from feedback_core.kpis.queries.sources import WATERMARK, watermark_of
from feedback_core.kpis.types import RESPONSES, Grain

# Every response adds to the number, and every exclusion, restoration or erasure to the corrections: together they never
# come to the same again. A latest id would not do: an answer may be committed after one that was begun later.
# Definitions, schemes, codebooks and standards only ever get more versions, each of which may change what is found;
# codings likewise. Benchmarks, which may be edited and taken away, are told by what was done to them last.
_DATA_VERSION = text(
    f"""
    SELECT concat_ws('-',
        coalesce((SELECT sum(c.n) FROM kpi_cell c
                   WHERE c.organisation_id = :organisation_id AND c.survey_id = :survey_id
                     AND c.question_key = '{RESPONSES}' AND c.grain = '{Grain.TOTAL}'), 0)
        + (SELECT count(*) FROM response r
            WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
              AND r.recorded_xid >= CAST(:watermark AS xid8) AND r.recorded_xid >= {WATERMARK}),
        coalesce((SELECT f.corrections FROM fold_state f
                   WHERE f.organisation_id = :organisation_id AND f.survey_id = :survey_id), 0),
        (SELECT s.published_version FROM survey s
          WHERE s.organisation_id = :organisation_id AND s.id = :survey_id),
        (SELECT count(*) FROM kpi_definition d WHERE d.organisation_id = :organisation_id)
        + (SELECT count(*) FROM weighting_scheme w
            WHERE w.organisation_id = :organisation_id AND w.survey_id = :survey_id)
        + (SELECT count(*) FROM codebook b
            WHERE b.organisation_id = :organisation_id AND b.survey_id = :survey_id)
        + (SELECT count(*) FROM comment_coding k
            WHERE k.organisation_id = :organisation_id AND k.survey_id = :survey_id)
        + (SELECT count(*) FROM standard t WHERE t.organisation_id = :organisation_id),
        (SELECT concat(count(*), '.', sum(b.revision), '.', extract(epoch FROM max(b.updated_at)))
           FROM benchmark b WHERE b.organisation_id = :organisation_id HAVING count(*) > 0))
    """  # noqa: S608 - composed of constants
)


async def data_version(session: Session, organisation_id: UUID, survey_id: UUID) -> str:
    """A name for what a survey's data now are: any answer, correction, version or definition gives another one."""
    key = {"organisation_id": organisation_id, "survey_id": survey_id}
    # Read before, so that the planner knows how few lie above it, and again in the statement: a fold may have moved it.
    watermark = await watermark_of(session, organisation_id, survey_id)
    found: str = (await session.execute(_DATA_VERSION, {**key, "watermark": watermark})).scalar_one()
    return found


async def lock_request(session: Session, request_hash: bytes) -> None:
    """Let one caller at a time ask for the same run."""
    number = int.from_bytes(request_hash[:8], "big", signed=True)
    await session.execute(select(func.pg_advisory_xact_lock(number)))


async def same_run(session: Session, organisation_id: UUID, request_hash: bytes, version: str) -> UUID | None:
    """The newest run of the same request on the same data that has not failed."""
    statement = (
        select(analysis_run.c.id)
        .join(job, (job.c.organisation_id == analysis_run.c.organisation_id) & (job.c.id == analysis_run.c.job_id))
        .where(
            analysis_run.c.organisation_id == organisation_id,
            analysis_run.c.request_hash == request_hash,
            analysis_run.c.data_version == version,
            job.c.status.in_([JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.SUCCEEDED]),
            job.c.cancel_requested_at.is_(None),
        )
        .order_by(analysis_run.c.id.desc())
        .limit(1)
    )
    found: UUID | None = (await session.execute(statement)).scalar_one_or_none()
    return found


async def add_run(
    session: Session,
    organisation_id: UUID,
    run_id: UUID,
    request: AnalysisRequest,
    *,
    request_hash: bytes,
    version: str,
    job_id: UUID,
    schedule_id: UUID | None,
    requested_by: str,
    at: datetime,
) -> None:
    """A new run."""
    await session.execute(
        insert(analysis_run).values(
            organisation_id=organisation_id,
            id=run_id,
            kind=request.kind,
            survey_id=request.survey_id,
            parameters=dict(request.parameters),
            request_hash=request_hash,
            data_version=version,
            job_id=job_id,
            schedule_id=schedule_id,
            requested_by=requested_by,
            created_at=at,
        )
    )


async def run_by_id(session: Session, organisation_id: UUID, run_id: UUID) -> AnalysisRun | None:
    """A run with its job."""
    statement = select(analysis_run).where(
        analysis_run.c.organisation_id == organisation_id, analysis_run.c.id == run_id
    )
    found = (await session.execute(statement)).one_or_none()
    return (await _with_jobs(session, organisation_id, [found]))[0] if found else None


async def runs(
    session: Session,
    organisation_id: UUID,
    *,
    survey_id: UUID | None,
    kind: AnalysisKind | None,
    before: UUID | None,
    limit: int,
) -> list[AnalysisRun]:
    """Runs, newest first, from below ``before``; without their results, which may be large."""
    columns = [column for column in analysis_run.c if column is not analysis_run.c.result]
    statement = select(*columns, null().label("result")).where(analysis_run.c.organisation_id == organisation_id)
    if survey_id is not None:
        statement = statement.where(analysis_run.c.survey_id == survey_id)
    if kind is not None:
        statement = statement.where(analysis_run.c.kind == kind)
    if before is not None:
        statement = statement.where(analysis_run.c.id < before)
    found = (await session.execute(statement.order_by(analysis_run.c.id.desc()).limit(limit))).all()
    return await _with_jobs(session, organisation_id, found)


async def latest_with_result(
    session: Session, organisation_id: UUID, survey_id: UUID, kind: AnalysisKind
) -> AnalysisRun | None:
    """The newest run of a kind on a survey that has found something."""
    statement = (
        select(analysis_run)
        .where(
            analysis_run.c.organisation_id == organisation_id,
            analysis_run.c.survey_id == survey_id,
            analysis_run.c.kind == kind,
            analysis_run.c.result.is_not(None),
        )
        .order_by(analysis_run.c.id.desc())
        .limit(1)
    )
    found = (await session.execute(statement)).one_or_none()
    return (await _with_jobs(session, organisation_id, [found]))[0] if found else None


async def save_result(
    session: Session,
    organisation_id: UUID,
    run_id: UUID,
    *,
    result: Mapping[str, Any],
    sentence: str,
    libraries: Mapping[str, str],
    at: datetime,
    version: str | None = None,
) -> None:
    """Keep what a run found.

    Args:
        session: bound to the organisation.
        organisation_id: whose run.
        run_id: which.
        result: JSON document; without NaN and infinities, which JSON does not have.
        sentence: the finding in plain words.
        libraries: versions of what calculated it.
        at: now.
        version: of the data that it read, where they had changed since it was asked for.
    """
    json.dumps(result, allow_nan=False)
    values = {"result": dict(result), "sentence": sentence, "libraries": dict(libraries), "finished_at": at}
    if version is not None:
        values["data_version"] = version
    await session.execute(
        update(analysis_run)
        .where(analysis_run.c.organisation_id == organisation_id, analysis_run.c.id == run_id)
        .values(values)
    )


async def _with_jobs(session: Session, organisation_id: UUID, rows: Any) -> list[AnalysisRun]:  # noqa: ANN401 - rows
    found = await jobs_by_id(session, organisation_id, [row.job_id for row in rows])
    return [_run(row, found[row.job_id]) for row in rows]


def _run(row: Row[Any], its_job: Job) -> AnalysisRun:
    return AnalysisRun(
        id=row.id,
        kind=AnalysisKind(row.kind),
        survey_id=row.survey_id,
        parameters=row.parameters,
        data_version=row.data_version,
        sentence=row.sentence,
        result=row.result,
        libraries=row.libraries,
        requested_by=row.requested_by,
        schedule_id=row.schedule_id,
        created_at=row.created_at,
        job=its_job,
    )
