"""What is stored, read past the service, and what the service must therefore say."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr

from feedback_core.db.session import Database
from feedback_core.kit.settings import DatabaseSettings
from feedback_core.kpis.types import Grain
from tests.support.api import Api
from tests.support.cells import cells, coarser, recount
from tests.support.surveys import POST_VISIT, PublishedSurvey
from tests.support.waiting import soon

TYPES = {question["key"]: question["type"] for question in POST_VISIT["questions"]}


def stored_ids(owner_url: str, survey: PublishedSurvey) -> list[str]:
    """The ids of the responses to a survey, sorted."""
    return [str(row["id"]) for row in _responses(owner_url, survey)]


async def assert_figures_are_exact(api: Api, owner_url: str, survey: PublishedSurvey) -> None:
    """The KPIs by route are what a recount of the responses gives, whatever of them has been folded."""
    responses = _responses(owner_url, survey)
    answers = [row["answers"] for row in responses if row["status"] == "complete"]
    scores, waits = [answer["nps"] for answer in answers], [answer["wait"] for answer in answers]
    promoters, detractors = sum(score > 8 for score in scores), sum(score < 7 for score in scores)

    nps = (await api.get("/v1/kpis/nps/value", params={"survey": survey.id})).json()
    wait = (await api.get("/v1/kpis/mean/value", params={"survey": survey.id, "question": "wait"})).json()
    series = (await api.get("/v1/kpis/nps/series", params={"survey": survey.id, "bucket": "day"})).json()

    assert nps["value"] == pytest.approx(100 * (promoters - detractors) / len(scores))
    assert nps["counts"] == {str(score): n for score, n in Counter(scores).items()}
    assert nps["excluded"]["partial"] == sum(row["status"] == "partial" for row in responses)
    assert (wait["answered"], wait["value"]) == (len(waits), pytest.approx(sum(waits) / len(waits)))
    assert sum(point["answered"] or 0 for point in series["points"] if not point["withheld"]) <= len(scores)


async def assert_cells_become_exact(api: Api, database_url: str, survey: PublishedSurvey) -> None:
    """The worker folds everything by itself, and its cells are what a recount of the responses gives."""
    organisation_id = api.organisation.organisation_id
    async with _database(database_url) as database:
        expected = await recount(database, organisation_id, survey.id, types=TYPES, time_zone="Europe/London")
        total = sum(expected.values())

        async def folded() -> bool:
            return sum((await cells(database, organisation_id, survey.id)).values()) >= total

        await soon(folded, seconds=30, pause=0.1)
        assert await cells(database, organisation_id, survey.id) == expected
        for grain in (Grain.MONTH, Grain.TOTAL):
            assert await cells(database, organisation_id, survey.id, grain) == coarser(expected, grain)


@asynccontextmanager
async def _database(url: str) -> AsyncIterator[Database]:
    database = Database(DatabaseSettings(url=SecretStr(url)))
    try:
        yield database
    finally:
        await database.dispose()


def _responses(owner_url: str, survey: PublishedSurvey) -> list[dict[str, Any]]:
    with psycopg.connect(owner_url, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
        statement = "SELECT id, status, answers FROM response WHERE survey_id = %s ORDER BY id"
        return connection.execute(statement, [survey.id]).fetchall()
