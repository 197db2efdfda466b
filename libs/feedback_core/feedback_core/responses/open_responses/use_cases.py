"""What can be done with an open response: answer in it, read it, submit it, erase it."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.cursors import id_in_cursor, page_of
from feedback_core.kit.errors import Fault, NotFound
from feedback_core.responses.open_responses.changes import change, check_open, draft_of, pinned_survey, validator_of
from feedback_core.responses.open_responses.closing import become_response
from feedback_core.responses.open_responses.queries import answering, closing
from feedback_core.responses.open_responses.types import Draft, OpenPage, OpenState, OpenSummary
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.queries import decisions
from feedback_core.responses.types import Duplicate, Recorded, ResponseRefused
from feedback_core.responses.use_cases import survey_taking_answers
from feedback_core.surveys.types import PublishedSurvey, ResponseStatus
from feedback_core.surveys.use_cases import check_survey

_IN_ANSWERS: Final = "/answers/"


async def get_draft(session: Session, organisation_id: UUID, survey_id: UUID, open_id: UUID) -> Draft:
    """An open response, or one that was, with its answers and what is still to be answered.

    Raises:
        NotFound: no such open response of this survey here.
    """
    opened = await answering.by_id(session, organisation_id, survey_id, open_id)
    if opened is None:
        raise NotFound("open response", open_id)
    answers = await answering.answers_of(session, organisation_id, open_id)
    return await draft_of(session, organisation_id, opened, answers)


async def form_of(session: Session, organisation_id: UUID, survey_id: UUID, open_id: UUID | None) -> PublishedSurvey:
    """The version that takes answers: of an open response the one that it was opened with, else the latest.

    Raises:
        NotFound: no such survey here, or no such open response of it.
        SurveyNotPublished: it has no version yet.
        SurveyClosed: it takes no more answers.
    """
    survey = await survey_taking_answers(session, organisation_id, survey_id)
    if open_id is None:
        return survey
    opened = await answering.by_id(session, organisation_id, survey_id, open_id)
    if opened is None:
        raise NotFound("open response", open_id)
    return await pinned_survey(session, organisation_id, opened)


async def change_draft(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    open_id: UUID,
    *,
    answers: Mapping[str, object],
    attributes: Mapping[str, object],
    if_revision: int | None = None,
    clock: Clock,
) -> Draft:
    """Give several answers and attributes; ``None`` takes one away, and what is not named stays as it is.

    Raises:
        NotFound: no such open response of this survey here.
        OpenResponseClosed: it takes no more answers.
        SurveyClosed: its survey takes no more answers.
        PreconditionFailed: it has changed since ``if_revision``.
        ResponseRefused: something is wrong with them; each fault is named with a pointer.
        TooManyChanges: it was changed more often than may be.
    """
    now = clock.now()
    opened = await answering.hold(session, organisation_id, survey_id, open_id)
    check_open(opened, open_id, None, now)
    assert opened is not None
    survey = await pinned_survey(session, organisation_id, opened)
    check_open(opened, open_id, survey, now)
    return await change(
        session,
        organisation_id,
        opened,
        survey,
        answers=answers,
        attributes=attributes,
        if_revision=if_revision,
        now=now,
    )


async def put_answer(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    open_id: UUID,
    question_key: str,
    answer: object,
    *,
    if_revision: int | None = None,
    clock: Clock,
) -> Draft:
    """Give the answer to one question, in the place of an earlier one; ``None`` takes it away.

    Raises:
        NotFound: no such open response of this survey here, or no such question in its version.
        ResponseRefused: something is wrong with it; the pointers start at ``/answer``.
        OpenResponseClosed, SurveyClosed, PreconditionFailed, TooManyChanges: as of ``change_draft``.
    """
    opened = await answering.by_id(session, organisation_id, survey_id, open_id)
    if opened is None:
        raise NotFound("open response", open_id)
    if not validator_of(await pinned_survey(session, organisation_id, opened)).asks(question_key):
        raise NotFound("question", question_key)
    try:
        return await change_draft(
            session,
            organisation_id,
            survey_id,
            open_id,
            answers={question_key: answer},
            attributes={},
            if_revision=if_revision,
            clock=clock,
        )
    except ResponseRefused as refused:
        raise type(refused)([_of_answer(fault, question_key) for fault in refused.faults]) from refused


async def submit(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    open_id: UUID,
    *,
    status: ResponseStatus,
    answers: Mapping[str, object],
    attributes: Mapping[str, object],
    request_id: str,
    privacy: Privacy,
    clock: Clock,
) -> Recorded | Duplicate:
    """Make a response of it, once; a repetition gets the first receipt. Others open of the respondent are closed.

    Args:
        session: bound to the organisation.
        organisation_id: whose it is.
        survey_id: of which survey.
        open_id: which open response.
        status: how far the respondent came; complete only with an answer to every required question.
        answers: last ones, as of ``change_draft``.
        attributes: the same.
        request_id: of the request.
        privacy: for what identifies people.
        clock: for the time of submission.

    Raises:
        ResponseRefused: required answers are missing, or something is wrong with the last ones.
        NotFound, OpenResponseClosed, SurveyClosed, TooManyChanges: as of ``change_draft``.
    """
    now = clock.now()
    opened = await closing.hold_with_siblings(session, organisation_id, survey_id, open_id)
    if opened is not None and opened.state is OpenState.SUBMITTED and opened.response_id is not None:
        return Duplicate(await closing.receipt_of(session, organisation_id, opened.response_id))
    check_open(opened, open_id, None, now)
    assert opened is not None
    survey = await pinned_survey(session, organisation_id, opened)
    check_open(opened, open_id, survey, now)
    draft = await change(
        session,
        organisation_id,
        opened,
        survey,
        answers=answers,
        attributes=attributes,
        if_revision=None,
        now=now,
    )
    outcome = await become_response(
        session,
        organisation_id,
        survey,
        draft,
        status=status,
        submitted_at=now,
        request_id=request_id,
        privacy=privacy,
        now=now,
    )
    receipt = outcome.receipt
    await closing.save_closed(session, organisation_id, open_id, OpenState.SUBMITTED, response_id=receipt.id, at=now)
    await closing.supersede_siblings(session, organisation_id, opened, answered_before=None, at=now)
    return Recorded(receipt)


async def list_open_responses(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    *,
    state: OpenState | None,
    cursor: str | None,
    limit: int,
) -> OpenPage:
    """A page of the open responses of a survey, and of those that were, in the order in which they were opened.

    Raises:
        NotFound: no such survey here.
        InvalidCursor: the cursor belongs to another query.
    """
    await check_survey(session, organisation_id, survey_id)
    query = {"list": "open responses", "organisation": organisation_id, "survey": survey_id, "state": state}
    after = id_in_cursor(cursor, query)
    found = await answering.page(session, organisation_id, survey_id, state=state, after=after, limit=limit + 1)
    items, following = page_of(found, limit, query, at=lambda each: each[0].id)
    return OpenPage(tuple(OpenSummary(opened, answered) for opened, answered in items), following)


async def erase_open_response(
    session: Session, organisation_id: UUID, survey_id: UUID, open_id: UUID, *, reason: str, by: str, clock: Clock
) -> None:
    """Delete an open response with every version of its answers; that it was erased, by whom and why, stays.

    A response that it became is not touched; erasing that takes this along.

    Raises:
        NotFound: no such open response of this survey here.
    """
    if not await closing.erase(session, organisation_id, survey_id, open_id):
        raise NotFound("open response", open_id)
    await decisions.add_erasure(session, organisation_id, survey_id, open_id, reason=reason, by=by, at=clock.now())


def _of_answer(fault: Fault, question_key: str) -> Fault:
    pointer = fault.pointer.removeprefix(_IN_ANSWERS + question_key)
    return Fault(f"/answer{pointer}", fault.code, fault.detail)
