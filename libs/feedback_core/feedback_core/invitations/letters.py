"""Messages as they go out: whom to, and what they say in the language of whoever gets them."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from feedback_core.invitations.calc.texts import filled, html_of, in_language
from feedback_core.invitations.links import PersonalLinks
from feedback_core.invitations.types.batches import Batch, MessageTexts
from feedback_core.invitations.types.invitations import Invitation
from feedback_core.kit.contacts import phone_key
from feedback_core.kit.mail import one_line
from feedback_core.planning.types import CollectionMethod
from feedback_core.sampling.types.frames import Contact
from feedback_core.surveys.types import Text
from feedback_core.surveys.types.texts import text_in

_MAIL: Final = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,255}")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who invites to what."""

    organisation: str
    zone: ZoneInfo
    regions: tuple[str, ...]
    survey_title: Text
    survey_language: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one person.

    Attributes:
        id: the same for the same message, however often it is sent.
        address: of their mail, or the number of their telephone.
    """

    id: str
    address: str = field(repr=False)
    name: str | None = field(repr=False)
    language: str | None
    subject: str
    text: str = field(repr=False)
    opt_out: str = field(repr=False)
    organisation: str


def address_of(contact: Contact, method: CollectionMethod, regions: tuple[str, ...]) -> str | None:
    """Where a message goes to; ``None``: there is no usable address of this way."""
    if method is CollectionMethod.EMAIL:
        address = (contact.email or "").strip()
        return address if _MAIL.fullmatch(address) else None
    number = phone_key(contact.phone, regions)
    return number if number and number.startswith("+") else None


def letter_to(
    invitation: Invitation, contact: Contact, address: str, batch: Batch, sender: Sender, links: PersonalLinks
) -> Letter:
    """The first message, or the reminder that is next."""
    number = invitation.messages_sent
    messages = batch.settings.messages
    if number and number <= len(batch.settings.reminders):
        messages = batch.settings.reminders[number - 1].messages or messages
    language = in_language(messages, invitation.language, batch.settings.language)
    assert language is not None
    opt_out = links.opt_out(invitation.id)
    values = {
        "name": one_line(contact.name or ""),
        "link": links.questionnaire(invitation.id, batch.settings.link_url),
        "opt_out": opt_out,
        "organisation": one_line(sender.organisation),
        "survey": one_line(text_in(sender.survey_title, language, fallback=sender.survey_language)),
        "ends_on": f"{invitation.expires_at.astimezone(sender.zone):%Y-%m-%d}",
    }
    texts: MessageTexts = messages[language]
    return Letter(
        id=message_id(links.organisation_id, invitation.id, number),
        address=address,
        name=contact.name,
        language=language,
        subject=one_line(filled(texts.subject or "", values)),
        text=filled(texts.text, values),
        opt_out=opt_out,
        organisation=one_line(sender.organisation),
    )


def message_id(organisation_id: UUID, invitation_id: UUID, number: int) -> str:
    """The name of a message, by which whoever carries it says what became of it."""
    return f"{organisation_id.hex}.{invitation_id.hex}.{number}"


def named_by(message: str) -> tuple[UUID, UUID] | None:
    """Organisation and invitation of a message's name, with or without what stands around it in a mail."""
    parts = message.strip().strip("<>").partition("@")[0].split(".")
    if len(parts) != len(("organisation", "invitation", "number")):
        return None
    try:
        return UUID(hex=parts[0]), UUID(hex=parts[1])
    except ValueError:
        return None


def mail_of(letter: Letter, sender: str, *, at: datetime) -> EmailMessage:
    """The mail, as text and as HTML; one click in the mail program is enough to be asked no more (RFC 8058).

    The same message has the same Message-ID, so that one that is sent twice can be told.
    """
    name, address = parseaddr(sender)
    message = EmailMessage()
    message["From"] = formataddr((name or letter.organisation, address))
    message["To"] = formataddr((one_line(letter.name or ""), letter.address))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.id}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "bulk"
    message["List-Unsubscribe"] = f"<{letter.opt_out}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.language is not None:
        message["Content-Language"] = letter.language
    message.set_content(letter.text)
    message.add_alternative(html_of(letter.text, letter.language), subtype="html")
    return message
