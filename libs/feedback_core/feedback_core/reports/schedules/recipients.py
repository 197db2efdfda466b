"""Standing recipients of a schedule: each new edition of theirs is mailed to them."""

from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.kit.mail import require_mail
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import ReportSettings, SmtpSettings
from feedback_core.reports.distributions.recipients import sealed
from feedback_core.reports.distributions.types import Recipient
from feedback_core.reports.schedules import recipient_queries as queries
from feedback_core.reports.schedules.types import PlannedEdition, StandingRecipient
from feedback_core.reports.schedules.use_cases import get_schedule


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who is to be sent which edition of a schedule; ``remind_after_days``: of silence, ``None``: never."""

    edition: PlannedEdition
    recipient: Recipient
    remind_after_days: int | None = None


async def add_recipient(
    session: Session,
    organisation_id: UUID,
    schedule_id: UUID,
    wanted: Subscription,
    *,
    by: str,
    seal: Seal,
    smtp: SmtpSettings,
    settings: ReportSettings,
    clock: Clock,
) -> StandingRecipient:
    """Have somebody sent an edition whenever the schedule has it written, from the next one on.

    Raises:
        NotFound: no such schedule here.
        Invalid: the schedule does not plan this edition.
        MailNotConfigured: nothing can be sent by mail.
    """
    schedule = await get_schedule(session, organisation_id, schedule_id)
    if wanted.edition not in schedule.plan.editions:
        detail = "The schedule plans no edition for this audience, format, process and owner."
        raise Invalid([Fault("/edition", "edition_not_planned", detail)])
    require_mail(smtp, settings.link_base_url)
    added = StandingRecipient(
        id=new_id(),
        schedule_id=schedule_id,
        edition=wanted.edition,
        sealed=sealed(wanted.recipient, seal),
        remind_after_days=wanted.remind_after_days,
        added_by=by,
        created_at=clock.now(),
    )
    await queries.add_recipient(session, organisation_id, added)
    return added


async def list_recipients(
    session: Session, organisation_id: UUID, schedule_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[StandingRecipient], str | None]:
    """A page of the recipients of a schedule, added last first, and the cursor of the next one.

    Raises:
        NotFound: no such schedule here.
        InvalidCursor: the cursor belongs to another query.
    """
    await get_schedule(session, organisation_id, schedule_id)
    query = {"list": "schedule-recipients", "organisation": organisation_id, "schedule": schedule_id}
    before = id_in_cursor(cursor, query)
    found = await queries.recipients_before(session, organisation_id, schedule_id, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def remove_recipient(session: Session, organisation_id: UUID, schedule_id: UUID, recipient_id: UUID) -> None:
    """Take somebody off a schedule; what they were sent stays.

    Raises:
        NotFound: no such schedule, or it has no such recipient.
    """
    await get_schedule(session, organisation_id, schedule_id)
    if not await queries.remove_recipient(session, organisation_id, schedule_id, recipient_id):
        raise NotFound("recipient", recipient_id)
