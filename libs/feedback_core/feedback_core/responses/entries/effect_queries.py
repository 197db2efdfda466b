"""SQL of answers by interviewer: sums, which are all that effects need."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.responses.entries.effect_types import Sums

_SUMS = text("""
    WITH answered AS (
        SELECT e.interviewer,
               CASE jsonb_typeof(r.answers -> :question)
                    WHEN 'number' THEN CAST(r.answers ->> :question AS double precision)
                    WHEN 'boolean' THEN CAST(CAST(r.answers ->> :question AS boolean) AS integer) END AS value
          FROM staff_entry e
          JOIN entry_take t ON t.organisation_id = e.organisation_id AND t.entry_id = e.id
          JOIN response r ON r.organisation_id = t.organisation_id AND r.id = t.response_id
         WHERE e.organisation_id = :organisation_id AND e.survey_id = :survey_id
           AND e.interviewer IS NOT NULL AND e.kind <> 'paper' AND r.status IN ('complete', 'partial')
           AND (CAST(:start AS timestamptz) IS NULL OR r.submitted_at >= :start)
           AND (CAST(:end AS timestamptz) IS NULL OR r.submitted_at < :end)
           AND NOT EXISTS (SELECT FROM response_exclusion x
                            WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id
                              AND x.restored_at IS NULL))
    SELECT interviewer, count(value) AS n, sum(value) AS total, sum(value * value) AS squares
      FROM answered WHERE value IS NOT NULL GROUP BY interviewer ORDER BY interviewer
""")


async def sums_by_interviewer(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    question: str,
    *,
    start: datetime | None,
    end: datetime | None,
) -> list[Sums]:
    """Answers to a question in conversations that count, by who asked; yes is 1, no is 0."""
    rows = await session.execute(
        _SUMS,
        {
            "organisation_id": organisation_id,
            "survey_id": survey_id,
            "question": question,
            "start": start,
            "end": end,
        },
    )
    return [Sums(row.interviewer, row.n, float(row.total), float(row.squares)) for row in rows]
