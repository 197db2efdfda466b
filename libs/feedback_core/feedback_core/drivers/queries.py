"""SQL of drivers: the answers of each respondent to several questions at once, equal patterns counted together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from operator import mul
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text

from feedback_core.db.session import Session
from feedback_core.kpis.queries.response_values import DECIDED, STANDS
from feedback_core.kpis.types import Standing

# Rows turned into arrays at once: as Python objects, all patterns of a large survey would fill the memory.
_PART = 20_000
# As many patterns as a bigint can number.
_LARGEST = 1 << 62


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question on a scale of whole numbers, whose answers are read.

    Attributes:
        item: row of a matrix.
        low: lowest value of the scale.
        high: highest value of the scale.
    """

    key: str
    item: str | None
    low: int
    high: int

    @property
    def points(self) -> int:
        """How many values the scale has."""
        return self.high - self.low + 1


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
    """Patterns of responses that count, with an answer to every question and every attribute known.

    Those count that are complete, that nobody excluded, and that the inclusion rule does not hold for suspect.

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
    """Distinct patterns in an order that follows from the answers alone, with their counts.

    A key keeps its type and scale over all versions, so that a pattern can be numbered: one whole number is grouped by
    much faster than so many answers.
    """
    blocks = _blocks(query.questions)
    statement, parameters = _statement(query, blocks)
    width = len(blocks)
    numbers, known, counts, selected = [np.zeros((0, width), dtype=np.int64)], [], [np.zeros(0)], 0
    found = await session.stream(text(statement), parameters)
    async for rows in found.partitions(_PART):
        whole = [row for row in rows if None not in row]
        selected += sum(row[-1] for row in rows)
        if whole:
            numbers.append(np.array([row[:width] for row in whole], dtype=np.int64))
            known += [tuple(row[width:-1]) for row in whole]
            counts.append(np.array([row[-1] for row in whole], dtype=float))
    table = np.vstack(numbers)
    names = {name: code for code, name in enumerate(sorted(set(known)))}
    order = np.lexsort([*table.T, [names[name] for name in known]])
    return PatternTable(
        values=np.hstack([_decoded(table[order, i], block) for i, block in enumerate(blocks)]),
        known=[known[i] for i in order],
        counts=np.concatenate(counts)[order],
        selected=selected,
    )


def _blocks(questions: Sequence[AskedQuestion]) -> list[list[AskedQuestion]]:
    """Neighbouring questions whose patterns one number can name."""
    blocks: list[list[AskedQuestion]] = []
    possible = _LARGEST + 1
    for question in questions:
        possible *= question.points
        if possible > _LARGEST:
            blocks.append([])
            possible = question.points
        blocks[-1].append(question)
    return blocks


def _factors(block: Sequence[AskedQuestion]) -> list[int]:
    """What an answer to each question counts in the number of a pattern."""
    return list(accumulate([1, *(question.points for question in block[:-1])], mul))


def _decoded(numbers: NDArray[np.int64], block: Sequence[AskedQuestion]) -> NDArray[np.float64]:
    """The answers that make up numbers of patterns, shape (patterns, questions)."""
    return np.column_stack(
        [
            (numbers // factor % question.points + question.low).astype(float)
            for question, factor in zip(block, _factors(block), strict=True)
        ]
    )


def _statement(query: PatternQuery, blocks: Sequence[Sequence[AskedQuestion]]) -> tuple[str, dict[str, Any]]:
    parameters: dict[str, Any] = {"organisation_id": query.organisation_id, "survey_id": query.survey_id}
    columns = [_number(i, block, parameters) for i, block in enumerate(blocks)]
    columns += [_attribute(i, name, parameters) for i, name in enumerate(query.attributes)]
    positions = ", ".join(str(position) for position in range(1, len(columns) + 1))
    statement = f"""
        SELECT {", ".join(columns)}, count(*)
          FROM response r {DECIDED}
         WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id
           AND {STANDS} = '{Standing.COMPLETE}'{_conditions(query, parameters)}
         GROUP BY {positions}
    """  # noqa: S608 - composed of constants
    return statement, parameters


def _number(block_number: int, block: Sequence[AskedQuestion], parameters: dict[str, Any]) -> str:
    """The number of a pattern; NULL where a question was not answered."""
    terms = []
    for i, (question, factor) in enumerate(zip(block, _factors(block), strict=True)):
        name = f"{block_number}_{i}"
        parameters[f"question_{name}"] = question.key
        answer = f"r.answers -> CAST(:question_{name} AS text)"
        if question.item is not None:
            parameters[f"item_{name}"] = question.item
            answer += f" -> CAST(:item_{name} AS text)"
        terms.append(f"(({answer})::bigint - ({question.low})) * {factor}")
    return " + ".join(terms)


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
