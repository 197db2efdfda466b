"""Closing: an open response becomes a response, or is put aside; in the transaction of whoever holds it."""

from datetime import datetime
from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.logs import get_logger
from feedback_core.responses.checks import ResponseRow
from feedback_core.responses.open_responses.changes import draft_of, pinned_survey, refuse
from feedback_core.responses.open_responses.queries import answering, closing
from feedback_core.responses.open_responses.types import Draft, OpenResponse, OpenState
from feedback_core.responses.privacy import Privacy
from feedback_core.responses.quotas.places import release_places
from feedback_core.responses.types import Duplicate, NewResponse, Recorded, Rejected, ResponseRefused
from feedback_core.responses.use_cases import check_responses, record_checked
from feedback_core.surveys.types import Confidentiality, PublishedSurvey, ResponseStatus

log = get_logger(__name__)


async def become_response(
    session: Session,
    organisation_id: UUID,
    survey: PublishedSurvey,
    draft: Draft,
    *,
    status: ResponseStatus,
    submitted_at: datetime,
    request_id: str | None,
    privacy: Privacy,
    now: datetime,
) -> Recorded | Duplicate:
    """Record the answers of an open response that is held; those that others hide are left out.

    What is kept of the respondent is what was promised when it was opened, or since, whichever is less.

    Raises:
        ResponseRefused: it cannot be recorded so; everything wrong with it is named.
    """
    opened = draft.opened
    confidentiality = opened.confidentiality.stricter(survey.confidentiality)
    is_identified = confidentiality is Confidentiality.IDENTIFIED and opened.identity is not None
    said = NewResponse(
        answers=draft.progress.answers,
        attributes=opened.attributes,
        submitted_at=submitted_at,
        started_at=opened.opened_at,
        method=opened.method,
        confidentiality=confidentiality,
        status=status,
        respondent=privacy.identities.open(opened.identity) if is_identified and opened.identity else None,
        sent_by=opened.opened_by,
        request_id=request_id,
    )
    (checked,) = check_responses(organisation_id, survey, [said], privacy=privacy, received_at=now)
    if isinstance(checked, Rejected):
        raise refuse(checked.faults)
    row = _named(checked, opened)
    (outcome,) = await record_checked(session, organisation_id, survey, [row], privacy=privacy, reserved_for=opened.id)
    await release_places(session, organisation_id, [opened.id])
    if isinstance(outcome, Rejected):
        raise refuse(outcome.faults)
    return outcome


async def close_overdue(
    session: Session, organisation_id: UUID, opened: OpenResponse, *, privacy: Privacy, now: datetime
) -> frozenset[UUID]:
    """Close an open response that is held and whose time has run out; the ids of others that this has closed.

    With an answer it becomes a partial response, said when the last answer was given; without any it is discarded. If
    its respondent has ended another response meanwhile, that one counts.
    """
    answers = await answering.answers_of(session, organisation_id, opened.id)
    draft = await draft_of(session, organisation_id, opened, answers)
    if not draft.progress.answers:
        await _put_aside(session, organisation_id, opened, OpenState.DISCARDED, now)
        return frozenset()
    if await closing.has_answered_since(session, organisation_id, opened):
        await _put_aside(session, organisation_id, opened, OpenState.SUPERSEDED, now)
        return frozenset()
    try:
        outcome = await become_response(
            session,
            organisation_id,
            await pinned_survey(session, organisation_id, opened),
            draft,
            status=ResponseStatus.PARTIAL,
            submitted_at=opened.updated_at,
            request_id=None,
            privacy=privacy,
            now=now,
        )
    except ResponseRefused as refused:
        # Its external id is another response's by now: that one was recorded, and this one's answers stay as they are.
        log.warning("open_response_superseded", open_response_id=str(opened.id), code=refused.code)
        await _put_aside(session, organisation_id, opened, OpenState.SUPERSEDED, now)
        return frozenset()
    await closing.save_closed(
        session, organisation_id, opened.id, OpenState.PARTIAL, response_id=outcome.receipt.id, at=now
    )
    return await closing.supersede_siblings(session, organisation_id, opened, answered_before=opened.updated_at, at=now)


async def _put_aside(
    session: Session, organisation_id: UUID, opened: OpenResponse, state: OpenState, now: datetime
) -> None:
    await closing.save_closed(session, organisation_id, opened.id, state, response_id=None, at=now)


def _named(row: ResponseRow, opened: OpenResponse) -> ResponseRow:
    """The row with the names that were given when the response was opened, as far as they are kept."""
    is_anonymous = row.confidentiality is Confidentiality.ANONYMOUS
    return row._replace(
        external_id=None if is_anonymous else opened.external_id,
        external_ref=opened.external_ref,
        respondent_ref=None if is_anonymous else opened.respondent_ref,
    )
