"""Staff entry: sessions entered as they were said, corrected, typed twice; interviewers compared."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from feedback_api.problems import problems
from feedback_api.routes.responses import NeverStored, PrivacyDep
from feedback_api.routes.sources import SealDep
from feedback_api.schemas.common import Cursor, Key, Limit, Line, Page
from feedback_api.schemas.entries import (
    CorrectionIn,
    DifferencesOut,
    EntryIn,
    EntryOut,
    InterviewerEffectsOut,
    SecondEntryIn,
    SettlementIn,
    TypingErrorsOut,
    WordsOut,
)
from feedback_api.schemas.responses import Moment
from feedback_api.security import CanReadResponses, CanReadTranscripts, CanWriteResponses
from feedback_api.unit_of_work import ClockDep, Idempotent, RequestId, SessionDep, SnapshotDep, TransactionalRoute
from feedback_core.kit.errors import Conflict, Forbidden, Invalid, NotEstimable, NotFound
from feedback_core.kpis.corrections import recount
from feedback_core.organisations.types import Caller, Scope
from feedback_core.recommendations.procedures.deciding import actor_of
from feedback_core.responses.entries import correcting, double, effects, reading, recording
from feedback_core.responses.entries.effect_types import LEAST_EACH
from feedback_core.responses.entries.recording import Entering
from feedback_core.responses.entries.types import EntryKind

router = APIRouter(
    prefix="/v1/surveys/{survey_id}/entries",
    route_class=TransactionalRoute,
    tags=["Staff entry"],
    dependencies=[NeverStored],
)


class Desk:
    """What an entry is made with, but for who makes it."""

    def __init__(self, request_id: RequestId, seal: SealDep, privacy: PrivacyDep, clock: ClockDep) -> None:
        self.request_id = request_id
        self.seal = seal
        self.privacy = privacy
        self.clock = clock

    def entering(self, caller: Caller, on_behalf_of: str | None) -> Entering:
        """Who enters: the holder of the key, or the person whom it may speak for."""
        by = actor_of(caller, on_behalf_of)
        return Entering(by.name, caller.api_key_id, self.request_id, self.seal, self.privacy, self.clock)


AtDesk = Annotated[Desk, Depends()]


@router.post(
    "",
    operation_id="enterSession",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Forbidden, Invalid),
)
async def enter(
    survey_id: UUID, body: EntryIn, caller: CanWriteResponses, session: SessionDep, desk: AtDesk, response: Response
) -> EntryOut:
    """Enter a call, an interview, a focus group or a paper form: what was said is sealed, answers become responses."""
    entering = desk.entering(caller, body.on_behalf_of)
    made = await recording.record_entry(session, caller.organisation_id, survey_id, body.entry(), entering=entering)
    response.headers["Location"] = f"/v1/surveys/{survey_id}/entries/{made.id}"
    return EntryOut.of(made)


@router.get("", operation_id="listEntries", responses=problems(NotFound, Invalid))
async def list_entries(
    survey_id: UUID,
    caller: CanReadResponses,
    session: SnapshotDep,
    kind: EntryKind | None = None,
    form: Annotated[Line | None, Query(description="The number on a paper form")] = None,
    cursor: Cursor | None = None,
    limit: Limit = 100,
) -> Page[EntryOut]:
    """Entries in the order in which they were made, with every correction; without what was said."""
    found, following = await reading.list_entries(
        session, caller.organisation_id, survey_id, kind=kind, form=form, cursor=cursor, limit=limit
    )
    return Page(items=[EntryOut.of(entry) for entry in found], next_cursor=following)


@router.get("/typing-errors", operation_id="getTypingErrors", responses=problems(NotFound, NotEstimable))
async def typing_errors(survey_id: UUID, caller: CanReadResponses, session: SnapshotDep) -> TypingErrorsOut:
    """How often forms are mistyped, from those that were typed twice."""
    return TypingErrorsOut.model_validate(await effects.errors_of(session, caller.organisation_id, survey_id))


@router.get(
    "/interviewer-effects", operation_id="getInterviewerEffects", responses=problems(NotFound, Conflict, NotEstimable)
)
async def interviewer_effects(
    survey_id: UUID,
    caller: CanReadResponses,
    session: SnapshotDep,
    question: Annotated[Key, Query(description="Answered on a scale, by a number, or by yes and no", examples=["nps"])],
    start: Annotated[Moment | None, Query(alias="from")] = None,
    end: Annotated[Moment | None, Query(alias="to", description="Not included")] = None,
    minimum: Annotated[int, Query(ge=2, le=10_000, description="Fewest answers of an interviewer")] = LEAST_EACH,
) -> InterviewerEffectsOut:
    """How far answers depend on who asked: correlation, design effect, and, to `performance:everybody`, who."""
    found = await effects.effects_of(
        session, caller.organisation_id, survey_id, question, start=start, end=end, least=minimum
    )
    return InterviewerEffectsOut.of(question, found, by_name=Scope.PERFORMANCE_EVERYBODY in caller.scopes)


@router.get("/{entry_id}", operation_id="getEntry", responses=problems(NotFound))
async def get_entry(survey_id: UUID, entry_id: UUID, caller: CanReadResponses, session: SnapshotDep) -> EntryOut:
    """An entry with its responses and every correction: who, when and why; without what was said."""
    return EntryOut.of(await recording.entry_of(session, caller.organisation_id, survey_id, entry_id))


@router.get("/{entry_id}/words", operation_id="getEntryWords", responses=problems(NotFound, Conflict))
async def get_words(
    survey_id: UUID, entry_id: UUID, caller: CanReadTranscripts, session: SnapshotDep, seal: SealDep
) -> WordsOut:
    """What was said, character for character as it was entered; nothing is masked."""
    return WordsOut.of(await reading.words_of(session, caller.organisation_id, survey_id, entry_id, seal=seal))


@router.post(
    "/{entry_id}/corrections",
    operation_id="correctEntry",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Forbidden, Invalid),
)
async def correct(
    survey_id: UUID, entry_id: UUID, body: CorrectionIn, caller: CanWriteResponses, session: SessionDep, desk: AtDesk
) -> EntryOut:
    """Have a corrected response count in the place of the one that was entered, which is kept as superseded."""
    entering = desk.entering(caller, body.on_behalf_of)
    corrected = await correcting.correct_entry(
        session,
        caller.organisation_id,
        survey_id,
        entry_id,
        body.correction(),
        entering=entering,
        recount=recount,
    )
    return EntryOut.of(corrected)


@router.post(
    "/{entry_id}/second-entry",
    operation_id="enterSecond",
    status_code=201,
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Forbidden, Invalid),
)
async def enter_second(
    survey_id: UUID, entry_id: UUID, body: SecondEntryIn, caller: CanWriteResponses, session: SessionDep, desk: AtDesk
) -> EntryOut:
    """Type a form a second time: it tells which fields differ, not what was typed first."""
    entry = await double.enter_second(
        session,
        caller.organisation_id,
        survey_id,
        entry_id,
        answers=body.answers,
        attributes=body.attributes,
        entering=desk.entering(caller, body.on_behalf_of),
    )
    return EntryOut.of(entry)


@router.get(
    "/{entry_id}/second-entry/differences", operation_id="listDifferences", responses=problems(NotFound, Conflict)
)
async def list_differences(
    survey_id: UUID, entry_id: UUID, caller: CanReadTranscripts, session: SnapshotDep, seal: SealDep
) -> DifferencesOut:
    """What the two typed differently, for whoever settles it with the form in hand."""
    found = await double.differences_of(session, caller.organisation_id, survey_id, entry_id, seal=seal)
    return DifferencesOut.of(found)


@router.post(
    "/{entry_id}/second-entry/settle",
    operation_id="settleDifferences",
    dependencies=[Idempotent],
    responses=problems(NotFound, Conflict, Forbidden, Invalid),
)
async def settle_differences(
    survey_id: UUID, entry_id: UUID, body: SettlementIn, caller: CanWriteResponses, session: SessionDep, desk: AtDesk
) -> EntryOut:
    """Decide every difference; what is agreed counts once, and who was wrong where goes into the error rate."""
    entry = await double.settle(
        session,
        caller.organisation_id,
        survey_id,
        entry_id,
        [each.decision() for each in body.decisions],
        reason=body.reason,
        entering=desk.entering(caller, body.on_behalf_of),
        recount=recount,
    )
    return EntryOut.of(entry)
