"""SQL of how those who answer go about it: where they stop, how long questions take, when responses come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.fieldwork.types.outlook import Arrivals

STOPPED_AFTER: Final = timedelta(hours=1)
"""Who has not answered for so long is not answering now."""

LONGEST_ANSWER: Final = timedelta(minutes=30)
"""Longer pauses between two answers are of another sitting, and in no median."""

MOST_PAUSES: Final = 50
"""Last ones of a source, from which what is usual is told."""

# An open response that became one is counted as that response.
_LAST_ANSWERED = text("""
    WITH place AS (
        SELECT k.key, k.place - 1 AS place FROM unnest(CAST(:questions AS text[])) WITH ORDINALITY AS k(key, place)
    ),
    stopped AS (
        SELECT (SELECT coalesce(max(p.place), -1) FROM jsonb_object_keys(r.answers) AS a(key)
                  JOIN place p ON p.key = a.key) AS last
          FROM response r
         WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id AND r.status = 'partial'
         UNION ALL
        SELECT (SELECT coalesce(max(p.place), -1)
                  FROM (SELECT DISTINCT ON (a.question_key) a.question_key, a.answer FROM open_answer a
                         WHERE a.organisation_id = o.organisation_id AND a.open_response_id = o.id
                         ORDER BY a.question_key, a.version DESC) AS a
                  JOIN place p ON p.key = a.question_key
                 WHERE a.answer IS NOT NULL) AS last
          FROM open_response o
         WHERE o.organisation_id = :organisation_id AND o.survey_id = :survey_id
           AND (o.state = 'discarded' OR (o.state = 'open' AND o.updated_at < :stopped))
    )
    SELECT last, count(*) AS n FROM stopped GROUP BY 1 ORDER BY 1
""")

_BEGUN = text("""
    SELECT (SELECT count(*) FROM response r
             WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id AND r.status = 'complete')
               AS completed,
           (SELECT count(*) FROM open_response o
             WHERE o.organisation_id = :organisation_id AND o.survey_id = :survey_id AND o.state = 'open'
               AND o.updated_at >= :stopped) AS answering
""")

_SECONDS = text("""
    WITH given AS (
        SELECT a.question_key,
               EXTRACT(epoch FROM a.answered_at
                       - lag(a.answered_at, 1, o.opened_at) OVER (PARTITION BY o.id ORDER BY a.answered_at)) AS took
          FROM open_response o
          JOIN open_answer a
            ON a.organisation_id = o.organisation_id AND a.open_response_id = o.id AND a.version = 1
         WHERE o.organisation_id = :organisation_id AND o.survey_id = :survey_id
    )
    SELECT question_key, percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS seconds, count(*) AS n
      FROM given WHERE took > 0 AND took <= :longest GROUP BY 1
""")

# Of each source the last pauses; what came in files has no moment of its own.
_ARRIVALS = text("""
    WITH came AS (
        SELECT s.source, r.received_at,
               row_number() OVER (PARTITION BY s.source ORDER BY r.received_at DESC, r.id DESC) AS place,
               count(*) OVER (PARTITION BY s.source) AS n
          FROM response r
         CROSS JOIN LATERAL (
            SELECT r.method AS source
             UNION ALL
            SELECT r.method || ':' || r.sent_by::text WHERE r.sent_by IS NOT NULL
         ) AS s
         WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id AND r.import_id IS NULL
    )
    SELECT source, max(received_at) AS last_at, min(received_at) AS first_at, count(*) - 1 AS gaps, max(n) AS n
      FROM came WHERE place <= :most + 1 GROUP BY 1 ORDER BY 1 LIMIT 200
""")

_WALK_INS = text("""
    SELECT r.method, count(*) AS n
      FROM response r
     WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id AND r.status = 'complete'
       AND NOT EXISTS (SELECT FROM invitation i
                        WHERE i.organisation_id = r.organisation_id AND i.response_id = r.id)
       AND NOT EXISTS (SELECT FROM sample_unit m
                         JOIN sample p ON p.organisation_id = m.organisation_id AND p.id = m.sample_id
                        WHERE m.organisation_id = r.organisation_id AND m.respondent_ref = r.respondent_ref
                          AND p.survey_id = r.survey_id)
     GROUP BY 1 ORDER BY 1
""")

_UNNAMED = text("""
    SELECT i.method, count(*) AS n
      FROM invitation i
      JOIN invitation_batch b ON b.organisation_id = i.organisation_id AND b.id = i.batch_id
     WHERE i.organisation_id = :organisation_id AND i.survey_id = :survey_id AND i.state = 'completed'
       AND i.response_id IS NULL AND NOT b.keeps_response
     GROUP BY 1
""")


_COMPLETES = text("""
    SELECT count(*) FROM response r
     WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id AND r.status = 'complete'
       AND r.submitted_at >= coalesce(CAST(:start AS timestamptz), '-infinity') AND r.submitted_at <= :end
       AND NOT EXISTS (SELECT FROM response_exclusion x
                        WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id AND x.restored_at IS NULL)
""")


@dataclass(frozen=True, slots=True)
class Stopped:
    """Who completed, who is answering now, and where the others gave their last answer: place to how many."""

    completed: int
    answering: int
    last_answered: dict[int, int]


async def stopped_at(
    session: Session, organisation_id: UUID, survey_id: UUID, questions: Sequence[str], *, now: datetime
) -> Stopped:
    """Where those stopped who began and did not complete; place -1: they gave no answer."""
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "stopped": now - STOPPED_AFTER}
    begun = (await session.execute(_BEGUN, values)).one()
    rows = await session.execute(_LAST_ANSWERED, {**values, "questions": list(questions)})
    return Stopped(begun.completed, begun.answering, {row.last: row.n for row in rows})


async def seconds_by_question(session: Session, organisation_id: UUID, survey_id: UUID) -> dict[str, tuple[float, int]]:
    """Median seconds from the answer before, where answers came one by one, and of how many."""
    values = {
        "organisation_id": organisation_id,
        "survey_id": survey_id,
        "longest": LONGEST_ANSWER.total_seconds(),
    }
    return {row.question_key: (float(row.seconds), row.n) for row in await session.execute(_SECONDS, values)}


async def arrivals(session: Session, organisation_id: UUID, survey_id: UUID) -> list[Arrivals]:
    """When responses last came, by method, and by method and key."""
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "most": MOST_PAUSES}
    return [
        Arrivals(row.source, row.last_at, row.gaps, (row.last_at - row.first_at).total_seconds(), row.n)
        for row in await session.execute(_ARRIVALS, values)
    ]


async def walk_ins(session: Session, organisation_id: UUID, survey_id: UUID) -> dict[str, int]:
    """Complete responses of nobody who was asked, by method.

    Of invitations that are not to know their response only the number is known: so many are taken off.
    """
    values = {"organisation_id": organisation_id, "survey_id": survey_id}
    unnamed = {row.method: row.n for row in await session.execute(_UNNAMED, values)}
    left = {row.method: row.n - unnamed.get(row.method, 0) for row in await session.execute(_WALK_INS, values)}
    return {method: n for method, n in left.items() if n > 0}


async def completes_between(
    session: Session, organisation_id: UUID, survey_id: UUID, start: datetime | None, end: datetime
) -> int:
    """Complete responses submitted in a period that nobody excluded."""
    values = {"organisation_id": organisation_id, "survey_id": survey_id, "start": start, "end": end}
    return int((await session.execute(_COMPLETES, values)).scalar_one())
