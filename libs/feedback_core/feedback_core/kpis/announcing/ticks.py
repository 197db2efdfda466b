"""What the schedule asks of telling that responses came in; light, since every worker imports it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.types import JobPayload
from feedback_core.jobs.use_cases import request_job
from feedback_core.kpis.announcing import queries


@dataclass(frozen=True, slots=True)
class AnnounceResponses(JobPayload):
    """Record events of the responses of a survey that came in."""

    kind: ClassVar[str] = "kpis.announce"

    survey_id: UUID


async def request_due_announcing(system: Session, /, *, now: datetime) -> int:
    """Ask for every survey that has responses to be told of; at most one job is open per survey."""
    due = await queries.surveys_due(system)
    for organisation_id, survey_id in due:
        await request_job(system, organisation_id, AnnounceResponses(survey_id), now=now, dedupe_key=str(survey_id))
    return len(due)
