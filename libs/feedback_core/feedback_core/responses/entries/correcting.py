"""Correcting what was entered: another response in the place of the one that counted, logged with who, when and why.

A response is never changed. The one that was entered wrong is excluded, the corrected one recorded beside it, in one
transaction, as it is done with what senders change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import Conflict, Fault, NotFound
from feedback_core.responses.checks import ResponseRow
from feedback_core.responses.entries import queries
from feedback_core.responses.entries.comparing import differences, fields_of
from feedback_core.responses.entries.recording import Entering, entry_of
from feedback_core.responses.entries.types import Entry, NothingCorrected, Take
from feedback_core.responses.open_responses.changes import survey_of_version
from feedback_core.responses.queries import reading
from feedback_core.responses.quotas.places import hold_places
from feedback_core.responses.types import (
    NewResponse,
    Recorded,
    Recount,
    Rejected,
    ResponseRefused,
    StoredResponse,
)
from feedback_core.responses.use_cases import check_responses, exclude_response, record_checked
from feedback_core.surveys.types import Confidentiality

SUPERSEDED: Final = "superseded"


class TakeGone(Conflict):
    """The response of this participant was erased: there is nothing left to correct."""

    code = "response_gone"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a participant's response should have been.

    Attributes:
        answers: all of them, not only those that change.
        attributes: the same.
    """

    participant: int
    answers: Mapping[str, object]
    attributes: Mapping[str, object]
    reason: str


async def correct_entry(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    entry_id: UUID,
    correction: Correction,
    *,
    entering: Entering,
    recount: Recount,
) -> Entry:
    """Have a corrected response count in the place of the one that was entered.

    It is held to the version that was answered, also once the survey is closed.

    Raises:
        NotFound: no such entry of this survey here, or no such participant.
        TakeGone: their response was erased.
        NothingCorrected: it says what is kept already.
        AlreadyExcluded: somebody decided that the response does not count: restore it first.
        ResponseRefused: something is wrong with an answer; each fault is named.
    """
    entry = await entry_of(session, organisation_id, survey_id, entry_id, hold=True)
    current, stored = await current_take(session, organisation_id, entry, correction.participant)
    row = await _checked(session, organisation_id, stored, correction, current.take + 1, entering)
    said = fields_of(correction.answers, correction.attributes)
    changed = differences(fields_of(stored.answers, stored.attributes), said)
    if not changed:
        raise NothingCorrected("The correction says what is kept already.")
    now = entering.clock.now()
    # The places in quotas before the watermark, as everybody takes them.
    await hold_places(session, organisation_id, survey_id, now=now, reserved_for=None)
    await exclude_response(
        session,
        organisation_id,
        survey_id,
        stored.id,
        reason=SUPERSEDED,
        by=entering.by,
        recount=recount,
        clock=entering.clock,
    )
    survey = await survey_of_version(session, organisation_id, survey_id, stored.survey_version_id)
    (outcome,) = await record_checked(session, organisation_id, survey, [row], privacy=entering.privacy)
    if not isinstance(outcome, Recorded):
        raise ResponseRefused(outcome.faults if isinstance(outcome, Rejected) else [_TAKEN])
    fields = tuple(difference.field for difference in changed)
    take = Take(current.participant, current.take + 1, outcome.receipt.id, fields, correction.reason, entering.by, now)
    await queries.add_takes(session, organisation_id, entry_id, [take])
    return await entry_of(session, organisation_id, survey_id, entry_id)


async def current_take(
    session: Session, organisation_id: UUID, entry: Entry, participant: int
) -> tuple[Take, StoredResponse]:
    """The response of a participant that counts, as it is kept.

    Raises:
        NotFound: the entry has no such participant.
        TakeGone: it was erased.
    """
    if not 1 <= participant <= entry.participants:
        raise NotFound("participant", participant)
    takes = [take for take in entry.takes if take.participant == participant]
    if not takes:
        raise TakeGone("The response of this participant was erased.")
    stored = await reading.response_by_id(session, organisation_id, entry.survey_id, takes[-1].response_id)
    assert stored is not None
    return takes[-1], stored


async def _checked(
    session: Session,
    organisation_id: UUID,
    stored: StoredResponse,
    correction: Correction,
    number: int,
    entering: Entering,
) -> ResponseRow:
    survey = await survey_of_version(session, organisation_id, stored.survey_id, stored.survey_version_id)
    confidentiality = stored.confidentiality.stricter(survey.confidentiality)
    first_name = None if stored.external_id is None else stored.external_id.partition("~")[0]
    said = NewResponse(
        answers=correction.answers,
        attributes=correction.attributes,
        external_id=None if first_name is None else f"{first_name}~{number}",
        submitted_at=stored.submitted_at,
        started_at=stored.started_at,
        method=stored.method,
        confidentiality=confidentiality,
        sent_by=entering.key_id,
        request_id=entering.request_id,
    )
    now = entering.clock.now()
    (checked,) = check_responses(organisation_id, survey, [said], privacy=entering.privacy, received_at=now)
    if isinstance(checked, Rejected):
        raise ResponseRefused(checked.faults)
    # Who answered is as it was, as far as it may still be kept.
    reference, identity = None, None
    if confidentiality is not Confidentiality.ANONYMOUS:
        reference = await queries.refs_of_response(session, organisation_id, stored.id)
    if confidentiality is Confidentiality.IDENTIFIED:
        sealed = await reading.sealed_identity(session, organisation_id, stored.survey_id, stored.id)
        identity = None if sealed is None else entering.privacy.identities.open(sealed)
    return checked._replace(respondent_ref=reference, respondent=identity)


_TAKEN: Final = Fault("/external_id", "external_id_reused", "Another response has the name of this correction.")
