"""A mail with the link to a report."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from uuid import UUID

from feedback_core.kit.mail import one_line, send_message
from feedback_core.kit.settings import SmtpSettings
from feedback_core.reports.distributions.types import Recipient


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says.

    Attributes:
        reminder: which one it is; 0: the first mail.
    """

    distribution_id: UUID
    organisation: str
    title: str
    audience: str
    recipient: Recipient
    link: str
    reminder: int


def message_of(letter: Letter, sender: str, *, at: datetime) -> EmailMessage:
    """The mail. The same mail has the same Message-ID, so that one that is sent twice can be told.

    Headers hold no line break, whatever stands in a title.
    """
    name, address = parseaddr(sender)
    title, organisation = one_line(letter.title), one_line(letter.organisation)
    message = EmailMessage()
    message["From"] = formataddr((name or organisation, address))
    message["To"] = formataddr((one_line(letter.recipient.name), letter.recipient.email or ""))
    message["Subject"] = f"Reminder: {title}" if letter.reminder else title
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.distribution_id}.{letter.reminder}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"{one_line(letter.recipient.name)},\n\n"
        + ("this waits for you to say that you have read it:\n" if letter.reminder else "a report is there for you:\n")
        + f"\n  {title}\n  Edition for: {letter.audience}\n\n"
        f"Read it, and say that you have read it, here:\n\n  {letter.link}\n\n"
        f"The link is yours alone: who has it can read the report.\n\n{organisation}\n"
    )
    return message


async def send_mail(message: EmailMessage, recipient: Recipient, settings: SmtpSettings) -> None:
    """Hand a mail to the mail server, within the time that the settings give for all of it.

    Raises:
        MailNotConfigured, MailNotTaken, MailRefused: as `send_message`.
    """
    await send_message(message, recipient.email, settings)
