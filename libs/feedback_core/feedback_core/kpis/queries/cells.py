"""SQL that reads counts by respondent cell, from the same sources as those of everybody."""

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.kpis.queries.counts import ANSWERS
from feedback_core.kpis.queries.sources import BUCKETS, CountQuery, parameters_of, sources_of, watermark_of
from feedback_core.kpis.types import PackedCells, PackedCounts, Standing

# One value for all cells: as rows they would cost more than everything else that is done with them.
_DESCRIBED = text(
    """
    SELECT jsonb_object_agg(encode(uuid_send(s.cell_id), 'hex'), s.attributes)
      FROM (SELECT d.cell_id, d.attributes FROM respondent_cell d
             WHERE d.organisation_id = :organisation_id AND d.survey_id = :survey_id
             UNION ALL
            SELECT DISTINCT r.cell_id, r.attributes || jsonb_build_object('method', r.method) FROM response r
             WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
               AND r.recorded_xid >= CAST(:watermark AS xid8)) AS s
    """
)


async def read_cells(session: Session, query: CountQuery) -> PackedCells:
    """The same counts as ``read_counts``, per period (if asked for) and cell; of everybody, whatever ``where`` says."""
    watermark = await watermark_of(session, query.organisation_id, query.survey_id)
    parameters = parameters_of(query, watermark)
    period = BUCKETS[query.by_bucket] if query.by_bucket else "NULL::date"
    statement = f"""
        SELECT {period} AS g, s.status, s.item, s.value,
               string_agg(uuid_send(s.cell_id), ''::bytea) AS cells,
               string_agg(int8send(s.n), ''::bytea) AS counts
          FROM ({" UNION ALL ".join(sources_of(query, ANSWERS, parameters, by_cell=True))}) AS s
         GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    """  # noqa: S608 - composed of constants
    columns = [
        PackedCounts(row.g, Standing(row.status), row.item, row.value, bytes(row.cells), bytes(row.counts))
        for row in await session.execute(text(statement), parameters)
    ]
    described = (await session.execute(_DESCRIBED, parameters)).scalar_one() or {}
    return PackedCells(columns, {bytes.fromhex(cell): attributes for cell, attributes in described.items()})
