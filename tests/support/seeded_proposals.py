"""Recommendations of an organisation that has some of everything."""

from dataclasses import replace
from uuid import UUID

from feedback_core.db.session import Database
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import SystemClock
from feedback_core.kit.ids import new_id
from feedback_core.recommendations import queries as recommendations
from feedback_core.recommendations.evidence.ticks import CheckEvidence
from feedback_core.recommendations.types import Candidate, Confidence, Evidence, RecommendationKind
from tests.support.api import Api
from tests.support.seeded_work import run_jobs

PROPOSAL = Candidate(
    kind=RecommendationKind.IMPROVE,
    subject="waiting_time",
    feature_key="waiting_time",
    title="Shorten the wait",
    rationale="The wait is rated below everything else.",
    evidence=(Evidence("/kpis/0", "The mean is 2.9 of 5.", "mean", 2.9, 2.4, 3.4, 30),),
    gap=0.4,
    confidence=Confidence.MEDIUM,
    priority=0.4,
    priority_reason="gap 0.4 × 1",
)


async def proposals(api: Api, database: Database, survey_id: UUID, run_id: UUID) -> str:
    """A recommendation that awaits its decision and one that was rejected, their evidence looked at; the first's id."""
    organisation_id = api.organisation.organisation_id
    proposed = await _propose(database, organisation_id, survey_id, run_id, PROPOSAL)
    rejected = await _propose(database, organisation_id, survey_id, run_id, replace(PROPOSAL, subject="web"))
    verdict = {"to": "rejected", "reason": "Not ours to change"}
    await api.post(f"/v1/recommendations/{rejected}/transitions", verdict, status=200)
    async with database.tenant(organisation_id) as session:
        await request_job(session, organisation_id, CheckEvidence(survey_id), now=SystemClock().now())
    await run_jobs(database, organisation_id, CheckEvidence.kind)
    return proposed


async def _propose(
    database: Database, organisation_id: UUID, survey_id: UUID, run_id: UUID, candidate: Candidate
) -> str:
    """A recommendation that awaits its decision; its id."""
    proposed = new_id()
    async with database.tenant(organisation_id) as session:
        await recommendations.propose(
            session, organisation_id, survey_id, run_id, [(proposed, candidate)], at=SystemClock().now()
        )
    return str(proposed)
