"""SQL of drivers: the answers of each respondent to several questions at once, equal patterns counted together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.kpis.types import Standing

# Rows turned into arrays at once: as Python objects, all patterns of a large survey would fill the memory.
_PART = 20_000


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question on a scale, whose answers are read; ``item`` is the row of a matrix."""

    key: str
    item: str | None


@dataclass(frozen=True, slots=True)
class PatternQuery:
    """Which answers to read.

    Attributes:
        questions: the outcome first.
        attributes: of the respondents, that patterns are told apart by as well.
        start: first instant; ``None``: open.
        end: first instant no longer in it; ``None``: open.
        where: attribute (or ``method``) to the values allowed.
    """

    organisation_id: UUID
    survey_id: UUID
    questions: Sequence[AskedQuestion]
    attributes: Sequence[str]
    start: datetime | None
    end: datetime | None
    where: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class PatternTable:
    """Patterns of complete responses that nobody excluded, with an answer to every question and every attribute known.

    Attributes:
        values: answers, shape (patterns, questions).
        known: values of the attributes of each pattern.
        counts: respondents, shape (patterns,).
        selected: complete responses in the period and groups, whatever they answered.
    """

    values: NDArray[np.float64]
    known: Sequence[tuple[str, ...]]
    counts: NDArray[np.float64]
    selected: int


async def answer_patterns(session: Session, query: PatternQuery) -> PatternTable:
    """Distinct patterns in ascending order, with their counts. A key keeps its type and scale over all versions."""
    statement, parameters = _statement(query)
    values, known, counts, selected = [np.zeros((0, len(query.questions)))], [], [np.zeros(0)], 0
    found = await session.stream(text(statement), parameters)
    async for rows in found.partitions(_PART):
        whole = [row for row in rows if row.given is not None]
        selected += sum(row.n for row in rows)
        if whole:
            values.append(np.array([row.given for row in whole], dtype=float))
            known += [tuple(row.known) for row in whole]
            counts.append(np.array([row.n for row in whole], dtype=float))
    return PatternTable(np.vstack(values), known, np.concatenate(counts), selected)


def _statement(query: PatternQuery) -> tuple[str, dict[str, Any]]:
    parameters: dict[str, Any] = {"organisation_id": query.organisation_id, "survey_id": query.survey_id}
    answers = ", ".join(_answer(i, question, parameters) for i, question in enumerate(query.questions))
    known = ", ".join(_attribute(i, name, parameters) for i, name in enumerate(query.attributes))
    statement = f"""
        SELECT p.given, p.known, count(*) AS n
          FROM (SELECT CASE WHEN g.whole THEN g.given END AS given, CASE WHEN g.whole THEN g.known END AS known
                  FROM (SELECT a.given, a.known,
                               array_position(a.given, NULL) IS NULL AND array_position(a.known, NULL) IS NULL AS whole
                          FROM (SELECT ARRAY[{answers}]::float8[] AS given, ARRAY[{known}]::text[] AS known
                                  FROM response r
                                  LEFT JOIN response_exclusion x
                                    ON x.organisation_id = r.organisation_id AND x.response_id = r.id
                                   AND x.restored_at IS NULL
                                 WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
                                   AND r.status = '{Standing.COMPLETE}' AND x.response_id IS NULL
                                   {_conditions(query, parameters)}) AS a) AS g) AS p
         GROUP BY 1, 2 ORDER BY 1, 2
    """  # noqa: S608 - composed of constants
    return statement, parameters


def _answer(number: int, question: AskedQuestion, parameters: dict[str, Any]) -> str:
    parameters[f"question_{number}"] = question.key
    if question.item is None:
        return f"(r.answers ->> CAST(:question_{number} AS text))::float8"
    parameters[f"item_{number}"] = question.item
    return f"(r.answers -> CAST(:question_{number} AS text) ->> CAST(:item_{number} AS text))::float8"


def _attribute(number: int, name: str, parameters: dict[str, Any]) -> str:
    parameters[f"known_{number}"] = name
    return f"r.attributes ->> CAST(:known_{number} AS text)"


def _conditions(query: PatternQuery, parameters: dict[str, Any]) -> str:
    conditions = ""
    if query.start is not None:
        conditions += " AND r.submitted_at >= :start"
        parameters["start"] = query.start
    if query.end is not None:
        conditions += " AND r.submitted_at < :end"
        parameters["end"] = query.end
    for number, (attribute, values) in enumerate(query.where.items()):
        conditions += (
            f" AND (r.attributes || jsonb_build_object('method', r.method)) ->> CAST(:attribute_{number} AS text)"
            f" = ANY(:values_{number})"
        )
        parameters[f"attribute_{number}"] = attribute
        parameters[f"values_{number}"] = list(values)
    return conditions
