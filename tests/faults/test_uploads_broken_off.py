"""The API is killed while a file comes in: half a file is never read, and the whole one, sent again, is read once."""

import asyncio
from dataclasses import dataclass

import httpx
import psycopg
import pytest

from feedback_core.responses.imports.types import CHUNK_BYTES, DiscardFile, RunImport
from feedback_dev.stack import Stack
from tests.support.api import Api
from tests.support.breakpoints import Place, breakpoint_at
from tests.support.surveys import PublishedSurvey
from tests.support.truth import assert_figures_are_exact, stored_ids
from tests.support.waiting import soon
from tests.support.work import FINAL, Json, rows_of, upload

pytestmark = pytest.mark.xdist_group("stack")

COUNT = 500
FILE = rows_of(range(COUNT), reason="Because. " * 300)
PLACES = {
    "while parts of it are stored": Place("import_chunk", "INSERT", "NEW.number = 1"),
    "before all of it is there": Place("response_import", "UPDATE", "NEW.state = 'received'"),
}
WHOLE = Place("response_import", "UPDATE", "NEW.state = 'received'", at_commit=True)


@pytest.mark.parametrize("place", PLACES)
async def test_half_a_file_is_never_read(stack: Stack, api: Api, survey: PublishedSurvey, place: str) -> None:
    assert len(FILE) > CHUNK_BYTES
    await _broken_off(stack, api, survey, PLACES[place])

    left = _left(stack.owner_url, survey)
    shown = (await api.get(f"/v1/surveys/{survey.id}/imports")).json()["items"]
    await _discarded_when_due(stack.owner_url, survey)
    again = await upload(api, survey, FILE, key=survey.key)

    assert left.parts >= 1
    assert (left.jobs_to_read, left.jobs_to_discard, shown) == (0, 1, [])
    await _assert_read_once(stack, api, survey, again)


async def test_a_file_whose_receipt_is_lost_is_read_once(stack: Stack, api: Api, survey: PublishedSurvey) -> None:
    await _broken_off(stack, api, survey, WHOLE)

    repeated = await upload(api, survey, FILE, key=survey.key, status=200)
    await _assert_read_once(stack, api, survey, repeated)
    without_key = await _ended(api, await upload(api, survey, FILE))

    assert (without_key["rows_recorded"], without_key["rows_duplicate"]) == (0, COUNT)
    assert len(stored_ids(stack.owner_url, survey)) == COUNT


async def _broken_off(stack: Stack, api: Api, survey: PublishedSurvey, place: Place) -> None:
    """Send the file, and kill the API when it has come to the place."""
    with breakpoint_at(stack.owner_url, place) as here:
        sending = asyncio.create_task(upload(api, survey, FILE, key=survey.key))
        await here.reached()
        stack.api.kill()
        await here.release()
        with pytest.raises(httpx.TransportError):
            await sending
    stack.api.start()
    await asyncio.to_thread(stack.wait_ready)


@dataclass(frozen=True, slots=True)
class Left:
    """What the database holds of uploads to a survey."""

    parts: int
    jobs_to_read: int
    jobs_to_discard: int


def _left(owner_url: str, survey: PublishedSurvey) -> Left:
    statement = """
        WITH i AS (SELECT id, job_id FROM response_import WHERE survey_id = %(survey)s)
        SELECT (SELECT count(*) FROM import_chunk WHERE import_id IN (SELECT id FROM i)),
               (SELECT count(*) FROM job WHERE kind = %(run)s
                   AND (payload ->> 'import_id')::uuid IN (SELECT id FROM i)),
               (SELECT count(*) FROM job WHERE kind = %(discard)s AND status = 'queued'
                   AND (payload ->> 'import_id')::uuid IN (SELECT id FROM i))
    """
    with psycopg.connect(owner_url, autocommit=True) as connection:
        values = {"survey": survey.id, "run": RunImport.kind, "discard": DiscardFile.kind}
        row = connection.execute(statement, values).fetchone()
    assert row is not None
    return Left(*row)


async def _discarded_when_due(owner_url: str, survey: PublishedSurvey) -> None:
    """Return when the job that was asked for beforehand has thrown away what came in; its hour is over at once."""
    statement = """
        UPDATE job SET run_at = created_at WHERE kind = %s AND (payload ->> 'import_id')::uuid IN
               (SELECT id FROM response_import WHERE survey_id = %s)
    """
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(statement, [DiscardFile.kind, survey.id])
    await soon(lambda: _left(owner_url, survey) == Left(0, 0, 0), seconds=20)


async def _assert_read_once(stack: Stack, api: Api, survey: PublishedSurvey, requested: Json) -> None:
    ended = await _ended(api, requested)
    assert (ended["rows_read"], ended["rows_recorded"], ended["rows_duplicate"]) == (COUNT, COUNT, 0)
    assert len(stored_ids(stack.owner_url, survey)) == COUNT
    await assert_figures_are_exact(api, stack.owner_url, survey)


async def _ended(api: Api, requested: Json) -> Json:
    """The import, once it has succeeded."""
    found = requested

    async def ended() -> bool:
        nonlocal found
        found = (await api.get(f"/v1/imports/{requested['id']}")).json()
        return found["status"] in FINAL

    await soon(ended, seconds=30)
    assert found["status"] == "succeeded", found
    return found
