"""SQL that counts, by method, questions left without an answer and the time that answering took."""

from sqlalchemy import text

from feedback_core.data_quality.queries.selection import SelectedResponses
from feedback_core.db.session import Session
from feedback_core.kpis.queries.response_values import DECIDED, STANDS
from feedback_core.kpis.types import Standing
from feedback_core.method_effectiveness.types import ItemSums
from feedback_core.planning.types import CollectionMethod

_A_DAY = 86_400
"""Longer times are counted as one: whoever went on another day; no median depends on how much later."""


async def item_sums_by_method(session: Session, selected: SelectedResponses) -> dict[CollectionMethod, ItemSums]:
    """Questions put to the complete responses that count, and left out by them."""
    condition, parameters = selected.condition()
    statement = f"""
        SELECT v.method, count(*) AS n, sum(v.missing) AS missing, sum(v.asked) AS asked,
               sum(v.missing * v.missing) AS missing_squared, sum(v.missing * v.asked) AS missing_asked,
               sum(v.asked * v.asked) AS asked_squared
          FROM (SELECT r.method, cardinality(r.unanswered)::bigint AS missing,
                       cardinality(r.unanswered) + (SELECT count(*) FROM jsonb_object_keys(r.answers)) AS asked
                  FROM response r {DECIDED}
                 WHERE {condition} AND {STANDS} = '{Standing.COMPLETE}') AS v
         GROUP BY v.method ORDER BY v.method
    """  # noqa: S608 - composed of constants
    return {
        CollectionMethod(row.method): ItemSums(
            row.n,
            int(row.missing),
            int(row.asked),
            int(row.missing_squared),
            int(row.missing_asked),
            int(row.asked_squared),
        )
        for row in await session.execute(text(statement), parameters)
    }


async def seconds_by_method(session: Session, selected: SelectedResponses) -> dict[CollectionMethod, dict[int, int]]:
    """Whole seconds from begin to submission of the complete responses that count, to how many took them."""
    condition, parameters = selected.condition()
    statement = f"""
        SELECT r.method,
               least(round(EXTRACT(epoch FROM r.submitted_at - r.started_at)), :a_day)::integer AS seconds,
               count(*) AS n
          FROM response r {DECIDED}
         WHERE {condition} AND {STANDS} = '{Standing.COMPLETE}' AND r.started_at <= r.submitted_at
         GROUP BY 1, 2 ORDER BY 1, 2
    """  # noqa: S608 - composed of constants
    found: dict[CollectionMethod, dict[int, int]] = {}
    for row in await session.execute(text(statement), {**parameters, "a_day": _A_DAY}):
        found.setdefault(CollectionMethod(row.method), {})[row.seconds] = row.n
    return found
