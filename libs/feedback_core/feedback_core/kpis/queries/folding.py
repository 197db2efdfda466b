"""SQL that folds responses into cells, and takes a corrected one out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import TextClause, text

from feedback_core.db.session import Session
from feedback_core.kpis.queries.response_values import RESPONSE_VALUES
from feedback_core.kpis.types import Grain

_EVERYBODY = "'00000000-0000-0000-0000-000000000000'::uuid"


def _add_to_cells(condition: str) -> TextClause:
    return text(
        f"""
    WITH counted AS MATERIALIZED (
        SELECT v.question_key, (v.submitted_at AT TIME ZONE :time_zone)::date AS day, v.item, v.survey_version_id,
               v.status, v.cell_id, v.value, :sign * count(*) AS n
          FROM ({RESPONSE_VALUES} AND {condition}) AS v
         GROUP BY 1, 2, 3, 4, 5, 6, 7
    ), grains AS (
        SELECT '{Grain.DAY}' AS grain, * FROM counted
         UNION ALL
        SELECT '{Grain.MONTH}', question_key, date_trunc('month', day)::date, item, survey_version_id, status,
               cell_id, value, sum(n)::bigint
          FROM counted GROUP BY 2, 3, 4, 5, 6, 7, 8
         UNION ALL
        SELECT '{Grain.YEAR}', question_key, date_trunc('year', day)::date, item, survey_version_id, status,
               cell_id, value, sum(n)::bigint
          FROM counted GROUP BY 2, 3, 4, 5, 6, 7, 8
         UNION ALL
        SELECT '{Grain.TOTAL}', question_key, day, item, survey_version_id, status,
               {_EVERYBODY} AS cell_id, value, sum(n)::bigint
          FROM counted GROUP BY 2, 3, 4, 5, 6, 8
    )
    INSERT INTO kpi_cell (organisation_id, survey_id, question_key, grain, day, item,
                          survey_version_id, status, cell_id, value, n)
    SELECT :organisation_id, :survey_id, g.question_key, g.grain, g.day, g.item,
           g.survey_version_id, g.status, g.cell_id, g.value, g.n
      FROM grains g
        ON CONFLICT (organisation_id, survey_id, question_key, grain, day, item,
                     survey_version_id, status, cell_id, value)
        DO UPDATE SET n = kpi_cell.n + excluded.n
        """  # noqa: S608 - composed of constants
    )


_FOLD = _add_to_cells("r.recorded_xid >= :lower AND r.recorded_xid < :upper")
_CORRECT = _add_to_cells("r.id = ANY(:response_ids) AND r.recorded_xid < :watermark")

_DESCRIBE_CELLS = text(
    """
    INSERT INTO respondent_cell (organisation_id, survey_id, cell_id, attributes)
    SELECT DISTINCT ON (r.cell_id) r.organisation_id, r.survey_id, r.cell_id,
           r.attributes || jsonb_build_object('method', r.method)
      FROM response r
     WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
       AND r.recorded_xid >= :lower AND r.recorded_xid < :upper
        ON CONFLICT DO NOTHING
    """
)

# Of two responses of one respondent, the fold of the later one notes both, whoever was recorded first.
_NOTE_REPEATED = text(
    """
    INSERT INTO repeated_response (organisation_id, survey_id, respondent_ref, submitted_at, response_id, status)
    SELECT o.organisation_id, o.survey_id, o.respondent_ref, o.submitted_at, o.id, o.status
      FROM (SELECT DISTINCT r.respondent_ref FROM response r
             WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
               AND r.recorded_xid >= :lower AND r.recorded_xid < :upper AND r.respondent_ref IS NOT NULL) AS r
      JOIN response o ON o.organisation_id = :organisation_id AND o.survey_id = :survey_id
                     AND o.respondent_ref = r.respondent_ref
     WHERE o.recorded_xid < :upper
       AND EXISTS (SELECT FROM response p
                    WHERE p.organisation_id = o.organisation_id AND p.survey_id = o.survey_id
                      AND p.respondent_ref = o.respondent_ref AND p.recorded_xid < :upper AND p.id <> o.id)
        ON CONFLICT DO NOTHING
    """
)

# The planner takes every list of answers for a hundred of them. It would then sort on disk what fits into memory, and
# read the whole table for responses that lie side by side.
_PLAN = text(
    """
    SELECT set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true),
           set_config('work_mem', '64MB', true)
    """
)

_LOCK_STATE = text(
    """
    SELECT watermark::text AS watermark FROM fold_state
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id FOR UPDATE
    """
)

_ADD_STATE = text(
    """
    INSERT INTO fold_state (organisation_id, survey_id, watermark) VALUES (:organisation_id, :survey_id, '0')
        ON CONFLICT DO NOTHING
    """
)

# A statement of its own, passed on: inside a distributed statement it would be another node's.
_OLDEST_OPEN = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")

_NTH_UNFOLDED = text(
    """
    SELECT recorded_xid::text FROM response
     WHERE organisation_id = :organisation_id AND survey_id = :survey_id
       AND recorded_xid >= :lower AND recorded_xid < :upper
     ORDER BY recorded_xid OFFSET :n LIMIT 1
    """
)

_DUE = text(
    """
    SELECT s.organisation_id, s.id AS survey_id
      FROM survey s
      LEFT JOIN fold_state f ON f.organisation_id = s.organisation_id AND f.survey_id = s.id
     WHERE s.published_version IS NOT NULL
       AND EXISTS (SELECT FROM response r
                    WHERE r.organisation_id = s.organisation_id AND r.survey_id = s.id
                      AND r.recorded_xid >= least(coalesce(f.watermark, '0'::xid8),
                              (SELECT min(p.watermark) FROM ratio_fold p
                                WHERE p.organisation_id = s.organisation_id AND p.survey_id = s.id)))
    """
)


@dataclass(frozen=True, slots=True)
class FoldRange:
    """Responses recorded by transactions from ``lower`` up to, not including, ``upper``."""

    lower: int
    upper: int


async def lock_watermark(session: Session, organisation_id: UUID, survey_id: UUID) -> int:
    """The watermark of a survey, held until the transaction ends: folds and corrections go one after the other."""
    key = {"organisation_id": organisation_id, "survey_id": survey_id}
    found = (await session.execute(_LOCK_STATE, key)).scalar_one_or_none()
    if found is None:
        await session.execute(_ADD_STATE, key)
        found = (await session.execute(_LOCK_STATE, key)).scalar_one()
    return int(found)


async def next_range(session: Session, organisation_id: UUID, survey_id: UUID, lower: int, *, most: int) -> FoldRange:
    """What to fold next: about ``most`` responses, none of a transaction that is still open or could still begin.

    The rest of the transaction is planned as folding needs it.
    """
    await session.execute(_PLAN)
    upper = int((await session.execute(_OLDEST_OPEN)).scalar_one())
    return FoldRange(lower, await end_of_part(session, organisation_id, survey_id, lower, upper, most=most))


async def end_of_part(
    session: Session, organisation_id: UUID, survey_id: UUID, lower: int, upper: int, *, most: int
) -> int:
    """Where about ``most`` responses from ``lower`` end, at the latest at ``upper``."""
    key = {"organisation_id": organisation_id, "survey_id": survey_id}
    beyond = await session.execute(_NTH_UNFOLDED, {**key, "lower": str(lower), "upper": str(upper), "n": most})
    nth = beyond.scalar_one_or_none()
    return upper if nth is None else min(upper, int(nth) + 1)


async def fold(session: Session, organisation_id: UUID, survey_id: UUID, time_zone: str, part: FoldRange) -> None:
    """Add the responses of a range to the cells, and move the watermark past them."""
    key = {"organisation_id": organisation_id, "survey_id": survey_id}
    bounds = {**key, "lower": str(part.lower), "upper": str(part.upper)}
    await session.execute(_DESCRIBE_CELLS, bounds)
    await session.execute(_FOLD, {**bounds, "time_zone": time_zone, "sign": 1})
    await session.execute(_NOTE_REPEATED, bounds)
    await session.execute(
        text(
            "UPDATE fold_state SET watermark = :upper"
            " WHERE organisation_id = :organisation_id AND survey_id = :survey_id"
        ),
        {**key, "upper": str(part.upper)},
    )


async def has_unfolded(session: Session, organisation_id: UUID, survey_id: UUID, watermark: int) -> bool:
    """Whether responses that no open transaction can still add to wait above a watermark."""
    upper = (await session.execute(_OLDEST_OPEN)).scalar_one()
    found = await session.execute(
        _NTH_UNFOLDED,
        {
            "organisation_id": organisation_id,
            "survey_id": survey_id,
            "lower": str(watermark),
            "upper": upper,
            "n": 0,
        },
    )
    return found.first() is not None


async def add_responses(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    response_ids: Sequence[UUID],
    time_zone: str,
    *,
    watermark: int,
    sign: int,
) -> None:
    """Add the responses that are folded, as they now stand, to the cells (``sign`` 1), or take them out (-1)."""
    await session.execute(
        _CORRECT,
        {
            "organisation_id": organisation_id,
            "survey_id": survey_id,
            "response_ids": list(response_ids),
            "watermark": str(watermark),
            "time_zone": time_zone,
            "sign": sign,
        },
    )


async def drop_empty_cells(session: Session, organisation_id: UUID, survey_id: UUID) -> None:
    """Remove the cells that corrections have emptied."""
    await session.execute(
        text("DELETE FROM kpi_cell WHERE organisation_id = :organisation_id AND survey_id = :survey_id AND n = 0"),
        {"organisation_id": organisation_id, "survey_id": survey_id},
    )


async def count_correction(session: Session, organisation_id: UUID, survey_id: UUID) -> None:
    """Note that what was counted has changed."""
    await session.execute(
        text(
            "UPDATE fold_state SET corrections = corrections + 1"
            " WHERE organisation_id = :organisation_id AND survey_id = :survey_id"
        ),
        {"organisation_id": organisation_id, "survey_id": survey_id},
    )


async def surveys_due(system: Session) -> list[tuple[UUID, UUID]]:
    """Every (organisation, survey) with responses that are not in the cells yet."""
    return [(row.organisation_id, row.survey_id) for row in await system.execute(_DUE)]
