"""Responses, as tests give them and look at them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

import httpx
import psycopg
from psycopg import sql

from tests.support.api import Api
from tests.support.surveys import Json, PublishedSurvey

MOMENT = "2026-03-01T10:00:00Z"

EVERY_TYPE: list[Json] = [
    {"key": "nps", "type": "nps", "text": "Recommend?"},
    {"key": "ease", "type": "ces", "text": "Easy?"},
    {"key": "happy", "type": "csat", "text": "Satisfied?"},
    {"key": "wait", "type": "rating", "scale": {"min": -2, "max": 2}, "text": "The wait?"},
    {
        "key": "place",
        "type": "single_choice",
        "choices": [{"key": "A", "label": "A"}, {"key": "B", "label": "B"}],
        "text": "Where?",
    },
    {
        "key": "used",
        "type": "multiple_choice",
        "choices": [{"key": "web", "label": "Web"}, {"key": "app", "label": "App"}],
        "text": "Used?",
    },
    {
        "key": "order",
        "type": "ranking",
        "choices": [{"key": "x", "label": "X"}, {"key": "y", "label": "Y"}],
        "text": "Rank",
    },
    {
        "key": "staff",
        "type": "matrix",
        "scale": {"min": 1, "max": 5},
        "rows": [{"key": "desk", "label": "Desk"}, {"key": "phone", "label": "Phone"}],
        "text": "Staff?",
    },
    {"key": "minutes", "type": "number", "text": "Minutes?"},
    {"key": "day", "type": "date", "text": "When?"},
    {"key": "again", "type": "boolean", "text": "Again?"},
    {"key": "why", "type": "text", "text": "Why?"},
]
"""A question of every type, none of them required."""


def responses_of(survey: PublishedSurvey) -> str:
    """Where responses to a survey are."""
    return f"/v1/surveys/{survey.id}/responses"


async def give(api: Api, survey: PublishedSurvey, *, key: str | None = None, **fields: Any) -> httpx.Response:
    """Post one response: NPS 9, with other fields where given; ``key`` is its Idempotency-Key."""
    headers = {"Idempotency-Key": key} if key else {}
    return await api.post(responses_of(survey), {"answers": {"nps": 9}, **fields}, headers=headers)


async def recorded(api: Api, survey: PublishedSurvey, **fields: Any) -> str:
    """Record one response; its id."""
    answer = await give(api, survey, **fields)
    assert answer.status_code == 201, answer.text
    return cast("str", answer.json()["id"])


async def batch(api: Api, survey: PublishedSurvey, items: list[Any]) -> Json:
    """Post a batch that is taken."""
    return cast("Json", (await api.post(f"{responses_of(survey)}/batch", {"items": items}, status=200)).json())


async def read(api: Api, survey: PublishedSurvey, response_id: str) -> Json:
    """One response, with its history."""
    return cast("Json", (await api.get(f"{responses_of(survey)}/{response_id}")).json())


async def listed(api: Api, survey: PublishedSurvey, **query: Any) -> list[Json]:
    """The first page of responses."""
    return cast("list[Json]", (await api.get(responses_of(survey), params=query)).json()["items"])


async def decide(api: Api, survey: PublishedSurvey, response_id: str, verb: str) -> httpx.Response:
    """Exclude, restore or erase a response."""
    return await api.post(f"{responses_of(survey)}/{response_id}/{verb}", {"reason": f"reason to {verb}"})


def codes(answer: httpx.Response) -> dict[str, str]:
    """What is wrong, by pointer."""
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}


@contextmanager
def owner(owner_url: str) -> Iterator[psycopg.Connection]:
    """The database as its owner sees it: everything."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        yield connection


def everything(connection: psycopg.Connection) -> str:
    """Every row of every table, as text, for looking for what must not be there."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert len(tables) > 20
    rows: list[str] = []
    for (table,) in tables:
        rows += (
            row for (row,) in connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
        )
    return "\n".join(rows)


def everything_of(connection: psycopg.Connection, organisation_id: UUID) -> str:
    """Every row of one organisation in every table, as text."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert len(tables) > 20
    rows: list[str] = []
    for (table,) in tables:
        if table != "alembic_version":
            query = sql.SQL("SELECT t::text FROM {} t WHERE organisation_id = %s").format(sql.Identifier(table))
            rows += (row for (row,) in connection.execute(query, [organisation_id]))
    return "\n".join(rows)


def count(connection: psycopg.Connection, table: str, survey: PublishedSurvey) -> int:
    """Rows of a table that belong to a survey."""
    query = sql.SQL("SELECT count(*) FROM {} WHERE survey_id = %s").format(sql.Identifier(table))
    row = connection.execute(query, [survey.id]).fetchone()
    assert row is not None
    return cast("int", row[0])
