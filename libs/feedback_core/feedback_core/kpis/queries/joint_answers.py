"""SQL of two questions crossed: what each respondent answered to both, equal answers counted together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.kpis.queries.response_values import DECIDED, STANDS
from feedback_core.kpis.types import Standing
from feedback_core.kpis.types.cross_tabs import Axis, JointCount

CHOSEN, NOT_CHOSEN = "chosen", "not_chosen"
"""Categories of a choice of several."""


@dataclass(frozen=True, slots=True)
class JointQuery:
    """Two questions of a survey, and when they were answered; ``None``: open."""

    organisation_id: UUID
    survey_id: UUID
    rows: Axis
    columns: Axis
    start: datetime | None
    end: datetime | None


async def joint_answers(session: Session, query: JointQuery) -> list[JointCount]:
    """Counts of complete responses that count, by the categories of both answers and attributes.

    It reads every response of the period: see that there are not too many.
    """
    parameters: dict[str, Any] = {"organisation_id": query.organisation_id, "survey_id": query.survey_id}
    row, column = _value(query.rows, "row", parameters), _value(query.columns, "column", parameters)
    period = ""
    if query.start is not None:
        period += " AND r.submitted_at >= :start"
        parameters["start"] = query.start
    if query.end is not None:
        period += " AND r.submitted_at < :end"
        parameters["end"] = query.end
    statement = f"""
        SELECT {row} AS row_value, {column} AS column_value, r.cell_id, count(*) AS n,
               (array_agg(jsonb_strip_nulls(r.attributes || jsonb_build_object('method', r.method))))[1] AS attributes
          FROM response r {DECIDED}
         WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
           AND {STANDS} = '{Standing.COMPLETE}'{period}
         GROUP BY 1, 2, 3
         ORDER BY 1, 2, 3
    """  # noqa: S608 - composed of constants
    found = await session.execute(text(statement), parameters)
    rows, columns = query.rows.categories, query.columns.categories
    return [
        JointCount(one.attributes, rows[one.row_value], columns[one.column_value], one.n)
        for one in found
        if one.row_value in rows and one.column_value in columns
    ]


def _value(axis: Axis, name: str, parameters: dict[str, Any]) -> str:
    """The answer as it is counted elsewhere; NULL where there is none."""
    parameters[f"{name}_question"] = axis.question
    answer = f"r.answers -> CAST(:{name}_question AS text)"
    if axis.item is None:
        # A jsonb number is written as it was sent: 5.0 is the point 5.
        return f"""CASE jsonb_typeof({answer}) WHEN 'number' THEN trim_scale(({answer})::numeric)::text
            ELSE {answer} #>> '{{}}' END"""
    parameters[f"{name}_item"] = axis.item
    item = f"CAST(:{name}_item AS text)"
    return f"""CASE jsonb_typeof({answer})
        WHEN 'array' THEN CASE WHEN ({answer}) ? {item} THEN '{CHOSEN}' ELSE '{NOT_CHOSEN}' END
        ELSE trim_scale(({answer} -> {item})::numeric)::text END"""
