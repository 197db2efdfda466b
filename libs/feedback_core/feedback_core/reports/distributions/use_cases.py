"""Telling somebody of a report, looking at what became of it, ending a link; and what a recipient does."""

from dataclasses import dataclass
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.events.use_cases import record_event
from feedback_core.jobs.use_cases import request_job
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.kit.mail import require_mail
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import ReportSettings, SmtpSettings
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.reports import events
from feedback_core.reports.distributions import queries
from feedback_core.reports.distributions.recipients import sealed
from feedback_core.reports.distributions.types import Recipient, SendReport, StoredDistribution, Way
from feedback_core.reports.types import StoredReport
from feedback_core.reports.use_cases import ReportFile, finished_report, get_report


@dataclass(frozen=True, slots=True)
class Telling:
    """To whom, and by what way.

    Attributes:
        remind_after_days: of silence; ``None``: nobody is reminded.
    """

    way: Way
    recipient: Recipient
    remind_after_days: int | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """What a recipient sees before the report itself."""

    organisation: str
    report: StoredReport
    distribution: StoredDistribution


async def distribute(
    session: Session,
    organisation_id: UUID,
    report_id: UUID,
    telling: Telling,
    *,
    by: str,
    seal: Seal,
    smtp: SmtpSettings,
    settings: ReportSettings,
    clock: Clock,
) -> StoredDistribution:
    """Tell somebody of a report: a mail is sent by the worker, a link can be fetched and handed over.

    Raises:
        NotFound: no such report here.
        ReportNotReady: it is being written.
        ReportGone: there is no file any more.
        Invalid: a mail needs an address, and only who gets a mail can be reminded.
        MailNotConfigured: nothing can be sent by mail.
    """
    await finished_report(session, organisation_id, report_id)
    _check(telling)
    if telling.way is Way.EMAIL:
        require_mail(smtp, settings.link_base_url)
    distribution_id, now = new_id(), clock.now()
    job_id = None
    if telling.way is Way.EMAIL:
        job_id = await request_job(session, organisation_id, SendReport(distribution_id), now=now)
    await queries.add_distribution(
        session,
        organisation_id,
        distribution_id,
        report_id=report_id,
        way=telling.way,
        sealed_recipient=sealed(telling.recipient, seal),
        remind_after_days=telling.remind_after_days,
        job_id=job_id,
        requested_by=by,
        at=now,
    )
    return await get_distribution(session, organisation_id, report_id, distribution_id)


async def get_distribution(
    session: Session, organisation_id: UUID, report_id: UUID, distribution_id: UUID, *, hold: bool = False
) -> StoredDistribution:
    """A distribution of a report.

    Raises:
        NotFound: no such report, or it has no such distribution.
    """
    await get_report(session, organisation_id, report_id)
    found = await queries.distribution_by_id(session, organisation_id, distribution_id, hold=hold)
    if found is None or found.report_id != report_id:
        raise NotFound("distribution", distribution_id)
    return found


async def list_distributions(
    session: Session, organisation_id: UUID, report_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[StoredDistribution], str | None]:
    """A page of the distributions of a report, newest first, and the cursor of the next one.

    Raises:
        NotFound: no such report here.
        InvalidCursor: the cursor belongs to another query.
    """
    await get_report(session, organisation_id, report_id)
    query = {"list": "distributions", "organisation": organisation_id, "report": report_id}
    before = id_in_cursor(cursor, query)
    found = await queries.distributions_before(session, organisation_id, report_id, before=before, limit=limit + 1)
    return page_of(found, limit, query)


async def revoke_distribution(
    session: Session, organisation_id: UUID, report_id: UUID, distribution_id: UUID, *, clock: Clock
) -> None:
    """End a link; what was sent cannot be called back.

    Raises:
        NotFound: no such report, or it has no such distribution.
    """
    await get_distribution(session, organisation_id, report_id, distribution_id, hold=True)
    await queries.revoke(session, organisation_id, distribution_id, at=clock.now())


async def shared_report(
    session: Session, organisation_id: UUID, distribution_id: UUID, *, hold: bool = False
) -> Shared:
    """What a link leads to; held, it is not ended before the transaction is.

    Raises:
        NotFound: the link has ended.
        ReportGone: the file is gone.
    """
    found = await _live(session, organisation_id, distribution_id, hold=hold)
    await finished_report(session, organisation_id, found.report_id)
    organisation = await get_organisation(session, organisation_id)
    return Shared(organisation.name, await get_report(session, organisation_id, found.report_id), found)


async def open_shared(session: Session, organisation_id: UUID, distribution_id: UUID, *, clock: Clock) -> ReportFile:
    """The file, and that it was opened.

    Raises:
        NotFound: the link has ended.
        ReportGone: the file is gone.
    """
    found = await _live(session, organisation_id, distribution_id, hold=True)
    file = await finished_report(session, organisation_id, found.report_id)
    if await queries.note_opened(session, organisation_id, distribution_id, at=clock.now()):
        report = await get_report(session, organisation_id, found.report_id)
        await record_event(session, organisation_id, events.opened(report, distribution_id), clock=clock)
    return file


async def acknowledge(session: Session, organisation_id: UUID, distribution_id: UUID, *, clock: Clock) -> Shared:
    """The recipient says to have read it; saying so again changes nothing.

    Raises:
        NotFound: the link has ended.
        ReportGone: the file is gone.
    """
    shared = await shared_report(session, organisation_id, distribution_id, hold=True)
    if await queries.note_acknowledged(session, organisation_id, distribution_id, at=clock.now()):
        await record_event(session, organisation_id, events.acknowledged(shared.report, distribution_id), clock=clock)
    return await shared_report(session, organisation_id, distribution_id)


async def _live(
    session: Session, organisation_id: UUID, distribution_id: UUID, *, hold: bool = False
) -> StoredDistribution:
    found = await queries.distribution_by_id(session, organisation_id, distribution_id, hold=hold)
    if found is None or found.revoked_at is not None:
        raise NotFound("shared report", "under this link")
    return found


def _check(telling: Telling) -> None:
    if telling.way is Way.EMAIL and telling.recipient.email is None:
        raise Invalid([Fault("/recipient/email", "address_needed", "Give the address that the mail goes to.")])
    if telling.way is Way.LINK and telling.remind_after_days is not None:
        detail = "Only who gets a mail can be reminded: leave this out."
        raise Invalid([Fault("/remind_after_days", "no_way_to_remind", detail)])
