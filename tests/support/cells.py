"""Folding on demand, and a recount in plain Python that the cells are held against."""

import asyncio
import json
from collections import Counter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.kpis.jobs import fold_part
from feedback_core.kpis.queries.folding import surveys_due
from feedback_core.kpis.types import Grain
from tests.support.api import Api

SUSPECTED = {"complete": "suspect", "partial": "suspect_partial"}

CellRow = tuple[str, str, str, str, str, str]
"""Question, item, day, status, cell, value."""


async def fold(database: Database, organisation_id: UUID, survey_id: str, *, most: int = 100_000) -> None:
    """Fold once, as the worker does."""
    async with database.tenant(organisation_id) as session:
        await fold_part(session, organisation_id, UUID(survey_id), most=most)


async def fold_all(database: Database, organisation_id: UUID, survey_id: str, *, seconds: float = 120) -> None:
    """Fold until nothing is left: any transaction on the server, another test's too, may hold it back a while."""
    deadline = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < deadline:
        await fold(database, organisation_id, survey_id)
        async with database.system() as session:
            if (organisation_id, UUID(survey_id)) not in await surveys_due(session):
                return
        await asyncio.sleep(0.02)
    raise TimeoutError("responses were not folded in time")


async def answer(api: Api, survey_id: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Send responses in batches; the outcome of each."""
    outcomes = []
    for start in range(0, len(items), 1000):
        sent = await api.post(
            f"/v1/surveys/{survey_id}/responses/batch", {"items": items[start : start + 1000]}, status=200
        )
        outcomes += sent.json()["items"]
    return outcomes


async def cells(
    database: Database, organisation_id: UUID, survey_id: str, grain: Grain = Grain.DAY
) -> Counter[CellRow]:
    """What the table of cells holds at a grain."""
    statement = text(
        "SELECT question_key, item, day::text, status, cell_id::text, value, n FROM kpi_cell"
        " WHERE organisation_id = :organisation_id AND survey_id = :survey_id AND grain = :grain"
    )
    key = {"organisation_id": organisation_id, "survey_id": UUID(survey_id), "grain": grain}
    async with database.tenant(organisation_id) as session:
        rows = await session.execute(statement, key)
        return Counter({tuple(row)[:6]: row.n for row in rows})


async def recount(
    database: Database,
    organisation_id: UUID,
    survey_id: str,
    *,
    types: dict[str, str],
    time_zone: str,
) -> Counter[CellRow]:
    """What the cells must hold, counted from every response as it stands."""
    statement = text(
        "SELECT r.*, r.cell_id::text AS cell, EXISTS (SELECT FROM response_exclusion x"
        "   WHERE x.organisation_id = r.organisation_id AND x.response_id = r.id AND x.restored_at IS NULL) AS flagged,"
        " EXISTS (SELECT FROM response_suspicion s"
        "   WHERE s.organisation_id = r.organisation_id AND s.response_id = r.id) AS suspect"
        "  FROM response r WHERE r.organisation_id = :organisation_id AND r.survey_id = :survey_id"
    )
    counts: Counter[CellRow] = Counter()
    async with database.tenant(organisation_id) as session:
        rows = await session.execute(statement, {"organisation_id": organisation_id, "survey_id": UUID(survey_id)})
        for row in rows:
            day = row.submitted_at.astimezone(ZoneInfo(time_zone)).date().isoformat()
            status = SUSPECTED.get(row.status, row.status) if row.suspect else row.status
            status = "flagged" if row.flagged else status
            for question, item, value in _contributions(row.answers, row.unanswered, types):
                counts[question, item, day, status, row.cell, value] += 1
    return counts


def coarser(counts: Counter[CellRow], grain: Grain) -> Counter[CellRow]:
    """What cells by day make at another grain."""
    coarse: Counter[CellRow] = Counter()
    for (question, item, day, status, cell, value), n in counts.items():
        if grain in {Grain.MONTH, Grain.YEAR}:
            first = day[:8] + "01" if grain is Grain.MONTH else day[:5] + "01-01"
            coarse[question, item, first, status, cell, value] += n
        else:
            coarse[question, item, day, status, str(UUID(int=0)), value] += n
    return coarse


def _contributions(answers: dict[str, Any], unanswered: list[str], types: dict[str, str]) -> list[tuple[str, str, str]]:
    found = [("", "", "")] + [(question, "", "(unanswered)") for question in unanswered]
    for question, said in answers.items():
        if types[question] == "matrix":
            found += [(question, "", ""), *((question, row, str(int(value))) for row, value in said.items())]
        elif types[question] in {"multiple_choice", "ranking"}:
            found += [(question, "", ""), *((question, choice, str(n)) for n, choice in enumerate(said, 1))]
        elif types[question] in {"text", "date"}:
            found.append((question, "", ""))
        elif isinstance(said, str):
            found.append((question, "", said))
        else:
            found.append(
                (
                    question,
                    "",
                    json.dumps(
                        int(said) if float(said).is_integer() and said is not True and said is not False else said
                    ),
                )
            )
    return found
