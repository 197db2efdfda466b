"""Where counts come from: cells for whole folded days, responses for the rest, less those not taken; in a snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.kpis.queries.response_values import of_those_not_taken
from feedback_core.kpis.types import Bucket, Grain, Standing, Take

WATERMARK = """
    coalesce((SELECT f.watermark FROM fold_state f
               WHERE f.organisation_id = :organisation_id AND f.survey_id = :survey_id), '0'::xid8)
"""
"""Responses recorded by transactions below it are in the cells; all others are read from their rows."""

# The planner takes a survey and its latest transactions for unrelated. Beside busier surveys it would then read the
# whole table, by several processes, for the few responses above a watermark.
_READ_WATERMARK = text(
    f"SELECT ({WATERMARK})::text, set_config('enable_seqscan', 'off', true),"
    " set_config('max_parallel_workers_per_gather', '0', true)"
)

_ROWS = """
    SELECT (v.submitted_at AT TIME ZONE :time_zone)::date AS day, v.status, v.cell_id,
           v.attributes || jsonb_build_object('method', v.method) AS attributes, {columns}
      FROM ({values}) AS v
     WHERE {chosen}
"""

_DICTIONARY = """
    LEFT JOIN respondent_cell d
      ON d.organisation_id = :organisation_id AND d.survey_id = :survey_id AND d.cell_id = s.cell_id
"""

BUCKETS = {
    Bucket.DAY: "s.day",
    Bucket.WEEK: "date_trunc('week', s.day)::date",
    Bucket.MONTH: "date_trunc('month', s.day)::date",
    Bucket.QUARTER: "date_trunc('quarter', s.day)::date",
    Bucket.YEAR: "date_trunc('year', s.day)::date",
}

# Which grains can make up a bucket, the coarsest first.
_GRAINS: Mapping[Bucket | None, Sequence[Grain]] = {
    None: (Grain.YEAR, Grain.MONTH, Grain.DAY),
    Bucket.YEAR: (Grain.YEAR, Grain.MONTH, Grain.DAY),
    Bucket.QUARTER: (Grain.MONTH, Grain.DAY),
    Bucket.MONTH: (Grain.MONTH, Grain.DAY),
    Bucket.WEEK: (Grain.DAY,),
    Bucket.DAY: (Grain.DAY,),
}

Span = tuple[Grain, date | None, date | None]
"""Cells of a grain from the first day up to, not including, the last; ``None``: open."""


@dataclass(frozen=True, slots=True)
class CountQuery:
    """Which counts to read.

    Attributes:
        items: ``WHOLE`` and the item or choice that the figure is about.
        first_day: first day that lies in the selection as a whole, in the organisation's time zone; ``None``: open.
        last_day: first day that no longer does; ``None``: open.
        whole_days: false if no cell can be used: days are cut in another time zone than the organisation's.
        denominator: key of the question below the line of a ratio, whose answers are then counted in pairs.
        take: which responses of one respondent count, of those that stand as ``standings`` say.
        by: attribute to group by; ``by_bucket``: length of period to group by; neither: one group.
    """

    organisation_id: UUID
    survey_id: UUID
    question_key: str
    items: Sequence[str]
    start: datetime | None
    end: datetime | None
    time_zone: str
    first_day: date | None
    last_day: date | None
    day_start: datetime | None
    day_end: datetime | None
    whole_days: bool
    where: Mapping[str, Sequence[str]]
    denominator: str | None = None
    take: Take = Take.ALL
    standings: Sequence[Standing] = (Standing.COMPLETE,)
    by: str | None = None
    by_bucket: Bucket | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted, in SQL.

    Attributes:
        cells: rows of the cells ``c`` of a ``{grain}``: day, status, cell, no attributes, and the columns.
        values: rows ``v`` of responses ``r``, to which conditions are added.
        columns: what such a row counts; ``{sign}`` stands before each number.
        chosen: which rows ``v`` count.
    """

    cells: str
    values: str
    columns: str
    chosen: str

    def rows(self, condition: str) -> str:
        """Of the responses that meet a condition."""
        return self._rows(self.values + condition, "+")

    def not_taken(self, take: Take, within: str) -> str:
        """Taken off: of the responses in the selected time, those in whose place another is taken."""
        return self._rows(of_those_not_taken(self.values, take, within=within), "-")

    def _rows(self, values: str, sign: str) -> str:
        return _ROWS.format(columns=self.columns.format(sign=sign), values=values, chosen=self.chosen)


async def watermark_of(session: Session, organisation_id: UUID, survey_id: UUID) -> str:
    """Below it, responses are in the cells.

    Read before the counts and passed in: only then does the planner know how few responses lie above it. In a snapshot,
    both statements see the same instant. The rest of the transaction is planned as reading above it needs.
    """
    key = {"organisation_id": organisation_id, "survey_id": survey_id}
    found: str = (await session.execute(_READ_WATERMARK, key)).scalar_one()
    return found


def parameters_of(query: CountQuery, watermark: str) -> dict[str, Any]:
    """What every source of counts needs; ``watermark``: of the survey."""
    return {
        "watermark": watermark,
        "folded": watermark,
        "organisation_id": query.organisation_id,
        "survey_id": query.survey_id,
        "question_key": query.question_key,
        "items": list(query.items),
        "time_zone": query.time_zone,
    }


def sources_of(query: CountQuery, counted: Counted, parameters: dict[str, Any], *, by_cell: bool = False) -> list[str]:
    """Statements whose rows together are the counts asked for, whatever ``where`` says; adds their parameters."""
    sources = _all(query, counted, parameters, by_cell=by_cell or bool(query.where or query.by))
    if query.take is not Take.ALL:
        parameters["standings"] = list(query.standings)
        sources.append(counted.not_taken(query.take, _within(query.start, query.end, "taken", parameters)))
    return sources


def grouped(query: CountQuery, sources: Sequence[str], parameters: dict[str, Any], columns: str) -> str:
    """The rows ``s`` of sources under the conditions of the query, and the group ``g`` of each; adds its parameters.

    Args:
        query: whose ``where``, ``by`` and ``by_bucket`` hold.
        sources: of the counts.
        parameters: of the statement.
        columns: of the sources that are wanted, each as ``s.name``.
    """
    source = " UNION ALL ".join(sources)
    if query.where or query.by:
        described = f"s.day, s.status, {columns}, coalesce(s.attributes, d.attributes) AS attributes"
        source = f"SELECT {described} FROM ({source}) AS s{_DICTIONARY}"  # noqa: S608 - composed of constants
    chosen = _where(query, parameters)
    return f"SELECT {_group(query, parameters)} AS g, s.status, {columns} FROM ({source}) AS s{chosen}"  # noqa: S608


def _all(query: CountQuery, counted: Counted, parameters: dict[str, Any], *, by_cell: bool) -> list[str]:
    """Of all responses, whoever gave them."""
    if not query.whole_days:
        return [counted.rows(_within(query.start, query.end, "all", parameters))]
    sources = _folded(query, counted, parameters, by_cell=by_cell)
    unfolded = " AND r.recorded_xid >= CAST(:watermark AS xid8)"
    sources.append(counted.rows(unfolded + _within(query.day_start, query.day_end, "day", parameters)))
    if query.start is not None and query.start != query.day_start:
        sources.append(counted.rows(_within(query.start, query.day_start, "before", parameters)))
    if query.end is not None and query.end != query.day_end:
        sources.append(counted.rows(_within(query.day_end, query.end, "after", parameters)))
    return sources


def _folded(query: CountQuery, counted: Counted, parameters: dict[str, Any], *, by_cell: bool) -> list[str]:
    """The coarsest cells that answer the query."""
    spans = [(Grain.TOTAL, query.first_day, query.last_day)]
    if by_cell:
        spans = _spans(query.first_day, query.last_day, _GRAINS[query.by_bucket])
    return [_cells(counted, number, span, parameters) for number, span in enumerate(spans)]


def _spans(first: date | None, last: date | None, grains: Sequence[Grain]) -> list[Span]:
    """Days from ``first`` up to ``last`` as whole periods of the first grain, and the rest around them in finer."""
    grain, *finer = grains
    inner_first = None if first is None else _period_from(first, grain)
    inner_last = None if last is None else _period_of(last, grain)
    if inner_first and inner_last and inner_first >= inner_last and finer:
        return _spans(first, last, finer)
    before = _spans(first, inner_first, finer) if first != inner_first else []
    after = _spans(inner_last, last, finer) if last != inner_last else []
    return [*before, (grain, inner_first, inner_last), *after]


def _period_of(day: date, grain: Grain) -> date:
    """The first day of the period that a day is in."""
    if grain is Grain.YEAR:
        return day.replace(month=1, day=1)
    return day.replace(day=1) if grain is Grain.MONTH else day


def _period_from(day: date, grain: Grain) -> date:
    """The first day of a period that is not before ``day``."""
    start = _period_of(day, grain)
    longest = 366 if grain is Grain.YEAR else 31
    return day if start == day else _period_of(start + timedelta(days=longest), grain)


def _cells(counted: Counted, number: int, span: Span, parameters: dict[str, Any]) -> str:
    grain, first, last = span
    cells = counted.cells.format(grain=grain)
    if first is not None:
        cells += f" AND c.day >= :first_day_{number}"
        parameters[f"first_day_{number}"] = first
    if last is not None:
        cells += f" AND c.day < :last_day_{number}"
        parameters[f"last_day_{number}"] = last
    return cells


def _within(start: datetime | None, end: datetime | None, name: str, parameters: dict[str, Any]) -> str:
    condition = ""
    if start is not None:
        condition += f" AND r.submitted_at >= :{name}_start"
        parameters[f"{name}_start"] = start
    if end is not None:
        condition += f" AND r.submitted_at < :{name}_end"
        parameters[f"{name}_end"] = end
    return condition


def _group(query: CountQuery, parameters: dict[str, Any]) -> str:
    if query.by is not None:
        parameters["by"] = query.by
        return "s.attributes ->> :by"
    return BUCKETS[query.by_bucket] if query.by_bucket else "NULL::text"


def _where(query: CountQuery, parameters: dict[str, Any]) -> str:
    conditions = []
    for number, (attribute, values) in enumerate(query.where.items()):
        conditions.append(f"s.attributes ->> :attribute_{number} = ANY(:values_{number})")
        parameters[f"attribute_{number}"] = attribute
        parameters[f"values_{number}"] = list(values)
    return " WHERE " + " AND ".join(conditions) if conditions else ""
