"""What is wrong with a batch that somebody asks for; every fault with its pointer."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from feedback_core.invitations.calc.texts import faults_of_text
from feedback_core.invitations.types.batches import (
    SENT_FROM_HERE,
    BatchFault,
    MessageTexts,
    NewBatch,
    Recipient,
)
from feedback_core.kit.errors import Fault
from feedback_core.kit.pointers import step
from feedback_core.planning.types import CollectionMethod
from feedback_core.sampling.vault import Contacts
from feedback_core.surveys.types import LANGUAGE

_PLACE: Final = "{token}"


def faults_of(said: NewBatch, contacts: Contacts, now: datetime) -> list[Fault]:
    """Everything that can be seen without looking anything up but the keyed hashes of contacts."""
    return [*_of_whom(said, contacts), *_of_settings(said), *_of_times(said, now)]


def _of_whom(said: NewBatch, contacts: Contacts) -> Iterator[Fault]:
    if (said.sample_id is None) == (not said.recipients):
        detail = "Invite a sample, or people by name: give sample_id, or recipients, and not both."
        yield Fault("/recipients", BatchFault.NOBODY_NAMED.value, detail)
    seen: dict[bytes, int] = {}
    for place, each in enumerate(said.recipients):
        pointer = f"/recipients/{place}"
        yield from _of_recipient(each, pointer, contacts)
        known = contacts.email(each.contact.email) if said.method is CollectionMethod.EMAIL else None
        known = known or (contacts.phone(each.contact.phone) if said.method is CollectionMethod.SMS else None)
        known = known or (contacts.ref(each.ref) if each.ref is not None else None)
        if known is not None and seen.setdefault(known, place) != place:
            detail = f"This is the person at /recipients/{seen[known]}: nobody is invited twice."
            yield Fault(pointer, BatchFault.NAMED_TWICE.value, detail)


def _of_recipient(each: Recipient, pointer: str, contacts: Contacts) -> Iterator[Fault]:
    if each.contact.email is not None and contacts.email(each.contact.email) is None:
        yield Fault(f"{pointer}/email", BatchFault.UNUSABLE_CONTACT.value, "This is no e-mail address.")
    if each.contact.phone is not None and contacts.phone(each.contact.phone) is None:
        yield Fault(f"{pointer}/phone", BatchFault.UNUSABLE_CONTACT.value, "This is no telephone number.")
    if each.ref is None and each.contact.email is None and each.contact.phone is None:
        detail = "Say by what they are known: ref, email or phone."
        yield Fault(pointer, BatchFault.NOBODY_NAMED.value, detail)
    if each.language is not None and not LANGUAGE.fullmatch(each.language):
        yield Fault(f"{pointer}/language", BatchFault.NOT_ITS_LANGUAGE.value, "Give a BCP 47 tag: de, pt-BR.")


def _of_settings(said: NewBatch) -> Iterator[Fault]:
    settings = said.settings
    if settings.link_url is None and said.collector_id is None and said.method in SENT_FROM_HERE:
        detail = "Say where people answer: collector_id for the hosted page, or link_url of your own."
        yield Fault("/collector_id", BatchFault.NO_PLACE_TO_ANSWER.value, detail)
    if settings.link_url is not None and not _is_address(settings.link_url):
        detail = "Give an address with https:// and {token} in it, once."
        yield Fault("/link_url", BatchFault.NOT_AN_ADDRESS.value, detail)
    if said.method not in SENT_FROM_HERE:
        for name, given in (("messages", settings.messages), ("reminders", settings.reminders)):
            if given:
                detail = f"Nothing is sent from here by {said.method.value}: leave this out, and note what was sent."
                yield Fault(f"/{name}", BatchFault.NOTHING_IS_SENT.value, detail)
        return
    if not settings.messages:
        yield Fault("/messages", BatchFault.MESSAGES_NEEDED.value, "Say what is sent, in one language at least.")
    elif settings.language not in settings.messages:
        detail = "Name the language of one of the messages: it is for those of whom no other is known."
        yield Fault("/language", BatchFault.NOT_ITS_LANGUAGE.value, detail)
    is_mail = said.method is CollectionMethod.EMAIL
    yield from _of_messages(settings.messages, "/messages", is_mail=is_mail)
    yield from _of_reminders(said, is_mail=is_mail)


def _of_reminders(said: NewBatch, *, is_mail: bool) -> Iterator[Fault]:
    settings, before = said.settings, 0
    for place, reminder in enumerate(settings.reminders):
        pointer = f"/reminders/{place}"
        if reminder.after_days <= before:
            detail = "Each reminder comes later than the one before."
            yield Fault(f"{pointer}/after_days", BatchFault.NOT_IN_ORDER.value, detail)
        if reminder.after_days >= said.expires_after_days:
            detail = "Links have ended by then."
            yield Fault(f"{pointer}/after_days", BatchFault.NOT_IN_ORDER.value, detail)
        before = reminder.after_days
        if reminder.messages and settings.language not in reminder.messages:
            detail = f"Say it in {settings.language} too: it is for those of whom no other language is known."
            yield Fault(f"{pointer}/messages", BatchFault.NOT_ITS_LANGUAGE.value, detail)
        yield from _of_messages(reminder.messages, f"{pointer}/messages", is_mail=is_mail)


def _of_messages(messages: Mapping[str, MessageTexts], pointer: str, *, is_mail: bool) -> Iterator[Fault]:
    for language, texts in messages.items():
        if not LANGUAGE.fullmatch(language):
            yield Fault(pointer + step(language), BatchFault.NOT_ITS_LANGUAGE.value, "Give a BCP 47 tag: de, pt-BR.")
        for name, code, detail in faults_of_text(texts, is_mail=is_mail):
            yield Fault(f"{pointer}{step(language)}/{name}", code.value, detail)


def _of_times(said: NewBatch, now: datetime) -> Iterator[Fault]:
    if said.send_at is None:
        return
    if said.send_at.tzinfo is None:
        yield Fault("/send_at", BatchFault.ZONE_MISSING.value, "Give the time with its zone.")
    elif said.send_at < now.replace(second=0, microsecond=0):
        yield Fault(
            "/send_at", BatchFault.ENDS_BEFORE_SENDING.value, "Give a time that has not passed, or leave it out."
        )


def _is_address(url: str) -> bool:
    if url.count(_PLACE) != 1 or any(sign.isspace() for sign in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and _PLACE not in parts.netloc
