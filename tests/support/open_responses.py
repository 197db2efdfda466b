"""Open responses, as tests give them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import text

from feedback_core.db.session import Database
from feedback_core.jobs.execution import Executor
from feedback_core.jobs.types import Outcome
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import FixedClock, SystemClock
from feedback_core.kit.settings import SecretSettings
from feedback_core.responses.open_responses.jobs import CloseOverdue
from feedback_worker.actor import HANDLERS
from feedback_worker.actors import load_actors
from tests.support.api import Api
from tests.support.responses import owner
from tests.support.surveys import Json, PublishedSurvey

ORIGIN = "https://www.example.org"
OPENED = "UPDATE job SET rung_at = now() WHERE organisation_id = :organisation_id AND status = 'queued' AND id = :id"


@dataclass(frozen=True, slots=True)
class Respondent:
    """Whoever holds a token: speaks to one open response, and to nothing else."""

    client: httpx.AsyncClient
    path: str
    token: str

    @property
    def id(self) -> str:
        """Of the open response."""
        return self.path.rpartition("/")[2]

    async def call(
        self, method: str, rest: str = "", json: Any = None, *, status: int | None = None, **headers: str
    ) -> httpx.Response:
        """One request about the open response."""
        given = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        answer = await self.client.request(method, f"{self.path}{rest}", json=json, headers=given)
        assert status is None or answer.status_code == status, f"{answer.status_code}: {answer.text}"
        return answer

    async def answer(self, question: str, value: Any, *, status: int | None = 200) -> httpx.Response:
        """Give one answer."""
        return await self.call("PUT", f"/answers/{question}", {"answer": value}, status=status)

    async def submit(self, *, status: int | None = 201, **body: Any) -> httpx.Response:
        """End it."""
        return await self.call("POST", "/submit", body, status=status)

    async def read(self) -> Json:
        """Take it up again."""
        found: Json = (await self.call("GET", status=200)).json()
        return found


def opened_at(survey: PublishedSurvey) -> str:
    """Where responses are opened."""
    return f"/v1/surveys/{survey.id}/open-responses"


async def begin(api: Api, survey: PublishedSurvey, **body: Any) -> Respondent:
    """Open a response with the organisation's key; who answers in it."""
    return respondent_of(api, await api.post(opened_at(survey), body, status=201))


def respondent_of(api: Api, opened: httpx.Response) -> Respondent:
    """Who was given the token."""
    return Respondent(api.client, opened.headers["location"], opened.json()["respondent_token"])


def let_time_run_out(owner_url: str, *respondents: Respondent) -> None:
    """Have the time of open responses be over."""
    with owner(owner_url) as connection:
        for each in respondents:
            done = connection.execute(
                "UPDATE open_response SET closes_at = now() - interval '1 second' WHERE id = %s", [each.id]
            )
            assert done.rowcount == 1


async def close_overdue(database: Database, organisation_id: UUID, *, later: timedelta = timedelta()) -> None:
    """Do what the worker does with those whose time is over by then."""
    clock = FixedClock(SystemClock().now() + later)
    load_actors()
    async with database.tenant(organisation_id) as session:
        job_id = await request_job(session, organisation_id, CloseOverdue(), now=clock.now())
        await session.execute(text(OPENED), {"organisation_id": organisation_id, "id": job_id})
    executor = Executor(database, clock, SecretSettings(), timedelta(minutes=1))
    assert await executor.run(HANDLERS[CloseOverdue.kind], organisation_id, job_id) is Outcome.SUCCEEDED


async def submission_key(api: Api, survey: PublishedSurvey, **fields: Any) -> str:
    """A key that may stand in a page of ``ORIGIN``."""
    body = {"name": "Website", "origins": [ORIGIN], **fields}
    made = await api.post(f"/v1/surveys/{survey.id}/submission-keys", body, status=201)
    return str(made.json()["submission_key"])


async def from_page(
    api: Api, method: str, path: str, token: str, json: Any = None, *, origin: str | None = ORIGIN, **headers: str
) -> httpx.Response:
    """A request as a browser sends it from a page."""
    given = {"Authorization": f"Bearer {token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
    if origin is not None:
        given["Origin"] = origin
    return await api.client.request(method, path, json=json, headers=given)
