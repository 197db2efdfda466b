"""SQL of watching evidence: where the data have changed since the last look, and what was told."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text, update

from feedback_core.db.session import Session
from feedback_core.recommendations.tables import recommendation

_MARKS: Final = """
    SELECT coalesce((SELECT f.corrections FROM fold_state f
                      WHERE f.organisation_id = r.organisation_id AND f.survey_id = r.survey_id), 0) AS corrections,
           (SELECT count(*) FROM analysis_run a
             WHERE a.organisation_id = r.organisation_id AND a.survey_id = r.survey_id
               AND a.finished_at IS NOT NULL) AS runs
"""
_DUE: Final = text(
    f"""
    SELECT r.organisation_id, r.survey_id
      FROM (SELECT DISTINCT organisation_id, survey_id FROM recommendation
             WHERE state IN ('proposed', 'accepted')) r
     CROSS JOIN LATERAL ({_MARKS}) now
      LEFT JOIN evidence_watch w ON w.organisation_id = r.organisation_id AND w.survey_id = r.survey_id
     WHERE (w.corrections, w.runs) IS DISTINCT FROM (now.corrections, now.runs)
    """  # noqa: S608 - composed of constants
)
_MARKS_OF: Final = text(
    f"""
    SELECT now.*
      FROM (SELECT CAST(:organisation_id AS uuid) AS organisation_id, CAST(:survey_id AS uuid) AS survey_id) r
     CROSS JOIN LATERAL ({_MARKS}) now
    """  # noqa: S608 - composed of constants
)
_KEEP: Final = text("""
    INSERT INTO evidence_watch (organisation_id, survey_id, corrections, runs)
    VALUES (:organisation_id, :survey_id, :corrections, :runs)
    ON CONFLICT (organisation_id, survey_id) DO UPDATE SET corrections = excluded.corrections, runs = excluded.runs
""")


@dataclass(frozen=True, slots=True)
class Marks:
    """What the data of a survey are: corrections of its responses, and analyses that have found something."""

    corrections: int
    runs: int


async def surveys_due(system: Session) -> list[tuple[UUID, UUID]]:
    """Organisation and survey of open recommendations whose evidence was not looked at since the data changed."""
    return [(row.organisation_id, row.survey_id) for row in await system.execute(_DUE)]


async def marks_of(session: Session, organisation_id: UUID, survey_id: UUID) -> Marks:
    """What the data of a survey are now."""
    row = (await session.execute(_MARKS_OF, {"organisation_id": organisation_id, "survey_id": survey_id})).one()
    return Marks(row.corrections, row.runs)


async def keep_marks(session: Session, organisation_id: UUID, survey_id: UUID, marks: Marks) -> None:
    """That the evidence was looked at as the data were then."""
    place = {"organisation_id": organisation_id, "survey_id": survey_id}
    await session.execute(_KEEP, {**place, "corrections": marks.corrections, "runs": marks.runs})


async def note_told(session: Session, organisation_id: UUID, recommendation_id: UUID, evidence: str) -> bool:
    """Note that it was told that this evidence is overtaken; false if it was before."""
    columns = recommendation.c
    noted = await session.execute(
        update(recommendation)
        .where(
            columns.organisation_id == organisation_id,
            columns.id == recommendation_id,
            columns.overtaken_told.is_distinct_from(evidence),
        )
        .values(overtaken_told=evidence)
    )
    return noted.rowcount > 0
