"""Imports, as tests request them and look at them."""

import asyncio
import json
import time
from typing import Any, cast

import httpx
from fastapi import FastAPI

from tests.support.api import Api
from tests.support.surveys import Json, PublishedSurvey

FINAL = frozenset({"succeeded", "failed", "cancelled"})

NPS_AND_WAIT: Json = {
    "columns": [
        {"column": "nps", "to": "question", "key": "nps"},
        {"column": "wait", "to": "question", "key": "wait"},
    ]
}
"""A mapping of a file with two columns."""


def imports_of(survey: PublishedSurvey) -> str:
    """Where imports into a survey are."""
    return f"/v1/surveys/{survey.id}/imports"


async def upload(
    api: Api,
    survey: PublishedSurvey,
    mapping: Json | str,
    content: bytes | str,
    *,
    name: str = "answers.csv",
    media_type: str = "application/octet-stream",
    status: int | None = 202,
    key: str | None = None,
) -> httpx.Response:
    """Send a file with its mapping."""
    return await api.call(
        "POST",
        imports_of(survey),
        status=status,
        headers={"Idempotency-Key": key} if key else None,
        data={"mapping": mapping if isinstance(mapping, str) else json.dumps(mapping)},
        files={"file": (name, content.encode() if isinstance(content, str) else content, media_type)},
    )


async def finished(api: Api, place: str, *, seconds: float = 60) -> Json:
    """The import once it has ended."""
    deadline = time.monotonic() + seconds
    while True:
        found = cast("Json", (await api.get(place)).json())
        if found["status"] in FINAL:
            assert found["rows_read"] == sum(found[f"rows_{end}"] for end in ("recorded", "duplicate", "rejected"))
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.05)


async def imported(api: Api, survey: PublishedSurvey, mapping: Json, content: bytes | str, **options: Any) -> Json:
    """Send a file, and wait until it has been read."""
    answer = await upload(api, survey, mapping, content, **options)
    return await finished(api, answer.headers["location"])


async def faults(api: Api, done: Json) -> list[Json]:
    """What was wrong in the file."""
    return cast("list[Json]", (await api.get(done["links"]["faults"], params={"limit": 10_000})).json()["items"])


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """A client of the application, for tests that share what they have imported."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test")
