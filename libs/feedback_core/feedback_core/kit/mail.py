"""Handing a mail to the mail server, within a time for the whole of it."""

import asyncio
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Final

import aiosmtplib

from feedback_core.kit.errors import Conflict, Unavailable
from feedback_core.kit.settings import SmtpSettings

_FOR_GOOD: Final = 500


class MailNotConfigured(Conflict):
    """No mail server, sender or address of links is set: nothing can be sent by mail."""

    code = "mail_not_configured"


class MailRefused(Conflict):
    """The mail server refuses the mail for good."""

    code = "mail_refused"


class MailNotTaken(Unavailable):
    """The mail server cannot be reached, is too slow, or asks to come again."""

    code = "mail_not_taken"


def require_mail(smtp: SmtpSettings, link_base_url: str | None) -> None:
    """Whether a mail with a link can be sent at all.

    Raises:
        MailNotConfigured: it cannot.
    """
    missing = [
        name
        for name, value in (
            ("SMTP_HOST", smtp.host),
            ("SMTP_SENDER", smtp.sender),
            ("REPORTS_LINK_BASE_URL", link_base_url),
        )
        if not value
    ]
    if missing:
        raise MailNotConfigured(f"Nothing can be sent by mail before {', '.join(missing)} is set.")


async def send_message(message: EmailMessage, address: str | None, settings: SmtpSettings) -> None:
    """Hand a mail to the mail server, within the time that the settings give for all of it.

    Raises:
        MailNotConfigured: there is no mail server, or no address.
        MailNotTaken: it cannot be reached, is too slow, or asks to come again.
        MailRefused: it refuses the mail for good.
    """
    if settings.host is None or settings.sender is None or address is None:
        raise MailNotConfigured("Nothing can be sent by mail: no server, sender or address.")
    try:
        # A server that sends a byte now and then never runs into the limit of one read: the whole has one, too.
        async with asyncio.timeout(settings.timeout_seconds):
            await aiosmtplib.send(
                message,
                sender=parseaddr(settings.sender)[1],
                recipients=[address],
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


def one_line(text: str) -> str:
    """A text as a header may hold it: without line breaks."""
    return " ".join(text.split())


def _refused(reply: int) -> None:
    # What the server says may hold the address: its number is enough.
    if reply >= _FOR_GOOD:
        raise MailRefused(f"The mail server refuses the mail ({reply}).") from None
    raise MailNotTaken(f"The mail server asks to come again ({reply}).") from None
