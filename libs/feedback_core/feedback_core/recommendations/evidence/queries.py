"""SQL of evidence: results of runs, newer runs of the same question, and what was taken out of their data since."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, text

from feedback_core.analyses.tables import analysis_run
from feedback_core.db.session import Session
from feedback_core.recommendations.evidence.types import RunResult, Taken

# The same question: all that was asked but for the period.
_NEWER = text("""
    SELECT DISTINCT ON (old.id) old.id AS old_id, new.id AS new_id
      FROM analysis_run old
      JOIN analysis_run new ON new.organisation_id = old.organisation_id AND new.survey_id = old.survey_id
       AND new.kind = old.kind AND new.id > old.id AND new.result IS NOT NULL
       AND new.parameters - 'from' - 'to' = old.parameters - 'from' - 'to'
     WHERE old.organisation_id = :organisation_id AND old.id = ANY(:ids)
     ORDER BY old.id, new.id DESC
""")

# Of what is erased, nobody knows any more when it was said: it counts for every period. An erasure of many responses
# that is under way has reported what it took so far. When a run read its data is told as ``analyses.cuts`` tells it.
_TAKEN = text("""
    SELECT a.id,
           (SELECT count(*)
              FROM response_exclusion e
              JOIN response r ON r.organisation_id = e.organisation_id AND r.id = e.response_id
             WHERE e.organisation_id = a.organisation_id AND e.survey_id = a.survey_id
               AND (e.excluded_at > m.read_at AND e.restored_at IS NULL
                    OR e.excluded_at <= m.read_at AND e.restored_at > m.read_at)
               AND (m.starts_at IS NULL OR r.submitted_at >= m.starts_at)
               AND (m.ends_at IS NULL OR r.submitted_at < m.ends_at)) AS excluded,
           (SELECT count(*) FROM response_erasure e
             WHERE e.organisation_id = a.organisation_id AND e.survey_id = a.survey_id
               AND e.erased_at > m.read_at) AS erased,
           (SELECT count(*) FROM survey_erasure e
             WHERE e.organisation_id = a.organisation_id AND e.survey_id = a.survey_id
               AND (e.finished_at > m.read_at OR e.finished_at IS NULL AND e.report IS NOT NULL)) AS swept
      FROM analysis_run a
      JOIN job j ON j.organisation_id = a.organisation_id AND j.id = a.job_id
     CROSS JOIN LATERAL (SELECT greatest((a.result ->> 'as_of')::timestamptz,
                                         coalesce(j.started_at, a.created_at)) AS read_at,
                                (a.parameters ->> 'from')::timestamptz AS starts_at,
                                (a.parameters ->> 'to')::timestamptz AS ends_at) m
     WHERE a.organisation_id = :organisation_id AND a.id = ANY(:ids)
""")


async def newer_runs(session: Session, organisation_id: UUID, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The newest run of the same question, of those of these runs that have one with a result."""
    rows = await session.execute(_NEWER, {"organisation_id": organisation_id, "ids": list(ids)})
    return {row.old_id: row.new_id for row in rows}


async def taken_since(session: Session, organisation_id: UUID, ids: Collection[UUID]) -> dict[UUID, Taken]:
    """What was taken out of the data of each of these runs since it read them."""
    rows = await session.execute(_TAKEN, {"organisation_id": organisation_id, "ids": list(ids)})
    return {row.id: Taken(row.excluded, row.erased, row.swept) for row in rows}


async def results_of(session: Session, organisation_id: UUID, ids: Collection[UUID]) -> dict[UUID, RunResult]:
    """What these runs found, of those that have a result."""
    columns = analysis_run.c
    rows = await session.execute(
        select(columns.id, columns.created_at, columns.result).where(
            columns.organisation_id == organisation_id, columns.id.in_(list(ids)), columns.result.is_not(None)
        )
    )
    return {row.id: RunResult(row.id, row.created_at, row.result) for row in rows}
