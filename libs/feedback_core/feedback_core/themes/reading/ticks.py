"""What the schedule asks of reading; light, since every worker imports it."""

from datetime import datetime

from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.themes.reading import queries
from feedback_core.themes.reading.payloads import READER_VERSION, ReadComments


async def request_due_readings(system: Session, *, now: datetime) -> int:
    """Ask for a reading of every survey that has comments to be read; at most one is open per survey."""
    due = await queries.surveys_due(system, reader_version=READER_VERSION)
    for organisation_id, survey_id in due:
        await request_job(system, organisation_id, ReadComments(survey_id), now=now, dedupe_key=str(survey_id))
    return len(due)
