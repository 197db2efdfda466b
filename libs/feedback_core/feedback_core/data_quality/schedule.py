"""Which surveys have responses that are not held to their rule yet."""

from datetime import datetime

from feedback_core.data_quality.payloads import FlagResponses
from feedback_core.data_quality.queries import rules
from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job


async def request_due_flags(system: Session, *, now: datetime) -> int:
    """Ask for the measuring of every survey that has something to measure; at most one is open per survey."""
    due = await rules.surveys_due(system)
    for organisation_id, survey_id in due:
        await request_job(system, organisation_id, FlagResponses(survey_id), now=now, dedupe_key=str(survey_id))
    return len(due)
