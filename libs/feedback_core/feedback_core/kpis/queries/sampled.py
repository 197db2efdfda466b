"""SQL that reads the answers of sampled units, each unit a cell of its own, and how each was drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.kpis.queries.counts import ANSWERS
from feedback_core.kpis.queries.response_values import SAMPLED, SAMPLED_VALUES
from feedback_core.kpis.queries.sources import BUCKETS, CountQuery, parameters_of, sources_of
from feedback_core.kpis.types import PackedCells, PackedCounts, Standing

_ANSWERS = replace(ANSWERS, values=SAMPLED_VALUES)

_UNITS = text(f"""
    SELECT DISTINCT ON (m.cell_id) m.cell_id, m.sample_id, m.stratum, m.position, m.cluster, m.probability,
           m.cluster_probability, m.cluster_population,
           r.attributes || jsonb_build_object('method', r.method) AS attributes
      FROM response r
{SAMPLED}
     WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id AND r.respondent_ref IS NOT NULL
     ORDER BY m.cell_id, r.submitted_at DESC, r.id DESC
""")  # noqa: S608 - composed of constants

_DRAWN = text("""
    SELECT m.sample_id, m.stratum, m.cluster, count(*) AS drawn, sum(1 / m.probability) AS weight
      FROM sample_unit m
      JOIN sample p ON p.organisation_id = m.organisation_id AND p.id = m.sample_id
     WHERE m.organisation_id = :organisation_id AND p.survey_id = :survey_id AND p.drawn_at IS NOT NULL
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
""")


@dataclass(frozen=True, slots=True)
class SampledUnitRow:
    """A unit of a sample that answered."""

    sample_id: UUID
    stratum: int
    position: int
    cluster: str | None
    probability: float
    cluster_probability: float | None
    cluster_population: int | None


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """Units drawn of a stratum, or of a cluster in it: how many, and the sum of 1/probability."""

    sample_id: UUID
    stratum: int
    cluster: str | None
    drawn: int
    weight: float


@dataclass(frozen=True, slots=True)
class SampledAnswers:
    """Answers of units of samples.

    Attributes:
        cells: counts by unit, as those by respondent cell.
        units: by the id of the cell.
        drawn: everything that was drawn.
    """

    cells: PackedCells
    units: Mapping[bytes, SampledUnitRow]
    drawn: tuple[DrawnPart, ...]


async def read_sampled(session: Session, query: CountQuery) -> SampledAnswers:
    """Counts per period (if asked for) and unit of those who are of a sample of the survey, whatever ``where`` says."""
    query = replace(query, whole_days=False, where={}, by=None)
    parameters = parameters_of(query, "0")
    period = BUCKETS[query.by_bucket] if query.by_bucket else "NULL::date"
    statement = f"""
        SELECT {period} AS g, s.status, s.item, s.value,
               string_agg(uuid_send(s.cell_id), ''::bytea) AS cells,
               string_agg(int8send(s.n), ''::bytea) AS counts
          FROM ({" UNION ALL ".join(sources_of(query, _ANSWERS, parameters, by_cell=True))}) AS s
         GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
    """  # noqa: S608 - composed of constants
    columns = [
        PackedCounts(row.g, Standing(row.status), row.item, row.value, bytes(row.cells), bytes(row.counts))
        for row in await session.execute(text(statement), parameters)
    ]
    of_survey = {"organisation_id": query.organisation_id, "survey_id": query.survey_id}
    described, units = {}, {}
    for row in await session.execute(_UNITS, of_survey):
        described[row.cell_id.bytes] = row.attributes
        units[row.cell_id.bytes] = SampledUnitRow(
            row.sample_id,
            row.stratum,
            row.position,
            row.cluster,
            row.probability,
            row.cluster_probability,
            row.cluster_population,
        )
    drawn = [
        DrawnPart(row.sample_id, row.stratum, row.cluster, row.drawn, row.weight)
        for row in await session.execute(_DRAWN, of_survey)
    ]
    return SampledAnswers(PackedCells(columns, described), units, tuple(drawn))
