"""SQL that counts what an analysis of data quality shows: flags, where respondents stopped, moments of answers."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations_with_replacement
from typing import Any, Final

import numpy as np
from sqlalchemy import text

from feedback_core.data_quality.queries.selection import SelectedResponses, attribute_of
from feedback_core.data_quality.types import ItemSet, ScaleItem
from feedback_core.db.session import Session
from feedback_core.kpis.queries.response_values import DECIDED, STANDS
from feedback_core.kpis.types import Standing
from feedback_core.responses.quality.calc import AnswerMoments
from feedback_core.responses.quality.types import FlagKind

LOOKED_AT: Final = (Standing.COMPLETE, Standing.PARTIAL, Standing.SUSPECT, Standing.SUSPECT_PARTIAL)
"""Of whom signs are measured, but for whom somebody excluded."""

# PostgreSQL has room for 1,664 columns in an answer.
_COLUMNS_AT_ONCE: Final = 1_500


async def flags_by_group(
    session: Session, selected: SelectedResponses, by: str | None
) -> dict[str | None, dict[FlagKind, int]]:
    """Responses with each sign, by the groups of an attribute; without one, under ``None``."""
    condition, parameters = selected.condition()
    group = "NULL::text"
    if by is not None:
        group, parameters["by"] = attribute_of("by"), by
    statement = f"""
        SELECT {group} AS g, f.kind, count(*) AS n
          FROM response_flag f
          JOIN response r ON r.organisation_id = f.organisation_id AND r.id = f.response_id {DECIDED}
         WHERE f.organisation_id = :organisation_id AND f.survey_id = :survey_id
           AND {condition} AND {STANDS} = ANY(:looked_at)
         GROUP BY 1, 2
    """  # noqa: S608 - composed of constants
    rows = await session.execute(text(statement), {**parameters, "looked_at": list(LOOKED_AT)})
    found: dict[str | None, dict[FlagKind, int]] = defaultdict(dict)
    for row in rows:
        found[row.g][FlagKind(row.kind)] = row.n
    return dict(found)


async def stopped_after(session: Session, selected: SelectedResponses, questions: Sequence[str]) -> dict[int, int]:
    """Partial responses by the position (from 1) of the last question that they answer; 0: of none."""
    condition, parameters = selected.condition()
    statement = f"""
        SELECT coalesce((SELECT max(p.position) FROM unnest(CAST(:questions AS text[])) WITH ORDINALITY
                                                       AS p(key, position) WHERE r.answers ? p.key), 0) AS position,
               count(*) AS n
          FROM response r {DECIDED}
         WHERE {condition} AND r.status = 'partial' AND {STANDS} = ANY(:looked_at)
         GROUP BY 1 ORDER BY 1
    """  # noqa: S608 - composed of constants
    parameters |= {"questions": list(questions), "looked_at": list(LOOKED_AT)}
    return {row.position: row.n for row in await session.execute(text(statement), parameters)}


async def answer_moments(
    session: Session, selected: SelectedResponses, items: Sequence[ScaleItem], one: ItemSet
) -> tuple[AnswerMoments, int]:
    """Moments of the answers to a set of items, reversed ones turned round, and how many left one without an answer.

    They are added up by the database, so that memory does not grow with the responses. Answers are whole numbers and
    are counted from the middle of the scale, so that the sums are exact, in whatever order they are added.
    """
    condition, parameters = selected.condition()
    columns = [_turned(number, item, one, parameters) for number, item in enumerate(items)]
    answered = " AND ".join(f"v.v{number} IS NOT NULL" for number in range(len(items)))
    some = " OR ".join(f"v.v{number} IS NOT NULL" for number in range(len(items)))
    source = f"""
        (SELECT {", ".join(columns)} FROM response r {DECIDED}
          WHERE {condition} AND {STANDS} = '{Standing.COMPLETE}' OFFSET 0) AS v
    """  # noqa: S608 - composed of constants
    sums = [f"sum(v.v{number})" for number in range(len(items))]
    sums += [f"sum(v.v{a} * v.v{b})" for a, b in combinations_with_replacement(range(len(items)), 2)]
    totals: list[float] = []
    counts = (
        await session.execute(
            text(f"SELECT count(*) FILTER (WHERE {answered}), count(*) FROM {source} WHERE {some}"),  # noqa: S608
            parameters,
        )
    ).one()
    for part in _batched(sums, _COLUMNS_AT_ONCE):
        statement = f"SELECT {', '.join(part)} FROM {source} WHERE {answered}"  # noqa: S608 - composed of constants
        totals += [float(total or 0) for total in (await session.execute(text(statement), parameters)).one()]
    return _moments(int(counts[0]), totals, items), int(counts[1] - counts[0])


def _batched(expressions: Sequence[str], most: int) -> list[Sequence[str]]:
    return [expressions[start : start + most] for start in range(0, len(expressions), most)]


def _moments(n: int, totals: Sequence[float], items: Sequence[ScaleItem]) -> AnswerMoments:
    k = len(items)
    sums = np.array(totals[:k])
    products = np.zeros((k, k))
    products[np.triu_indices(k)] = totals[k:]
    products = products + np.triu(products, 1).T
    covariance = (products - np.outer(sums, sums) / max(n, 1)) / max(n - 1, 1)
    middles = np.array([(item.low + item.high) / 2 for item in items])
    return AnswerMoments(n, middles + sums / max(n, 1), covariance)


def _turned(number: int, item: ScaleItem, one: ItemSet, parameters: dict[str, Any]) -> str:
    """An answer counted from the middle of its scale, upwards or, of a reversed item, downwards."""
    parameters[f"question_{number}"] = item.question
    answer = f"r.answers ->> CAST(:question_{number} AS text)"
    if item.row is not None:
        parameters[f"row_{number}"] = item.row
        answer = f"r.answers -> CAST(:question_{number} AS text) ->> CAST(:row_{number} AS text)"
    sign = "-" if item.name in one.reversed else ""
    return f"{sign}(({answer})::float8 - ({(item.low + item.high) / 2})) AS v{number}"
