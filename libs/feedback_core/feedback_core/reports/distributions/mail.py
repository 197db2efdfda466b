"""A mail with the link to a report, and sending it within a time."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from typing import Final
from uuid import UUID

import aiosmtplib

from feedback_core.kit.settings import SmtpSettings
from feedback_core.reports.distributions.types import MailNotConfigured, MailNotTaken, MailRefused, Recipient

_FOR_GOOD: Final = 500


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
    title, organisation = _line(letter.title), _line(letter.organisation)
    message = EmailMessage()
    message["From"] = formataddr((name or organisation, address))
    message["To"] = formataddr((_line(letter.recipient.name), letter.recipient.email or ""))
    message["Subject"] = f"Reminder: {title}" if letter.reminder else title
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.distribution_id}.{letter.reminder}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(
        f"{_line(letter.recipient.name)},\n\n"
        + ("this waits for you to say that you have read it:\n" if letter.reminder else "a report is there for you:\n")
        + f"\n  {title}\n  Edition for: {letter.audience}\n\n"
        f"Read it, and say that you have read it, here:\n\n  {letter.link}\n\n"
        f"The link is yours alone: who has it can read the report.\n\n{organisation}\n"
    )
    return message


async def send_mail(message: EmailMessage, recipient: Recipient, settings: SmtpSettings) -> None:
    """Hand a mail to the mail server, within the time that the settings give for all of it.

    Raises:
        MailNotConfigured: there is no mail server.
        MailNotTaken: it cannot be reached, is too slow, or asks to come again.
        MailRefused: it refuses the mail for good.
    """
    if settings.host is None or settings.sender is None or recipient.email is None:
        raise MailNotConfigured("Nothing can be sent by mail: no server, sender or address.")
    try:
        # A server that sends a byte now and then never runs into the limit of one read: the whole has one, too.
        async with asyncio.timeout(settings.timeout_seconds):
            await aiosmtplib.send(
                message,
                sender=parseaddr(settings.sender)[1],
                recipients=[recipient.email],
                hostname=settings.host,
                port=settings.port,
                username=settings.username,
                password=None if settings.password is None else settings.password.get_secret_value(),
                use_tls=settings.security == "tls",
                start_tls=settings.security == "starttls",
                timeout=settings.timeout_seconds,
            )
    except aiosmtplib.SMTPRecipientsRefused as refused:
        _refused(min(each.code for each in refused.recipients))
    except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as refused:
        _refused(refused.code)
    except (aiosmtplib.SMTPException, TimeoutError, OSError) as error:
        raise MailNotTaken(f"The mail server did not take the mail: {type(error).__name__}.") from None


def _refused(reply: int) -> None:
    # What the server says may hold the address: its number is enough.
    if reply >= _FOR_GOOD:
        raise MailRefused(f"The mail server refuses the mail ({reply}).") from None
    raise MailNotTaken(f"The mail server asks to come again ({reply}).") from None


def _line(text: str) -> str:
    return " ".join(text.split())
