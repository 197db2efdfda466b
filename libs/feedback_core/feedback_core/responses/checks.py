"""The check of a response: pure; what it says becomes a row that can be written, or faults."""

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from feedback_core.kit.errors import Fault
from feedback_core.planning.types import CollectionMethod
from feedback_core.responses.types import MAX_EXTERNAL_ID, NewResponse, Rejected, Respondent, ResponseFault
from feedback_core.surveys.cells import cell_of
from feedback_core.surveys.codes import FaultCode
from feedback_core.surveys.references import SurveyReferences
from feedback_core.surveys.types import Confidentiality, PublishedSurvey, ResponseStatus
from feedback_core.surveys.validation import AnswerValidator, CheckedAnswers
from feedback_core.surveys.validation.checks import is_unicode

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
CLOCK_DIFFERENCE: Final = timedelta(minutes=5)
"""How far the caller's clock may be ahead of ours."""

LONGEST: Final = timedelta(days=366)
"""From the first question to submission; what takes longer is a wrong date."""

# One encoding for the database and for the hash of the content: equal content has equal text.
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode


class ResponseRow(NamedTuple):
    """A checked response, as its columns are written.

    ``attributes`` and ``answers`` are JSON texts. ``respondent`` is there only if it is to be kept, sealed.
    """

    id: UUID
    external_id: str | None
    external_ref: bytes | None
    idempotency_ref: bytes | None
    respondent_ref: bytes | None
    content_hash: bytes
    status: ResponseStatus
    method: CollectionMethod
    confidentiality: Confidentiality
    submitted_at: datetime
    received_at: datetime
    attributes: str
    cell_id: UUID
    answers: str
    unanswered: tuple[str, ...]
    import_line: int | None
    respondent: Respondent | None
    started_at: datetime | None
    sent_by: UUID | None
    request_id: str | None


class ResponseCheck:
    """Checks responses to one published survey, received at one instant."""

    def __init__(
        self,
        survey: PublishedSurvey,
        validator: AnswerValidator,
        references: SurveyReferences,
        *,
        received_at: datetime,
    ) -> None:
        self._survey = survey
        self._validator = validator
        self._references = references
        self._received_at = received_at
        self._latest = received_at + CLOCK_DIFFERENCE

    def check(self, said: NewResponse, response_id: UUID) -> ResponseRow | Rejected:
        """The row to write under ``response_id``, or everything that is wrong, with pointers from the response."""
        confidentiality = said.confidentiality or self._survey.confidentiality
        faults = self._envelope_faults(said, confidentiality)
        checked = self._validator.validate(said.answers, said.attributes, status=said.status)
        if not isinstance(checked, CheckedAnswers):
            return Rejected(faults + checked.faults)
        return Rejected(faults) if faults else self._row(said, checked, confidentiality, response_id)

    def _row(
        self, said: NewResponse, checked: CheckedAnswers, confidentiality: Confidentiality, response_id: UUID
    ) -> ResponseRow:
        hashes = self._references
        anonymous = confidentiality is Confidentiality.ANONYMOUS
        attributes = _object(tuple(checked.attributes.items()))
        answers = _canonical(checked.answers)
        external, key, respondent = said.external_id, said.idempotency_key, said.respondent
        # By position: this is the hottest line of a batch, and names double its time.
        return ResponseRow(
            response_id,
            None if anonymous else external,
            None if external is None else hashes.external_id(external),
            None if key is None else hashes.idempotency_key(key),
            None if respondent is None else hashes.respondent(respondent),
            hashes.content(_content(said, checked.status, confidentiality, attributes, answers)),
            checked.status,
            said.method,
            confidentiality,
            said.submitted_at or self._received_at,
            self._received_at,
            attributes,
            cell_of(checked.attributes, said.method.value).id,
            answers,
            checked.unanswered,
            said.import_line,
            respondent if confidentiality is Confidentiality.IDENTIFIED else None,
            said.started_at,
            said.sent_by,
            None if anonymous else said.request_id,
        )

    def _envelope_faults(self, said: NewResponse, confidentiality: Confidentiality) -> tuple[Fault, ...]:
        faults: tuple[Fault, ...] = ()
        if said.external_id is not None:
            faults += _text_faults("/external_id", said.external_id)
        if said.submitted_at is not None:
            faults += self._time_faults("/submitted_at", said.submitted_at)
        if said.started_at is not None:
            faults += self._start_faults(said.started_at, said.submitted_at)
        if not confidentiality.is_at_least_as_strict_as(self._survey.confidentiality):
            detail = f"The survey keeps responses {self._survey.confidentiality}: give that, or a stricter one."
            faults += (Fault("/confidentiality", ResponseFault.CONFIDENTIALITY_LOOSER.value, detail),)
        if said.respondent is not None:
            faults += _respondent_faults(said.respondent, confidentiality)
        return faults

    def _time_faults(self, pointer: str, said: datetime) -> tuple[Fault, ...]:
        if said.utcoffset() is None:
            detail = "Say the zone: 2026-03-01T10:00:00Z or 2026-03-01T11:00:00+01:00."
            return (Fault(pointer, ResponseFault.ZONE_MISSING.value, detail),)
        if said < EARLIEST:
            return (Fault(pointer, ResponseFault.TOO_EARLY.value, "Give a time in 1970 or later."),)
        if said > self._latest:
            detail = f"Give the time at which it was {_DONE[pointer]}; this one has not come yet."
            return (Fault(pointer, ResponseFault.IN_THE_FUTURE.value, detail),)
        return ()

    def _start_faults(self, started_at: datetime, submitted_at: datetime | None) -> tuple[Fault, ...]:
        pointer = "/started_at"
        faults = self._time_faults(pointer, started_at)
        ended_at = submitted_at or self._latest
        if faults or ended_at.utcoffset() is None:
            return faults
        if started_at > ended_at:
            detail = "Nobody starts after having submitted: swap the two, or leave started_at out."
            return (Fault(pointer, ResponseFault.STARTS_AFTER_SUBMISSION.value, detail),)
        if ended_at - started_at > LONGEST:
            detail = f"That is more than {LONGEST.days} days before submission: give the right day, or leave it out."
            return (Fault(pointer, ResponseFault.TOOK_TOO_LONG.value, detail),)
        return ()


_DONE: Final = {"/submitted_at": "submitted", "/started_at": "started"}


def _respondent_faults(respondent: Respondent, confidentiality: Confidentiality) -> tuple[Fault, ...]:
    said = {
        "id": respondent.id,
        "name": respondent.name,
        "email": respondent.email,
        "phone": respondent.phone,
    }
    faults = _naming_faults(respondent, confidentiality)
    for name, value in said.items():
        if value is not None:
            faults += _text_faults(f"/respondent/{name}", value)
    return faults


def _naming_faults(respondent: Respondent, confidentiality: Confidentiality) -> tuple[Fault, ...]:
    if confidentiality is Confidentiality.ANONYMOUS:
        detail = "An anonymous response names nobody: leave the respondent out."
        return (Fault("/respondent", ResponseFault.IDENTITY_NOT_ALLOWED.value, detail),)
    has_code = respondent.id is not None or respondent.email is not None
    if confidentiality is Confidentiality.PSEUDONYMOUS and not has_code:
        detail = "Of a pseudonymous respondent only a code is kept, made from the id or the email: give one of them."
        return (Fault("/respondent", ResponseFault.RESPONDENT_NOT_NAMED.value, detail),)
    if not has_code and respondent.name is None and respondent.phone is None:
        detail = "Give an id, name, email or phone, or leave the respondent out."
        return (Fault("/respondent", ResponseFault.RESPONDENT_NOT_NAMED.value, detail),)
    return ()


def _text_faults(pointer: str, value: str) -> tuple[Fault, ...]:
    if not value.strip():
        return (Fault(pointer, FaultCode.EMPTY_TEXT.value, "Give a text, or leave it out."),)
    if len(value) > MAX_EXTERNAL_ID:
        return (Fault(pointer, FaultCode.TOO_LONG.value, f"Give at most {MAX_EXTERNAL_ID} characters."),)
    if "\0" in value:
        return (Fault(pointer, FaultCode.NUL_CHARACTER.value, "Leave out the character U+0000."),)
    if not is_unicode(value):
        detail = "Leave out the half surrogate pairs (U+D800 to U+DFFF)."
        return (Fault(pointer, FaultCode.LONE_SURROGATE.value, detail),)
    return ()


def _content(
    said: NewResponse, status: ResponseStatus, confidentiality: Confidentiality, attributes: str, answers: str
) -> str:
    """Everything that a repetition must say again to be the same response; each part is JSON or a word of ours."""
    who = said.respondent
    # Only where it is said: responses from before it could be keep their hash.
    started = (said.started_at.astimezone(UTC).isoformat(),) if said.started_at else ()
    return "|".join(
        (
            _canonical(said.external_id),
            said.submitted_at.astimezone(UTC).isoformat() if said.submitted_at else "",
            said.method,
            confidentiality,
            status,
            _canonical((who.id, who.name, who.email, who.phone)) if who else "",
            attributes,
            answers,
            *started,
        )
    )


@lru_cache(maxsize=4096)
def _object(items: tuple[tuple[str, str], ...]) -> str:
    return _canonical(dict(items))
