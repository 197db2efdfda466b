"""SQL that folds the numbers behind ratios into sums, each ratio up to a watermark of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import TextClause, text

from feedback_core.db.session import Session
from feedback_core.kpis.queries.response_values import PAIR_VALUES
from feedback_core.kpis.types import Grain, Measure

_EVERYBODY = "'00000000-0000-0000-0000-000000000000'::uuid"
_NUMBERS = ("asked", "n", "above", "below", "above_squared", "product", "below_squared")


def _sums(sign: str = "") -> str:
    return ", ".join(f"{sign}sum({name}) AS {name}" for name in _NUMBERS)


def _grain(grain: Grain, day: str, cell: str) -> str:
    keys = f"question_key, denominator_key, {day} AS day, status, {cell} AS cell_id"
    return f"SELECT '{grain}' AS grain, {keys}, {_sums()} FROM counted GROUP BY 2, 3, 4, 5, 6"  # noqa: S608


def _add_to_cells(condition: str) -> TextClause:
    kept = """SELECT f.question_key, f.denominator_key, f.watermark FROM ratio_fold f
               WHERE f.organisation_id = r.organisation_id AND f.survey_id = r.survey_id"""
    return text(
        f"""
    WITH given AS (
        SELECT v.question_key, v.denominator_key, (v.submitted_at AT TIME ZONE :time_zone)::date AS day, v.status,
               v.cell_id, 1 AS asked, (v.above IS NOT NULL)::int AS n, v.above, v.below,
               v.above * v.above AS above_squared, v.above * v.below AS product, v.below * v.below AS below_squared
          FROM ({PAIR_VALUES.format(pairs=kept)} AND {condition}) AS v
         WHERE v.asked
    ), counted AS MATERIALIZED (
        SELECT question_key, denominator_key, day, status, cell_id,
               {", ".join(f"CAST(:sign AS int) * coalesce(sum({name}), 0) AS {name}" for name in _NUMBERS)}
          FROM given GROUP BY 1, 2, 3, 4, 5
    )
    INSERT INTO ratio_cell AS c (organisation_id, survey_id, grain, question_key, denominator_key, day, status, cell_id,
                                 {", ".join(_NUMBERS)})
    SELECT :organisation_id, :survey_id, g.* FROM (
        {_grain(Grain.DAY, "day", "cell_id")}
         UNION ALL
        {_grain(Grain.MONTH, "date_trunc('month', day)::date", "cell_id")}
         UNION ALL
        {_grain(Grain.YEAR, "date_trunc('year', day)::date", "cell_id")}
         UNION ALL
        {_grain(Grain.TOTAL, "day", _EVERYBODY)}
    ) AS g
        ON CONFLICT (organisation_id, survey_id, question_key, denominator_key, grain, day, status, cell_id)
        DO UPDATE SET {", ".join(f"{name} = c.{name} + excluded.{name}" for name in _NUMBERS)}
        """  # noqa: S608 - composed of constants
    )


_FOLD = _add_to_cells(
    "p.question_key = :question_key AND p.denominator_key = :denominator_key"
    " AND r.recorded_xid >= :lower AND r.recorded_xid < :upper"
)
_CORRECT = _add_to_cells("r.id = ANY(:response_ids) AND r.recorded_xid < p.watermark")

# The pairs that the latest definitions name, where the survey ever asked both as numbers.
_WANTED = f"""
    SELECT DISTINCT d.definition ->> 'question' AS question_key, d.definition ->> 'denominator' AS denominator_key,
           a.survey_id
      FROM (SELECT DISTINCT ON (k.key) k.definition FROM kpi_definition k
             WHERE k.organisation_id = :organisation_id ORDER BY k.key, k.version DESC) AS d
      JOIN question a ON a.organisation_id = :organisation_id AND a.key = d.definition ->> 'question'
      JOIN question b ON b.organisation_id = :organisation_id AND b.key = d.definition ->> 'denominator'
                     AND b.survey_id = a.survey_id
     WHERE d.definition ->> 'measure' = '{Measure.RATIO}' AND a.type = 'number' AND b.type = 'number'
"""  # noqa: S608 - composed of constants

_ADD_PAIRS = text(
    f"""
    INSERT INTO ratio_fold (organisation_id, survey_id, question_key, denominator_key, watermark)
    SELECT :organisation_id, w.survey_id, w.question_key, w.denominator_key, '0' FROM ({_WANTED}) AS w
     WHERE CAST(:survey_id AS uuid) IS NULL OR w.survey_id = :survey_id
     ORDER BY 2, 3, 4
        ON CONFLICT DO NOTHING
    """  # noqa: S608 - composed of constants
)

_DROP_PAIRS = text(
    f"""
    DELETE FROM ratio_fold f
     WHERE f.organisation_id = :organisation_id AND f.survey_id = :survey_id
       AND NOT EXISTS (SELECT FROM ({_WANTED}) AS w
                        WHERE w.survey_id = f.survey_id AND w.question_key = f.question_key
                          AND w.denominator_key = f.denominator_key)
    """  # noqa: S608 - composed of constants
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two number questions of a survey, and the watermark below which their sums are folded."""

    question_key: str
    denominator_key: str
    watermark: int


async def want_pairs(session: Session, organisation_id: UUID, survey_id: UUID | None = None) -> None:
    """Have the pairs of every ratio that is defined folded, in one survey or in all."""
    await session.execute(_ADD_PAIRS, {"organisation_id": organisation_id, "survey_id": survey_id})


async def drop_unwanted_pairs(session: Session, organisation_id: UUID, survey_id: UUID) -> None:
    """Forget the sums of pairs that no ratio is of any more."""
    await session.execute(_DROP_PAIRS, {"organisation_id": organisation_id, "survey_id": survey_id})


async def pairs_below(session: Session, organisation_id: UUID, survey_id: UUID, watermark: int) -> list[Pair]:
    """The pairs of a survey that are not folded up to a watermark yet."""
    found = await session.execute(
        text(
            "SELECT question_key, denominator_key, watermark::text AS watermark FROM ratio_fold"
            " WHERE organisation_id = :organisation_id AND survey_id = :survey_id"
            " AND watermark < CAST(:watermark AS xid8) ORDER BY question_key, denominator_key"
        ),
        {"organisation_id": organisation_id, "survey_id": survey_id, "watermark": str(watermark)},
    )
    return [Pair(row.question_key, row.denominator_key, int(row.watermark)) for row in found]


async def fold_pair(
    session: Session, organisation_id: UUID, survey_id: UUID, time_zone: str, pair: Pair, *, upper: int
) -> None:
    """Add the responses from a pair's watermark up to, not including, ``upper`` to its sums, and move it there."""
    key = {
        "organisation_id": organisation_id,
        "survey_id": survey_id,
        "question_key": pair.question_key,
        "denominator_key": pair.denominator_key,
    }
    bounds = {"lower": str(pair.watermark), "upper": str(upper)}
    await session.execute(_FOLD, {**key, **bounds, "time_zone": time_zone, "sign": 1})
    await session.execute(
        text(
            "UPDATE ratio_fold SET watermark = :upper WHERE organisation_id = :organisation_id"
            " AND survey_id = :survey_id AND question_key = :question_key AND denominator_key = :denominator_key"
        ),
        {**key, "upper": str(upper)},
    )


async def add_responses_to_pairs(
    session: Session, organisation_id: UUID, survey_id: UUID, response_ids: Sequence[UUID], time_zone: str, *, sign: int
) -> None:
    """Add responses, as they now stand, to the sums that they are folded into (``sign`` 1), or take them out (-1)."""
    await session.execute(
        _CORRECT,
        {
            "organisation_id": organisation_id,
            "survey_id": survey_id,
            "response_ids": list(response_ids),
            "time_zone": time_zone,
            "sign": sign,
        },
    )


async def drop_empty_sums(session: Session, organisation_id: UUID, survey_id: UUID) -> None:
    """Remove the sums that corrections have emptied."""
    await session.execute(
        text(
            "DELETE FROM ratio_cell WHERE organisation_id = :organisation_id AND survey_id = :survey_id AND asked = 0"
        ),
        {"organisation_id": organisation_id, "survey_id": survey_id},
    )
