"""What tests of recommendations begin with: a run with a figure, proposals, and keys of people with roles."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from feedback_core.analyses.queries import save_result
from feedback_core.db.session import Database
from feedback_core.kit.clock import SystemClock
from feedback_core.organisations.types import Scope
from feedback_core.recommendations.proposing import propose_candidates
from feedback_core.recommendations.types import Candidate, Confidence, Evidence, RecommendationKind
from tests.support.api import Api
from tests.support.organisations import TestOrganisation
from tests.support.surveys import publish

Json = dict[str, Any]

RESULT: Json = {
    "as_of": "2026-03-01T00:00:00Z",
    "features": [
        {
            "feature_key": "waiting_time",
            "question": "wait",
            "item": None,
            "figure": {
                "value": 0.41,
                "interval": {"low": 0.35, "high": 0.47, "level": 0.95, "method": "wilson"},
                "n": 240,
            },
        }
    ],
    "sentence": "1 feature measured.",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """An organisation with a survey and a finished run."""

    api: Api
    database: Database
    survey_id: str
    run_id: str

    async def propose(self, subject: str = "") -> str:
        """A recommendation that has just entered; its id."""
        candidate = Candidate(
            kind=RecommendationKind.IMPROVE,
            subject=subject or f"improve:{uuid4().hex}",
            feature_key="waiting_time",
            title="Improve waiting time",
            rationale="It is below the target.",
            evidence=(Evidence("/features/0/figure", "csat 0.41", "csat", 0.41, 0.35, 0.47, 240),),
            gap=0.2,
            confidence=Confidence.MEDIUM,
            priority=0.12,
            priority_reason="Gap 0.2 × 0.6 = 0.12.",
        )
        organisation_id = self.api.organisation.organisation_id
        async with self.database.tenant(organisation_id) as session:
            (found,) = await propose_candidates(
                session, organisation_id, UUID(self.survey_id), UUID(self.run_id), [candidate], clock=SystemClock()
            )
        return str(found)

    async def finished_run(self, result: Json, **asked: Any) -> str:
        """A run that has found this; its id."""
        return await finished_run(self.api, self.database, self.survey_id, result, **asked)


async def finished_run(api: Api, database: Database, survey_id: str, result: Json, **asked: Any) -> str:
    """A run of a trend that has found this, without a worker; its id."""
    body = {"kind": "trend", "survey_id": survey_id, "kpi": "nps", **asked}
    run_id: str = (await api.post("/v1/analyses", body)).json()["id"]
    organisation_id = api.organisation.organisation_id
    async with database.tenant(organisation_id) as session:
        await save_result(
            session,
            organisation_id,
            UUID(run_id),
            result=result,
            sentence="Found.",
            libraries={},
            at=datetime.now(UTC),
        )
    return run_id


@pytest.fixture
async def ground(api: Api, database: Database) -> Ground:
    survey = await publish(api)
    now = datetime.now(UTC).isoformat()
    run_id = await finished_run(api, database, survey.id, {**RESULT, "as_of": now})
    return Ground(api, database, survey.id, run_id)


NewKey = Callable[..., Awaitable[Api]]


@pytest.fixture
def key_of(api: Api) -> NewKey:
    """Makes a key: its name, its roles, and scopes beside those for recommendations."""

    async def make(name: str, *roles: str, scopes: Sequence[Scope] = ()) -> Api:
        given = [Scope.RECOMMENDATIONS_READ, Scope.RECOMMENDATIONS_WRITE, *scopes]
        body = {"name": name, "scopes": [str(scope) for scope in given], "roles": list(roles)}
        made = (await api.post("/v1/api-keys", body, status=201)).json()
        assert made["roles"] == sorted(roles)
        return Api(api.client, TestOrganisation(api.organisation.organisation_id, made["api_key"]))

    return make
