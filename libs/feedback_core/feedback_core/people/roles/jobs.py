"""The worker's part of roles: send a mail with the link.

It is sent between two transactions: one sent just before a worker died is sent again, with the same Message-ID.
"""

from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr

from feedback_core.db.session import Session
from feedback_core.jobs.runs import JobRun
from feedback_core.kit.mail import one_line, require_mail, send_message
from feedback_core.kit.sealing import Seal
from feedback_core.kit.settings import ReportSettings, SmtpSettings
from feedback_core.organisations.use_cases import get_organisation
from feedback_core.people.roles import queries
from feedback_core.people.roles.links import RoleLinks, path_of
from feedback_core.people.roles.types import Assignment, SendRole, StaffRole
from feedback_core.people.staff.types import Person
from feedback_core.people.staff.use_cases import get_staff


async def send(run: JobRun[SendRole], *, smtp: SmtpSettings, settings: ReportSettings) -> None:
    """Send the mail, unless it has ended, or whoever it was for is gone.

    Raises:
        MailNotTaken: it is tried again later.
        MailRefused: it is not.
    """
    async with run.snapshot() as session:
        found = await queries.assignment_by_id(session, run.organisation_id, run.payload.assignment_id)
        wanted = found is not None and found.sent_at is None and found.ended_at is None
        letter = await _letter(run, session, found, smtp, settings) if wanted and found is not None else None
    if letter is not None:
        require_mail(smtp, settings.link_base_url)
        message, address = letter
        await send_message(message, address, smtp)
    async with run.completion() as session:
        if letter is not None:
            await queries.note(session, run.organisation_id, run.payload.assignment_id, sent_at=run.clock.now())


async def _letter(
    run: JobRun[SendRole], session: Session, found: Assignment, smtp: SmtpSettings, settings: ReportSettings
) -> tuple[EmailMessage, str | None]:
    role = await queries.role_version(session, run.organisation_id, found.role, found.role_version)
    assert role is not None  # versions stay
    organisation = await get_organisation(session, run.organisation_id)
    member = await get_staff(session, run.organisation_id, found.staff_id, seal=Seal.from_settings(run.secrets))
    person = member.details.person
    token = RoleLinks.from_settings(run.secrets).token(run.organisation_id, found.id)
    link = f"{(settings.link_base_url or '').rstrip('/')}{path_of(token)}"
    message = _message(role, person, organisation.name, link, smtp.sender or "")
    message["Date"] = format_datetime(run.clock.now())
    message["Message-ID"] = f"<{found.id}@{parseaddr(smtp.sender or '')[1].rpartition('@')[2]}>"
    return message, person.email


def _message(role: StaffRole, person: Person, organisation: str, link: str, sender: str) -> EmailMessage:
    """The mail; its headers hold no line break, whatever stands in a title."""
    name, address = parseaddr(sender)
    message = EmailMessage()
    message["From"] = formataddr((name or one_line(organisation), address))
    message["To"] = formataddr((one_line(person.name), person.email or ""))
    message["Subject"] = f"Your role: {one_line(role.details.title)}"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"{one_line(person.name)},\n\nthis is what your role answers for:\n\n  {one_line(role.details.title)}\n\n"
        f"Read it, and say that you have read it, here:\n\n  {link}\n\n"
        f"The link is yours alone.\n\n{one_line(organisation)}\n"
    )
    return message
