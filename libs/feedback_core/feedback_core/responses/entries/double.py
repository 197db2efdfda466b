"""Double entry: a paper form typed again by somebody else, compared field by field, its differences settled."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.errors import Fault, Invalid
from feedback_core.kit.ids import new_id
from feedback_core.kit.pointers import step
from feedback_core.kit.sealing import Seal
from feedback_core.responses.entries import queries
from feedback_core.responses.entries.comparing import compared, differences, fields_of, put_together, same
from feedback_core.responses.entries.correcting import Correction, correct_entry, current_take
from feedback_core.responses.entries.recording import Entering, entry_of
from feedback_core.responses.entries.types import (
    Difference,
    Entry,
    EntryFault,
    EntryKind,
    NothingToSettle,
    NotPaper,
    SamePerson,
    SecondEntry,
    SecondEntryMade,
    SecondState,
    WordsGone,
)
from feedback_core.responses.open_responses.changes import survey_of_version, validator_of
from feedback_core.responses.types import Recount, ResponseRefused, StoredResponse
from feedback_core.surveys.use_cases import check_survey
from feedback_core.surveys.validation import CheckedAnswers

FORM: Final = 1
"""The participant of a paper form: it has one."""


class Keep(StrEnum):
    """What is right of a field that was typed differently."""

    FIRST = "first"
    SECOND = "second"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a field should be.

    Attributes:
        value: where neither is right; ``None``: it was left blank on the form.
    """

    field: str
    keep: Keep
    value: object = None


async def enter_second(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    entry_id: UUID,
    *,
    answers: Mapping[str, object],
    attributes: Mapping[str, object],
    entering: Entering,
) -> Entry:
    """Compare a form with what somebody else typed first; the first entry counts on until differences are settled.

    Raises:
        NotFound: no such entry of this survey here.
        NotPaper: it is not of a paper form.
        SamePerson: the same person typed it first.
        SecondEntryMade: it was typed a second time before.
        TakeGone: its response was erased.
        ResponseRefused: something is wrong with an answer; each fault is named.
    """
    entry = await entry_of(session, organisation_id, survey_id, entry_id, hold=True)
    if entry.kind is not EntryKind.PAPER:
        raise NotPaper("Only a paper form can be typed a second time: what was spoken is heard once.")
    if entry.second_entries:
        raise SecondEntryMade("This form was typed a second time before.")
    if entering.by == entry.entered_by:
        raise SamePerson(f"{entering.by} typed this form first: somebody else must type it again.")
    take, stored = await current_take(session, organisation_id, entry, FORM)
    first = fields_of(stored.answers, stored.attributes)
    second = await _typed(session, organisation_id, stored, answers, attributes)
    found = differences(first, second)
    made = SecondEntry(
        id=new_id(),
        entry_id=entry_id,
        participant=FORM,
        state=SecondState.DIFFERS if found else SecondState.AGREES,
        compared=compared(first, second),
        differing=tuple(each.field for each in found),
        first_wrong=None if found else 0,
        second_wrong=None if found else 0,
        reason=None,
        entered_by=entering.by,
        entered_at=entering.clock.now(),
        settled_by=None,
        settled_at=None,
    )
    sealed = entering.seal.seal(json.dumps(second).encode()) if found else None
    await queries.add_second(session, organisation_id, made, response_id=take.response_id, sealed=sealed)
    return await entry_of(session, organisation_id, survey_id, entry_id)


async def differences_of(
    session: Session, organisation_id: UUID, survey_id: UUID, entry_id: UUID, *, seal: Seal
) -> list[Difference]:
    """What the two typed differently, and is not settled.

    Raises:
        NotFound: no such entry of this survey here.
        NothingToSettle: there is no second entry with differences, or they were settled.
        WordsGone: the second entry was taken out.
    """
    entry = await entry_of(session, organisation_id, survey_id, entry_id)
    _, stored, second = await _unsettled(session, organisation_id, entry, seal)
    return differences(fields_of(stored.answers, stored.attributes), second)


async def settle(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    entry_id: UUID,
    decisions: Sequence[Decision],
    *,
    reason: str,
    entering: Entering,
    recount: Recount,
) -> Entry:
    """Decide every difference with the form in hand; what is agreed counts, once.

    Where the first entry was right throughout it goes on counting; else the agreed one is recorded in its place.

    Raises:
        NotFound: no such entry of this survey here.
        NothingToSettle: there is no second entry with differences, or they were settled.
        WordsGone: the second entry was taken out.
        Invalid: a difference is not decided, or is none.
        ResponseRefused: something is wrong with what was agreed.
        AlreadyExcluded: somebody decided meanwhile that the first response does not count.
    """
    entry = await entry_of(session, organisation_id, survey_id, entry_id, hold=True)
    waiting, stored, second = await _unsettled(session, organisation_id, entry, entering.seal)
    first = fields_of(stored.answers, stored.attributes)
    found = {each.field: each for each in differences(first, second)}
    _check_decided(decisions, found)
    right = {each.field: _right(each, found[each.field]) for each in decisions}
    agreed = {**first, **right}
    if differences(first, agreed):
        answers, attributes = put_together(agreed)
        await correct_entry(
            session,
            organisation_id,
            survey_id,
            entry_id,
            Correction(FORM, answers, attributes, reason),
            entering=entering,
            recount=recount,
        )
    await queries.settle_second(
        session,
        organisation_id,
        waiting.id,
        first_wrong=sum(not same(each.first, right[name]) for name, each in found.items()),
        second_wrong=sum(not same(each.second, right[name]) for name, each in found.items()),
        reason=reason,
        by=entering.by,
        at=entering.clock.now(),
    )
    return await entry_of(session, organisation_id, survey_id, entry_id)


@dataclass(frozen=True, slots=True)
class TypingCounts:
    """What double entry has found, in fields; those waiting to be settled are not in the last four.

    Attributes:
        forms: typed twice.
        waiting: of them, with differences that are not settled.
        first_wrong: fields that the first typed wrong; so ``second_wrong``.
    """

    forms: int
    waiting: int
    settled: int
    compared: int
    differing: int
    compared_settled: int
    first_wrong: int
    second_wrong: int


async def typing_counts(session: Session, organisation_id: UUID, survey_id: UUID) -> TypingCounts:
    """How often those who type forms differ, and are wrong.

    Raises:
        NotFound: no such survey here.
    """
    await check_survey(session, organisation_id, survey_id)
    row = await queries.second_sums(session, organisation_id, survey_id)
    return TypingCounts(**{name: int(getattr(row, name)) for name in TypingCounts.__dataclass_fields__})


async def _typed(
    session: Session,
    organisation_id: UUID,
    stored: StoredResponse,
    answers: Mapping[str, object],
    attributes: Mapping[str, object],
) -> dict[str, object]:
    """The fields as they would be kept."""
    survey = await survey_of_version(session, organisation_id, stored.survey_id, stored.survey_version_id)
    checked = validator_of(survey).validate(answers, attributes, status=None)
    if not isinstance(checked, CheckedAnswers):
        raise ResponseRefused(checked.faults)
    return fields_of(checked.answers, checked.attributes)


async def _unsettled(
    session: Session, organisation_id: UUID, entry: Entry, seal: Seal
) -> tuple[SecondEntry, StoredResponse, dict[str, object]]:
    waiting = next((each for each in entry.second_entries if each.state is SecondState.DIFFERS), None)
    if waiting is None:
        raise NothingToSettle("There is no second entry of this form with differences that wait to be settled.")
    _, stored = await current_take(session, organisation_id, entry, waiting.participant)
    sealed = await queries.sealed_second(session, organisation_id, waiting.id)
    if sealed is None:
        raise WordsGone("What was typed the second time was taken out.")
    second: dict[str, object] = json.loads(seal.open(sealed))
    return waiting, stored, second


def _check_decided(decisions: Sequence[Decision], found: Mapping[str, Difference]) -> None:
    faults = [
        Fault(f"/decisions/{place}/field", EntryFault.UNKNOWN_FIELD.value, "The two agree on it, or it is named twice.")
        for place, each in enumerate(decisions)
        if each.field not in found or each.field in {other.field for other in decisions[:place]}
    ]
    named = {each.field for each in decisions}
    faults += [
        Fault(f"/decisions{step(name)}", EntryFault.NOT_DECIDED.value, "Decide this difference, too.")
        for name in found
        if name not in named
    ]
    if faults:
        raise Invalid(faults)


def _right(decision: Decision, difference: Difference) -> object:
    match decision.keep:
        case Keep.FIRST:
            return difference.first
        case Keep.SECOND:
            return difference.second
        case Keep.NEITHER:
            return decision.value
