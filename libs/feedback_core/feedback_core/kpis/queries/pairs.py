"""SQL that reads the sums behind a ratio: from its cells for whole folded days, from responses for all the rest."""

from fractions import Fraction

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.kpis.queries.response_values import PAIR_VALUES
from feedback_core.kpis.queries.sources import Counted, CountQuery, grouped, parameters_of, sources_of, watermark_of
from feedback_core.kpis.types import BOTH, UNANSWERED, WHOLE, CountRow, PairSums, Standing

_SUMS = ("asked", "n", "above", "below", "above_squared", "product", "below_squared")

PAIRS = Counted(
    cells=f"""
        SELECT c.day, c.status, c.cell_id, NULL::jsonb AS attributes, {", ".join(f"c.{name}" for name in _SUMS)}
          FROM ratio_cell c
         WHERE c.organisation_id = :organisation_id AND c.survey_id = :survey_id AND c.question_key = :question_key
           AND c.denominator_key = :denominator AND c.grain = '{{grain}}'
    """,  # noqa: S608 - composed of constants
    values=PAIR_VALUES.format(
        pairs="SELECT CAST(:question_key AS text) AS question_key, CAST(:denominator AS text) AS denominator_key"
    ),
    columns="""
        {sign}v.asked::int AS asked, {sign}(v.above IS NOT NULL)::int AS n,
        {sign}v.above AS above, {sign}v.below AS below,
        {sign}v.above * v.above AS above_squared, {sign}v.above * v.below AS product,
        {sign}v.below * v.below AS below_squared
    """,
    chosen="v.asked",
)
"""Answers to two number questions, as sums."""

# Until they are folded up to where the survey is, the sums of a ratio defined later are read from more responses.
_WATERMARK = text(
    """
    SELECT coalesce((SELECT f.watermark FROM ratio_fold f
                      WHERE f.organisation_id = :organisation_id AND f.survey_id = :survey_id
                        AND f.question_key = :question_key AND f.denominator_key = :denominator), '0'::xid8)::text
    """
)


async def read_pairs(session: Session, query: CountQuery) -> list[CountRow]:
    """Per group and standing, who gave both numbers, with their sums, and who was asked and did not."""
    folded = await watermark_of(session, query.organisation_id, query.survey_id)
    parameters = {**parameters_of(query, folded), "denominator": query.denominator}
    parameters["watermark"] = (await session.execute(_WATERMARK, parameters)).scalar_one()
    columns = ", ".join(f"s.{name}" for name in _SUMS)
    rows = grouped(query, sources_of(query, PAIRS, parameters), parameters, columns)
    statement = f"""
        SELECT g, status, {", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in _SUMS)} FROM ({rows}) AS s
         GROUP BY 1, 2 HAVING sum(asked) <> 0 ORDER BY 1 NULLS LAST, 2
    """  # noqa: S608 - composed of constants
    found = []
    for row in await session.execute(text(statement), parameters):
        standing, n = Standing(row.status), int(row.n)
        if n:
            sums = PairSums(n, *(Fraction(getattr(row, name)) for name in _SUMS[2:]))
            found.append(CountRow(row.g, standing, WHOLE, BOTH, n, sums))
        if row.asked > n:
            found.append(CountRow(row.g, standing, WHOLE, UNANSWERED, int(row.asked) - n))
    return found
