"""The worker's part of distributions: send a mail, remind who has not acknowledged.

A mail is sent between two transactions: one that was sent just before a worker died is sent again, with the same
Message-ID.
"""

from datetime import timedelta
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.errors import NotFound
from feedback_core.kit.mail import require_mail
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import ReportSettings, SmtpSettings
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.reports.distributions import queries
from feedback_core.reports.distributions.links import LinkSigner, path_of
from feedback_core.reports.distributions.mail import Letter, message_of, send_mail
from feedback_core.reports.distributions.recipients import opened
from feedback_core.reports.distributions.types import (
    MOST_REMINDERS,
    RemindRecipient,
    SendReport,
    StoredDistribution,
)
from feedback_core.reports.editions.profiles import PROFILES
from feedback_core.reports.use_cases import finished_report, get_report


async def send(run: JobRun[SendReport], *, smtp: SmtpSettings, settings: ReportSettings) -> None:
    """Send the first mail, unless the link has ended or the recipient asked to be forgotten.

    Raises:
        MailNotTaken: it is tried again later.
        MailRefused: it is not.
    """
    distribution_id = run.payload.distribution_id
    async with run.snapshot() as session:
        stored = await _found(session, run.organisation_id, distribution_id)
        wanted = stored.sent_at is None and stored.revoked_at is None
        letter = await _letter(run, session, stored, settings, reminder=0) if wanted else None
    if letter is not None:
        await _post(run, letter, smtp, settings)
    async with run.completion() as session:
        if letter is not None:
            await _note(run, session, stored, reminder=0)


async def remind(run: JobRun[RemindRecipient], *, smtp: SmtpSettings, settings: ReportSettings) -> None:
    """Remind somebody, unless they acknowledged meanwhile; the next time is set before, so that a failure waits too.

    Raises:
        MailNotTaken: it is tried again later.
        MailRefused: it is not.
    """
    distribution_id = run.payload.distribution_id
    async with run.transaction() as session:
        stored = await _found(session, run.organisation_id, distribution_id, hold=True)
        wanted = stored.acknowledged_at is None and stored.revoked_at is None and stored.reminders_sent < MOST_REMINDERS
        await queries.put_off_reminder(
            session,
            run.organisation_id,
            distribution_id,
            run.clock.now() + timedelta(days=stored.remind_after_days or 1) if wanted else None,
        )
        reminder = stored.reminders_sent + 1
        letter = await _letter(run, session, stored, settings, reminder=reminder) if wanted else None
    if letter is not None:
        await _post(run, letter, smtp, settings)
    async with run.completion() as session:
        if letter is not None:
            await _note(run, session, stored, reminder=reminder)


async def _found(
    session: Session, organisation_id: UUID, distribution_id: UUID, *, hold: bool = False
) -> StoredDistribution:
    found = await queries.distribution_by_id(session, organisation_id, distribution_id, hold=hold)
    if found is None:
        raise NotFound("distribution", distribution_id)
    return found


async def _letter(
    run: JobRun[SendReport] | JobRun[RemindRecipient],
    session: Session,
    stored: StoredDistribution,
    settings: ReportSettings,
    *,
    reminder: int,
) -> Letter:
    await finished_report(session, run.organisation_id, stored.report_id)
    report = await get_report(session, run.organisation_id, stored.report_id)
    organisation = await get_organisation(session, run.organisation_id)
    token = LinkSigner.from_settings(run.secrets).token(run.organisation_id, stored.id)
    return Letter(
        distribution_id=stored.id,
        organisation=organisation.name,
        title=report.title or "",
        audience=PROFILES[report.request.audience].name,
        recipient=opened(stored.sealed_recipient, Seal.from_settings(run.secrets)),
        link=f"{(settings.link_base_url or '').rstrip('/')}{path_of(token)}",
        reminder=reminder,
    )


async def _post(
    run: JobRun[SendReport] | JobRun[RemindRecipient], letter: Letter, smtp: SmtpSettings, settings: ReportSettings
) -> None:
    require_mail(smtp, settings.link_base_url)
    message = message_of(letter, smtp.sender or "", at=run.clock.now())
    await send_mail(message, letter.recipient, smtp)


async def _note(
    run: JobRun[SendReport] | JobRun[RemindRecipient], session: Session, stored: StoredDistribution, *, reminder: int
) -> None:
    now, days = run.clock.now(), stored.remind_after_days
    goes_on = days is not None and reminder < MOST_REMINDERS
    current = await queries.distribution_by_id(session, run.organisation_id, stored.id, hold=True)
    if current is None:
        return  # whoever it was asked to be forgotten meanwhile
    silent = current.acknowledged_at is None and current.revoked_at is None
    next_at = now + timedelta(days=days) if goes_on and days is not None and silent else None
    await queries.note_sent(session, run.organisation_id, stored.id, reminder=reminder, next_at=next_at, at=now)
