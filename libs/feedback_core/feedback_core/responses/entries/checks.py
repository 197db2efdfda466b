"""Whether an entry is whole: pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from feedback_core.kit.errors import Fault
from feedback_core.responses.entries.types import MAX_TRANSCRIPT_BYTES, EntryFault, EntryKind, NewEntry
from feedback_core.responses.entries.words import size_of
from feedback_core.responses.types import ResponseFault

_AHEAD: Final = timedelta(minutes=5)


def find_entry_faults(said: NewEntry, *, now: datetime) -> list[Fault]:
    """Everything wrong with an entry but for its answers, with pointers from its body."""
    return [*_of_session(said, now), *_of_consents(said, now)]


def _of_session(said: NewEntry, now: datetime) -> Iterator[Fault]:
    if said.kind is not EntryKind.FOCUS_GROUP and len(said.participants) != 1:
        detail = "Only a focus group has several participants: enter each interview, call or form by itself."
        yield Fault("/participants", EntryFault.ONE_PARTICIPANT.value, detail)
    if said.kind is EntryKind.PAPER and said.form is None:
        detail = "Say the number on the form, so that it is entered once and can be typed a second time."
        yield Fault("/form", EntryFault.FORM_MISSING.value, detail)
    if said.interviewer is None and said.kind is not EntryKind.PAPER:
        yield Fault("/interviewer", EntryFault.INTERVIEWER_MISSING.value, "Say who asked, by your own reference.")
    size = size_of(said.words.transcript)
    if size > MAX_TRANSCRIPT_BYTES:
        detail = (
            f"It has {size} bytes of UTF-8, and at most {MAX_TRANSCRIPT_BYTES} are kept: enter each session by itself."
        )
        yield Fault("/transcript", EntryFault.TRANSCRIPT_TOO_LONG.value, detail)
    ended_at = said.began_at + timedelta(seconds=said.duration_seconds or 0)
    if ended_at > now + _AHEAD:
        yield Fault("/began_at", ResponseFault.IN_THE_FUTURE.value, "Enter what has been said; this is still to come.")


def _of_consents(said: NewEntry, now: datetime) -> Iterator[Fault]:
    for place, each in enumerate(said.participants):
        pointer = f"/participants/{place}/consent"
        if not each.consent.given:
            detail = "Without consent nothing of what was said may be kept: do not enter it."
            yield Fault(f"{pointer}/given", EntryFault.CONSENT_MISSING.value, detail)
        if each.consent.at > now + _AHEAD:
            yield Fault(f"{pointer}/at", ResponseFault.IN_THE_FUTURE.value, "Say when it was given.")
