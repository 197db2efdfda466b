"""Comments, as tests give, read and code them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.jobs.execution import Executor
from feedback_core.jobs.types import Outcome
from feedback_core.jobs.use_cases import get_job, request_job
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_core.themes.reading.payloads import ReadComments
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors
from tests.support.api import Api
from tests.support.responses import batch
from tests.support.surveys import Json, PublishedSurvey
from tests.support.waiting import soon

THEMES: Json = {
    "themes": [
        {"key": "waiting", "label": "Waiting", "rules": [{"any": ["wait", "queue*"], "none": ["waiting room"]}]},
        {"key": "staff", "label": "Staff", "rules": [{"any": ["nurse", "staff"]}]},
        {"key": "parking", "label": "Parking"},
    ]
}

# Who writes elsewhere on the server holds back what was recorded meanwhile.
_HELD_BACK = text(
    """
    SELECT EXISTS (SELECT FROM response WHERE organisation_id = :o AND survey_id = :s
                    AND recorded_xid >= pg_snapshot_xmin(pg_current_snapshot()))
    """
)

# What the relay does, for one job.
_RING = text("UPDATE job SET rung_at = now() WHERE id = :id")


async def say(api: Api, survey: PublishedSurvey, comments: Sequence[str], **fields: Any) -> list[str]:
    """One response for each comment; their ids."""
    items = [{**fields, "answers": {"why": comment, **fields.get("answers", {})}} for comment in comments]
    return [item["id"] for item in (await batch(api, survey, items))["items"]]


async def put_codebook(api: Api, survey: PublishedSurvey, codebook: Json = THEMES, *, version: int = 0) -> Json:
    """Keep a codebook: the first one, or the one after ``version``."""
    headers = {"If-Match": f'"{version}"'} if version else {}
    path = f"/v1/surveys/{survey.id}/codebook"
    stored: Json = (await api.put(path, codebook, status=200 if version else 201, headers=headers)).json()
    return stored


async def until_none_is_held_back(database: Database, organisation_id: UUID, survey_id: UUID) -> None:
    """Wait until a worker may take every response of a survey."""

    async def all_due() -> bool:
        async with database.tenant(organisation_id) as session:
            held_back = await session.execute(_HELD_BACK, {"o": organisation_id, "s": survey_id})
            return not held_back.scalar_one()

    await soon(all_due, seconds=180)


async def read_comments(database: Database, api: Api, survey: PublishedSurvey) -> None:
    """Have a worker's job read what waits to be read, once nothing of it is held back."""
    organisation_id = api.organisation.organisation_id
    await until_none_is_held_back(database, organisation_id, UUID(survey.id))
    load_actors()
    executor = Executor(database, SystemClock(), SecretSettings(), timedelta(minutes=1))
    async with database.tenant(organisation_id) as session:
        payload = ReadComments(UUID(survey.id))
        job_id = await request_job(session, organisation_id, payload, now=SystemClock().now())
        await session.execute(_RING, {"id": job_id})
    outcome = await executor.run(HANDLERS[ReadComments.kind], organisation_id, job_id)
    async with database.tenant(organisation_id) as session:
        assert outcome is Outcome.SUCCEEDED, await get_job(session, organisation_id, job_id)


async def readings(database: Database, api: Api, survey: PublishedSurvey) -> dict[str, Json]:
    """What was read out of each comment, by response."""
    organisation_id = api.organisation.organisation_id
    statement = text("SELECT * FROM comment_reading WHERE organisation_id = :o AND survey_id = :s")
    async with database.tenant(organisation_id) as session:
        rows = await session.execute(statement, {"o": organisation_id, "s": UUID(survey.id)})
        return {str(row.response_id): dict(row._mapping) for row in rows}


async def code(
    api: Api, survey: PublishedSurvey, coder: str, given: Mapping[str, Sequence[str]], **fields: Any
) -> Json:
    """Record what a coder gave, by response."""
    items = [{"response": response, "question": "why", "themes": list(themes)} for response, themes in given.items()]
    path = f"/v1/surveys/{survey.id}/codings"
    told: Json = (await api.post(path, {"coder": coder, "items": items, **fields}, status=200)).json()
    return told


async def agreement(api: Api, survey: PublishedSurvey, **query: Any) -> Json:
    """How far the coders agree."""
    found: Json = (await api.get(f"/v1/surveys/{survey.id}/coding-agreement", params=query)).json()
    return found
