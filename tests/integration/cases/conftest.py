"""What tests of cases begin with: a survey with a rule, and the worker's part done when it is asked for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from feedback_core.cases.jobs import FindCases, FollowCases
from feedback_core.db.session import Database
from feedback_core.jobs.use_cases import request_job
from tests.support.api import Api
from tests.support.comments import until_none_is_held_back
from tests.support.subjects import work
from tests.support.surveys import POST_VISIT, PublishedSurvey, publish

Json = dict[str, Any]

YES_OR_NO = [{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}]
QUESTIONS = [
    *POST_VISIT["questions"],
    {"key": "call_me", "type": "boolean", "text": "Shall we call you?"},
    {"key": "may", "type": "single_choice", "choices": YES_OR_NO, "text": "May we contact you?"},
]
RULE: Json = {
    "scores": [{"question": "nps", "at_or_below": 6}],
    "contact": [{"question": "call_me"}],
    "consent": {"question": "may", "choices": ["yes"]},
    "owner": "Grace",
    "due_hours": 48,
    "escalation": {"to": ["Ada"], "after_hours": 72},
}
ADA = {"id": "customer-7", "name": "Ada Byron", "email": "ada@example.org"}


_EVENTS = text(
    "SELECT kind FROM event WHERE organisation_id = :organisation AND subject_id = :subject ORDER BY sequence"
)


@dataclass(frozen=True, slots=True)
class Loop:
    """A survey whose unhappy customers are followed up."""

    api: Api
    database: Database
    survey: PublishedSurvey

    async def give(self, nps: int = 2, **fields: Any) -> str:
        """A response of somebody who may be contacted; its id."""
        body = {"confidentiality": "identified", "respondent": ADA, "answers": {"nps": nps, "may": "yes"}, **fields}
        path = f"/v1/surveys/{self.survey.id}/responses"
        made: str = (await self.api.post(path, body, status=201)).json()["id"]
        return made

    async def find(self) -> None:
        """Look for cases, as the worker does."""
        await self._request(FindCases(UUID(self.survey.id)))
        await until_none_is_held_back(self.database, self.api.organisation.organisation_id, UUID(self.survey.id))
        assert await work(self.api, self.database, "cases.find") == 1

    async def follow(self, now: datetime | None = None) -> None:
        """Hand on and end cases, as the worker does at that time."""
        await self._request(FollowCases())
        assert await work(self.api, self.database, "cases.follow", now=now) == 1

    async def cases(self, **wanted: Any) -> list[Json]:
        """The list."""
        found: list[Json] = (await self.api.get("/v1/cases", params=wanted)).json()["items"]
        return found

    async def case(self, **fields: Any) -> Json:
        """A case of a new response."""
        response = await self.give(**fields)
        await self.find()
        (found,) = [case for case in await self.cases() if case["response_id"] == response]
        return found

    async def events_of(self, case_id: str) -> list[str]:
        """What was told of a case."""
        organisation_id = self.api.organisation.organisation_id
        async with self.database.tenant(organisation_id) as session:
            found = await session.execute(_EVENTS, {"organisation": organisation_id, "subject": case_id})
            return list(found.scalars())

    async def _request(self, payload: Any) -> None:
        organisation_id = self.api.organisation.organisation_id
        async with self.database.tenant(organisation_id) as session:
            await request_job(session, organisation_id, payload, now=datetime.now(UTC))


@pytest.fixture
async def loop(api: Api, database: Database) -> Loop:
    survey = await publish(api, questions=QUESTIONS, confidentiality="identified")
    await api.put(f"/v1/surveys/{survey.id}/case-rule", RULE, status=201)
    return Loop(api, database, survey)
