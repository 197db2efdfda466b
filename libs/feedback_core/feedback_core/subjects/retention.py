"""How long a survey keeps what was said."""

from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import NotFound, require_current
from feedback_core.organisations.audit import record_event
from feedback_core.organisations.types import AuditAction
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.subjects import survey_queries
from feedback_core.subjects.calc import next_night
from feedback_core.subjects.payloads import ApplyRetention
from feedback_core.subjects.types import Retention, StoredRetention
from feedback_core.surveys.queries import hold_survey
from feedback_core.surveys.use_cases import check_survey


async def get_retention(session: Session, organisation_id: UUID, survey_id: UUID) -> StoredRetention:
    """How long a survey keeps what was said.

    Raises:
        NotFound: no such survey here, or it keeps everything.
    """
    await check_survey(session, organisation_id, survey_id)
    found = await survey_queries.retention_of(session, organisation_id, survey_id)
    if found is None:
        raise NotFound("retention of survey", survey_id)
    return found


async def set_retention(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    retention: Retention,
    *,
    if_revision: int | None,
    by: str,
    clock: Clock,
) -> tuple[StoredRetention, bool]:
    """Set how long a survey keeps what was said, from the next night on; whether that was not set before.

    Raises:
        NotFound: no such survey here.
        PreconditionRequired: it is set, and the caller does not say which revision was edited.
        PreconditionFailed: it has changed since.
    """
    await check_survey(session, organisation_id, survey_id)
    await hold_survey(session, organisation_id, survey_id)
    before = await survey_queries.retention_of(session, organisation_id, survey_id)
    require_current("retention", before.revision if before else None, if_revision)
    now = clock.now()
    zone = (await get_organisation(session, organisation_id)).time_zone
    stored = StoredRetention(
        survey_id=survey_id,
        retention=retention,
        set_by=by,
        set_at=now,
        next_run_at=next_night(zone, after=now),
        revision=before.revision + 1 if before else 1,
    )
    await survey_queries.save_retention(session, organisation_id, stored)
    await _note(session, organisation_id, AuditAction.RETENTION_SET, survey_id, by, clock, retention)
    return stored, before is None


async def end_retention(session: Session, organisation_id: UUID, survey_id: UUID, *, by: str, clock: Clock) -> None:
    """From now on the survey keeps what is still there.

    Raises:
        NotFound: no such survey here, or it keeps everything already.
    """
    await check_survey(session, organisation_id, survey_id)
    if not await survey_queries.delete_retention(session, organisation_id, survey_id):
        raise NotFound("retention of survey", survey_id)
    await _note(session, organisation_id, AuditAction.RETENTION_ENDED, survey_id, by, clock, None)


async def request_due_retention(system: Session, /, *, now: datetime) -> int:
    """Request a job for every survey whose retention is to be applied; returns how many there are."""
    due = await survey_queries.retentions_due(system, now)
    for organisation_id, survey_id in due:
        await request_job(system, organisation_id, ApplyRetention(survey_id), now=now, dedupe_key=str(survey_id))
    return len(due)


async def _note(
    session: Session,
    organisation_id: UUID,
    action: AuditAction,
    survey_id: UUID,
    by: str,
    clock: Clock,
    retention: Retention | None,
) -> None:
    details: dict[str, object] = {}
    if retention is not None:
        until = retention.until.isoformat() if retention.until else None
        details = {
            "action": retention.action,
            "comments": retention.comments,
            "days": retention.days,
            "until": until,
        }
    await record_event(
        session, organisation_id, action, by=by, thing="survey", thing_id=survey_id, clock=clock, details=details
    )
