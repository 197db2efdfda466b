"""What the schedule asks of watching evidence; light, since every worker imports it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.types import JobPayload
from feedback_core.jobs.use_cases import request_job
from feedback_core.recommendations.evidence import watch_queries


@dataclass(frozen=True, slots=True)
class CheckEvidence(JobPayload):
    """Look whether the evidence of the recommendations of a survey still holds."""

    kind: ClassVar[str] = "evidence.check"

    survey_id: UUID


async def request_due_checks(system: Session, /, *, now: datetime) -> int:
    """Request a job for every survey where something has changed since the last look; returns how many those are."""
    due = await watch_queries.surveys_due(system)
    for organisation_id, survey_id in due:
        await request_job(system, organisation_id, CheckEvidence(survey_id), now=now, dedupe_key=str(survey_id))
    return len(due)
