"""What is decided about a response after it was recorded: it counts no more, counts again, or is gone."""

from uuid import UUID

from feedback_core.db.session import Session
from feedback_core.kit.clock import Clock
from feedback_core.kit.errors import NotFound
from feedback_core.kit.ids import new_id
from feedback_core.organisations.audit import record_event
from feedback_core.organisations.types import AuditAction
from feedback_core.responses.entries.erasing_queries import take_out_words
from feedback_core.responses.exports.erasures import discard_exports_of
from feedback_core.responses.queries import decisions, reading
from feedback_core.responses.types import AlreadyExcluded, Exclusion, NotExcluded, Recount


async def exclude_response(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    response_id: UUID,
    *,
    reason: str,
    by: str,
    recount: Recount,
    clock: Clock,
) -> Exclusion:
    """From now on the response counts in no figure; it stays as it was said.

    Raises:
        NotFound: no such response of this survey here.
        AlreadyExcluded: an exclusion stands.
    """
    row = Exclusion(
        id=new_id(),
        response_id=response_id,
        reason=reason,
        excluded_by=by,
        excluded_at=clock.now(),
        restore_reason=None,
        restored_by=None,
        restored_at=None,
    )
    await _check_there(session, organisation_id, survey_id, response_id)
    async with recount(session, organisation_id, survey_id, response_id):
        # Looked for again: it may have been erased while this waited to be the only one to change counts.
        await _check_there(session, organisation_id, survey_id, response_id)
        if not await decisions.add_exclusion(session, organisation_id, survey_id, row):
            raise AlreadyExcluded("The response is excluded already.")
    return row


async def restore_response(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    response_id: UUID,
    *,
    reason: str,
    by: str,
    recount: Recount,
    clock: Clock,
) -> Exclusion:
    """From now on the response counts again; the exclusion that stood stays on record with its end.

    Raises:
        NotFound: no such response of this survey here.
        NotExcluded: no exclusion stands.
    """
    await _check_there(session, organisation_id, survey_id, response_id)
    async with recount(session, organisation_id, survey_id, response_id):
        await _check_there(session, organisation_id, survey_id, response_id)
        ended = await decisions.end_exclusion(
            session, organisation_id, response_id, reason=reason, by=by, at=clock.now()
        )
        if ended is None:
            raise NotExcluded("The response is not excluded.")
    return ended


async def erase_response(
    session: Session,
    organisation_id: UUID,
    survey_id: UUID,
    response_id: UUID,
    *,
    reason: str,
    by: str,
    recount: Recount,
    clock: Clock,
) -> None:
    """Delete what was said, who said it and what was decided about it; that it was erased, by whom and why, stays.

    The transcript of its session goes, and files of exports that may hold it go with it.

    Raises:
        NotFound: no such response of this survey here.
    """
    await _check_there(session, organisation_id, survey_id, response_id)
    async with recount(session, organisation_id, survey_id, response_id):
        await take_out_words(session, organisation_id, [response_id], at=clock.now())
        if not await decisions.erase_response(session, organisation_id, survey_id, response_id):
            raise NotFound("response", response_id)
        await decisions.add_erasure(
            session, organisation_id, survey_id, response_id, reason=reason, by=by, at=clock.now()
        )
        await record_event(
            session,
            organisation_id,
            AuditAction.RESPONSE_ERASED,
            by=by,
            thing="response",
            thing_id=response_id,
            clock=clock,
        )
        await discard_exports_of(session, organisation_id, survey_id, [response_id])


async def _check_there(session: Session, organisation_id: UUID, survey_id: UUID, response_id: UUID) -> None:
    if not await reading.response_exists(session, organisation_id, survey_id, response_id):
        raise NotFound("response", response_id)
