"""Exports, as tests ask for them and read their files."""

import asyncio
import csv
import hashlib
import io
import json
import time
from datetime import timedelta
from typing import Any, cast

import httpx
import openpyxl
import polars as pl
from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.jobs.execution import Executor
from feedback_core.jobs.types import Outcome
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_core.responses.exports.types import RunExport
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors
from tests.support.api import Api
from tests.support.surveys import Json, PublishedSurvey
from tests.support.waiting import soon

# What the relay does, for one export.
_RING = text(
    "UPDATE job SET rung_at = now() WHERE id = (SELECT job_id FROM response_export WHERE id = :id) RETURNING id"
)
_HELD_BACK = text(
    """
    SELECT EXISTS (SELECT FROM response WHERE organisation_id = :o AND survey_id = :s
                      AND recorded_xid >= pg_snapshot_xmin(pg_current_snapshot()))
        OR EXISTS (SELECT FROM response_change WHERE organisation_id = :o AND survey_id = :s
                      AND changed_xid >= pg_snapshot_xmin(pg_current_snapshot()))
    """
)
FINAL = frozenset({"succeeded", "failed", "cancelled"})


def exports_of(survey: PublishedSurvey) -> str:
    """Where exports of a survey are."""
    return f"/v1/surveys/{survey.id}/exports"


async def ask(api: Api, survey: PublishedSurvey, *, format: str = "ndjson", **fields: Any) -> Json:  # noqa: A002 - the field's name
    """Ask for an export; it as it then stands."""
    return cast("Json", (await api.post(exports_of(survey), {"format": format, **fields}, status=202)).json())


async def ended(api: Api, asked: Json, *, seconds: float = 120) -> Json:
    """The export once its job has ended."""
    deadline = time.monotonic() + seconds
    while True:
        found = cast("Json", (await api.get(asked["links"]["self"])).json())
        if found["status"] in FINAL:
            return found
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.05)


async def exported(api: Api, survey: PublishedSurvey, **fields: Any) -> Json:
    """An export that has succeeded."""
    done = await ended(api, await ask(api, survey, **fields))
    assert done["status"] == "succeeded", done
    return done


async def fetched(api: Api, done: Json, **headers: str) -> httpx.Response:
    """The file, or a part of it."""
    return await api.get(done["links"]["file"], status=None, headers=headers)


async def content_of(api: Api, done: Json) -> bytes:
    """The bytes of the whole file, which are what the export says they are."""
    answer = await fetched(api, done)
    assert answer.status_code == 200, answer.text
    assert (len(answer.content), hashlib.sha256(answer.content).hexdigest()) == (
        done["file"]["size"],
        done["file"]["sha256"],
    )
    return answer.content


async def lines(api: Api, survey: PublishedSurvey, **fields: Any) -> list[Json]:
    """An NDJSON export, line by line."""
    return lines_of(await content_of(api, await exported(api, survey, **fields)))


def lines_of(content: bytes) -> list[Json]:
    """The objects of NDJSON."""
    return [json.loads(line) for line in content.decode().split("\n")[:-1]]


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of CSV, as a strict reader has them."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def frame_of(content: bytes) -> pl.DataFrame:
    """A Parquet file."""
    return pl.read_parquet(io.BytesIO(content))


def sheets_of(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every sheet of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


async def run_now(database: Database, api: Api, asked: Json) -> Outcome:
    """Do the work of an export here, as a worker would."""
    load_actors()
    executor = Executor(database, SystemClock(), SecretSettings(), timedelta(minutes=1))
    organisation_id = api.organisation.organisation_id
    async with database.tenant(organisation_id) as session:
        job_id = (await session.execute(_RING, {"id": asked["id"]})).scalar_one()
    return await executor.run(HANDLERS[RunExport.kind], organisation_id, job_id)


async def exported_now(
    database: Database, api: Api, survey: PublishedSurvey, *, settled: bool = True, **fields: Any
) -> Json:
    """An export that was written here, without a worker.

    Where it is ``settled``, no transaction of anybody on the server is open from before, so that the next increment
    has nothing again that this export has.
    """
    if settled:
        await soon(lambda: _is_settled(database, api, survey), seconds=180)
    asked = await ask(api, survey, **fields)
    assert await run_now(database, api, asked) is Outcome.SUCCEEDED
    return cast("Json", (await api.get(asked["links"]["self"])).json())


async def _is_settled(database: Database, api: Api, survey: PublishedSurvey) -> bool:
    organisation_id = api.organisation.organisation_id
    async with database.tenant(organisation_id) as session:
        held_back = await session.execute(_HELD_BACK, {"o": organisation_id, "s": survey.id})
        return not held_back.scalar_one()
