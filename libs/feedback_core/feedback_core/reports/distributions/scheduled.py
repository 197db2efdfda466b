"""Telling the standing recipients of a schedule of each edition that it has had written."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.ids import new_id
from feedback_core.reports.distributions import queries
from feedback_core.reports.distributions.types import SendReport, Way
from feedback_core.reports.schedules import recipient_queries
from feedback_core.reports.schedules.types import PlannedEdition
from feedback_core.reports.types import StoredReport


async def send_to_recipients(session: Session, organisation_id: UUID, report: StoredReport, *, clock: Clock) -> None:
    """A mail to each recipient of the edition, in the transaction in which its file comes to be there."""
    assert report.schedule_id is not None
    edition, now = PlannedEdition.of(report.request), clock.now()
    for recipient in await recipient_queries.recipients_of(session, organisation_id, report.schedule_id):
        if recipient.edition != edition:
            continue
        distribution_id = new_id()
        job_id = await request_job(session, organisation_id, SendReport(distribution_id), now=now)
        await queries.add_distribution(
            session,
            organisation_id,
            distribution_id,
            report_id=report.id,
            way=Way.EMAIL,
            sealed_recipient=recipient.sealed,
            remind_after_days=recipient.remind_after_days,
            job_id=job_id,
            requested_by="schedule",
            at=now,
        )
