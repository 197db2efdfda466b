"""SQL that reads how many gave each answer."""

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.kpis.queries.pairs import read_pairs
from feedback_core.kpis.queries.response_values import RESPONSE_VALUES
from feedback_core.kpis.queries.sources import Counted, CountQuery, grouped, parameters_of, sources_of, watermark_of
from feedback_core.kpis.types import CountRow, Standing

ANSWERS = Counted(
    cells="""
        SELECT c.day, c.status, c.cell_id, NULL::jsonb AS attributes, c.item, c.value, c.n
          FROM kpi_cell c
         WHERE c.organisation_id = :organisation_id AND c.survey_id = :survey_id AND c.question_key = :question_key
           AND c.item = ANY(:items) AND c.grain = '{grain}'
    """,
    values=RESPONSE_VALUES,
    columns="v.item, v.value, {sign}1 AS n",
    chosen="v.question_key = :question_key AND v.item = ANY(:items)",
)
"""Answers to one question, by item and value."""


async def read_counts(session: Session, query: CountQuery) -> list[CountRow]:
    """Counts per group, standing, item and value; groups in ascending order, the unknown one last."""
    if query.denominator is not None:
        return await read_pairs(session, query)
    parameters = parameters_of(query, await watermark_of(session, query.organisation_id, query.survey_id))
    rows = grouped(query, sources_of(query, ANSWERS, parameters), parameters, "s.item, s.value, s.n")
    statement = f"""
        SELECT g, status, item, value, sum(n) AS n FROM ({rows}) AS s
         GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0 ORDER BY 1 NULLS LAST
    """  # noqa: S608 - composed of constants
    found = await session.execute(text(statement), parameters)
    return [CountRow(row.g, Standing(row.status), row.item, row.value, int(row.n)) for row in found]
