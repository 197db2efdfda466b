"""Entering what was said in a session: each participant's answers become a response, once, by the usual check."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import Fault, Invalid, NotFound
from feedback_core.kit.ids import new_id
from feedback_core.kit.sealing import Seal
from feedback_core.responses.entries import queries
from feedback_core.responses.entries.checks import find_entry_faults
from feedback_core.responses.entries.types import (
    Entry,
    EntryFault,
    EntryKind,
    FormEnteredBefore,
    NewEntry,
    Participant,
    Take,
)
from feedback_core.responses.entries.words import sealed_words, size_of
from feedback_core.responses.guides.queries import guide_of_version
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.types import Duplicate, NewResponse, Recorded, Rejected, ResponseFault, ResponseRefused
from feedback_core.responses.use_cases import check_responses, record_checked, survey_taking_answers


@dataclass(frozen=True, slots=True)
class Entering:
    """Who enters, with what, and how it is kept.

    Attributes:
        by: name of the person, or of the key.
        key_id: of the API key.
    """

    by: str
    key_id: UUID
    request_id: str
    seal: Seal
    privacy: Privacy
    clock: Clock


async def record_entry(
    session: Session, organisation_id: UUID, survey_id: UUID, said: NewEntry, *, entering: Entering
) -> Entry:
    """Keep a session as it was said, and record a response of each participant.

    Raises:
        NotFound: no such survey here.
        SurveyNotPublished: it has no version yet.
        SurveyClosed: it takes no more answers.
        FormEnteredBefore: the paper form was entered before.
        Invalid: something is wrong with it, or with an answer; each fault is named. Nothing is kept then.
        StillSettling: others write and erase the same responses all the time.
    """
    survey = await survey_taking_answers(session, organisation_id, survey_id)
    now = entering.clock.now()
    faults = find_entry_faults(said, now=now)
    if said.guide_version is not None:
        guide = await guide_of_version(session, organisation_id, survey_id, said.guide_version)
        if guide is None:
            detail = "The survey's interview guide has no such version."
            faults.append(Fault("/guide_version", EntryFault.UNKNOWN_GUIDE.value, detail))
    items = [_response(each, said, entering) for each in said.participants]
    checked = check_responses(organisation_id, survey, items, privacy=entering.privacy, received_at=now)
    faults += [fault for place, each in enumerate(checked) if isinstance(each, Rejected) for fault in _at(place, each)]
    if faults:
        raise Invalid(faults)
    entry_id = new_id()
    made = await queries.add_entry(
        session,
        organisation_id,
        survey_id,
        entry_id,
        said,
        sealed=sealed_words(said.words, entering.seal),
        transcript_bytes=size_of(said.words.transcript),
        by=entering.by,
        at=now,
    )
    if not made:
        raise FormEnteredBefore("This form was entered before: compare the two by a second entry.")
    outcomes = await record_checked(session, organisation_id, survey, checked, privacy=entering.privacy)
    takes = []
    for place, outcome in enumerate(outcomes):
        match outcome:
            case Recorded(receipt):
                takes.append(Take(place + 1, 1, receipt.id, (), None, entering.by, now))
            case Duplicate():
                raise ResponseRefused([_named_before(place)])
            case Rejected():
                raise ResponseRefused(_at(place, outcome))
    await queries.add_takes(session, organisation_id, entry_id, takes)
    return await entry_of(session, organisation_id, survey_id, entry_id)


async def entry_of(
    session: Session, organisation_id: UUID, survey_id: UUID, entry_id: UUID, *, hold: bool = False
) -> Entry:
    """An entry, without its words.

    Raises:
        NotFound: no such entry of this survey here.
    """
    entry = await queries.entry_by_id(session, organisation_id, survey_id, entry_id, hold=hold)
    if entry is None:
        raise NotFound("entry", entry_id)
    return entry


def _response(each: Participant, said: NewEntry, entering: Entering) -> NewResponse:
    ended_at = None if said.duration_seconds is None else said.began_at + timedelta(seconds=said.duration_seconds)
    # A form lies about before it is typed: how long that took says nothing of whoever filled it in.
    is_paper = said.kind is EntryKind.PAPER
    return NewResponse(
        answers=each.answers,
        attributes=each.attributes,
        external_id=each.external_id,
        submitted_at=ended_at or said.began_at,
        started_at=None if is_paper or ended_at is None else said.began_at,
        method=said.kind.method,
        status=each.status,
        respondent=each.respondent,
        sent_by=entering.key_id,
        request_id=entering.request_id,
    )


def _at(place: int, rejected: Rejected) -> list[Fault]:
    """The faults of a participant's response, in the body of the entry."""
    elsewhere = {"/submitted_at": "/duration_seconds", "/started_at": "/began_at"}
    return [
        Fault(elsewhere[fault.pointer], fault.code, fault.detail)
        if fault.pointer in elsewhere
        else fault.under(f"/participants/{place}")
        for fault in rejected.faults
    ]


def _named_before(place: int) -> Fault:
    detail = "A response of this external_id was recorded before: enter each session once."
    return Fault(f"/participants/{place}/external_id", ResponseFault.EXTERNAL_ID_REUSED.value, detail)
