"""Vocabulary of staff entry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.kit.errors import Conflict
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.types import Respondent
from feedback_core.surveys.types import ResponseStatus

MAX_TRANSCRIPT_BYTES: Final = 2**20
"""Of UTF-8: some twenty hours of speech."""

MOST_PARTICIPANTS: Final = 30
LONGEST_SECONDS: Final = 24 * 3600


class EntryKind(StrEnum):
    """What is entered."""

    TELEPHONE = "telephone"
    INTERVIEW = "interview"
    FOCUS_GROUP = "focus_group"
    PAPER = "paper"

    @property
    def method(self) -> CollectionMethod:
        """How the responses of such an entry were collected."""
        return _METHODS[self]


_METHODS: Final = {
    EntryKind.TELEPHONE: CollectionMethod.TELEPHONE,
    EntryKind.INTERVIEW: CollectionMethod.FACE_TO_FACE_INTERVIEW,
    EntryKind.FOCUS_GROUP: CollectionMethod.FOCUS_GROUP,
    EntryKind.PAPER: CollectionMethod.POSTAL_QUESTIONNAIRE,
}


class ConsentHow(StrEnum):
    """How somebody agreed to what they say being kept."""

    SPOKEN = "spoken"
    RECORDED = "recorded"
    SIGNED = "signed"
    FORM_RETURNED = "form_returned"


class EntryFault(StrEnum):
    """Codes of what can be wrong with an entry, beside those of responses."""

    CONSENT_MISSING = "consent_missing"
    TRANSCRIPT_TOO_LONG = "transcript_too_long"
    ONE_PARTICIPANT = "one_participant"
    FORM_MISSING = "form_missing"
    INTERVIEWER_MISSING = "interviewer_missing"
    UNKNOWN_GUIDE = "unknown_guide"
    UNKNOWN_FIELD = "unknown_difference"
    NOT_DECIDED = "difference_not_decided"
    NOT_A_NUMBER = "not_a_number"


class FormEnteredBefore(Conflict):
    """This paper form was entered before: compare by a second entry."""

    code = "form_entered_before"


class NotPaper(Conflict):
    """Only a paper form can be typed a second time."""

    code = "not_paper"


class SamePerson(Conflict):
    """Whoever typed a form first cannot type it a second time: nobody finds their own slips."""

    code = "same_person"


class SecondEntryMade(Conflict):
    """The form was typed a second time before."""

    code = "second_entry_made"


class NothingToSettle(Conflict):
    """There is no second entry with differences, or they were settled before."""

    code = "nothing_to_settle"


class NothingCorrected(Conflict):
    """The correction says what is kept already."""

    code = "nothing_corrected"


class WordsGone(Conflict):
    """What was said was taken out, since a response of it was erased or made anonymous."""

    code = "words_gone"


@dataclass(frozen=True, slots=True)
class Consent:
    """How somebody agreed; ``given`` must be true: without it nothing may be kept."""

    given: bool
    how: ConsentHow
    at: datetime


@dataclass(frozen=True, slots=True)
class Participant:
    """One person of an entry, and what they answered."""

    consent: Consent
    answers: Mapping[str, object]
    attributes: Mapping[str, object] = field(default_factory=dict)
    external_id: str | None = None
    respondent: Respondent | None = None
    status: ResponseStatus | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What was said, and where; kept sealed, exactly as written down."""

    transcript: str | None = None
    place: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is entered of one session.

    Attributes:
        guide_version: of the survey's interview guide; ``None``: it was held without one.
        interviewer: the organisation's own reference of who asked; of a paper form nobody need be named.
        form: what stands on the paper form, to tell it from all others of the survey.
    """

    kind: EntryKind
    participants: tuple[Participant, ...]
    began_at: datetime
    language: str
    guide_version: int | None = None
    interviewer: str | None = None
    form: str | None = None
    duration_seconds: int | None = None
    words: Words = Words()


@dataclass(frozen=True, slots=True)
class Take:
    """A response of a participant.

    Attributes:
        take: 1 for the first; the last one counts.
        fields: what it corrects.
        reason: why it was corrected.
    """

    participant: int
    take: int
    response_id: UUID
    fields: tuple[str, ...]
    reason: str | None
    made_by: str
    made_at: datetime


class SecondState(StrEnum):
    """Where a second entry stands."""

    AGREES = "agrees"
    DIFFERS = "differs"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class SecondEntry:
    """A form as typed a second time.

    Attributes:
        compared: fields that at least one of the two typed.
        differing: names of those that they typed differently.
        first_wrong: of those, how many of the first were found wrong when it was settled; so ``second_wrong``.
    """

    id: UUID
    entry_id: UUID
    participant: int
    state: SecondState
    compared: int
    differing: tuple[str, ...]
    first_wrong: int | None
    second_wrong: int | None
    reason: str | None
    entered_by: str
    entered_at: datetime
    settled_by: str | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, without its words.

    Attributes:
        words_gone_at: when they were taken out.
        takes: responses that are still there, by participant, in order.
    """

    id: UUID
    survey_id: UUID
    kind: EntryKind
    guide_version: int | None
    interviewer: str | None
    form: str | None
    began_at: datetime
    duration_seconds: int | None
    language: str
    participants: int
    transcript_bytes: int
    words_gone_at: datetime | None
    entered_by: str
    entered_at: datetime
    consents: Mapping[int, tuple[ConsentHow, datetime]] = field(default_factory=dict)
    takes: tuple[Take, ...] = ()
    second_entries: tuple[SecondEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was typed differently; ``None``: left blank."""

    field: str
    first: object
    second: object
